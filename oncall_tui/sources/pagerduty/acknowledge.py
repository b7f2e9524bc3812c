"""Acknowledge incidents. Sources: PagerDuty's "Get an incident", "Manage incidents" (250 at most in one request).

Nothing here is repeated by itself, and nothing is taken for done that PagerDuty did not say.
"""

import contextlib
from collections.abc import Mapping, Sequence

from oncall_tui.sources.actors import ActOutcome, ActResult
from oncall_tui.sources.connection import segment
from oncall_tui.sources.errors import Refused, SourceError, Unauthorised
from oncall_tui.sources.pagerduty.client import Calls
from oncall_tui.sources.pagerduty.incidents import open_incidents
from oncall_tui.sources.pagerduty.pages import Filters
from oncall_tui.sources.pagerduty.people import Identity, current_user
from oncall_tui.sources.pagerduty.read import acknowledgement_of
from oncall_tui.sources.together import together
from oncall_tui.sources.values import JsonObject, mapping, objects

PER_REQUEST = 250
"""PagerDuty answers 413 to more."""

_ONE_BY_ONE = 4
"""Up to so many incidents are read by id; for more the list of open ones is cheaper."""

_DIVISIBLE = (400, 404, 413, 422)
"""Answers to a whole slice that may be the fault of a single incident in it."""

_FROM_HINT = "An account-level token needs `from_email`, the e-mail of a PagerDuty user, for this source."

Results = dict[str, ActResult]


class IncidentAcknowledger:
    """Reads the state first, then acknowledges what is still triggered; one result for every id."""

    def __init__(self, calls: Calls, filters: Filters, screen: Identity, from_email: str | None) -> None:
        self._calls = calls
        self._filters = filters
        self._screen = screen
        self._from_email = from_email

    async def acknowledge(self, ids: Sequence[str]) -> Mapping[str, ActResult]:
        """The protocol's ``acknowledge``. An incident that somebody else looks at is left to them."""
        wanted = tuple(dict.fromkeys(ids))
        states = await self._states(wanted)
        results = {one: state for one, state in states.items() if isinstance(state, ActResult)}
        results |= {one: settled for one, state in states.items() if (settled := _settled(one, state)) is not None}
        triggered = [one for one in wanted if one not in results]
        sender = await self._sender() if triggered else None
        for start in range(0, len(triggered), PER_REQUEST):
            results |= await self._put(triggered[start : start + PER_REQUEST], sender)
        return {one: results[one] for one in wanted}

    async def _states(self, ids: Sequence[str]) -> Mapping[str, JsonObject | ActResult]:
        """Each incident as it stands, or the result for one that could not be read."""
        states: dict[str, JsonObject | ActResult] = {}
        if len(ids) > _ONE_BY_ONE:
            try:
                listing = await open_incidents(self._calls, self._filters)
            except SourceError as error:
                return {one: _failed(one, error, was_sent=False) for one in ids}
            states.update({one["id"]: one for one in listing.found if one.get("id") in ids})
        missing = [one for one in ids if one not in states]
        async with together() as tasks:
            reads = {one: tasks.create_task(self._state(one)) for one in missing}
        return states | {one: read.result() for one, read in reads.items()}

    async def _state(self, vendor_id: str) -> JsonObject | ActResult:
        """One incident, also one that is resolved or hidden by a filter by now."""
        try:
            answer = await self._calls.get(f"/incidents/{segment(vendor_id)}")
        except SourceError as error:
            if isinstance(error, Refused) and error.status == 404:
                return ActResult(vendor_id, ActOutcome.GONE, "PagerDuty does not know this incident any more.")
            return _failed(vendor_id, error, was_sent=False)
        return mapping(answer.get("incident"))

    async def _sender(self) -> str | None:
        """The e-mail that PagerDuty wants to see as ``From``; the owner's where the token has one."""
        if self._from_email or self._screen.is_known:
            return self._from_email or (self._screen.me.email if self._screen.me is not None else None)
        # Not by way of ``Identity.find``, which a poll that hangs may hold.
        with contextlib.suppress(SourceError, ValueError):
            me = await current_user(self._calls)
            return me.email if me is not None else None
        return None

    async def _put(self, ids: Sequence[str], sender: str | None) -> Results:
        """Acknowledge one slice. When PagerDuty refuses it as a whole, its halves are tried: one bad id spoils it."""
        body = {
            "incidents": [{"id": one, "type": "incident_reference", "status": "acknowledged"} for one in ids],
        }
        try:
            answer = await self._calls.put("/incidents", body, sender)
        except SourceError as error:
            if len(ids) > 1 and isinstance(error, Refused) and error.status in _DIVISIBLE:
                middle = len(ids) // 2
                return await self._put(ids[:middle], sender) | await self._put(ids[middle:], sender)
            return {one: _refused(one, error, sender) for one in ids}
        confirmed = {str(one.get("id")): one for one in objects(answer.get("incidents"))}
        return {one: _outcome(one, confirmed.get(one)) for one in ids}


def _refused(vendor_id: str, error: SourceError, sender: str | None) -> ActResult:
    """A failed change; without an e-mail that is the first thing to look at."""
    declined = isinstance(error, Unauthorised) or (isinstance(error, Refused) and error.status == 400)
    return _failed(vendor_id, error, was_sent=True, hint=_FROM_HINT if declined and not sender else error.hint)


def _settled(vendor_id: str, state: JsonObject | ActResult) -> ActResult | None:
    """The result for an incident that needs no request; None for one that is triggered."""
    if isinstance(state, ActResult):
        return state
    status = state.get("status")
    if status == "resolved":
        return ActResult(vendor_id, ActOutcome.GONE, "It is resolved; an acknowledge would open it again.")
    if status == "acknowledged":
        acknowledged = acknowledgement_of(state)
        by = acknowledged.by if acknowledged is not None else None
        return ActResult(vendor_id, ActOutcome.ALREADY, f"Acknowledged by {by or 'somebody'} before.", by)
    if status != "triggered":
        return ActResult(vendor_id, ActOutcome.FAILED, "PagerDuty did not say how this incident stands.")
    return None


def _outcome(vendor_id: str, incident: JsonObject | None) -> ActResult:
    """What PagerDuty's answer to the change says about one incident."""
    status = mapping(incident).get("status")
    if incident is not None and status == "acknowledged":
        acknowledged = acknowledgement_of(incident)
        return ActResult(vendor_id, ActOutcome.CONFIRMED, by=acknowledged.by if acknowledged is not None else None)
    if status == "resolved":
        return ActResult(vendor_id, ActOutcome.GONE, "It was resolved in the same moment.")
    return ActResult(
        vendor_id,
        ActOutcome.FAILED,
        "PagerDuty did not confirm it. Look at the row after the next poll.",
        may_have_arrived=True,
    )


def _failed(vendor_id: str, error: SourceError, *, was_sent: bool, hint: str | None = None) -> ActResult:
    hint = error.hint if hint is None else hint
    reason = f"{error} {hint}".strip()
    return ActResult(vendor_id, ActOutcome.FAILED, reason, may_have_arrived=was_sent and error.may_have_arrived)
