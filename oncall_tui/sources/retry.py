"""The one place for retries and back-off.

A read that failed for a passing reason is tried again at once, once or twice; then it is the poller's turn, which
waits longer each time. An action is never repeated here. stamina, which we like, sleeps by itself and switches its
testing mode process-wide; two tries with an injected pause need neither, and ``Retry-After`` must be read anyway.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import TypeVar

from oncall_tui.domain.situation import Failure
from oncall_tui.sources.errors import RateLimited, Refused, SourceError, TimedOut, Unreachable

Result = TypeVar("Result")
Sleep = Callable[[float], Awaitable[object]]

PAUSE_S = 0.25
"""The first pause; the second is twice as long. Up to half of it is added at random."""

WAIT_BOUND_S = 2.0
"""The longest ``Retry-After`` that is waited for within a poll; longer ones are the poller's business."""

BACKOFF_CAP_S = 120.0
_WAIT_CAP_S = 3_600.0


class Retry:
    """How one read is tried again."""

    def __init__(
        self, again: int = 2, *, sleep: Sleep = asyncio.sleep, jitter: Callable[[], float] = random.random
    ) -> None:
        self._again = again
        self._sleep = sleep
        self._jitter = jitter

    async def read(self, call: Callable[[], Awaitable[Result]]) -> Result:
        """The result of ``call``, which only reads. What it raises last is raised."""
        tried = 0
        while True:
            try:
                return await call()
            except SourceError as error:
                pause = self._pause(error, tried)
                if pause is None:
                    raise
            tried += 1
            await self._sleep(pause)

    def _pause(self, error: SourceError, tried: int) -> float | None:
        """Seconds until the next try; None when there is none."""
        again = min(self._again, 1) if isinstance(error, TimedOut) else self._again
        if tried >= again or not is_passing(error):
            return None
        if error.retry_after is not None:
            return error.retry_after if error.retry_after <= WAIT_BOUND_S else None
        return float(PAUSE_S * 2**tried * (1 + self._jitter() / 2))


NO_RETRY = Retry(0)
"""For clients that are asked so often that the next poll is the retry."""


def is_passing(error: SourceError) -> bool:
    """Whether the same read may succeed a moment later: no answer, a fault of the server, a short rate limit."""
    if isinstance(error, Refused):
        return error.status is not None and error.status >= 500
    if isinstance(error, RateLimited):
        return error.retry_after is not None
    return isinstance(error, Unreachable | TimedOut)


def backoff_after(failures: int, failure: Failure | None, interval: float) -> float:
    """Seconds until the next poll after ``failures`` failed polls in a row; ``interval`` when there is none.

    Doubles from the interval up to two minutes (or the interval, when that is longer), and is at least what the
    vendor asked for, which is believed up to an hour.
    """
    if failures <= 0:
        return interval
    doubled = interval * 2.0 ** min(failures - 1, 16)
    wait = max(min(doubled, BACKOFF_CAP_S), interval)
    asked = failure.retry_after if failure is not None else None
    return max(wait, min(asked, _WAIT_CAP_S)) if asked is not None else wait
