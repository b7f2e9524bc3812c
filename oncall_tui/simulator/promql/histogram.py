"""``histogram_quantile`` over classic buckets. Source: "Query functions", histogram_quantile."""

from __future__ import annotations

import math
from bisect import bisect_left

from ..labels import Labels
from .model import Moment, Node, Vector

_DROPPED = ("__name__", "le")


class HistogramQuantileNode(Node):
    """The quantile of every histogram found among the ``le`` labels of a vector."""

    def __init__(self, quantile: Node, source: Node) -> None:
        self._quantile = quantile
        self._source = source
        self._split: dict[Labels, tuple[Labels, float] | None] = {}

    def vector(self, at: Moment) -> Vector:
        q = self._quantile.scalar(at)
        histograms: dict[Labels, list[tuple[float, float]]] = {}
        for labels, count in self._source.vector(at):
            if labels not in self._split:
                self._split[labels] = _split(labels)
            split = self._split[labels]
            if split is not None:
                histograms.setdefault(split[0], []).append((split[1], count))
        return [(labels, bucket_quantile(q, buckets)) for labels, buckets in histograms.items()]


def _split(labels: Labels) -> tuple[Labels, float] | None:
    """Return the histogram's own labels and the upper bound; None for what is not a bucket."""
    try:
        bound = float(labels["le"])
    except (KeyError, ValueError):
        return None
    return labels.without(_DROPPED), bound


def bucket_quantile(q: float, buckets: list[tuple[float, float]]) -> float:
    """Return the *q* quantile of cumulative (upper bound, count) buckets, in the unit of the bounds."""
    if q != q:
        return math.nan
    if q < 0 or q > 1:
        return math.copysign(math.inf, q)
    bounds, counts = _cumulative(buckets)
    if len(bounds) < 2 or bounds[-1] != math.inf or not counts[-1] or counts[-1] != counts[-1]:
        return math.nan
    rank = q * counts[-1]
    index = bisect_left(counts, rank, 0, len(counts) - 1)
    if index == len(bounds) - 1:
        return bounds[-2]
    if index == 0 and bounds[0] <= 0:
        return bounds[0]
    lower_bound, below = (bounds[index - 1], counts[index - 1]) if index else (0.0, 0.0)
    inside = counts[index] - below
    share = (rank - below) / inside if inside else math.nan
    return lower_bound + (bounds[index] - lower_bound) * share


def _cumulative(buckets: list[tuple[float, float]]) -> tuple[list[float], list[float]]:
    """Return bounds and counts, sorted, equal bounds joined, counts never falling.

    Counts may fall when the buckets of one histogram were scraped at different moments.
    """
    bounds: list[float] = []
    counts: list[float] = []
    for bound, count in sorted(buckets):
        if bounds and bounds[-1] == bound:
            counts[-1] += count
        else:
            bounds.append(bound)
            counts.append(count)
    for index in range(1, len(counts)):
        if counts[index] < counts[index - 1]:
            counts[index] = counts[index - 1]
    return bounds, counts
