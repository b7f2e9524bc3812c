"""Every verb that PagerDuty carries out, by the room that does it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from oncall_tui.domain.action import (
    Acknowledge,
    Action,
    Escalate,
    Merge,
    Note,
    Reassign,
    Resolve,
    SetPriority,
    Snooze,
)
from oncall_tui.sources.actors import ActResult
from oncall_tui.sources.pagerduty.bulk import BulkChanges
from oncall_tui.sources.pagerduty.client import Calls
from oncall_tui.sources.pagerduty.escalation import Escalation
from oncall_tui.sources.pagerduty.notes import Notes
from oncall_tui.sources.pagerduty.outcomes import Results, declined
from oncall_tui.sources.pagerduty.priorities import Priorities
from oncall_tui.sources.pagerduty.resolution import Resolving
from oncall_tui.sources.pagerduty.sending import Sender
from oncall_tui.sources.pagerduty.single import SingleChanges
from oncall_tui.sources.pagerduty.states import States


class IncidentActor:
    """Does what is asked to incidents; one result for every id."""

    def __init__(self, calls: Calls, states: States, sender: Sender, priorities: Priorities) -> None:
        self._notes = Notes(calls, sender)
        self._bulk = BulkChanges(calls, states, sender, priorities, Escalation(calls))
        self._resolving = Resolving(self._bulk, self._notes, sender)
        self._single = SingleChanges(calls, states, sender)

    async def act(
        self, action: Action, ids: Sequence[str], begun_at: datetime | None = None
    ) -> Mapping[str, ActResult]:
        """The protocol's ``act``: each id once, in the order given."""
        wanted = tuple(dict.fromkeys(ids))
        results = await self._results(action, wanted, begun_at) if wanted else {}
        return {one: results[one] for one in wanted}

    async def _results(self, action: Action, ids: Sequence[str], begun_at: datetime | None) -> Results:
        match action:
            case Acknowledge():
                return await self._bulk.acknowledge(ids)
            case Resolve(resolution=resolution):
                return await self._resolving.resolve(ids, resolution, begun_at)
            case Snooze(duration=duration):
                return await self._single.snooze(ids, duration, begun_at)
            case Note(text=text):
                return await self._notes.write(text, ids, begun_at)
            case SetPriority(name=name):
                return await self._bulk.set_priority(ids, name)
            case Escalate(level=level):
                return await self._bulk.escalate(ids, level)
            case Reassign(users=users):
                return await self._bulk.reassign(ids, users)
            case Merge(into=into):
                return await self._single.merge(ids, into)
        return {one: declined(one, f"PagerDuty knows no {action.verb}. Nothing was sent.") for one in ids}
