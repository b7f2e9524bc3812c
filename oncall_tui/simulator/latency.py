"""Latency as a histogram sees it: shares per bucket of a log-normal population with a slow part."""

from __future__ import annotations

import math

from .curves import lognormal_cdf

BUCKETS: tuple[float, ...] = (0.025, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 0.75, 1.0, 1.5, 2.5, 5.0)
"""Upper bounds in seconds; +Inf follows."""

LE: tuple[str, ...] = (*(f"{bound:g}" for bound in BUCKETS), "+Inf")
"""Values of the label `le`, one per bucket."""

_SLOW_SPREAD = 0.5
_STEPS_PER_UNIT = 50
"""The load factor is rounded to 1/50, so that a day of history needs a few dozen shapes instead of 1,500."""

Shape = tuple[tuple[float, ...], float]
"""Cumulative share per bucket, +Inf included, and the mean in seconds."""


class LatencyModel:
    """Shapes of one route, computed once per load."""

    def __init__(self, median_s: float, spread: float) -> None:
        self._median = median_s
        self._spread = spread
        self._calm: dict[int, Shape] = {}

    def shape(self, load: float, slow_share: float = 0.0, slow_factor: float = 1.0) -> Shape:
        """Shares and mean at a load.

        Args:
            load: multiplies the median, 1 on an ordinary day.
            slow_share: part of the requests that are slow, 0-1.
            slow_factor: how many times the median those take.
        """
        step = round(load * _STEPS_PER_UNIT)
        calm = self._calm.get(step)
        if calm is None:
            calm = self._calm[step] = _shape(self._median * step / _STEPS_PER_UNIT, self._spread)
        if slow_share <= 0.0:
            return calm
        slow = _shape(self._median * slow_factor, _SLOW_SPREAD)
        shares = tuple(
            (1.0 - slow_share) * fast_share + slow_share * slow_share_of_bucket
            for fast_share, slow_share_of_bucket in zip(calm[0], slow[0], strict=True)
        )
        return shares, (1.0 - slow_share) * calm[1] + slow_share * slow[1]


def _shape(median_s: float, spread: float) -> Shape:
    shares = (*(lognormal_cdf(bound, median_s, spread) for bound in BUCKETS), 1.0)
    return shares, median_s * math.exp(spread * spread / 2.0)
