"""Snoozes, one incident at a time, and merges. Sources: "Snooze an incident", "Merge incidents"."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from oncall_tui.sources.actors import ActOutcome, ActResult
from oncall_tui.sources.connection import segment
from oncall_tui.sources.course import OnResult, unheard
from oncall_tui.sources.errors import Refused, SourceError
from oncall_tui.sources.pagerduty import standing
from oncall_tui.sources.pagerduty.client import Calls
from oncall_tui.sources.pagerduty.outcomes import (
    Results,
    already,
    declined,
    refused,
    refused_alone,
    skipped,
    unconfirmed,
)
from oncall_tui.sources.pagerduty.sending import Sender, each, in_slices
from oncall_tui.sources.pagerduty.states import States
from oncall_tui.sources.values import JsonObject, mapping, moment, objects

SHORTEST, LONGEST = timedelta(seconds=1), timedelta(days=7)
"""What PagerDuty takes for a snooze: 1 to 604,800 seconds."""

_SLACK = timedelta(minutes=1)
_WAKES = "unacknowledge"
_MERGE_HINT = "An incident holds 1,000 alerts at most, and both must be open."


class SingleChanges:
    """Snoozes and merges."""

    def __init__(self, calls: Calls, states: States, sender: Sender) -> None:
        self._calls = calls
        self._states = states
        self._sender = sender

    async def snooze(
        self,
        ids: Sequence[str],
        duration: timedelta,
        begun_at: datetime | None = None,
        on_result: OnResult = unheard,
    ) -> Results:
        """Let every incident of ``ids`` sleep for ``duration``, in whole seconds.

        Args:
            begun_at: a snooze of this length that began since then is taken for the one that is wanted.
        """
        if not SHORTEST <= duration <= LONGEST:
            wrong = "PagerDuty takes a snooze of 1 second to 7 days. Nothing was sent."
            return {one: declined(one, wrong) for one in ids}
        states, results = await self._states.read(ids)
        settled = {one: self._before_snooze(one, state, duration, begun_at) for one, state in states.items()}
        results |= {one: result for one, result in settled.items() if result is not None}
        left = [one for one, result in settled.items() if result is None]
        sender = await self._sender.email() if left else None
        snooze = partial(self._snooze, seconds=int(duration.total_seconds()), sender=sender)
        for one in results.values():
            on_result(one)
        told = await each(left, snooze, lambda one, error: refused_alone(one, error, sender), skipped, on_result)
        return results | told

    async def _snooze(self, vendor_id: str, seconds: int, sender: str | None) -> ActResult:
        path = f"/incidents/{segment(vendor_id)}/snooze"
        answer = await self._calls.post(path, {"duration": seconds}, sender)
        return standing.after_snooze(vendor_id, mapping(answer.get("incident")))

    def _before_snooze(
        self, vendor_id: str, incident: JsonObject, duration: timedelta, begun_at: datetime | None
    ) -> ActResult | None:
        over = standing.unless_over(vendor_id, incident, "a snooze")
        if over is not None or begun_at is None:
            return over
        wakes = [moment(one.get("at")) for one in objects(incident.get("pending_actions")) if one.get("type") == _WAKES]
        first, last = begun_at + duration - _SLACK, self._calls.clock() + duration + _SLACK
        is_asleep = any(at is not None and first <= at <= last for at in wakes)
        return already(vendor_id, "It was snoozed for so long before.") if is_asleep else None

    async def merge(self, ids: Sequence[str], into: str, on_result: OnResult = unheard) -> Results:
        """Make every incident of ``ids`` part of ``into``, which must be open; they are resolved by it."""
        states, results = await self._states.read(tuple(dict.fromkeys((*ids, into))))
        wrong = _unfit(states.get(into), results.get(into))
        settled = {one: standing.before_merge(one, states[one], into) for one in ids if one in states}
        results |= {one: result for one, result in settled.items() if result is not None}
        if into in settled:
            results[into] = already(into, "It is the one that the others become part of.")
        left = [one for one in settled if one not in results]
        if wrong:
            results |= {one: declined(one, f"{wrong} Nothing was sent.") for one in left}
        for one in ids:
            if one in results:
                on_result(results[one])
        if not wrong:
            results |= await self._merge(left, into, on_result)
        return {one: results[one] for one in ids}

    async def _merge(self, ids: Sequence[str], into: str, on_result: OnResult) -> Results:
        sender = await self._sender.email() if ids else None

        async def send(part: Sequence[str]) -> Results:
            body = {"source_incidents": [{"id": one, "type": "incident_reference"} for one in part]}
            answer = await self._calls.put(f"/incidents/{segment(into)}/merge", body, sender)
            is_done = mapping(answer.get("incident")).get("id") == into
            return {one: ActResult(one, ActOutcome.CONFIRMED) if is_done else unconfirmed(one) for one in part}

        return await in_slices(ids, send, lambda one, error: _unmerged(one, error, sender), on_result)


def _unfit(target: JsonObject | None, unread: ActResult | None) -> str:
    """Why nothing can be merged into an incident, in words; empty when it can."""
    if target is None:
        why = unread.reason if unread is not None else ""
        return f"The incident to merge into could not be read: {why}".strip()
    if target.get("status") == "resolved":
        return "The incident to merge into is resolved: choose one that is open."
    is_clear = target.get("status") in ("triggered", "acknowledged")
    return "" if is_clear else "PagerDuty did not say how the incident to merge into stands."


def _unmerged(vendor_id: str, error: SourceError, sender: str | None) -> ActResult:
    """The result of a refused merge, with the limits that PagerDuty's own words may leave out."""
    result = refused(vendor_id, error, sender)
    if isinstance(error, Refused) and error.status in (400, 422):
        return ActResult(vendor_id, result.outcome, f"{result.reason} {_MERGE_HINT}")
    return result
