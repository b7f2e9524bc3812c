"""Evaluation with three answers: what is unknown stays unknown until something else decides."""

import operator
from collections.abc import Callable

from oncall_tui.runbook.expressions.tree import (
    Arithmetic,
    Comparison,
    Constant,
    Expression,
    Joined,
    Named,
    Negative,
    Node,
    Not,
)
from oncall_tui.runbook.expressions.values import Unknown, Value, is_number, kept, number_in, said

Resolve = Callable[[str], Value]
"""The value of a name; ``Unknown`` for what was not run, failed, is empty, or is too old. Never raises."""

_ORDER: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_COMPUTE: dict[str, Callable[[float, float], float]] = {"+": operator.add, "-": operator.sub, "*": operator.mul}


def evaluate(expression: Expression, resolve: Resolve) -> Value:
    """The value of an expression. Whole numbers stay whole: ``ecs_count.desired + 2`` is no 4.0."""
    return value_of(expression.root, resolve)


def value_of(node: Node, resolve: Resolve) -> Value:
    """The value of a node."""
    match node:
        case Constant():
            return node.value
        case Named():
            return kept(resolve(node.name), node.name)
        case Negative():
            return _computed("-", 0, value_of(node.of, resolve))
        case Arithmetic():
            return _computed(node.sign, value_of(node.left, resolve), value_of(node.right, resolve))
        case Comparison():
            return compared(node.sign, value_of(node.left, resolve), value_of(node.right, resolve))
        case Not():
            inner = truth_of(value_of(node.of, resolve))
            return inner if isinstance(inner, Unknown) else not inner
        case Joined():
            return _joined(node.is_and, [truth_of(value_of(part, resolve)) for part in node.parts])


def truth_of(value: Value) -> bool | Unknown:
    """The value as a condition: numbers and texts are none."""
    if isinstance(value, bool | Unknown):
        return value
    return Unknown(f"{said(value)} is no condition")


def _joined(is_and: bool, parts: list[bool | Unknown]) -> bool | Unknown:
    """False decides ``and``, true decides ``or``, else unknown spreads."""
    if any(part is (not is_and) for part in parts):
        return not is_and
    return next((part for part in parts if isinstance(part, Unknown)), is_and)


def _computed(sign: str, left: Value, right: Value) -> Value:
    for value in (left, right):
        if isinstance(value, Unknown):
            return value
        if not is_number(value):
            return Unknown(f"{said(value)} is no number")
    assert isinstance(left, int | float) and isinstance(right, int | float)
    try:
        return kept(_COMPUTE[sign](left, right), "the result")
    except OverflowError:
        return Unknown("is too large", "the result")


def compared(sign: str, left: Value, right: Value) -> bool | Unknown:
    """Two values compared; a text that is a number, as cells of tables are, compares with a number."""
    for value in (left, right):
        if isinstance(value, Unknown):
            return value
    left, right = _alike(left, right), _alike(right, left)
    is_mixed = is_number(left) != is_number(right) or isinstance(left, str) != isinstance(right, str)
    if is_mixed:
        return Unknown(f"{said(left)} and {said(right)} cannot be compared")
    if sign in ("==", "!="):
        return (left == right) is (sign == "==")
    if not is_number(left):
        return Unknown(f"{said(left)} and {said(right)} have no order")
    assert isinstance(left, int | float) and isinstance(right, int | float)
    return _ORDER[sign](left, right)


def _alike(value: Value, other: Value) -> Value:
    """A text as the number that it is, where it meets a number."""
    if isinstance(value, str) and is_number(other):
        number = number_in(value)
        return value if number is None else number
    return value
