"""Resolve incidents, with what ended them. Sources: "Manage incidents", "Create a note on an incident".

PagerDuty keeps ``resolution`` in the log entry and shows it nowhere, so the sentence is written as a note too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from oncall_tui.sources.actors import ActOutcome, ActResult
from oncall_tui.sources.course import OnResult, unheard
from oncall_tui.sources.errors import SourceError
from oncall_tui.sources.pagerduty import standing
from oncall_tui.sources.pagerduty.bulk import BulkChanges
from oncall_tui.sources.pagerduty.notes import Notes, unusable
from oncall_tui.sources.pagerduty.outcomes import Results, declined, failed
from oncall_tui.sources.pagerduty.sending import Sender
from oncall_tui.sources.values import JsonObject, mapping, moment

_SLACK = timedelta(minutes=1)


class Resolving:
    """Resolves, then writes the note; one result for both."""

    def __init__(self, bulk: BulkChanges, notes: Notes, sender: Sender) -> None:
        self._bulk = bulk
        self._notes = notes
        self._sender = sender

    async def resolve(
        self, ids: Sequence[str], resolution: str, begun_at: datetime | None = None, on_result: OnResult = unheard
    ) -> Results:
        """Resolve ``ids``. A note that failed is told in the reason of what is resolved all the same.

        Args:
            begun_at: what we resolved ourselves since then gets its note, unless it has it.
        """
        text = resolution.strip()
        wrong = unusable(text) if text else ""
        if wrong:
            return {one: declined(one, wrong) for one in ids}
        over: dict[str, JsonObject] = {}

        def before(vendor_id: str, incident: JsonObject) -> ActResult | None:
            if incident.get("status") == "resolved":
                over[vendor_id] = incident
            return standing.before_resolve(vendor_id, incident)

        fields = {"status": "resolved"} | ({"resolution": text} if text else {})
        results = await self._bulk.change(ids, fields, before, standing.after_resolve, unheard if text else on_result)
        if not text:
            return results

        def told(note: ActResult) -> None:
            on_result(_with(results[note.id], note))

        done = [one for one in ids if results[one].outcome is ActOutcome.CONFIRMED]
        noted = await self._notes.write(text, done, on_result=told)
        if begun_at is not None:
            noted |= await self._late_notes(text, over, begun_at)
        return results | {one: _with(results[one], note) for one, note in noted.items()}

    async def _late_notes(self, text: str, over: Mapping[str, JsonObject], begun_at: datetime) -> Results:
        """The notes of those that an attempt of ours has resolved since ``begun_at``."""
        since = begun_at - _SLACK
        recent = {
            one: mapping(incident.get("last_status_change_by")).get("id")
            for one, incident in over.items()
            if (at := moment(incident.get("last_status_change_at"))) is not None and at >= since
        }
        try:
            ours = await self._sender.ids() if recent else frozenset()
        except SourceError as error:
            return {one: failed(one, error, was_sent=False) for one in recent}
        return await self._notes.write(text, [one for one, by in recent.items() if by in ours], begun_at)


def _with(result: ActResult, note: ActResult) -> ActResult:
    """The result of a resolve, with what is to be said about its note."""
    if note.outcome in (ActOutcome.CONFIRMED, ActOutcome.ALREADY):
        return result
    return replace(result, reason=f"{result.reason} The note with the resolution is missing: {note.reason}".strip())
