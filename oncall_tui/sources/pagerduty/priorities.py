"""The priorities of the account, by name. Source: "List priorities" ("in order (most to least severe)")."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from oncall_tui.domain.pager import Priority
from oncall_tui.domain.text import clean_line
from oncall_tui.sources.errors import Refused
from oncall_tui.sources.pagerduty.client import Calls
from oncall_tui.sources.pagerduty.pages import all_pages
from oncall_tui.sources.values import JsonObject, first_line, identity, line, read_each

_AGE = timedelta(minutes=15)
_NO_FEATURE = (402, 404)
"""How PagerDuty answers accounts whose plan has no priorities."""


class Priorities:
    """The priorities, kept for a while."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._known: tuple[Priority, ...] = ()
        self._read_at: datetime | None = None

    async def all(self) -> Sequence[Priority]:
        """The worst first; none when the account has none.

        Raises:
            SourceError: PagerDuty could not be asked.
        """
        now = self._calls.clock()
        if self._read_at is None or not timedelta(0) <= now - self._read_at < _AGE:
            self._known, self._read_at = await self._read(), now
        return self._known

    async def named(self, name: str) -> Priority:
        """The priority that is called so, in any case.

        Raises:
            SourceError: there is none, or PagerDuty could not be asked.
        """
        was_kept = self._read_at is not None
        found = _called(name, await self.all())
        if found is None and was_kept:
            self._read_at = None
            found = _called(name, await self.all())
        if found is not None:
            return found
        source = self._calls.wire.connection.name
        if not self._known:
            hint = "Somebody must switch priorities on in PagerDuty's account settings."
            raise Refused(f"{source}: the PagerDuty account has no priorities. Nothing was sent.", hint)
        there_are = ", ".join(one.name for one in self._known)
        raise Refused(f"{source}: PagerDuty has no priority {clean_line(name, 60)!r}; there are {there_are}.")

    async def _read(self) -> tuple[Priority, ...]:
        try:
            listing = await all_pages(self._calls, "/priorities", "priorities", ())
        except Refused as error:
            if error.status in _NO_FEATURE:
                return ()
            raise
        return read_each(listing.found, _priority)[0]


def _called(name: str, known: Sequence[Priority]) -> Priority | None:
    wanted = clean_line(name).casefold()
    return next((one for one in known if one.name.casefold() == wanted), None)


def _priority(one: JsonObject) -> Priority:
    vendor_id = identity(one.get("id"))
    name = first_line(one.get("name"), one.get("summary"), vendor_id)
    return Priority(vendor_id, name, line(one.get("description")))
