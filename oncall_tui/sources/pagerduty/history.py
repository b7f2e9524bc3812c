"""When the same alert fired before, and how that ended. Sources: "List incidents", "List notes for an incident".

Incidents of one dedup key are the same alert; ``incident_key`` finds them also where the key is that of an alert inside
an incident. Where a tool makes a new key each time, incidents of the same title on the same service are. PagerDuty's
"past incidents" are not used: they are similar ones, and of paid plans only.

A history costs three requests or so, and twelve at most: the incident itself, its keys, up to five pages of its
service when no key found anything, and the notes of the newest three.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from oncall_tui.domain.history import Ending, Firing, History, PastNote, SameBy
from oncall_tui.sources.connection import segment
from oncall_tui.sources.errors import Refused, Unauthorised
from oncall_tui.sources.pagerduty.client import Calls
from oncall_tui.sources.pagerduty.moments import stamp
from oncall_tui.sources.pagerduty.outcomes import person
from oncall_tui.sources.pagerduty.pages import PAGE_SIZE, Listing, all_pages
from oncall_tui.sources.values import JsonObject, block, first_line, line, mapping, moment, number, objects, web_address

SPAN = timedelta(days=30)
KEYS = 3
"""Keys that are looked for: an incident may hold a thousand alerts."""
TITLE_LIMIT = 5 * PAGE_SIZE
"""Incidents of the service that are looked through for the same title."""
NOTED = 3
"""Firings whose notes are read."""

_STATUSES = tuple(("statuses[]", one) for one in ("triggered", "acknowledged", "resolved"))


class HistoryReader:
    """Reads histories, each anew."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def read(self, vendor_id: str, keys: Sequence[str] = ()) -> History:
        """The history of an incident; see ``KnowsHistory``."""
        now = self._calls.clock()
        since = now - SPAN
        own = mapping((await self._calls.get(f"/incidents/{segment(vendor_id)}")).get("incident"))
        known = [one for one in (own.get("incident_key"), *keys) if isinstance(one, str) and one]
        found = await self._by_key(list(dict.fromkeys(known))[:KEYS], since, now)
        same_by, is_cut = SameBy.KEY, False
        before = [one for one in found if one.get("id") != vendor_id]
        if not before:
            same_by = SameBy.TITLE
            before, is_cut = await self._by_title(own, vendor_id, since, now)
        newest = sorted(_firings(before), key=lambda one: one.began_at, reverse=True)
        noted = [await self._noted(one) for one in newest[:NOTED]]
        return History(since, now, (*noted, *newest[NOTED:]), same_by, is_cut)

    async def _by_key(self, keys: Iterable[str], since: datetime, now: datetime) -> Sequence[JsonObject]:
        found: dict[object, JsonObject] = {}
        for key in keys:
            listing = await self._incidents((("incident_key", key),), since, now, PAGE_SIZE)
            found |= {one.get("id"): one for one in listing.found}
        return tuple(found.values())

    async def _by_title(
        self, own: JsonObject, vendor_id: str, since: datetime, now: datetime
    ) -> tuple[list[JsonObject], bool]:
        """Incidents of the same service that are called the same, and whether there were too many to look at all."""
        service, title = mapping(own.get("service")).get("id"), _title(own)
        if not isinstance(service, str) or not service or not title:
            return [], False
        listing = await self._incidents((("service_ids[]", service),), since, now, TITLE_LIMIT)
        alike = [one for one in listing.found if one.get("id") != vendor_id and _title(one) == title]
        return alike, listing.is_cut

    async def _incidents(self, which: Sequence[tuple[str, str]], since: datetime, now: datetime, limit: int) -> Listing:
        span = (("since", stamp(since)), ("until", stamp(now)))
        params = (*which, *_STATUSES, *span, ("sort_by", "created_at:desc"))
        return await all_pages(self._calls, "/incidents", "incidents", params, limit)

    async def _noted(self, firing: Firing) -> Firing:
        """The firing with its last note. Notes that may not be read take nothing from what is known."""
        try:
            answer = await self._calls.get(f"/incidents/{segment(firing.id)}/notes")
        except (Refused, Unauthorised):
            return firing
        notes = [note for note in map(_note, objects(answer.get("notes"))) if note.text]
        dated = sorted((one for one in notes if one.at is not None), key=lambda one: one.at or firing.began_at)
        last = dated[-1] if dated else next(iter(notes), None)
        return replace(firing, note=last)


def _firings(found: Iterable[JsonObject]) -> Iterable[Firing]:
    for one in found:
        began_at, vendor_id = moment(one.get("created_at")), one.get("id")
        if began_at is not None and isinstance(vendor_id, str) and vendor_id.strip("."):
            yield _firing(one, vendor_id, began_at)


def _firing(one: JsonObject, vendor_id: str, began_at: datetime) -> Firing:
    ending, by = _ending(one)
    is_over = ending is not Ending.OPEN
    return Firing(
        line(vendor_id),
        first_line(one.get("title"), one.get("summary")),
        began_at,
        (moment(one.get("resolved_at")) or moment(one.get("last_status_change_at"))) if is_over else None,
        ending,
        by,
        number=number(one.get("incident_number")),
        url=web_address(one.get("html_url")),
    )


def _ending(one: JsonObject) -> tuple[Ending, str]:
    """How it ended and, where a human ended it, who."""
    if one.get("status") != "resolved":
        return Ending.OPEN, ""
    if mapping(one.get("resolve_reason")).get("type") == "merge_resolve_reason":
        return Ending.MERGED, ""
    who = mapping(one.get("last_status_change_by"))
    kind = str(who.get("type", ""))
    if kind.startswith("user"):
        return Ending.BY_SOMEBODY, person(who)
    return (Ending.BY_ITSELF, "") if kind.startswith(("service", "integration")) else (Ending.UNKNOWN, "")


def _note(one: JsonObject) -> PastNote:
    return PastNote(block(one.get("content")), person(one.get("user")), moment(one.get("created_at")))


def _title(one: JsonObject) -> str:
    return first_line(one.get("title"), one.get("summary")).casefold()
