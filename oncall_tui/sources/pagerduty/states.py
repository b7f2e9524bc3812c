"""How incidents stand, read before anything is done to them. Sources: "Get an incident", "List incidents"."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from oncall_tui.sources.actors import ActResult
from oncall_tui.sources.connection import segment
from oncall_tui.sources.errors import SourceError
from oncall_tui.sources.pagerduty.client import Calls
from oncall_tui.sources.pagerduty.incidents import open_incidents
from oncall_tui.sources.pagerduty.outcomes import Results, failed, skipped, unread
from oncall_tui.sources.pagerduty.pacing import FEW
from oncall_tui.sources.pagerduty.pages import Filters
from oncall_tui.sources.pagerduty.sending import each
from oncall_tui.sources.values import JsonObject, mapping

_ONE_BY_ONE = FEW
"""Up to so many incidents are read by id; for more the list of open ones is cheaper."""

_FRESH = timedelta(seconds=10)
"""An older list may not know that an incident was resolved meanwhile, and an acknowledge would reopen it."""


class States:
    """Reads incidents, for one act."""

    def __init__(self, calls: Calls, filters: Filters) -> None:
        self._calls = calls
        self._filters = filters
        self._listed: Mapping[str, JsonObject] = {}
        self._listed_at: datetime | None = None

    async def read(self, ids: Sequence[str], *, is_changed: bool = False) -> tuple[Mapping[str, JsonObject], Results]:
        """Each incident as it stands, in the order of ``ids``, and the results for those that could not be read.

        Args:
            is_changed: they were changed just now: a list of before says nothing of them.
        """
        if is_changed:
            self._listed_at = None
        states: dict[str, JsonObject | ActResult] = {}
        if len(ids) > _ONE_BY_ONE:
            try:
                listed = await self._open()
            except SourceError as error:
                return {}, {one: failed(one, error, was_sent=False) for one in ids}
            states.update({one: listed[one] for one in ids if one in listed})
        missing = [one for one in ids if one not in states]
        states |= await each(missing, self._read, unread, skipped)
        in_order = [(one, states[one]) for one in ids]
        results = {one: state for one, state in in_order if isinstance(state, ActResult)}
        return {one: state for one, state in in_order if not isinstance(state, ActResult)}, results

    async def one(self, vendor_id: str) -> JsonObject:
        """One incident, also one that is resolved or hidden by a filter by now.

        Raises:
            SourceError: it could not be read, or there is none.
        """
        answer = await self._calls.get(f"/incidents/{segment(vendor_id)}")
        return mapping(answer.get("incident"))

    async def _open(self) -> Mapping[str, JsonObject]:
        """Every open incident; the list that was read a moment ago is good enough for the next slice of an act."""
        now = self._calls.clock()
        if self._listed_at is None or not timedelta(0) <= now - self._listed_at < _FRESH:
            listing = await open_incidents(self._calls, self._filters)
            self._listed = {one["id"]: one for one in listing.found if isinstance(one.get("id"), str)}
            self._listed_at = now
        return self._listed

    async def _read(self, vendor_id: str) -> JsonObject | ActResult:
        return await self.one(vendor_id)
