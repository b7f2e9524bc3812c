"""Whose clock is wrong, when the sources' clocks and ours do not agree."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from oncall_tui.domain.ids import SourceName
from oncall_tui.domain.situation import Freshness, SourceState

TOLERATED_S = 60.0
"""Clocks that are closer than this agree: ages on the screen are told in minutes."""


@dataclass(frozen=True, slots=True)
class ClockTrouble:
    """What is wrong with whose clock. Seconds are positive when the other clock is ahead of ours."""

    ours_is_behind_by: float | None = None
    """Seconds by which this machine's clock is behind (below zero: ahead), when the sources agree about it."""
    theirs: tuple[tuple[SourceName, float], ...] = ()
    """Sources whose own clock is wrong, with the seconds by which each is ahead of the right time."""
    is_undecided: bool = False
    """One source alone tells the time: its clock or ours is wrong."""

    def __bool__(self) -> bool:
        return self.ours_is_behind_by is not None or bool(self.theirs)


def clock_trouble(sources: Iterable[Freshness]) -> ClockTrouble:
    """What the sources that answer say about the clocks.

    When most of them, and at least two, agree with each other and not with us, our clock is wrong; who differs from
    what then counts as the right time is wrong itself.
    """
    told = [
        (one.source, one.skew)
        for one in sources
        if one.skew is not None and one.state in (SourceState.OK, SourceState.EMPTY)
    ]
    ours = _ours([skew for _, skew in told])
    theirs = tuple((source, skew - ours) for source, skew in told if abs(skew - ours) > TOLERATED_S)
    return ClockTrouble(ours if ours else None, theirs, is_undecided=len(told) == 1)


def _ours(skews: Sequence[float]) -> float:
    """By how much our clock is behind; 0 unless most agree that it is off."""
    if len(skews) < 2:
        return 0.0
    # Loaded with the first clocks, not before the first paint: it brings hashes and fractions along.
    from statistics import median

    middle = float(median(skews))
    agreeing = [one for one in skews if abs(one - middle) <= TOLERATED_S]
    is_off = abs(middle) > TOLERATED_S and len(agreeing) >= 2 and len(agreeing) > len(skews) / 2
    return middle if is_off else 0.0
