"""Samples in memory: one append-only pair of arrays for each label set.

Times are unix seconds at the border and whole milliseconds inside, as in Prometheus, so that
differences between two times are exact.
"""

from __future__ import annotations

import struct
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping

from .labels import METRIC_NAME, Labels, Matcher, MatchOp

STALE_NAN: float = struct.unpack("<d", struct.pack("<Q", 0x7FF0000000000002))[0]
"""The NaN by which Prometheus says that a series ended ("Staleness" in "Querying basics")."""

DEFAULT_RETENTION_S = 26 * 3600.0
FOREVER_S = 1e12


def to_ms(seconds: float) -> int:
    """Return unix seconds as whole milliseconds."""
    return round(seconds * 1000)


def is_stale(value: float) -> bool:
    """Return whether *value* is the staleness marker and not an ordinary NaN."""
    return value != value and struct.pack("<d", value) == b"\x02\x00\x00\x00\x00\x00\xf0\x7f"


class Series:
    """The samples of one label set, oldest first.

    ``times_ms`` and ``values`` are parallel; read them, never write them.
    """

    __slots__ = ("_drops", "_retention_ms", "_trimmed", "has_stale", "labels", "times_ms", "values")

    def __init__(self, labels: Labels, retention_s: float = DEFAULT_RETENTION_S) -> None:
        self.labels = labels
        self.times_ms = array("q")
        self.values = array("d")
        self.has_stale = False
        self._retention_ms = to_ms(retention_s)
        # Sample numbers (counted from the very first one) whose value is lower than the one before:
        # rate() needs them, and a counter has so few that looking them up beats scanning the window.
        self._drops = array("q")
        self._trimmed = 0

    def __len__(self) -> int:
        return len(self.times_ms)

    def append(self, t: float, v: float) -> None:
        """Add a sample; one at the time of the last sample replaces it.

        Args:
            t: unix seconds.
            v: the value.

        Raises:
            ValueError: when *t* is before the last sample.
        """
        self.append_ms(round(t * 1000), v)

    def append_ms(self, t_ms: int, v: float) -> None:
        """Do as `append`, with the time in milliseconds."""
        times, values = self.times_ms, self.values
        if times:
            last = times[-1]
            if t_ms <= last:
                if t_ms < last:
                    raise ValueError(f"out of order sample for {self.labels!r}: {t_ms} after {last}")
                self._forget_last()
            elif times[0] < t_ms - self._retention_ms * 1.1:
                self.trim(t_ms - self._retention_ms)
            if values and v < values[-1]:
                self._drops.append(self._trimmed + len(values))
        times.append(t_ms)
        values.append(v)

    def mark_stale(self, t: float) -> None:
        """Say that the series has ended at *t*: it is gone at once, not after the lookback."""
        self.has_stale = True
        self.append(t, STALE_NAN)

    def trim(self, before_ms: int) -> None:
        """Forget the samples before *before_ms*."""
        count = bisect_left(self.times_ms, before_ms)
        del self.times_ms[:count]
        del self.values[:count]
        self._trimmed += count
        del self._drops[: bisect_right(self._drops, self._trimmed)]

    def drops(self, lo: int, hi: int) -> list[int]:
        """Return the indices in (lo, hi) whose value is lower than the one before."""
        drops, base = self._drops, self._trimmed
        if not drops or drops[-1] <= base + lo:
            return []
        first = bisect_right(drops, base + lo)
        return [number - base for number in drops[first : bisect_left(drops, base + hi)]]

    def without_stale(self, lo: int, hi: int) -> Series:
        """Return a copy of the samples in [lo, hi) without staleness markers."""
        copy = Series(self.labels, FOREVER_S)
        for index in range(lo, hi):
            if not is_stale(self.values[index]):
                copy.append_ms(self.times_ms[index], self.values[index])
        return copy

    def _forget_last(self) -> None:
        self.times_ms.pop()
        self.values.pop()
        if self._drops and self._drops[-1] == self._trimmed + len(self.values):
            self._drops.pop()


class SeriesStore:
    """All series of the small world, indexed by metric name."""

    def __init__(self, retention_s: float = DEFAULT_RETENTION_S) -> None:
        self._retention_s = retention_s
        self._by_labels: dict[Labels, Series] = {}
        self._by_name: dict[str, list[Series]] = {}

    @property
    def generation(self) -> int:
        """A number that changes whenever a series is added: what `matching` returned is then out of date."""
        return len(self._by_labels)

    def series(self, labels: Mapping[str, str]) -> Series:
        """Return the series with *labels* (``__name__`` among them), made when it is new."""
        key = labels if isinstance(labels, Labels) else Labels(labels)
        found = self._by_labels.get(key)
        if found is None:
            if METRIC_NAME not in key:
                raise ValueError(f"labels without {METRIC_NAME}: {key!r}")
            found = self._by_labels[key] = Series(key, self._retention_s)
            self._by_name.setdefault(key[METRIC_NAME], []).append(found)
        return found

    def append(self, labels: Mapping[str, str], t: float, v: float) -> None:
        """Add a sample at *t* (unix seconds) to the series with *labels*."""
        self.series(labels).append(t, v)

    def metric_names(self) -> list[str]:
        """Return the metric names, sorted."""
        return sorted(self._by_name)

    def matching(self, matchers: Iterable[Matcher]) -> list[Series]:
        """Return the series that satisfy every matcher, in the order they were made."""
        rest = list(matchers)
        for matcher in rest:
            if matcher.name == METRIC_NAME and matcher.op is MatchOp.EQUAL:
                candidates = self._by_name.get(matcher.value, [])
                break
        else:
            candidates = list(self._by_labels.values())
        return [one for one in candidates if all(matcher.matches(one.labels) for matcher in rest)]

    def select(
        self, matchers: Iterable[Matcher], start: float, end: float
    ) -> list[tuple[Labels, list[tuple[float, float]]]]:
        """Return (labels, [(unix seconds, value), ...]) of the matching series, both ends included.

        Series without a sample between *start* and *end* are left out.
        """
        start_ms, end_ms = to_ms(start), to_ms(end)
        result = []
        for one in self.matching(matchers):
            lo, hi = bisect_left(one.times_ms, start_ms), bisect_right(one.times_ms, end_ms)
            if lo < hi:
                pairs = zip(one.times_ms[lo:hi], one.values[lo:hi], strict=True)
                result.append((one.labels, [(t_ms / 1000, v) for t_ms, v in pairs]))
        return result
