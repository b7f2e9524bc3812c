"""How fast one act may go: one incident at once, hundreds so that polls and the other users of the key live on."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from oncall_tui.sources.base import Clock
from oncall_tui.sources.budget import Budget
from oncall_tui.sources.course import Course
from oncall_tui.sources.errors import RateLimited, Stopped
from oncall_tui.sources.limit import VendorLimit

FEW = 4
"""An act on so many incidents is one key press that nobody may keep waiting: it is sent or told at once."""

_UNASKED_S = 10.0
"""The first wait after a 429 that names no time; the next are twice as long."""

_LONGEST_S = 120.0
"""A vendor that asks for more than this is not waited for within one act."""

_PATIENCE = timedelta(minutes=3)
"""So long one act waits while only refusals come (PagerDuty's window is a minute); then the outbox takes over."""


class Pacer:
    """The pace of one act."""

    def __init__(
        self, ids: Sequence[str], budget: Budget, limit: VendorLimit, clock: Clock, course: Course | None
    ) -> None:
        self._is_patient = len(ids) > FEW and course is not None
        self._course = course or Course()
        self._budget = budget
        self._limit = limit
        self._clock = clock
        self._refusals = 0
        self._refused_at: datetime | None = None

    async def turn(self) -> None:
        """Wait until one more request may be sent.

        Raises:
            Stopped: nothing more is to be sent.
        """
        while not self._course.is_stopped:
            seconds = max(self._budget.wait_for_act_s(), self._limit.wait_s()) if self._is_patient else 0.0
            if seconds <= 0:
                return
            await self._course.rest(seconds)
        raise Stopped("Not sent: it was stopped.")

    async def hold(self, error: RateLimited) -> None:
        """After a 429, which was not carried out: wait as long as was asked for.

        Raises:
            RateLimited: ``error``, when that is too long, or too often.
        """
        now = self._clock()
        self._refused_at = self._refused_at or now
        seconds = error.retry_after if error.retry_after is not None else _UNASKED_S * 2**self._refusals
        self._refusals += 1
        if not self._is_patient or seconds > _LONGEST_S or now - self._refused_at > _PATIENCE:
            raise error
        await self._course.rest(max(seconds, 1.0))

    def is_answered(self) -> None:
        """PagerDuty took a request again."""
        self._refusals, self._refused_at = 0, None
