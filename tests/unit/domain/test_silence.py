"""Matchers are written and read as Alertmanager's own tool does it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oncall_tui.domain.silence import BadMatcher, Matcher, matchers_for, read_matcher

NAMES = st.from_regex(r"[a-zA-Z_][a-zA-Z0-9_]{0,9}", fullmatch=True)


@pytest.mark.parametrize(
    ("text", "matcher"),
    [
        ('team="data"', Matcher("team", "data")),
        ("team=data", Matcher("team", "data")),
        (' team = "data" ', Matcher("team", "data")),
        ('severity=~"warning|page"', Matcher("severity", "warning|page", is_regex=True)),
        ("env!=staging", Matcher("env", "staging", is_equal=False)),
        ('pod!~"api-.*"', Matcher("pod", "api-.*", is_regex=True, is_equal=False)),
        ('title="say \\"no\\""', Matcher("title", 'say "no"')),
        ('path="C:\\\\x"', Matcher("path", "C:\\x")),
        ('digits=~"\\d+"', Matcher("digits", "\\d+", is_regex=True)),
        ('empty=""', Matcher("empty", "")),
        ("empty=", Matcher("empty", "")),
    ],
)
def test_a_matcher_is_read(text: str, matcher: Matcher) -> None:
    assert read_matcher(text) == matcher


@pytest.mark.parametrize("text", ["", "team", '="data"', "1team=x", "team==x y", 'team="data', 'team=da"ta', "a-b=c"])
def test_what_is_no_matcher_is_refused(text: str) -> None:
    with pytest.raises(BadMatcher, match="a matcher is a label"):
        read_matcher(text)


@given(NAMES, st.text(), st.booleans(), st.booleans())
def test_what_is_written_is_read_again(name: str, value: str, is_regex: bool, is_equal: bool) -> None:
    matcher = Matcher(name, value, is_regex, is_equal)
    assert read_matcher(str(matcher)) == matcher


def test_labels_give_the_narrowest_silence() -> None:
    assert [str(one) for one in matchers_for({"b": "2", "a": "1"}.items())] == ['a="1"', 'b="2"']
