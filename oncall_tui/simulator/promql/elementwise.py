"""Functions that map each value of an instant vector on its own: mathematics and calendar.

Source: "Query functions".
"""

from __future__ import annotations

import calendar
import math
from collections.abc import Callable
from datetime import UTC, datetime


def _finite(function: Callable[[float], float]) -> Callable[[float], float]:
    """Return *function* for finite values; NaN and the infinities stay as they are."""
    return lambda v: function(v) if math.isfinite(v) else v


def _logarithm(function: Callable[[float], float]) -> Callable[[float], float]:
    def of(v: float) -> float:
        if v == 0:
            return -math.inf
        return math.nan if v < 0 else function(v)

    return of


def _guarded(function: Callable[[float], float]) -> Callable[[float], float]:
    """Return *function* with NaN outside its domain and +Inf on overflow, as IEEE arithmetic has it."""

    def of(v: float) -> float:
        try:
            return function(v)
        except ValueError:
            return math.nan
        except OverflowError:
            return math.inf

    return of


def _sgn(v: float) -> float:
    return v if v == 0 or v != v else math.copysign(1.0, v)


def _round(v: float, to_nearest: float = 1.0) -> float:
    # Division by the inverse keeps round(x, 0.1) free of 0.30000000000000004.
    if not to_nearest or to_nearest != to_nearest:
        return math.nan
    inverse = 1.0 / to_nearest
    scaled = v * inverse + 0.5
    if not math.isfinite(scaled) or not inverse:
        return math.nan if not inverse else scaled / inverse
    return math.floor(scaled) / inverse


def _clamp_min(v: float, low: float) -> float:
    # As Go's math.Max: the infinity wins over NaN, NaN over the rest.
    if math.inf in (v, low):
        return math.inf
    return math.nan if v != v or low != low else max(v, low)


def _clamp_max(v: float, high: float) -> float:
    if -math.inf in (v, high):
        return -math.inf
    return math.nan if v != v or high != high else min(v, high)


def _clamp(v: float, low: float, high: float) -> float:
    return _clamp_min(_clamp_max(v, high), low)


def _calendar(field: Callable[[datetime], int]) -> Callable[[float], float]:
    def of(v: float) -> float:
        try:
            return float(field(datetime.fromtimestamp(math.floor(v), UTC)))
        except (ValueError, OverflowError):
            # NaN, the infinities, and years that a datetime cannot have.
            return math.nan

    return of


ELEMENTWISE: dict[str, Callable[..., float]] = {
    "abs": abs,
    "ceil": _finite(lambda v: float(math.ceil(v))),
    "floor": _finite(lambda v: float(math.floor(v))),
    "round": _round,
    "sgn": _sgn,
    "exp": _guarded(math.exp),
    "sqrt": _guarded(math.sqrt),
    "ln": _logarithm(math.log),
    "log2": _logarithm(math.log2),
    "log10": _logarithm(math.log10),
    "sin": _guarded(math.sin),
    "cos": _guarded(math.cos),
    "tan": _guarded(math.tan),
    "asin": _guarded(math.asin),
    "acos": _guarded(math.acos),
    "atan": math.atan,
    "sinh": _guarded(math.sinh),
    "cosh": _guarded(math.cosh),
    "tanh": math.tanh,
    "asinh": math.asinh,
    "acosh": _guarded(math.acosh),
    "atanh": _guarded(math.atanh),
    "deg": math.degrees,
    "rad": math.radians,
    "clamp": _clamp,
    "clamp_min": _clamp_min,
    "clamp_max": _clamp_max,
}
"""Function name to value function; further arguments are the scalars of the call."""

CALENDAR: dict[str, Callable[[float], float]] = {
    "minute": _calendar(lambda d: d.minute),
    "hour": _calendar(lambda d: d.hour),
    "day_of_week": _calendar(lambda d: d.isoweekday() % 7),
    "day_of_month": _calendar(lambda d: d.day),
    "day_of_year": _calendar(lambda d: d.timetuple().tm_yday),
    "days_in_month": _calendar(lambda d: calendar.monthrange(d.year, d.month)[1]),
    "month": _calendar(lambda d: d.month),
    "year": _calendar(lambda d: d.year),
}
"""The same for unix seconds in UTC; without an argument they take the evaluation time."""
