"""Three answers: the tables of truth, how unknown spreads, and the words for the screen."""

import itertools
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oncall_tui.runbook.expressions import Truth, Unknown, Value, decide, evaluate, parse

T, F, U = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN
OF: dict[Truth, Value] = {T: True, F: False, U: Unknown("has no data")}
AND = {(T, T): T, (T, F): F, (T, U): U, (F, T): F, (F, F): F, (F, U): F, (U, T): U, (U, F): F, (U, U): U}
OR = {(T, T): T, (T, F): T, (T, U): T, (F, T): T, (F, F): F, (F, U): U, (U, T): T, (U, F): U, (U, U): U}
NOT = {T: F, F: T, U: U}


@pytest.mark.parametrize(("left", "right"), list(itertools.product((T, F, U), repeat=2)))
def test_the_tables_of_truth(left: Truth, right: Truth) -> None:
    values = {"a": OF[left], "b": OF[right]}
    assert decide(parse("a and b"), values.__getitem__).truth is AND[left, right]
    assert decide(parse("a or b"), values.__getitem__).truth is OR[left, right]
    assert decide(parse("not a"), values.__getitem__).truth is NOT[left]


@pytest.mark.parametrize(
    "text", ["a > 1", "a == 1", "a != 1", "1 < a", "a + 1 == 2", "-a < 0", "a * 0 == 0", "a == a", "not a > 1"]
)
@pytest.mark.parametrize("value", [Unknown("has no data"), math.nan, 2**64])
def test_what_is_unknown_compares_with_nothing(text: str, value: Value) -> None:
    """Empty results and NaN, which Prometheus answers with success, read neither as yes nor as no."""
    decision = decide(parse(text), lambda name: value)
    assert decision.truth is U
    assert not decision.holds
    assert decision.because


@pytest.mark.parametrize(
    ("text", "because"),
    [
        ("cpu.value > 80", "cpu 41 <= 80"),
        ("cpu.value <= 80", "cpu 41 <= 80"),
        ("80 < cpu.value", "80 >= cpu 41"),
        ("not cpu.value > 80", "cpu 41 <= 80"),
        ("target <= max_tasks", "target 22 > max_tasks 20"),
        ("gone.value > 1", "gone has no data"),
        ("gone.value > 1 and cpu.value > 80", "cpu 41 <= 80"),
        ("gone.value > 1 and cpu.value < 80", "gone has no data"),
        ("gone.value > 1 or old.value > 1", "gone has no data, old is older than 5 min"),
        ("cpu.value > 80 or target > 30", "cpu 41 <= 80, target 22 <= 30"),
        ("cpu.value > 40 or target > 30", "cpu 41 > 40"),
        ("rows == 1 and first.cancelled == 't'", "first.cancelled 'f' != 't'"),
        ("stdout == 'OK'", "stdout 'ERR �[31m' != 'OK'"),
        ("p99.value < 0.5", "p99 0.1235 < 0.5"),
        ("p99.value > 0.12345", "p99 0.1235 > 0.12345"),
        ("p99.value < 0.123457", "p99 0.123457 < 0.123457"),
        ("stdout != ''", "stdout is 'ERR �[31m'"),
        ("nothing != ''", "nothing is empty"),
        ("is_paged", "is_paged is true"),
        ("not is_paged", "is_paged is true"),
        ("target + 2 > 30", "24 <= 30"),
        ("stdout > 1", "'ERR �[31m' and 1 cannot be compared"),
        ("rows", "1 is no condition"),
        ("true", "true"),
    ],
)
def test_the_screen_is_told_why(text: str, because: str) -> None:
    values: dict[str, Value] = {
        "cpu.value": 41.0, "target": 22, "max_tasks": 20, "gone.value": Unknown("has no data"), "rows": 1,
        "old.value": Unknown("is older than 5 min"), "first.cancelled": "f", "stdout": "ERR \x1b[31m",
        "p99.value": 0.1234567,
        "is_paged": True, "nothing": "",
    }  # fmt: skip
    assert decide(parse(text), values.__getitem__).because == because


@pytest.mark.parametrize(
    ("text", "value"),
    [("a == 5", True), ("a > 4.5", True), ("a == '5'", True), ("a == 'x'", False), ("a + 1 == 6", None)],
)
def test_cells_of_a_table_compare_as_the_numbers_they_are(text: str, value: bool | None) -> None:
    found = evaluate(parse(text), lambda name: "5")
    assert found is value if value is not None else isinstance(found, Unknown)


@pytest.mark.parametrize("cell", ["", "five", "0x5", "1e3", "5 apples", "None", "nan", "inf", "--5", "5_0", "٥"])
def test_cells_that_are_no_numbers_are_unknown_where_a_number_is_wanted(cell: str) -> None:
    assert decide(parse("a < 10"), lambda name: cell).truth is U
    assert decide(parse("a == 5"), lambda name: cell).truth is U


def test_truths_are_no_numbers() -> None:
    assert decide(parse("a == 1"), lambda name: True).truth is U
    assert isinstance(evaluate(parse("a + 1"), lambda name: True), Unknown)


def test_whole_numbers_stay_whole_and_large_ones_are_unknown() -> None:
    assert evaluate(parse("ecs_count.desired + 2"), lambda name: 20) == 22
    assert str(evaluate(parse("a * 2"), lambda name: 3)) == "6"
    assert isinstance(evaluate(parse("a * a"), lambda name: 2**62), Unknown)
    assert isinstance(evaluate(parse("a * a - a * a"), lambda name: 1e300), Unknown)


numbers = st.integers(-1000, 1000)


@settings(max_examples=300, deadline=None)
@given(numbers, numbers, numbers)
def test_it_agrees_with_python_where_all_is_known(a: int, b: int, c: int) -> None:
    text = "(a + b * c > a - b or not a == c) and -c <= b * b"
    assert evaluate(parse(text), {"a": a, "b": b, "c": c}.__getitem__) is eval(text, {}, {"a": a, "b": b, "c": c})


@st.composite
def conditions(draw: st.DrawFn) -> str:
    """Conditions over ``a`` to ``d``."""
    leaf = st.sampled_from(["a", "b", "c", "d"])
    return draw(
        st.recursive(
            leaf,
            lambda inner: st.builds("({} and {})".format, inner, inner) | st.builds("({} or {})".format, inner, inner)
            | st.builds("not {}".format, inner),
            max_leaves=8,
        )
    )  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(conditions(), st.lists(st.sampled_from([T, F, U]), min_size=4, max_size=4))
def test_an_answer_with_unknowns_holds_whatever_they_turn_out_to_be(text: str, given_values: list[Truth]) -> None:
    """True and false are only said when no value of the unknown ones could change them."""
    expression = parse(text)
    answer = decide(
        expression, {name: OF[one] for name, one in zip("abcd", given_values, strict=True)}.__getitem__
    ).truth
    if answer is U:
        return
    choices = [(T, F) if one is U else (one,) for one in given_values]
    for chosen in itertools.product(*choices):
        values = {name: OF[one] for name, one in zip("abcd", chosen, strict=True)}
        assert decide(expression, values.__getitem__).truth is answer
