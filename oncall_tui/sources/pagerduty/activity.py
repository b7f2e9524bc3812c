"""When something last happened to incidents that somebody acknowledged. Source: "List log entries".

One list for the whole account costs as much for one incident as for a hundred, and is only read while an incident has
been acknowledged for some minutes. What machines do is no event: a notification, another trigger.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from oncall_tui.config.model import PagerDutySettings
from oncall_tui.domain.alert import Record
from oncall_tui.sources.budget import Budget
from oncall_tui.sources.errors import RateLimited
from oncall_tui.sources.pagerduty.client import Calls
from oncall_tui.sources.pagerduty.moments import stamp
from oncall_tui.sources.pagerduty.pages import PAGE_SIZE, all_pages
from oncall_tui.sources.pagerduty.read import acknowledgement_of
from oncall_tui.sources.retry import NO_RETRY
from oncall_tui.sources.values import JsonObject, mapping, moment, objects

LOOK_BACK = timedelta(hours=4)
"""How far back the first read goes: what is older than the longest ``forgotten_after`` is forgotten anyway."""
SETTLED = timedelta(minutes=4)
"""For so long after an acknowledge nothing can be forgotten yet, and nothing is read."""
EVERY = timedelta(minutes=1)
ENTRIES = 10 * PAGE_SIZE
_OVERLAP = timedelta(minutes=2)
_OF_MACHINES = ("notify_log_entry", "trigger_log_entry")


class ActivityReader:
    """The last event of each incident, as far back as the log was read."""

    def __init__(self, calls: Calls, budget: Budget, settings: PagerDutySettings) -> None:
        self._budget = budget
        self._calls = replace(calls, spend=self._spend, retry=NO_RETRY)
        self._teams = settings.teams
        self._seen: dict[str, datetime] = {}
        self._known_from: datetime | None = None
        """From here on every event is known."""
        self._read_at: datetime | None = None

    def last_event(self, incident: JsonObject) -> datetime | None:
        """When something last happened to an acknowledged incident, as far as is known; None for any other."""
        acknowledged = acknowledgement_of(incident)
        if acknowledged is None:
            return None
        seen = self._seen.get(str(incident.get("id")))
        told = (acknowledged.at, moment(incident.get("last_status_change_at")), seen, self._known_from)
        return max((at for at in told if at is not None), default=None)

    async def read(self, incidents: Sequence[JsonObject]) -> tuple[str, ...]:
        """Learn what happened since the last time, where any of ``incidents`` needs it.

        Returns:
            What limits the answer, in words: nothing does.

        Raises:
            SourceError: the log could not be read.
        """
        now = self._calls.clock()
        if not any(_is_settled(one, now) for one in incidents):
            self._known_from = self._read_at = None
            self._seen.clear()
        elif self._read_at is None or not timedelta(0) <= now - self._read_at < EVERY:
            listed = {str(one.get("id")) for one in incidents}
            self._seen = {one: at for one, at in self._seen.items() if one in listed}
            await self._read(now)
        return ()

    async def _read(self, now: datetime) -> None:
        is_going_on = self._read_at is not None and timedelta(0) <= now - self._read_at < LOOK_BACK
        since = self._read_at - _OVERLAP if is_going_on and self._read_at is not None else now - LOOK_BACK
        params = [("since", stamp(since)), ("until", stamp(now + _OVERLAP))]
        params += [("team_ids[]", one) for one in self._teams]
        listing = await all_pages(self._calls, "/log_entries", "log_entries", params, ENTRIES)
        oldest = now
        for entry in listing.found:
            at = moment(entry.get("created_at"))
            if at is None:
                continue
            oldest = min(oldest, at)
            incident = str(mapping(entry.get("incident")).get("id"))
            if entry.get("type") not in _OF_MACHINES:
                self._seen[incident] = max(at, self._seen.get(incident, at))
        if listing.is_cut:
            self._known_from = oldest
        elif not is_going_on:
            self._known_from = since
        self._read_at = now

    def told(self, record: Record, incident: JsonObject) -> Record:
        """The record of an incident with what is known of its last event."""
        at = self.last_event(incident)
        return record if at is None else replace(record, last_event_at=at, pages_again_at=pages_again_at(incident))

    def _spend(self) -> None:
        if not self._budget.try_take(1):
            raise RateLimited("the request budget of this minute is spent")


def pages_again_at(incident: JsonObject) -> datetime | None:
    """When PagerDuty takes the acknowledge away by itself: the end of a snooze, or of the service's time limit."""
    ends = (
        moment(one.get("at")) for one in objects(incident.get("pending_actions")) if one.get("type") == "unacknowledge"
    )
    return min((at for at in ends if at is not None), default=None)


def _is_settled(incident: JsonObject, now: datetime) -> bool:
    """Whether it was acknowledged some time ago, and nobody is reminded of it by PagerDuty."""
    acknowledged = acknowledgement_of(incident)
    if acknowledged is None or pages_again_at(incident) is not None:
        return False
    return acknowledged.at is None or now - acknowledged.at >= SETTLED
