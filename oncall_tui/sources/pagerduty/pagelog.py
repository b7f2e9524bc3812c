"""Whom PagerDuty called, and when. Source: "List log entries", of which those of type ``notify_log_entry`` count.

They are only in the log of the whole account, and not in its overview. It is read one day at a time, the newest first;
a day that is over does not change, so that it is read once. What the budget does not allow now stays unknown.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from oncall_tui.config.model import PagerDutySettings
from oncall_tui.domain.pages import Notification, PageLog
from oncall_tui.sources.errors import Refused, SourceError
from oncall_tui.sources.pagerduty.client import Calls
from oncall_tui.sources.pagerduty.moments import stamp
from oncall_tui.sources.pagerduty.pages import PAGING_LIMIT, all_slices
from oncall_tui.sources.pagerduty.people import Identity
from oncall_tui.sources.values import JsonObject, first_line, identity, mapping, moment, read_each

_DAY = timedelta(days=1)
_LATE = timedelta(minutes=10)
"""A day is taken for over this long after its end: entries may come late, and clocks differ."""
_AGE = timedelta(minutes=5)
"""How long the newest entries are good for."""
NOTIFY = "notify_log_entry"


@dataclass(frozen=True, slots=True)
class _Day:
    """What was read of a day, and up to when."""

    found: tuple[Notification, ...]
    read_at: datetime
    me: str | None
    """Whose pages are told as mine in it."""

    def is_good(self, end: datetime, now: datetime, me: str | None) -> bool:
        """Whether it need not be read again."""
        is_fresh = self.read_at >= end + _LATE or timedelta(0) <= now - self.read_at < _AGE
        return is_fresh and self.me == me


class PageLogReader:
    """The notifications of days, kept while the screen runs."""

    def __init__(self, calls: Calls, settings: PagerDutySettings, screen: Identity) -> None:
        self._calls = calls
        self._settings = settings
        self._screen = screen
        self._days: dict[datetime, _Day] = {}

    async def read(self, since: datetime) -> PageLog:
        """Every notification since then; see ``KnowsPages``."""
        now = self._calls.clock()
        me = await self._screen.find()
        begin = first = datetime.combine(now.astimezone(UTC).date(), time(0), UTC)
        found: list[Notification] = []
        trouble = ""
        while begin + _DAY > since:
            try:
                found += (await self._day(begin, now, me.id if me is not None else None)).found
            except SourceError as error:
                if begin == first:
                    raise
                trouble = f"{error} {error.hint}".strip()
                break
            begin -= _DAY
        self._days = {day: one for day, one in self._days.items() if day > since - 2 * _DAY}
        return PageLog(begin + _DAY, now, tuple(found), trouble, is_me_known=me is not None)

    async def _day(self, begin: datetime, now: datetime, me: str | None) -> _Day:
        known = self._days.get(begin)
        if known is None or not known.is_good(begin + _DAY, now, me):
            known = self._days[begin] = _Day(await self._read(begin, me), now, me)
        return known

    async def _read(self, begin: datetime, me: str | None) -> tuple[Notification, ...]:
        span = (("since", stamp(begin)), ("until", stamp(begin + _DAY)))
        filters = (("team_ids[]", self._settings.teams),)
        listing = await all_slices(self._calls, "/log_entries", "log_entries", span, filters)
        if listing.is_cut:
            # Counted as far as it goes it would be told as a quieter day than it was.
            raise Refused(
                f"PagerDuty lists no more than {PAGING_LIMIT:,} log entries of a day, and {begin:%Y-%m-%d} has more.",
                "Narrow `teams` of this source.",
            )
        called = [one for one in listing.found if one.get("type") == NOTIFY and self._is_ours(one)]
        return await self._calls.compute(lambda: _notifications(called, me))

    def _is_ours(self, entry: JsonObject) -> bool:
        """Whether it is of a service that is watched: the log cannot be filtered by them."""
        services = self._settings.services
        return not services or mapping(entry.get("service")).get("id") in services


def _notifications(entries: Sequence[JsonObject], me: str | None) -> tuple[Notification, ...]:
    return read_each(entries, lambda one: _notification(one, me))[0]


def _notification(entry: JsonObject, me: str | None) -> Notification:
    """One call.

    Raises:
        ValueError: it has no time or no incident.
    """
    at = moment(entry.get("created_at"))
    if at is None:
        raise ValueError("a log entry without created_at")
    user = mapping(entry.get("user"))
    who = first_line(user.get("name"), user.get("summary"))
    return Notification(
        identity(mapping(entry.get("incident")).get("id")), at, who, me is not None and user.get("id") == me
    )
