"""Reading expressions: what they mean, and what is said of those that cannot be read."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oncall_tui.runbook.expressions import Expression, ExpressionError, Kind, evaluate, parse, problems_of
from oncall_tui.runbook.expressions.kinds import results


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("10 - 3 - 2", 5),
        ("-2 * -3", 6),
        ("0.5 + 0.25", 0.75),
        ("1e3", 1000.0),
        ("1 < 2 and 2 < 3", True),
        ("1 < 2 and not 2 < 1", True),
        ("not 1 == 1 or 2 == 2", True),
        ("not (1 == 1 or 2 == 2)", False),
        ("true or false and false", True),
        ("(true or false) and false", False),
        ("'a' == \"a\"", True),
        (r"'it\'s' == \"it's\"".replace('\\"', '"'), True),
        (r"'a\nb' == 'a\nb'", True),
        ("'and' == 'and'", True),
        ("1\n ==\t1", True),
        ("'' == ''", True),
        ("1 + 1 == 2", True),
        ("- 1 < 0", True),
        ("not not true", True),
    ],
)
def test_it_means_what_it_looks_like(text: str, value: object) -> None:
    found = evaluate(parse(text), lambda name: 0)
    assert found == value and type(found) is type(value)


@pytest.mark.parametrize(
    ("text", "column", "words"),
    [
        ("", 1, "nothing to evaluate"),
        ("a = 1", 3, "write =="),
        ("a && b", 3, "write and"),
        ("a || b", 3, "write or"),
        ("!a", 1, "write not"),
        ("a / 2", 3, "no division"),
        ("a ** 2", 4, "value is missing"),
        ("a % 2", 3, "no remainder"),
        ("a[0]", 2, "no subscripts"),
        ("{{a}}", 1, "without braces"),
        ("$a", 1, "without $"),
        ("'a", 1, "no end"),
        ('"a', 1, "no end"),
        ("len(a)", 4, "no functions"),
        ("a, b", 2, "no lists"),
        ("1 < 2 < 3", 7, "cannot be chained"),
        ("(a", 3, ") is missing"),
        ("a)", 2, "follows"),
        ("a b", 3, "follows"),
        ("a >", 4, "missing at the end"),
        ("> 1", 1, "missing before"),
        ("a and", 6, "missing at the end"),
        ("and a", 1, "missing before"),
        ("5m", 1, "no unit"),
        ("80%", 3, "no remainder"),
        ("A", 1, "lower case"),
        ("01", 1, "no unit"),
        ("a.b.", 4, "no meaning"),
        ("a..b", 2, "no meaning"),
        ("a; b", 2, "no meaning"),
        ("lambda: 1", 7, "no meaning"),
        ("(" * 60 + "a" + ")" * 60, 51, "too deeply"),
        ("not " * 60 + "a", 201, "too deeply"),
        ("-" * 60 + "1", 51, "too deeply"),
        ("a" * 1001, 1, "longer"),
    ],
)
def test_an_error_says_where_and_what_to_write(text: str, column: int, words: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse(text)
    assert caught.value.column == column
    assert words in caught.value.problem


def test_control_characters_of_an_expression_do_not_reach_its_error() -> None:
    with pytest.raises(ExpressionError) as caught:
        parse("a \x1b[31m == 1")
    assert str(caught.value).isprintable()


def test_names_are_listed_with_their_places() -> None:
    expression = parse("cpu.value > 80 and target <= max_tasks or cpu.state == 'crit'")
    assert [(named.name, named.column) for named in expression.named] == [
        ("cpu.value", 1), ("target", 20), ("max_tasks", 30), ("cpu.state", 43),
    ]  # fmt: skip
    assert expression.names == {"cpu.value", "target", "max_tasks", "cpu.state"}


KINDS = {"n": Kind.NUMBER, "t": Kind.TEXT, "b": Kind.TRUTH, "x": Kind.ANY}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("n == 't'", "cannot be compared"),
        ("t == 1", "cannot be compared"),
        ("b == 1", "cannot be compared"),
        ("t < 'a'", "have an order"),
        ("b < true", "have an order"),
        ("x < 'a'", "have an order"),
        ("t + 1 == 2", "computed with"),
        ("-t == 1", "computed with"),
        ("n and b", "join conditions"),
        ("not t", "join conditions"),
        ("n", "a truth is needed"),
        ("n + 1", "a truth is needed"),
        ("'yes'", "a truth is needed"),
    ],
)
def test_types_that_do_not_fit_are_found_when_the_file_loads(text: str, words: str) -> None:
    (problem,) = problems_of(parse(text), KINDS.get)
    assert words in problem.text


@pytest.mark.parametrize(
    "text", ["n == 1", "t == 'a'", "b", "not b", "b == true", "x == 1", "x == 'a'", "x", "n + x > 1", "unheard_of > 1"]
)
def test_types_that_fit_or_are_not_known_pass(text: str) -> None:
    assert problems_of(parse(text), KINDS.get) == ()


def test_a_let_may_be_any_value_and_results_have_kinds() -> None:
    assert problems_of(parse("n + 2"), KINDS.get, Kind.ANY) == ()
    assert problems_of(parse("rows == 1 and first.cancelled == 't' and exit == 0"), results) == ()
    assert problems_of(parse("stdout == 'OK' and duration < 5 and status == 200"), results) == ()
    assert len(problems_of(parse("stdout == 0"), results)) == 1


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200) | st.text(alphabet="ab.01 ()+-*<>=!'\"\\andortu", max_size=60))
def test_arbitrary_text_parses_or_is_refused(text: str) -> None:
    try:
        expression = parse(text)
    except ExpressionError as error:
        assert 1 <= error.column <= len(text) + 1
        assert error.problem
    else:
        assert isinstance(expression, Expression)
        evaluate(expression, lambda name: 1)
        problems_of(expression, lambda name: None)
