"""Expressions of a runbook, asked with what a run knows. ``None`` is unknown."""

from collections.abc import Callable, Mapping
from functools import lru_cache

from oncall_tui.runbook import expressions
from oncall_tui.runbook.expressions import Decision, Expression, Truth, Unknown

Value = bool | int | float | str | None
"""Of a name, and of an expression; None is unknown."""


class Unreadable(Exception):
    """An expression that cannot be read: the file it stands in should not have loaded."""


def evaluate(expression: str, names: Mapping[str, Value], why: Callable[[str], str] | None = None) -> Value:
    """The value of an expression.

    Args:
        why: says of a name without a value why it has none.

    Raises:
        Unreadable: it is no expression.
    """
    value = expressions.evaluate(_parsed(expression), _resolve(names, why))
    return None if isinstance(value, Unknown) else value


def names_in(expression: str) -> frozenset[str]:
    """The names that an expression holds.

    Raises:
        Unreadable: it is no expression.
    """
    return _parsed(expression).names


def decide(expression: str, names: Mapping[str, Value], why: Callable[[str], str] | None = None) -> Decision:
    """The answer to a condition, with the facts behind it. What cannot be read is unknown."""
    try:
        parsed = _parsed(expression)
    except Unreadable as error:
        return Decision(Truth.UNKNOWN, str(error))
    return expressions.decide(parsed, _resolve(names, why))


@lru_cache(maxsize=512)
def _parsed(expression: str) -> Expression:
    try:
        return expressions.parse(expression)
    except expressions.ExpressionError as error:
        raise Unreadable(str(error)) from None


def _resolve(names: Mapping[str, Value], why: Callable[[str], str] | None) -> expressions.Resolve:
    def resolve(name: str) -> expressions.Value:
        value = names.get(name)
        if value is None:
            return Unknown(why(name) if why is not None else "is not there", name)
        return value

    return resolve
