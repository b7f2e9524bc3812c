"""How far a vendor's clock is from ours, by the ``Date`` header of its answers (RFC 9110, "Date").

A clock that is wrong shifts every age and every "since" on the screen, and makes certificates look expired.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from oncall_tui.domain.clocks import age_in_words
from oncall_tui.sources.base import Clock

TOLERATED_S = 60.0
"""Beyond this the ages on the screen are wrong enough to be said."""


class Skew:
    """What the last answer of one vendor said about its clock."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.seconds: float | None = None
        """Seconds that the vendor's clock is ahead of ours; None while it has not told the time."""

    def now(self) -> datetime:
        """Our own time (UTC), to be handed to ``hear`` as ``asked_at``."""
        return self._clock()

    def hear(self, headers: Mapping[str, str], asked_at: datetime) -> None:
        """Take the time from an answer; one without a readable ``Date`` changes nothing.

        ``headers`` has its names in lower case or compares them without case. An answer may lie in a buffer while the
        laptop sleeps, so any moment between asking and hearing counts as agreement.
        """
        told = told_by(headers)
        if told is None:
            return
        heard_at = self._clock()
        if told > heard_at:
            self.seconds = (told - heard_at).total_seconds()
        else:
            self.seconds = min((told - min(asked_at, heard_at)).total_seconds(), 0.0)

    def warnings(self, host: str) -> tuple[str, ...]:
        """What a clock that is far off means for the engineer; empty when it is not."""
        if self.seconds is None or abs(self.seconds) <= TOLERATED_S:
            return ()
        side = "ahead of" if self.seconds > 0 else "behind"
        by = age_in_words(timedelta(seconds=abs(self.seconds)))
        words = f"The clock of {host} is {by} {side} this machine's: ages and “since” are wrong by as much."
        return (f"{words} Check the clock of this machine (NTP), then that of the server.",)


def told_by(headers: Mapping[str, str]) -> datetime | None:
    """The time at the vendor: ``Date``, and as many seconds more as the answer lay in a cache (``Age``).

    None when the answer does not tell it.
    """
    try:
        told = parsedate_to_datetime(headers.get("date", "").strip())
        moment = told.replace(tzinfo=UTC) if told.tzinfo is None else told.astimezone(UTC)
        age = headers.get("age", "").strip()
        return moment + timedelta(seconds=int(age)) if age.isascii() and age.isdigit() else moment
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
