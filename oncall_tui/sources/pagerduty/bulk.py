"""Changes that PagerDuty takes for 250 incidents at once. Source: PagerDuty's API reference, "Manage incidents".

Nothing but the change itself is sent, so that level, policy and assignment stay what they are.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import TypeVar

from oncall_tui.domain.pager import EscalationPath
from oncall_tui.sources.actors import ActOutcome, ActResult
from oncall_tui.sources.course import OnResult, unheard
from oncall_tui.sources.errors import Refused, SourceError, Unauthorised
from oncall_tui.sources.pagerduty import standing
from oncall_tui.sources.pagerduty.client import Calls
from oncall_tui.sources.pagerduty.escalation import Escalation, policy_of
from oncall_tui.sources.pagerduty.outcomes import Results, declined, failed, left_out, refused
from oncall_tui.sources.pagerduty.priorities import Priorities
from oncall_tui.sources.pagerduty.sending import PER_REQUEST, Sender, each, in_slices
from oncall_tui.sources.pagerduty.states import States
from oncall_tui.sources.understood import understood
from oncall_tui.sources.values import JsonObject, objects

Fields = Mapping[str, object]
Result = TypeVar("Result")
Decided = tuple[Sequence[str], Results]
"""The ids that something is to be sent for, and the results of the others."""


class BulkChanges:
    """Reads how incidents stand, sends what is left to do, and takes nothing for done that PagerDuty did not say."""

    def __init__(
        self, calls: Calls, states: States, sender: Sender, priorities: Priorities, escalation: Escalation
    ) -> None:
        self._calls = calls
        self._states = states
        self._sender = sender
        self._priorities = priorities
        self._escalation = escalation

    async def change(
        self,
        ids: Sequence[str],
        fields: Fields,
        before: standing.Before,
        after: standing.After,
        on_result: OnResult = unheard,
    ) -> Results:
        """Set ``fields`` on the incidents that ``before`` has no result for; ``after`` reads the answer.

        Slice by slice: how incidents stand is read shortly before they are changed, however many there are.
        """

        async def decide(states: Mapping[str, JsonObject]) -> Decided:
            return _settled(states, before)

        return await self._in_slices(ids, fields, decide, after, on_result)

    async def _in_slices(
        self,
        ids: Sequence[str],
        fields: Fields,
        decide: Callable[[Mapping[str, JsonObject]], Awaitable[Decided]],
        after: standing.After,
        on_result: OnResult,
    ) -> Results:
        results: Results = {}
        for start in range(0, len(ids), PER_REQUEST):
            part = ids[start : start + PER_REQUEST]
            states, found = await self._states.read(part)
            left, settled = await decide(states)
            found |= settled
            for one in found.values():
                on_result(one)
            found |= await self._send(left, fields, after, on_result)
            results |= found
            held = [one for one in found.values() if one.may_wait]
            if held and not any(one.outcome is ActOutcome.CONFIRMED for one in found.values()):
                rest = ids[start + PER_REQUEST :]
                return results | {one: left_out(one, held[0]) for one in rest}
        return results

    async def acknowledge(self, ids: Sequence[str], on_result: OnResult = unheard) -> Results:
        """Acknowledge. An incident that somebody else looks at is left to them."""
        fields = {"status": "acknowledged"}
        return await self.change(ids, fields, standing.before_acknowledge, standing.after_acknowledge, on_result)

    async def set_priority(self, ids: Sequence[str], name: str, on_result: OnResult = unheard) -> Results:
        """Set the priority that is called ``name``; empty takes it away."""
        wanted = None
        try:
            if name.strip():
                wanted = await self._understood(self._priorities.named(name))
        except SourceError as error:
            return {one: failed(one, error, was_sent=False) for one in ids}
        fields = {"priority": {"id": wanted.id, "type": "priority_reference"} if wanted is not None else None}
        vendor_id = wanted.id if wanted is not None else None
        before = partial(standing.before_priority, priority=vendor_id)
        return await self.change(ids, fields, before, partial(standing.after_priority, priority=vendor_id), on_result)

    async def reassign(self, ids: Sequence[str], users: Sequence[str], on_result: OnResult = unheard) -> Results:
        """Give the incidents to ``users``, ids of PagerDuty."""
        wanted = tuple(dict.fromkeys(users))
        if not wanted:
            return {one: declined(one, "Nobody was named to give it to. Nothing was sent.") for one in ids}
        fields = {"assignments": [{"assignee": {"id": one, "type": "user_reference"}} for one in wanted]}
        before = partial(standing.before_reassign, users=frozenset(wanted))
        after = partial(standing.after_reassign, users=frozenset(wanted))
        return await self.change(ids, fields, before, after, on_result)

    async def escalate(self, ids: Sequence[str], level: int, on_result: OnResult = unheard) -> Results:
        """Page a level of the incidents' own policies, which stay: a policy sent along would begin from its start."""
        if level < 1:
            return {one: declined(one, "The levels of an escalation begin at 1. Nothing was sent.") for one in ids}
        paths: dict[str, EscalationPath | SourceError | None] = {}

        async def decide(states: Mapping[str, JsonObject]) -> Decided:
            left, over = _settled(states, standing.before_escalate)
            policies = {policy_of(states[one]) for one in left}
            paths.update(await self._paths(policies - paths.keys()))
            left, settled = _settled({one: states[one] for one in left}, partial(_at_level, paths=paths, level=level))
            return left, over | settled

        return await self._in_slices(ids, {"escalation_level": level}, decide, standing.after_escalate, on_result)

    async def _paths(self, policies: Iterable[str]) -> Mapping[str, EscalationPath | SourceError | None]:
        """Each path, or why it could not be read; None when it may not be read, and PagerDuty must judge the level."""

        async def read(policy: str) -> EscalationPath | SourceError | None:
            return await self._understood(self._escalation.path(policy)) if policy else None

        return await each(tuple(dict.fromkeys(policies)), read, _unread, lambda _, error: error)

    async def _send(self, ids: Sequence[str], fields: Fields, after: standing.After, on_result: OnResult) -> Results:
        sender = await self._sender.email() if ids else None

        async def send(part: Sequence[str]) -> Results:
            body = {"incidents": [{"id": one, "type": "incident_reference", **fields} for one in part]}
            answer = await self._calls.put("/incidents", body, sender)
            found = {str(one.get("id")): one for one in objects(answer.get("incidents"))}
            if answer.get("more") is True:
                # The answer is a page of a list; that it came says that all was done, but not what came of it.
                states, _ = await self._states.read([one for one in part if one not in found], is_changed=True)
                found |= states
            return {one: after(one, found.get(one)) for one in part}

        return await in_slices(ids, send, lambda one, error: refused(one, error, sender), on_result)

    async def _understood(self, reading: Awaitable[Result]) -> Result:
        return await understood(self._calls.wire.connection.name, reading)


def _settled(states: Mapping[str, JsonObject], before: standing.Before) -> Decided:
    found = {one: before(one, state) for one, state in states.items()}
    settled = {one: result for one, result in found.items() if result is not None}
    return [one for one in found if one not in settled], settled


def _unread(_: str, error: SourceError) -> SourceError | None:
    """A token may lack the scope to look at policies, and be allowed to escalate all the same."""
    is_forbidden = isinstance(error, Refused) and error.status is not None and error.status < 500
    return None if is_forbidden or isinstance(error, Unauthorised) else error


def _at_level(
    vendor_id: str, incident: JsonObject, paths: Mapping[str, EscalationPath | SourceError | None], level: int
) -> ActResult | None:
    """The result for an incident that is at ``level``, or whose path has no such level."""
    path = paths[policy_of(incident)]
    if path is None:
        return None
    if isinstance(path, SourceError):
        return failed(vendor_id, path, was_sent=False)
    found = path.level(level)
    if found is not None:
        return standing.at_level(vendor_id, incident, found)
    levels = f"has levels 1 to {len(path.levels)}" if path.levels else "has no levels"
    return declined(vendor_id, f"The escalation policy {path.name} {levels}. Nothing was sent.")
