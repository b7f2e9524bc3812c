"""When what waits for a source is tried again. Pure: the time is an argument."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from oncall_tui.domain.ids import SourceName

_FIRST = timedelta(seconds=5)
_LONGEST = timedelta(minutes=1)
_BELIEVED = timedelta(hours=1)
"""A vendor that asks to wait for longer is not believed."""


class Turns:
    """The back-off of every source: 5 s, doubled up to a minute, ended by a poll that was answered."""

    def __init__(self) -> None:
        self._tried_at: dict[SourceName, datetime] = {}
        self._pause: dict[SourceName, timedelta] = {}
        self._not_before: dict[SourceName, datetime] = {}

    def tried(self, source: SourceName, now: datetime, wait_s: float | None, *, has_failed: bool) -> None:
        """It was tried; with ``has_failed`` nothing could be sent, and the vendor may have asked for ``wait_s``."""
        self._tried_at[source] = now
        self._not_before.pop(source, None)
        if not has_failed:
            self._pause.pop(source, None)
            return
        self._pause[source] = min(self._pause.get(source, _FIRST / 2) * 2, _LONGEST)
        if wait_s is not None:
            self._not_before[source] = now + min(timedelta(seconds=wait_s), _BELIEVED)

    def is_due(self, source: SourceName, now: datetime, heard: Mapping[SourceName, datetime]) -> bool:
        """Whether it is to be tried now; ``heard`` is when each source has last answered a poll."""
        tried_at, asked = self._tried_at.get(source), self._not_before.get(source)
        if tried_at is None or tried_at > now:
            return True
        if asked is not None and now < asked:
            return False
        heard_at = heard.get(source)
        return (heard_at is not None and heard_at > tried_at) or now >= tried_at + self._pause.get(source, _FIRST)
