"""How much of its own rate limit a vendor says is left. Source: "Rate Limits" in PagerDuty's developer pages."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from oncall_tui.sources.base import Clock

_RESERVE = 0.2
"""This part of the vendor's limit is left to polls, and to whoever else uses the same key."""

_LONGEST_S = 3_600
_MOST = 1_000_000


class VendorLimit:
    """What ``ratelimit-limit``, ``-remaining`` and ``-reset`` (seconds) of the newest answer say."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._left = 0
        self._reserve = 0
        self._resets_at: datetime | None = None

    def hear(self, headers: Mapping[str, str]) -> None:
        """Take the headers of an answer; names in any case as the mapping allows it."""
        limit, left, reset = (_number(headers.get(f"ratelimit-{name}")) for name in ("limit", "remaining", "reset"))
        if limit is None or left is None or reset is None:
            return
        self._left, self._reserve = left, int(limit * _RESERVE)
        self._resets_at = self._clock() + timedelta(seconds=min(reset, _LONGEST_S))

    def wait_s(self) -> float:
        """Seconds until a request of a large act leaves the reserve alone; 0 for now."""
        if self._resets_at is None or self._left > self._reserve:
            return 0.0
        left = (self._resets_at - self._clock()).total_seconds()
        # A clock that was set back must not lock it up for longer than the vendor can have meant.
        return left if 0 < left <= _LONGEST_S else 0.0


def _number(text: str | None) -> int | None:
    if text is None or not (text.isascii() and text.isdigit()) or len(text) > 9:
        return None
    return min(int(text), _MOST)
