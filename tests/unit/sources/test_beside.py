"""Reads beside the one that matters may fail or be slow without holding it up."""

import asyncio

import pytest

from oncall_tui.sources.beside import Beside
from oncall_tui.sources.errors import Refused


async def nothing() -> tuple[str, ...]:
    return ()


async def test_what_is_done_tells_its_warnings() -> None:
    async def limited() -> tuple[str, ...]:
        return ("only half of it",)

    beside = Beside()
    beside.start("names", nothing)
    beside.start("things", limited)
    assert await beside.settle() == ("only half of it",)
    assert await beside.settle() == ()


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (Refused("no"), "The things could not be read: no"),
        (ValueError("Bearer t0p-s3cret"), "The things came in a shape nobody expected (ValueError)."),
    ],
)
async def test_a_failure_is_a_warning(error: Exception, words: str) -> None:
    async def fail() -> tuple[str, ...]:
        raise error

    beside = Beside()
    beside.start("things", fail)
    assert await beside.settle() == (words,)


async def test_a_slow_read_is_picked_up_later_and_never_started_twice() -> None:
    gate = asyncio.Event()
    begun: list[int] = []

    async def slow() -> tuple[str, ...]:
        begun.append(1)
        await gate.wait()
        return ("at last",)

    beside = Beside(grace=0)
    beside.start("things", slow)
    (warning,) = await beside.settle()
    assert "slow" in warning
    beside.start("things", slow)
    gate.set()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert await beside.settle() == ("at last",)
    assert begun == [1]


async def test_giving_up_cancels_and_forgets() -> None:
    ended = asyncio.Event()

    async def endless() -> tuple[str, ...]:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()
        return ()

    beside = Beside(grace=0)
    beside.start("things", endless)
    await beside.settle()
    beside.cancel()
    assert await beside.settle() == ()
    await asyncio.wait_for(ended.wait(), 30)
