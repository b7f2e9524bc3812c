"""Arithmetic and comparison of two numbers, with IEEE results where Python would raise.

Source: "Operators", binary operators.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable


def _divide(a: float, b: float) -> float:
    if b:
        return a / b
    if not a or a != a:
        return math.nan
    return math.copysign(math.inf, a) * math.copysign(1.0, b)


def _modulo(a: float, b: float) -> float:
    # math.fmod keeps the sign of a, as Go does; Python's % keeps the sign of b.
    return math.nan if not b or math.isinf(a) else math.fmod(a, b)


def _power(a: float, b: float) -> float:
    try:
        return math.pow(a, b)
    except OverflowError:
        is_odd = b == int(b) and int(b) % 2 == 1
        return -math.inf if a < 0 and is_odd else math.inf
    except ValueError:
        if a == 0:
            is_odd = math.isfinite(b) and b == int(b) and int(b) % 2 == 1
            return math.copysign(math.inf, a) if is_odd else math.inf
        return math.nan


ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": _divide,
    "%": _modulo,
    "^": _power,
    "atan2": math.atan2,
}

COMPARISON: dict[str, Callable[[float, float], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}

SET_OPERATORS = frozenset({"and", "or", "unless"})


def keeps_name(symbol: str, return_bool: bool) -> bool:
    """Return whether the result keeps the metric name: filters do, and in 2.4x ``atan2`` does."""
    return symbol == "atan2" or (symbol in COMPARISON and not return_bool)


def evaluator(symbol: str, return_bool: bool) -> Callable[[float, float], float | None]:
    """Return a function of both sides that gives the result, or None where a comparison filters."""
    if symbol in ARITHMETIC:
        return ARITHMETIC[symbol]
    compare = COMPARISON[symbol]
    if return_bool:
        return lambda a, b: 1.0 if compare(a, b) else 0.0
    return lambda a, b: a if compare(a, b) else None
