"""What a source may cost: requests per minute, spent fairly. Monitoring must not burden what it monitors."""

from collections import deque
from collections.abc import Hashable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from oncall_tui.sources.base import Clock, Spending
from oncall_tui.sources.errors import RateLimited

_MINUTE = timedelta(minutes=1)
_OPTIONAL_SHARE = 0.75
_NEEDED_SHARE = 0.9
_SURE_SHARE = 0.4
_LARGE_ACTS_SHARE = 0.5

Wish = TypeVar("Wish", bound=Hashable)


class Budget:
    """Counts the requests of the last minute and says which may be sent.

    Three kinds of request share it. Optional reads (one check among many) may spend three quarters, needed reads
    (the list of alerts) nine tenths; the rest is a reserve. Acts are counted and never refused: an acknowledge
    does not wait behind polls. An act on hundreds of records asks before each request: it may spend half, and needed
    reads have two fifths to themselves, so that the screen stays of now while a storm is worked off.
    """

    def __init__(self, per_minute: int, clock: Clock) -> None:
        self._allowed = per_minute
        self._clock = clock
        self._sent: deque[datetime] = deque()
        self._acts: deque[datetime] = deque()
        """Those of ``_sent`` that were acts."""

    @property
    def spending(self) -> Spending:
        """Requests of the last minute against those allowed."""
        return Spending(len(self._recent()), self._allowed)

    def try_take(self, wanted: int) -> int:
        """How many of ``wanted`` optional reads may be sent now; that many are counted as sent."""
        granted = max(min(wanted, int(self._allowed * _OPTIONAL_SHARE) - len(self._recent())), 0)
        self._count(granted)
        return granted

    def take(self) -> None:
        """Count one read that the screen cannot do without.

        Raises:
            RateLimited: the budget of this minute is spent; ``retry_after`` says when a request is free again.
        """
        recent = self._recent()
        limit = max(int(self._allowed * _NEEDED_SHARE), 1)
        reads = len(recent) - len(self._recent_acts())
        if len(recent) >= limit and reads >= max(int(self._allowed * _SURE_SHARE), 1):
            free_at = recent[len(recent) - limit] + _MINUTE
            wait = max((free_at - self._clock()).total_seconds(), 1.0)
            message = f"The budget of {self._allowed} requests per minute is spent."
            raise RateLimited(message, "Raise `budget` or `interval` of this source, or drop checks.", wait)
        self._count(1)

    def take_for_act(self) -> None:
        """Count one action. It is always granted."""
        self._count(1)
        self._acts.append(self._clock())

    def wait_for_act_s(self) -> float:
        """Seconds until one more request of a large act may be sent; 0 for now. Nothing is counted."""
        sent, acts = self._recent(), self._recent_acts()
        share = max(int(self._allowed * _LARGE_ACTS_SHARE), 1)
        waits = [_free_in_s(acts, share, self._clock()), _free_in_s(sent, max(self._allowed, 1), self._clock())]
        return max(waits)

    def _count(self, requests: int) -> None:
        now = self._clock()
        self._sent.extend([now] * requests)

    def _recent(self) -> Sequence[datetime]:
        """What was sent within the last minute. A clock that was set back does not lock the budget up."""
        return _of_last_minute(self._sent, self._clock())

    def _recent_acts(self) -> Sequence[datetime]:
        return _of_last_minute(self._acts, self._clock())


def _of_last_minute(sent: deque[datetime], now: datetime) -> Sequence[datetime]:
    while sent and not timedelta(0) <= now - sent[0] < _MINUTE:
        sent.popleft()
    return sent


def _free_in_s(sent: Sequence[datetime], limit: int, now: datetime) -> float:
    """Seconds until fewer than ``limit`` of ``sent`` are of the last minute."""
    if len(sent) < limit:
        return 0.0
    return max((sent[len(sent) - limit] + _MINUTE - now).total_seconds(), 0.001)


class Rotation(Generic[Wish]):
    """Remembers who was served when, so that a caller with more wishes than budget serves the oldest first."""

    def __init__(self) -> None:
        self._served: dict[Wish, int] = {}
        self._turn = 0

    def order(self, wishes: Iterable[Wish]) -> tuple[Wish, ...]:
        """The wishes, those that wait longest first, those never served before all; else in the order given."""
        return tuple(sorted(wishes, key=lambda wish: self._served.get(wish, 0)))

    def served(self, wishes: Iterable[Wish]) -> None:
        """Remember that these were served together, just now."""
        self._turn += 1
        self._served.update(dict.fromkeys(wishes, self._turn))
