"""Matchers are written and read as Alertmanager's own tool does it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oncall_tui.domain.silence import BadMatcher, Matcher, read_matcher, read_matchers

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


@pytest.mark.parametrize(
    "text",
    [
        'team="data" env!=staging',
        'team="data", env!="staging"',
        "team=data,env!=staging",
        ' team = data\nenv != "staging" , ',
        '{team="data", env!=staging}',
        "team=data env!=staging team=data",
    ],
)
def test_a_list_of_matchers_is_read_with_anything_between_them(text: str) -> None:
    assert read_matchers(text) == (Matcher("team", "data"), Matcher("env", "staging", is_equal=False))


@pytest.mark.parametrize("text", ["", " , ", "{}"])
def test_an_empty_list_is_no_silence(text: str) -> None:
    with pytest.raises(BadMatcher, match="at least one"):
        read_matchers(text)


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("team=data nonsense", "nonsense"),
        ('a="1"b=2', 'a="1"b=2'),
        ('a=1 b="open', 'b="open'),
        ("x" * 50, "x" * 23 + "…"),
    ],
)
def test_what_stands_in_the_way_of_a_list_is_named(text: str, where: str) -> None:
    with pytest.raises(BadMatcher) as caught:
        read_matchers(text)
    assert str(caught.value).startswith(f"At “{where}”: a matcher is")


@given(st.lists(st.tuples(NAMES, st.text(), st.booleans(), st.booleans()), min_size=1, max_size=5))
def test_a_list_that_is_written_is_read_again(parts: list[tuple[str, str, bool, bool]]) -> None:
    matchers = tuple(Matcher(*one) for one in parts)
    assert read_matchers(" ".join(map(str, matchers))) == tuple(dict.fromkeys(matchers))
