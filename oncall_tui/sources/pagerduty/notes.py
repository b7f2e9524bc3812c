"""Notes on incidents, written once. Sources: "List notes for an incident", "Create a note on an incident"."""

import unicodedata
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from oncall_tui.sources.actors import ActOutcome, ActResult
from oncall_tui.sources.connection import segment
from oncall_tui.sources.course import OnResult, unheard
from oncall_tui.sources.errors import Malformed, SourceError
from oncall_tui.sources.pagerduty.client import Calls
from oncall_tui.sources.pagerduty.outcomes import (
    Results,
    already,
    declined,
    person,
    refused_alone,
    skipped,
    unconfirmed,
    unread,
)
from oncall_tui.sources.pagerduty.sending import Sender, each
from oncall_tui.sources.values import JsonObject, mapping, moment, objects

NOTE_LIMIT = 25_000
"""Characters. PagerDuty's API description names no limit; what it refuses below this is told in its own words."""

_SLACK = timedelta(minutes=1)
_MOST_BEHIND_S = 86_400.0

IsOurs = Callable[[JsonObject], bool]


class Notes:
    """Writes notes."""

    def __init__(self, calls: Calls, sender: Sender) -> None:
        self._calls = calls
        self._sender = sender

    async def write(
        self, text: str, ids: Sequence[str], begun_at: datetime | None = None, on_result: OnResult = unheard
    ) -> Results:
        """Write ``text`` on every incident of ``ids``; two that are alike stand below each other at PagerDuty.

        Args:
            begun_at: the same text that we wrote since then is looked for first.
        """
        wrong = unusable(text)
        if wrong:
            return {one: declined(one, wrong) for one in ids}
        sender = await self._sender.email() if ids else None
        looked_for: set[str] = set()

        async def write(vendor_id: str) -> ActResult:
            found = await self._before(vendor_id, text, begun_at) if begun_at is not None else None
            looked_for.add(vendor_id)
            return found or await self._write(vendor_id, text, sender)

        def told(vendor_id: str, error: SourceError) -> ActResult:
            is_sent = vendor_id in looked_for
            return refused_alone(vendor_id, error, sender) if is_sent else unread(vendor_id, error)

        return await each(ids, write, told, skipped, on_result)

    async def _before(self, vendor_id: str, text: str, begun_at: datetime) -> ActResult | None:
        """The result where the note is there by now."""
        found = await self._written(await self._notes(vendor_id), text, begun_at)
        if found is None:
            return None
        return already(vendor_id, "The note was written before.", person(found.get("user")) or None)

    async def _write(self, vendor_id: str, text: str, sender: str | None) -> ActResult:
        answer = await self._calls.post(_path(vendor_id), {"note": {"content": text}}, sender)
        note = mapping(answer.get("note"))
        if not note.get("id"):
            return unconfirmed(vendor_id)
        return ActResult(vendor_id, ActOutcome.CONFIRMED, by=person(note.get("user")) or None)

    async def _notes(self, vendor_id: str) -> Sequence[JsonObject]:
        """What is written by now. An answer that does not say it is no word that nothing is.

        Raises:
            SourceError: it could not be read.
        """
        notes = (await self._calls.get(_path(vendor_id))).get("notes")
        if not isinstance(notes, list):
            name = self._calls.wire.connection.name
            words = f"{name}: PagerDuty did not say which notes there are, so it was not written again."
            raise Malformed(words, "Look at the incident at PagerDuty.")
        return objects(notes)

    async def _written(self, notes: Sequence[JsonObject], text: str, begun_at: datetime) -> JsonObject | None:
        """The note of an attempt that began at ``begun_at``; its time is told by PagerDuty's clock."""
        behind = max(min(self._calls.wire.skew.seconds or 0.0, 0.0), -_MOST_BEHIND_S)
        since = begun_at + timedelta(seconds=behind) - _SLACK
        alike = [one for one in notes if _plain(one.get("content")) == _plain(text) and _is_since(one, since)]
        if not alike:
            return None
        ours = await self._sender.ids()
        return next((one for one in alike if not ours or mapping(one.get("user")).get("id") in ours), None)


def unusable(text: str) -> str:
    """Why ``text`` cannot be a note, in words; empty when it can."""
    if not text.strip():
        return "A note needs a text."
    if len(text) > NOTE_LIMIT:
        return f"A note of {len(text):,} characters is too long: {NOTE_LIMIT:,} at most. Nothing was sent."
    return ""


def _path(vendor_id: str) -> str:
    return f"/incidents/{segment(vendor_id)}/notes"


def _is_since(note: JsonObject, since: datetime) -> bool:
    at = moment(note.get("created_at"))
    return at is not None and at >= since


def _plain(text: object) -> str:
    """Text without what a vendor may change about it: line ends, blanks, and how accents are put together."""
    return " ".join(unicodedata.normalize("NFC", str(text)).split())
