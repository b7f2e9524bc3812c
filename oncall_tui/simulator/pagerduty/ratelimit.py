"""Requests per minute and the headers that tell about them.

Source: "Rate Limits" in PagerDuty's developer pages: `ratelimit-limit`, `-remaining`, `-reset` (seconds), and 429
with code 2020.
"""

from __future__ import annotations

from ..times import Clock
from .errors import Refusal

WINDOW_S = 60.0


class RateLimit:
    """A fixed window of one minute."""

    def __init__(self, clock: Clock, per_minute: int) -> None:
        self._clock = clock
        self.per_minute = per_minute
        self._opened = clock()
        self._spent = 0

    def spend(self) -> None:
        """Count one request.

        Raises:
            Refusal: 429 when the minute's budget is used up.
        """
        now = self._clock()
        if now - self._opened >= WINDOW_S:
            self._opened, self._spent = now, 0
        self._spent += 1
        if self._spent > self.per_minute:
            raise Refusal(429, 2020, "Rate Limit Exceeded")

    def headers(self) -> dict[str, str]:
        """What every answer carries."""
        reset = max(1, round(self._opened + WINDOW_S - self._clock()))
        return {
            "ratelimit-limit": str(self.per_minute),
            "ratelimit-remaining": str(max(0, self.per_minute - self._spent)),
            "ratelimit-reset": str(reset),
        }
