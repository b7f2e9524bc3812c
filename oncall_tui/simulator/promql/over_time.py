"""The ``*_over_time`` functions: each turns the samples of a range into one value.

Source: "Query functions", aggregation over time.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from .model import Moment, Window
from .statistics import highest, lowest, quantile, variance


def avg_over_time(window: Window, args: Sequence[float], at: Moment) -> float | None:
    """Return the mean."""
    return sum(window.values) / (window.hi - window.lo)


def min_over_time(window: Window, args: Sequence[float], at: Moment) -> float | None:
    """Return the smallest value; NaN only when there is nothing else."""
    return lowest(window.values)


def max_over_time(window: Window, args: Sequence[float], at: Moment) -> float | None:
    """Return the largest value; NaN only when there is nothing else."""
    return highest(window.values)


def sum_over_time(window: Window, args: Sequence[float], at: Moment) -> float | None:
    """Return the sum."""
    return float(sum(window.values))


def count_over_time(window: Window, args: Sequence[float], at: Moment) -> float | None:
    """Return the number of samples."""
    return float(window.hi - window.lo)


def last_over_time(window: Window, args: Sequence[float], at: Moment) -> float | None:
    """Return the newest value."""
    return window.series.values[window.hi - 1]


def present_over_time(window: Window, args: Sequence[float], at: Moment) -> float | None:
    """Return 1."""
    return 1.0


def quantile_over_time(window: Window, args: Sequence[float], at: Moment) -> float | None:
    """Return the ``args[0]`` quantile (0 to 1)."""
    return quantile(args[0], window.values)


def stddev_over_time(window: Window, args: Sequence[float], at: Moment) -> float | None:
    """Return the population standard deviation."""
    return math.sqrt(variance(window.values))


def stdvar_over_time(window: Window, args: Sequence[float], at: Moment) -> float | None:
    """Return the population variance."""
    return variance(window.values)
