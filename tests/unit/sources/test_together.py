"""Reads at the same time end together, with the failure that says most."""

import asyncio

import pytest

from oncall_tui.sources.errors import RateLimited, Unreachable
from oncall_tui.sources.together import all_of, together


async def _give(value: int) -> int:
    return value


async def _fail(error: Exception) -> int:
    raise error


async def test_results_come_in_the_order_of_the_reads() -> None:
    assert await all_of(_give(number) for number in range(3)) == [0, 1, 2]


@pytest.mark.parametrize("errors", [(0, 1, 2), (2, 1, 0), (1, 0, 2)])
async def test_a_request_to_wait_comes_before_what_else_failed(errors: tuple[int, ...]) -> None:
    failures = (RateLimited("wait"), Unreachable("gone"), KeyError("shape"))
    with pytest.raises(RateLimited):
        await all_of(_fail(failures[index]) for index in errors)


async def test_failures_of_nested_groups_come_out_as_themselves() -> None:
    async def inner() -> None:
        async with together() as group:
            group.create_task(_fail(Unreachable("gone")))

    with pytest.raises(Unreachable):
        async with together() as group:
            group.create_task(inner())


async def test_the_others_are_cancelled() -> None:
    cancelled = asyncio.Event()

    async def wait() -> int:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.set()
            raise
        return 0

    with pytest.raises(KeyError):
        await all_of([wait(), _fail(KeyError("x"))])
    assert cancelled.is_set()
