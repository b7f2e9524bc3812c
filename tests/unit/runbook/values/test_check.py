"""What may be a value, whoever says it."""

import pytest

from oncall_tui.runbook.options import Parameter, Type
from oncall_tui.runbook.values.check import LONGEST, objection, pattern_of


@pytest.mark.parametrize("value", ["api", "api-1", "10.0.0.1", "v1.2.3", "A_b", "x" * 128])
def test_the_default_pattern_takes_names(value: str) -> None:
    assert objection(Parameter("x"), value) == ""


@pytest.mark.parametrize("value", ["", "-x", ".x", "a b", "a:b", "a/b", "$a", "a;b", "é", "a'b", "x" * 129])
def test_and_nothing_else(value: str) -> None:
    assert objection(Parameter("x"), value)


@pytest.mark.parametrize(
    "value", ["a\nb", "a\tb", "a\rb", "a\x00b", "a\x1bb", "a\u202eb", "a\u200bb", "a\ud800b", "a\ufffdb"]
)
@pytest.mark.parametrize("parameter", [Parameter("x", pattern=r"[\s\S]*"), Parameter("x", Type.SECRET)])
def test_what_is_not_seen_is_never_a_value(parameter: Parameter, value: str) -> None:
    assert objection(parameter, value) == "holds control or hidden characters"


def test_no_value_is_longer_than_it_can_be_looked_at() -> None:
    assert objection(Parameter("x", pattern="x*"), "x" * LONGEST) == ""
    assert objection(Parameter("x", pattern="x*"), "x" * (LONGEST + 1)) == f"is longer than {LONGEST} characters"


@pytest.mark.parametrize(
    ("parameter", "value", "words"),
    [
        (Parameter("x", Type.INT), "1.0", "is no whole number"),
        (Parameter("x", Type.INT), "+1", "is no whole number"),
        (Parameter("x", Type.INT), "٣", "is no whole number"),
        (Parameter("x", Type.INT), "1" * 16, "is no whole number"),
        (Parameter("x", Type.INT, min=2), "1", "is less than 2"),
        (Parameter("x", Type.FLOAT, max=1.5), "1.6", "is more than 1.5"),
        (Parameter("x", Type.FLOAT), "nan", "is no number"),
        (Parameter("x", Type.BOOL), "True", "is neither true nor false"),
        (Parameter("x", Type.DURATION), "5 min", "is not a span of time such as 30s, 5m, 1h or 2d"),
        (Parameter("x", choices=("a", "b")), "c", "is none of a, b"),
        (Parameter("x", pattern="[a-z]"), "aa", "does not fit the pattern [a-z]"),
        (Parameter("x", Type.INT, pattern="[1-3]"), "4", "does not fit the pattern [1-3]"),
    ],
)
def test_the_words_for_what_is_not_taken(parameter: Parameter, value: str, words: str) -> None:
    assert objection(parameter, value) == words


def test_a_broken_pattern_takes_nothing() -> None:
    assert pattern_of("(") is None
    assert pattern_of("a") is pattern_of("a")
    assert objection(Parameter("x", pattern="("), "a") == "does not fit the pattern ("


def test_a_pattern_covers_the_whole_value() -> None:
    assert objection(Parameter("x", pattern="a|b"), "ab")
    assert objection(Parameter("x", pattern="^a$"), "a\n")
