"""Long lists of PagerDuty: read several pages at a time, whole, in order, each object once."""

import asyncio
from typing import cast

import pytest

from oncall_tui.sources.pagerduty.client import Calls
from oncall_tui.sources.pagerduty.exchange import Params
from oncall_tui.sources.pagerduty.pages import MOST_AT_ONCE, Listing, all_pages
from oncall_tui.sources.values import JsonObject


class Lists:
    """An account with so many objects in its list, on pages of at most ``largest``."""

    def __init__(self, count: int, largest: int = 100) -> None:
        self._count, self._largest = count, largest
        self.offsets: list[int] = []
        self._under_way = self.most_at_once = 0

    async def get(self, _path: str, params: Params) -> JsonObject:
        asked = dict(params)
        offset, limit = int(asked["offset"]), min(int(asked["limit"]), self._largest)
        self.offsets.append(offset)
        self._under_way += 1
        self.most_at_once = max(self.most_at_once, self._under_way)
        await asyncio.sleep(0)
        self._under_way -= 1
        rows = [{"id": f"Q{number}"} for number in range(offset, min(offset + limit, self._count))]
        return {"rows": rows, "more": offset + limit < self._count}


async def read(lists: Lists, limit: int = 10_000) -> Listing:
    return await all_pages(cast(Calls, lists), "/rows", "rows", (), limit)


@pytest.mark.parametrize("count", [0, 1, 99, 100, 101, 300, 301, 1_000, 3_141])
async def test_every_object_is_there_once_and_in_order(count: int) -> None:
    lists = Lists(count)
    listing = await read(lists)
    assert [one["id"] for one in listing.found] == [f"Q{number}" for number in range(count)]
    assert not listing.is_cut
    assert lists.most_at_once <= MOST_AT_ONCE
    assert len(lists.offsets) < max(count / 100, 1) + MOST_AT_ONCE


async def test_a_short_list_costs_one_request_and_a_long_one_is_read_side_by_side() -> None:
    short, long = Lists(60), Lists(3_000)
    await read(short)
    await read(long)
    assert short.offsets == [0]
    assert long.most_at_once == MOST_AT_ONCE


async def test_pages_that_are_shorter_than_asked_for_lose_nothing() -> None:
    listing = await read(Lists(500, largest=40))
    assert [one["id"] for one in listing.found] == [f"Q{number}" for number in range(500)]


async def test_nothing_is_asked_beyond_the_limit() -> None:
    lists = Lists(5_000)
    listing = await read(lists, limit=1_000)
    assert (len(listing.found), listing.is_cut, max(lists.offsets)) == (1_000, True, 900)
