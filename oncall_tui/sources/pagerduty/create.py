"""Declare an incident, once. Sources: PagerDuty's API reference, "Create an Incident", "List incidents"."""

from collections.abc import Mapping
from datetime import datetime

from oncall_tui.domain.pager import NewIncident
from oncall_tui.domain.text import clean_line
from oncall_tui.sources.actors import ActOutcome, ActResult
from oncall_tui.sources.errors import Refused, SourceError
from oncall_tui.sources.pagerduty.client import Calls
from oncall_tui.sources.pagerduty.outcomes import already, declined, failed, refused, unconfirmed
from oncall_tui.sources.pagerduty.priorities import Priorities
from oncall_tui.sources.pagerduty.sending import Sender
from oncall_tui.sources.understood import understood
from oncall_tui.sources.values import JsonObject, first_line, mapping, objects

TITLE_LIMIT = 1_024
"""Characters of a summary that PagerDuty takes from machines; for people its API description names no limit."""

_URGENCIES = ("", "high", "low")


class Creating:
    """Opens incidents. An open one with the same key on the same service is not opened a second time."""

    def __init__(self, calls: Calls, sender: Sender, priorities: Priorities) -> None:
        self._calls = calls
        self._sender = sender
        self._priorities = priorities

    async def create(self, wanted: NewIncident, begun_at: datetime | None = None) -> ActResult:
        """The protocol's ``create``."""
        wrong = _unusable(wanted)
        if wrong:
            return declined("", f"{wrong} Nothing was sent.")
        try:
            known = await self._known(wanted) if begun_at is not None else None
            fields = await self._fields(wanted) if known is None else {}
        except SourceError as error:
            return failed("", error, was_sent=False)
        if known is not None:
            return known
        sender = await self._sender.email()
        try:
            answer = await self._calls.post("/incidents", {"incident": fields}, sender)
        except SourceError as error:
            return await self._refused(wanted, error, sender)
        vendor_id = _id_of(mapping(answer.get("incident")))
        return ActResult(vendor_id, ActOutcome.CONFIRMED) if vendor_id else unconfirmed("")

    async def opened(self, wanted: NewIncident) -> str:
        """The id of the incident that was opened with the key of ``wanted``; empty when there is none.

        Raises:
            SourceError: PagerDuty could not be asked.
        """
        known = await self._known(wanted)
        return known.id if known is not None else ""

    async def _refused(self, wanted: NewIncident, error: SourceError, sender: str | None) -> ActResult:
        """PagerDuty refuses a second open incident with the same key: then the first one is the one wanted."""
        if isinstance(error, Refused) and error.status == 400:
            try:
                known = await self._known(wanted)
            except SourceError:
                # Whether it is there is not known; what PagerDuty said to the attempt itself is told.
                known = None
            if known is not None:
                return known
        return refused("", error, sender)

    async def _known(self, wanted: NewIncident) -> ActResult | None:
        """The result for an incident that was opened with this key before."""
        params = (("incident_key", wanted.key), ("service_ids[]", wanted.service), ("date_range", "all"))
        answer = await self._calls.get("/incidents", params)
        ids = [
            _id_of(one)
            for one in objects(answer.get("incidents"))
            # An incident with alerts is found by theirs and has no key of its own.
            if one.get("incident_key") in (wanted.key, None) and mapping(one.get("service")).get("id") == wanted.service
        ]
        found = next((one for one in ids if one), "")
        return already(found, "It was opened before.") if found else None

    async def _fields(self, wanted: NewIncident) -> Mapping[str, object]:
        fields: dict[str, object] = {
            "type": "incident",
            "title": clean_line(wanted.title, TITLE_LIMIT),
            "service": {"id": wanted.service, "type": "service_reference"},
            "incident_key": wanted.key,
        }
        if wanted.urgency:
            fields["urgency"] = wanted.urgency
        if wanted.priority.strip():
            name = self._calls.wire.connection.name
            priority = await understood(name, self._priorities.named(wanted.priority))
            fields["priority"] = {"id": priority.id, "type": "priority_reference"}
        if wanted.details.strip():
            fields["body"] = {"type": "incident_body", "details": wanted.details}
        return fields


def _unusable(wanted: NewIncident) -> str:
    """Why nothing can be opened, in words; empty when it can."""
    if not wanted.title.strip():
        return "An incident needs a title."
    if len(wanted.title) > TITLE_LIMIT:
        return f"A title of {len(wanted.title):,} characters is too long: {TITLE_LIMIT:,} at most."
    if not wanted.service or not wanted.key:
        return "An incident needs a service and a key of its own."
    return "" if wanted.urgency in _URGENCIES else "PagerDuty knows the urgencies high and low."


def _id_of(incident: JsonObject) -> str:
    return first_line(incident.get("id"))
