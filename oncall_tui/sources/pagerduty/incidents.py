"""Open incidents with what their alerts say. Sources: PagerDuty's "List incidents", "List alerts for an incident"."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from oncall_tui.config.model import PagerDutySettings
from oncall_tui.sources.budget import Budget
from oncall_tui.sources.connection import segment
from oncall_tui.sources.errors import RateLimited, SourceError, Unauthorised
from oncall_tui.sources.pagerduty.client import Calls
from oncall_tui.sources.pagerduty.details import IncidentDetails, details_of
from oncall_tui.sources.pagerduty.pages import PAGING_LIMIT, Filters, Listing, all_pages, all_slices
from oncall_tui.sources.pagerduty.short import shortened
from oncall_tui.sources.retry import NO_RETRY
from oncall_tui.sources.together import together
from oncall_tui.sources.values import JsonObject, mapping

DETAILS_PER_POLL = 60
"""Requests for alerts in one poll: a storm of 800 incidents is on the screen at once and joined over a few polls."""

_AT_ONCE = 4
_ALERTS_LIMIT = 1_000
"""PagerDuty groups no more alerts into one incident."""
_OPEN = (
    ("statuses[]", "triggered"),
    ("statuses[]", "acknowledged"),
    # Without it PagerDuty leaves out what was opened more than a month ago and never closed.
    ("date_range", "all"),
    ("sort_by", "created_at:desc"),
    ("include[]", "acknowledgers"),
    ("include[]", "assignees"),
    ("include[]", "priorities"),
)
CUT = f"PagerDuty lists no more than {PAGING_LIMIT:,} incidents; older ones are missing. Filter by team or service."


def filters_of(settings: PagerDutySettings) -> Filters:
    """The filters of the settings as PagerDuty's parameters."""
    return (
        ("team_ids[]", settings.teams),
        ("service_ids[]", settings.services),
        ("user_ids[]", settings.users),
        ("urgencies[]", settings.urgencies),
    )


async def open_incidents(calls: Calls, filters: Filters) -> Listing:
    """Every triggered or acknowledged incident that passes the filters, the newest first.

    Raises:
        SourceError: PagerDuty could not be asked.
    """
    return await all_slices(calls, "/incidents", "incidents", _OPEN, filters)


async def short_incidents(calls: Calls, filters: Filters) -> Listing:
    """The same, cut short (``short``): what a poll needs, which makes few records anew.

    Raises:
        SourceError: PagerDuty could not be asked.
    """
    return await open_incidents(replace(calls, decode=shortened), filters)


@dataclass(frozen=True, slots=True)
class _Known:
    """Details with the state of the incident that they were read in."""

    state: object
    details: IncidentDetails


class DetailsReader:
    """What the alerts of each open incident say, read once for each state that an incident is in."""

    def __init__(self, calls: Calls, budget: Budget) -> None:
        self._calls = replace(calls, spend=self._spend, retry=NO_RETRY)
        self._budget = budget
        self._granted = 0
        self._known: dict[str, _Known] = {}
        self._failed: set[str] = set()

    def known(self) -> Mapping[str, IncidentDetails]:
        """The details that were read, by incident id."""
        return {vendor_id: one.details for vendor_id, one in self._known.items()}

    async def read(self, incidents: Sequence[JsonObject]) -> tuple[str, ...]:
        """Read the alerts of incidents that are new or changed, the newest first, as far as the budget goes.

        What could not be read before comes last, so that it never keeps others waiting.

        Returns:
            What limits the answer, in words.
        """
        # In a thread: ten thousand incidents would stall the loop.
        states, wanted = await self._calls.compute(partial(self._plan, incidents))
        self._failed &= states.keys()
        self._granted = granted = self._budget.try_take(min(len(wanted), DETAILS_PER_POLL))
        failures = await self._read_all(wanted[:granted], states)
        warnings = []
        if failures:
            warnings.append(f"The alerts of some incidents could not be read: {failures[0]}")
        if len(wanted) > granted:
            left = len(wanted) - granted
            warnings.append(f"The alerts of {left} incidents are not read yet; they join other sources later.")
        return tuple(warnings)

    def _plan(self, incidents: Sequence[JsonObject]) -> tuple[Mapping[str, object], Sequence[str]]:
        """The state of each incident, and the ids that are new in theirs, in the order of reading."""
        named = {one["id"]: one for one in incidents if isinstance(one.get("id"), str)}
        states = {vendor_id: _state(one) for vendor_id, one in named.items()}
        self._known = {vendor_id: one for vendor_id, one in self._known.items() if vendor_id in states}
        wanted = [
            (vendor_id not in self._failed, str(one.get("created_at")), vendor_id)
            for vendor_id, one in named.items()
            if self._is_news(vendor_id, states)
        ]
        return states, [vendor_id for _, _, vendor_id in sorted(wanted, reverse=True)]

    def _is_news(self, vendor_id: str, states: Mapping[str, object]) -> bool:
        known = self._known.get(vendor_id)
        return known is None or known.state != states[vendor_id]

    def _spend(self) -> None:
        """Count one request: out of what was granted, or for a further page out of what is left.

        Raises:
            RateLimited: the budget of this minute is spent.
        """
        if self._granted > 0:
            self._granted -= 1
        elif not self._budget.try_take(1):
            raise RateLimited("the request budget of this minute is spent")

    async def _read_all(self, ids: Sequence[str], states: Mapping[str, object]) -> Sequence[SourceError]:
        """Read the details of ``ids``; what failed. A rate limit or a missing scope ends it: it holds for all."""
        failures: list[SourceError] = []

        async def read(vendor_id: str) -> None:
            if any(isinstance(error, RateLimited | Unauthorised) for error in failures):
                return
            try:
                details = await self._details(vendor_id)
            except SourceError as error:
                failures.append(error)
                self._failed.add(vendor_id)
            else:
                self._known[vendor_id] = _Known(states[vendor_id], details)
                self._failed.discard(vendor_id)

        async with together() as tasks:
            for lane in range(min(_AT_ONCE, len(ids))):
                tasks.create_task(_in_turn(read, ids[lane::_AT_ONCE]))
        return failures

    async def _details(self, vendor_id: str) -> IncidentDetails:
        path = f"/incidents/{segment(vendor_id)}/alerts"
        listing = await all_pages(self._calls, path, "alerts", (), limit=_ALERTS_LIMIT)
        return await self._calls.compute(partial(details_of, listing.found))


async def _in_turn(read: Callable[[str], Awaitable[None]], ids: Sequence[str]) -> None:
    for vendor_id in ids:
        await read(vendor_id)


def _state(incident: JsonObject) -> object:
    """What changes when an incident gets other alerts."""
    counts = mapping(incident.get("alert_counts"))
    return (incident.get("last_status_change_at"), tuple(counts.get(name) for name in ("all", "triggered", "resolved")))
