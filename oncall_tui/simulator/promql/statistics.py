"""Small statistics with Prometheus's treatment of NaN and of bad quantiles."""

from __future__ import annotations

import math
from collections.abc import Sequence


def lowest(values: Sequence[float]) -> float:
    """Return the smallest of at least one value, NaN only when all are NaN."""
    return min((value for value in values if value == value), default=math.nan)


def highest(values: Sequence[float]) -> float:
    """Return the largest of at least one value, NaN only when all are NaN."""
    return max((value for value in values if value == value), default=math.nan)


def variance(values: Sequence[float]) -> float:
    """Return the population variance of at least one value."""
    mean = sum(values) / len(values)
    return sum((value - mean) * (value - mean) for value in values) / len(values)


def quantile(q: float, values: Sequence[float]) -> float:
    """Return the interpolated *q* quantile; -Inf below 0, +Inf above 1, NaN for no value."""
    if not values or q != q:
        return math.nan
    if q < 0:
        return -math.inf
    if q > 1:
        return math.inf
    # NaN sorts lowest.
    ordered = sorted(values, key=lambda value: (value == value, value))
    rank = q * (len(ordered) - 1)
    lower = math.floor(rank)
    upper = min(lower + 1, len(ordered) - 1)
    weight = rank - lower
    return ordered[lower] * (1 - weight) + ordered[upper] * weight
