"""Quiet hours: windows by the clock on the wall, and what is told in them all the same. Pure, apart from zone files.

A window is a span between two moments: on the night that a clock is set back it is an hour longer and does not begin
twice, on the night that it is set forward an hour shorter. A time that a night does not have is read as the one that
the clock would have shown without the change (PEP 495).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from oncall_tui.config.model import QuietSettings
from oncall_tui.config.severities import parse_threshold
from oncall_tui.domain.severity import Severity

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_CLOCK = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")


def read_clock(word: str) -> time | None:
    """``22:00`` as a time of day; None for anything else."""
    match = _CLOCK.fullmatch(word.strip())
    return None if match is None else time(int(match[1]), int(match[2]))


def read_zone(name: str) -> tzinfo:
    """The time zone of a name in the IANA database of this machine. Raises ``ValueError``."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError):
        # A folder of the database, as "Europe" is one, cannot be read as a file.
        raise ValueError(f"no time zone {name}") from None


@dataclass(frozen=True, slots=True)
class QuietHours:
    """One window. ``zone`` None is the clock of this machine."""

    begins: time
    ends: time
    days: frozenset[int]
    """The days that it begins on, Monday is 0."""
    rings: Severity | None
    """The least severity that is told in it all the same; None for none."""
    zone: tzinfo | None

    def holds(self, now: datetime) -> bool:
        """Whether a moment lies within the window."""
        today = now.astimezone(self.zone).date()
        return any(self._began_on(day, now) for day in (today - timedelta(days=1), today))

    def _began_on(self, day: date, now: datetime) -> bool:
        if day.weekday() not in self.days:
            return False
        last = day if self.ends > self.begins else day + timedelta(days=1)
        return self._moment(day, self.begins) <= now < self._moment(last, self.ends)

    def _moment(self, day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, self.zone).astimezone(UTC)


def quiet_hours(settings: Iterable[QuietSettings]) -> tuple[QuietHours, ...]:
    """The windows of a configuration that ``load`` has accepted."""
    return tuple(_window(one) for one in settings)


def least_severity(windows: Iterable[QuietHours], now: datetime) -> Severity | None:
    """The least severity that is told at this moment: P5 outside of every window, else what the strictest lets through.

    None when nothing is.
    """
    least = Severity.P5
    for window in windows:
        if window.holds(now):
            if window.rings is None:
                return None
            least = min(least, window.rings)
    return least


def _window(settings: QuietSettings) -> QuietHours:
    days = frozenset(DAYS.index(one) for one in settings.days) or frozenset(range(7))
    zone = read_zone(settings.timezone) if settings.timezone else None
    begins, ends = read_clock(settings.from_), read_clock(settings.to)
    assert begins is not None and ends is not None, "the rules have read them"
    return QuietHours(begins, ends, days, parse_threshold(settings.rings), zone)
