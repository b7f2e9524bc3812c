"""Every verb that PagerDuty carries out, by the room that does it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
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
from oncall_tui.sources.budget import Budget
from oncall_tui.sources.course import Course, OnResult, unheard
from oncall_tui.sources.pagerduty.bulk import BulkChanges
from oncall_tui.sources.pagerduty.client import Calls
from oncall_tui.sources.pagerduty.escalation import Escalation
from oncall_tui.sources.pagerduty.notes import Notes
from oncall_tui.sources.pagerduty.outcomes import Results, declined
from oncall_tui.sources.pagerduty.pacing import Pacer
from oncall_tui.sources.pagerduty.pages import Filters
from oncall_tui.sources.pagerduty.people import Identity
from oncall_tui.sources.pagerduty.priorities import Priorities
from oncall_tui.sources.pagerduty.resolution import Resolving
from oncall_tui.sources.pagerduty.sending import Sender
from oncall_tui.sources.pagerduty.single import SingleChanges
from oncall_tui.sources.pagerduty.states import States

_NO_RELEASES = "PagerDuty knows no releases: resolve it for good, or name the issue at Sentry. Nothing was sent."


class IncidentActor:
    """Does what is asked to incidents; one result for every id."""

    def __init__(
        self,
        calls: Calls,
        filters: Filters,
        screen: Identity,
        from_email: str | None,
        priorities: Priorities,
        budget: Budget,
    ) -> None:
        self._calls = calls
        self._filters = filters
        self._screen = screen
        self._from_email = from_email
        self._priorities = priorities
        self._budget = budget

    async def act(
        self, action: Action, ids: Sequence[str], begun_at: datetime | None = None, course: Course | None = None
    ) -> Mapping[str, ActResult]:
        """The protocol's ``act``: each id once, in the order given."""
        wanted = tuple(dict.fromkeys(ids))
        if not wanted:
            return {}
        pacer = Pacer(wanted, self._budget, self._calls.wire.limit, self._calls.clock, course)
        calls = replace(self._calls, pacer=pacer)
        act = _Act(calls, States(calls, self._filters), Sender(calls, self._screen, self._from_email), self._priorities)
        results = await act.results(action, wanted, begun_at, course.tell if course is not None else unheard)
        return {one: results[one] for one in wanted}


class _Act:
    """One act, at its own pace."""

    def __init__(self, calls: Calls, states: States, sender: Sender, priorities: Priorities) -> None:
        self._notes = Notes(calls, sender)
        self._bulk = BulkChanges(calls, states, sender, priorities, Escalation(calls))
        self._resolving = Resolving(self._bulk, self._notes, sender)
        self._single = SingleChanges(calls, states, sender)

    async def results(
        self, action: Action, ids: Sequence[str], begun_at: datetime | None, on_result: OnResult
    ) -> Results:
        match action:
            case Acknowledge():
                return await self._bulk.acknowledge(ids, on_result)
            case Resolve(in_next_release=True):
                return {one: declined(one, _NO_RELEASES) for one in ids}
            case Resolve(resolution=resolution):
                return await self._resolving.resolve(ids, resolution, begun_at, on_result)
            case Snooze(duration=duration):
                return await self._single.snooze(ids, duration, begun_at, on_result)
            case Note(text=text):
                return await self._notes.write(text, ids, begun_at, on_result)
            case SetPriority(name=name):
                return await self._bulk.set_priority(ids, name, on_result)
            case Escalate(level=level):
                return await self._bulk.escalate(ids, level, on_result)
            case Reassign(users=users):
                return await self._bulk.reassign(ids, users, on_result)
            case Merge(into=into):
                return await self._single.merge(ids, into, on_result)
        return {one: declined(one, f"PagerDuty knows no {action.verb}. Nothing was sent.") for one in ids}
