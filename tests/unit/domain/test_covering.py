"""One silence covers several alerts by what they share; integration tests have Alertmanager itself judge it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oncall_tui.domain.covering import covering, one_of
from oncall_tui.domain.silence import Matcher, read_matchers

NAMES = st.sampled_from(["alertname", "instance", "job", "service", "team"])
LABELS = st.dictionaries(NAMES, st.text(max_size=8), max_size=5)


def holds(matcher: Matcher, labels: dict[str, str]) -> bool:
    """As Alertmanager does it: a label that is absent is empty, expressions are anchored at both ends."""
    value = labels.get(matcher.name, "")
    return re.fullmatch(matcher.value, value) is not None if matcher.is_regex else value == matcher.value


def written(*labels: dict[str, str]) -> list[str]:
    return [str(one) for one in covering(labels).matchers]


def test_one_alert_gives_the_narrowest_silence() -> None:
    assert written({"b": "2", "a": "1"}) == ['a="1"', 'b="2"']


def test_what_all_share_is_equal_what_differs_is_listed_and_what_some_lack_is_left_out() -> None:
    told = written(
        {"alertname": "Errors", "instance": "b:9090", "pod": "p1"},
        {"alertname": "Errors", "instance": "a:9090"},
        {"alertname": "Errors", "instance": "b:9090", "pod": ""},
    )
    assert told == ['alertname="Errors"', 'instance=~"a:9090|b:9090"']


@pytest.mark.parametrize(
    ("values", "expression"),
    [
        (["10.0.0.1", "10.0.0.2"], r"10\.0\.0\.1|10\.0\.0\.2"),
        (["a|b", "c"], r"a\|b|c"),
        (["(x)", "[y]", "{z}"], r"\(x\)|\[y\]|\{z\}"),
        (["^a$", "b*", "c+", "d?"], r"\^a\$|b\*|c\+|d\?"),
        (["C:\\x", "\\Q"], r"C:\\x|\\Q"),
        # Nothing else stands for anything in RE2, and an escape that it does not know it refuses.
        (["a b", "c-d", "e/f", "é", "#g&h~i", "<j>", '"k"'], 'a b|c-d|e/f|é|#g&h~i|<j>|"k"'),
    ],
)
def test_values_stand_for_themselves_in_an_expression_of_re2(values: list[str], expression: str) -> None:
    assert one_of(values) == expression


@given(st.lists(LABELS, min_size=1, max_size=5))
def test_every_alert_is_covered_and_what_is_written_is_read_again(labels: list[dict[str, str]]) -> None:
    found = covering(labels).matchers
    assert all(holds(matcher, one) for matcher in found for one in labels)
    assert {matcher.name for matcher in found} == {
        name for name in {"alertname", "instance", "job", "service", "team"} if all(one.get(name) for one in labels)
    }
    if found:
        assert read_matchers(" ".join(map(str, found))) == found


@given(st.lists(st.text(min_size=1, max_size=8), min_size=2, max_size=5, unique=True), st.text(min_size=1, max_size=8))
def test_a_list_matches_nothing_but_what_is_in_it(values: list[str], other: str) -> None:
    assert (re.fullmatch(one_of(values), other) is not None) is (other in values)


@pytest.mark.parametrize("labels", [[], [{}], [{"a": "1"}, {"b": "1"}], [{"a": "1"}, {"a": ""}]])
def test_alerts_that_share_nothing_have_no_matcher(labels: list[dict[str, str]]) -> None:
    assert covering(labels).matchers == ()


def test_a_label_of_too_many_values_is_left_out_and_told() -> None:
    labels = [{"job": "api", "zone": f"z{number % 3}", "pod": f"pod-{number:04}"} for number in range(500)]
    found = covering(labels)
    assert [str(one) for one in found.matchers] == ['job="api"', 'zone=~"z0|z1|z2"']
    assert found.too_many == ("pod",)


def test_ten_thousand_alerts_give_matchers_that_fit_into_an_address() -> None:
    labels = [{f"l{name}": f"{number % (50 * name + 1):09}" for name in range(8)} for number in range(10_000)]
    found = covering(labels)
    assert [one.name for one in found.matchers] == ["l0", "l1", "l2", "l3"], "the shortest lists"
    assert 2_000 < sum(len(str(one)) for one in found.matchers) < 5_000
    assert len(found.matchers) + len(found.too_many) == 8


def test_what_cannot_be_shown_is_drawn_cleaned_and_told_as_it_is() -> None:
    labels = [{"text": "first\nsecond \x1b[31m", "long": "x" * 900}, {"text": "third", "long": "x" * 900}]
    (drawn_long, exact_long), (drawn, exact) = covering(labels).exact.items()
    assert exact == Matcher("text", "first\nsecond \x1b\\[31m|third", is_regex=True)
    assert exact_long.value == "x" * 900
    assert "\x1b" not in drawn.value and "\n" not in drawn.value and drawn.value.endswith("|third")
    assert len(drawn_long.value) == 400
