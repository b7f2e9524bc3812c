"""A request that is given up leaves nothing behind: no socket, no task, no word."""

import asyncio
import gc
from typing import Any

import httpx
import pytest

from oncall_tui.sources.flight import Flights


class Connecting:
    """A client whose request is just connecting when it is given up, and is answered after all."""

    def __init__(self, *, fails: bool = False) -> None:
        self.is_connecting = asyncio.Event()
        self.gate = asyncio.Event()
        self.closed = 0
        self._fails = fails

    async def send(self, request: httpx.Request, *, stream: bool) -> "Connecting":
        assert stream
        await request.extensions["trace"]("connection.connect_tcp.started", {})
        self.is_connecting.set()
        await self.gate.wait()
        return self

    async def aclose(self) -> None:
        self.closed += 1
        if self._fails:
            raise httpx.ReadError("the connection is broken")


async def given_up(client: Any) -> Flights:
    """The flights after one of them was given up in the middle of connecting."""
    flights = Flights()
    asking = asyncio.create_task(flights.send(client, httpx.Request("GET", "http://vendor.example")))
    await client.is_connecting.wait()
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    return flights


@pytest.mark.parametrize("fails", [False, True])
async def test_an_answer_that_comes_after_all_is_closed_without_a_word(fails: bool) -> None:
    said: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: said.append(context))
    client = Connecting(fails=fails)
    flights = await given_up(client)
    client.gate.set()
    async with asyncio.timeout(60):
        await flights.landed()
    gc.collect()
    assert client.closed == 1
    assert said == []


async def test_who_cannot_wait_for_the_landing_cuts_it_off() -> None:
    client = Connecting()
    flights = await given_up(client)
    landing = asyncio.create_task(flights.landed())
    await asyncio.sleep(0)
    landing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await landing
    async with asyncio.timeout(60):
        await flights.landed()
    assert client.closed == 0
