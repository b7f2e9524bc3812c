"""Vector selectors, matrix selectors and subqueries.

Source: "Querying basics". As in Prometheus 2.x, both ends of the lookback and of a range count.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from ..labels import METRIC_NAME, Labels, Matcher, MatchOp
from ..series import FOREVER_S, Series, SeriesStore, is_stale
from .model import Moment, Node, RangeNode, Vector, Window

LOOKBACK_MS = 300_000


@dataclass(frozen=True)
class Shift:
    """The ``offset`` and ``@`` modifiers; times in milliseconds."""

    offset_ms: int = 0
    at_ms: int | Literal["start", "end"] | None = None

    def apply(self, at: Moment) -> int:
        """Return the time that the selector looks at."""
        match self.at_ms:
            case None:
                base = at.t_ms
            case "start":
                base = at.start_ms
            case "end":
                base = at.end_ms
            case fixed:
                base = int(fixed)
        return base - self.offset_ms


class _Selection:
    """The series behind a list of matchers, looked up again only when the store has grown."""

    def __init__(self, matchers: Sequence[Matcher]) -> None:
        self.matchers = tuple(matchers)
        self._found: list[Series] = []
        self._store: SeriesStore | None = None
        self._generation = -1

    def series(self, store: SeriesStore) -> list[Series]:
        if store is not self._store or store.generation != self._generation:
            self._found = store.matching(self.matchers)
            self._store, self._generation = store, store.generation
        return self._found

    def equalities(self) -> dict[str, str]:
        # A label that is matched more than once says nothing certain, so Prometheus leaves it out.
        found: dict[str, str] = {}
        seen: set[str] = set()
        for matcher in self.matchers:
            if matcher.name == METRIC_NAME:
                continue
            if matcher.op is MatchOp.EQUAL and matcher.name not in seen:
                found[matcher.name] = matcher.value
                seen.add(matcher.name)
            else:
                found.pop(matcher.name, None)
        return found


class VectorSelectorNode(Node):
    """``name{label="value"} offset 5m @ 1600000000``."""

    def __init__(self, matchers: Sequence[Matcher], shift: Shift) -> None:
        self.selection = _Selection(matchers)
        self.shift = shift

    def samples(self, at: Moment) -> list[tuple[Labels, int, float]]:
        """Return (labels, unix milliseconds, value) of the newest sample within the lookback."""
        t_ms = self.shift.apply(at)
        oldest = t_ms - LOOKBACK_MS
        result = []
        for series in self.selection.series(at.store):
            times = series.times_ms
            index = bisect_right(times, t_ms) - 1
            if index >= 0 and times[index] >= oldest:
                value = series.values[index]
                if value == value or not is_stale(value):
                    result.append((series.labels, times[index], value))
        return result

    def vector(self, at: Moment) -> Vector:
        return [(labels, value) for labels, _, value in self.samples(at)]

    def absent_labels(self) -> dict[str, str]:
        return self.selection.equalities()


class MatrixSelectorNode(RangeNode):
    """``name{label="value"}[5m]``."""

    def __init__(self, selector: VectorSelectorNode, range_ms: int) -> None:
        self._selector = selector
        self._range_ms = range_ms
        self.range_s = range_ms / 1000

    def windows(self, at: Moment) -> list[Window]:
        end = self._selector.shift.apply(at)
        start = end - self._range_ms
        return _windows(self._selector.selection.series(at.store), start, end)

    def absent_labels(self) -> dict[str, str]:
        return self._selector.absent_labels()


class SubqueryNode(RangeNode):
    """``expression[1h:1m]``: the inner expression at every multiple of the step."""

    def __init__(self, inner: Node, range_ms: int, step_ms: int, shift: Shift) -> None:
        self._inner = inner
        self._range_ms = range_ms
        self._step_ms = step_ms
        self._shift = shift
        self.range_s = range_ms / 1000

    def windows(self, at: Moment) -> list[Window]:
        end = self._shift.apply(at)
        start = end - self._range_ms
        progress = at.scratch.setdefault(self, _Progress())
        assert isinstance(progress, _Progress)
        progress.extend(self._inner, at, -(-start // self._step_ms) * self._step_ms, end, self._step_ms)
        return _windows(progress.series.values(), start, end)


class _Progress:
    """The inner points of a subquery so far; the windows of a range query overlap, points are shared."""

    def __init__(self) -> None:
        self.series: dict[Labels, Series] = {}
        self._next_ms: int | None = None

    def extend(self, inner: Node, at: Moment, first_ms: int, end_ms: int, step_ms: int) -> None:
        t_ms = first_ms if self._next_ms is None else max(first_ms, self._next_ms)
        while t_ms <= end_ms:
            for labels, value in inner.vector(at.at(t_ms)):
                series = self.series.get(labels)
                if series is None:
                    series = self.series[labels] = Series(labels, FOREVER_S)
                series.append_ms(t_ms, value)
            t_ms += step_ms
        self._next_ms = t_ms


def _windows(candidates: Iterable[Series], start: int, end: int) -> list[Window]:
    result = []
    for series in candidates:
        times = series.times_ms
        lo, hi = bisect_left(times, start), bisect_right(times, end)
        if lo >= hi:
            continue
        if series.has_stale:
            series = series.without_stale(lo, hi)
            lo, hi = 0, len(series)
            if not hi:
                continue
        result.append(Window(series, lo, hi, start, end))
    return result
