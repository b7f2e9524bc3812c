"""Shapes in time: piecewise-linear curves and the traffic of a day."""

from __future__ import annotations

import math
from bisect import bisect_right

Curve = tuple[tuple[float, float], ...]
"""Points (seconds since the world started, value), ascending; flat before the first and after the last."""

DAY_S = 86_400.0


def at(curve: Curve, seconds: float) -> float:
    """The value of a curve, linear between its points."""
    index = bisect_right(curve, (seconds, math.inf))
    if index == 0:
        return curve[0][1]
    if index == len(curve):
        return curve[-1][1]
    (x0, y0), (x1, y1) = curve[index - 1], curve[index]
    return y0 + (y1 - y0) * (seconds - x0) / (x1 - x0)


def daily(epoch_s: float) -> float:
    """Traffic relative to the day's mean: lunch and evening peaks, a quiet night (about 0.45 to 1.6)."""
    hour = (epoch_s % DAY_S) / 3600.0
    lunch = math.exp(-(((hour - 12.3) / 2.2) ** 2))
    evening = math.exp(-(((hour - 18.7) / 2.6) ** 2))
    return 0.45 + 0.85 * lunch + 1.1 * evening + 0.12 * math.sin(hour / 24.0 * 2.0 * math.pi)


def lognormal_cdf(x: float, median: float, spread: float) -> float:
    """Part of a log-normal population at or below x."""
    return 0.5 * (1.0 + math.erf(math.log(x / median) / (spread * math.sqrt(2.0))))
