"""Lists of PagerDuty, all pages of them. Source: PagerDuty's "Pagination" page (classic pagination)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from oncall_tui.sources.errors import Malformed
from oncall_tui.sources.pagerduty.client import Calls
from oncall_tui.sources.pagerduty.exchange import Params
from oncall_tui.sources.together import all_of
from oncall_tui.sources.values import JsonObject, objects

PAGE_SIZE = 100
PAGING_LIMIT = 10_000
"""PagerDuty refuses ``offset + limit`` beyond this."""

MOST_AT_ONCE = 4
"""Pages of one list. A list that ends in between has cost three requests in vain."""

IDS_PER_REQUEST = 50
"""Hundreds of ids in one address give 414: they are split over several requests."""


@dataclass(frozen=True, slots=True)
class Listing:
    """Every object of a list once, and whether PagerDuty stopped before the end of it."""

    found: tuple[JsonObject, ...]
    is_cut: bool = False


async def all_pages(calls: Calls, path: str, key: str, params: Params, limit: int = PAGING_LIMIT) -> Listing:
    """The list ``key`` of ``path`` over all pages, at most ``limit`` objects.

    A long list is asked for several pages at a time: thirty one after the other take thirty times as long as one.
    An empty page ends it, whatever ``more`` says. The list moves while it is read: what is met twice counts once.
    """
    found: dict[object, JsonObject] = {}
    offset, at_once = 0, 1
    while offset + PAGE_SIZE <= limit:
        offsets = range(offset, min(offset + at_once * PAGE_SIZE, limit - PAGE_SIZE + 1), PAGE_SIZE)
        for page, is_last in await all_of(_page(calls, path, key, params, start) for start in offsets):
            for one in objects(page):
                found.setdefault(_key(one, len(found)), one)
            if is_last:
                return Listing(tuple(found.values()))
            offset += len(page)
            if len(page) < PAGE_SIZE:
                # Shorter pages than were asked for: those that were asked for beside it begin at the wrong place.
                break
        at_once = min(2 * at_once, MOST_AT_ONCE)
    return Listing(tuple(found.values()), is_cut=True)


async def _page(calls: Calls, path: str, key: str, params: Params, offset: int) -> tuple[list[object], bool]:
    """What stands on one page, and whether it is the last."""
    paging = (("limit", str(PAGE_SIZE)), ("offset", str(offset)))
    answer = await calls.get(path, (*params, *paging))
    page = answer.get(key)
    if not isinstance(page, list):
        raise not_pagerduty(calls, path)
    return page, not page or answer.get("more") is not True


def not_pagerduty(calls: Calls, path: str) -> Malformed:
    """The error for JSON that is not what PagerDuty documents for ``path``."""
    connection = calls.wire.connection
    return Malformed(
        f"{connection.name}: {path} of {connection.host} is not what PagerDuty documents.",
        "Is `url` the address of PagerDuty's REST API?",
    )


async def all_slices(calls: Calls, path: str, key: str, params: Params, filters: "Filters") -> Listing:
    """``all_pages`` for every slice of ``filters``, joined; an object that two slices give counts once."""
    found: dict[object, JsonObject] = {}
    is_cut = False
    for chosen in slices(filters):
        listing = await all_pages(calls, path, key, (*params, *chosen))
        is_cut = is_cut or listing.is_cut
        for one in listing.found:
            found.setdefault(_key(one, len(found)), one)
    return Listing(tuple(found.values()), is_cut)


Filters = Sequence[tuple[str, Sequence[str]]]
"""Parameter names with the values that it may have, e.g. ``("team_ids[]", ("PTEAM1", "PTEAM2"))``."""


def slices(filters: Filters) -> Iterator[tuple[tuple[str, str], ...]]:
    """Parameters of each request that is needed, so that none holds too many ids. Without filters one, empty."""
    parts = [[(name, part) for part in _parts(tuple(dict.fromkeys(values)))] for name, values in filters if values]
    for chosen in product(*parts):
        yield tuple((name, value) for name, part in chosen for value in part)


def _key(one: JsonObject, place: int) -> object:
    """What makes an object the same as another; one without an id is like no other."""
    vendor_id = one.get("id")
    return vendor_id if isinstance(vendor_id, str) and vendor_id else place


def _parts(values: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(values), IDS_PER_REQUEST):
        yield values[start : start + IDS_PER_REQUEST]
