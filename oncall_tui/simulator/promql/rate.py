"""Functions over the change within a range: rate and its relatives.

Source: "Query functions", and the extrapolation rules as Prometheus 2.x applies them.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

from .model import Moment, Window

NAN = math.nan


def _extrapolated(window: Window, is_counter: bool) -> float | None:
    """Return the increase over the whole range, as if the samples went on to its ends.

    The samples rarely reach the ends. The trend is extended to an end that is nearer than 1.1
    average distances between samples, else by half a distance; a counter never below zero.
    """
    lo, hi, series = window.lo, window.hi, window.series
    if hi - lo < 2:
        return None
    times, values = series.times_ms, series.values
    first_ms, last_ms, first = times[lo], times[hi - 1], values[lo]
    change = values[hi - 1] - first
    if is_counter:
        for index in series.drops(lo, hi):
            change += values[index - 1]
    sampled_s = (last_ms - first_ms) / 1000
    distance_s = sampled_s / (hi - lo - 1)
    to_start_s = (first_ms - window.start_ms) / 1000
    to_end_s = (window.end_ms - last_ms) / 1000
    if is_counter and change > 0 and first >= 0:
        to_start_s = min(to_start_s, sampled_s * (first / change))
    threshold_s = distance_s * 1.1
    covered_s = sampled_s
    covered_s += to_start_s if to_start_s < threshold_s else distance_s / 2
    covered_s += to_end_s if to_end_s < threshold_s else distance_s / 2
    return change * (covered_s / sampled_s)


def increase(window: Window, args: Sequence[float], at: Moment) -> float | None:
    """Return how much a counter grew."""
    return _extrapolated(window, is_counter=True)


def rate(window: Window, args: Sequence[float], at: Moment) -> float | None:
    """Return how much a counter grew per second."""
    change = _extrapolated(window, is_counter=True)
    return None if change is None else change / ((window.end_ms - window.start_ms) / 1000)


def delta(window: Window, args: Sequence[float], at: Moment) -> float | None:
    """Return how much a gauge changed."""
    return _extrapolated(window, is_counter=False)


def irate(window: Window, args: Sequence[float], at: Moment) -> float | None:
    """Return the per-second growth between the last two samples of a counter."""
    if window.hi - window.lo < 2:
        return None
    before, last = window.series.values[window.hi - 2 : window.hi]
    before_ms, last_ms = window.series.times_ms[window.hi - 2 : window.hi]
    change = last if last < before else last - before
    return change / ((last_ms - before_ms) / 1000)


def idelta(window: Window, args: Sequence[float], at: Moment) -> float | None:
    """Return the difference between the last two samples of a gauge."""
    if window.hi - window.lo < 2:
        return None
    before, last = window.series.values[window.hi - 2 : window.hi]
    return last - before


def changes(window: Window, args: Sequence[float], at: Moment) -> float | None:
    """Return how often the value changed."""
    values = window.values
    pairs = itertools.pairwise(values)
    return float(sum(1 for a, b in pairs if a != b and not (a != a and b != b)))


def resets(window: Window, args: Sequence[float], at: Moment) -> float | None:
    """Return how often the value fell."""
    return float(len(window.series.drops(window.lo, window.hi)))


def deriv(window: Window, args: Sequence[float], at: Moment) -> float | None:
    """Return the per-second slope of a least-squares line."""
    if window.hi - window.lo < 2:
        return None
    return _line(window, window.series.times_ms[window.lo])[0]


def predict_linear(window: Window, args: Sequence[float], at: Moment) -> float | None:
    """Return the value that a least-squares line has ``args[0]`` seconds from now."""
    if window.hi - window.lo < 2:
        return None
    slope, intercept = _line(window, at.t_ms)
    return slope * args[0] + intercept


def _line(window: Window, origin_ms: int) -> tuple[float, float]:
    """Return (slope per second, value at *origin_ms*)."""
    ys = window.values
    if all(y == ys[0] for y in ys):
        return (NAN, NAN) if math.isinf(ys[0]) else (0.0, ys[0])
    xs = [(t_ms - origin_ms) / 1e3 for t_ms in window.times_ms]
    try:
        return _least_squares(xs, ys)
    except (ValueError, OverflowError):
        # Infinities, or values so large that their sums overflow.
        return NAN, NAN


def _least_squares(xs: Sequence[float], ys: Sequence[float]) -> tuple[float, float]:
    """Return (slope, value at x = 0)."""
    n = float(len(xs))
    # Exact sums: the products are large and nearly cancel.
    sum_x, sum_y = math.fsum(xs), math.fsum(ys)
    covariance = math.fsum(x * y for x, y in zip(xs, ys, strict=True)) - sum_x * sum_y / n
    variance = math.fsum(x * x for x in xs) - sum_x * sum_x / n
    slope = covariance / variance
    return slope, sum_y / n - slope * sum_x / n
