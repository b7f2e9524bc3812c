"""Every breakage is what it says: seen by a client that believes what it is sent."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from email.utils import parsedate_to_datetime

import httpx
import pytest

from oncall_tui.simulator.breakages import BREAKAGES, ELSEWHERE, HUGE_BYTES, NEW_WORD
from oncall_tui.simulator.server import Simulator, SimulatorOptions, running

from .hand_clock import HandClock

VENDOR = "alertmanager"


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
async def simulator(clock: HandClock) -> AsyncIterator[Simulator]:
    async with running(SimulatorOptions(clock=clock, is_ticking=False, history_s=7200)) as simulator:
        clock.now += 30
        simulator.world.advance()
        yield simulator


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False, timeout=30) as http:
        yield http


async def broken(simulator: Simulator, http: httpx.AsyncClient, **fault: object) -> httpx.Response:
    """What the list of alerts is while ``fault`` holds."""
    control, vendor = simulator.endpoints["control"], simulator.endpoints[VENDOR]
    asked = await http.post(
        f"{control.url}/faults",
        json={"vendor": VENDOR, **fault},
        headers={"Authorization": f"Bearer {control.token}"},
    )
    asked.raise_for_status()
    return await http.get(f"{vendor.url}/api/v2/alerts", headers={"Authorization": f"Bearer {vendor.token}"})


@pytest.mark.parametrize("answer", ["reset", "slow"])
async def test_a_body_that_does_not_come_to_its_end(simulator: Simulator, http: httpx.AsyncClient, answer: str) -> None:
    http.timeout = httpx.Timeout(0.05)
    with pytest.raises(httpx.RemoteProtocolError if answer == "reset" else httpx.ReadTimeout):
        await broken(simulator, http, answer=answer)


async def test_bodies_that_are_no_json(simulator: Simulator, http: httpx.AsyncClient) -> None:
    empty = await broken(simulator, http, answer="empty")
    assert (empty.status_code, empty.content) == (200, b"")
    cut = await broken(simulator, http, answer="truncated")
    assert cut.status_code == 200
    with pytest.raises(json.JSONDecodeError):
        cut.json()
    page = await broken(simulator, http, answer="html")
    assert (page.status_code, page.headers["Content-Type"].partition(";")[0]) == (502, "text/html")


async def test_json_that_is_not_what_the_vendor_documents(simulator: Simulator, http: httpx.AsyncClient) -> None:
    assert list((await broken(simulator, http, answer="wrong shape")).json()) == ["items"]
    alerts = (await broken(simulator, http, answer="unknown words")).json()
    assert {one["status"]["state"] for one in alerts} == {NEW_WORD}
    assert {one["labels"]["severity"] for one in alerts} == {NEW_WORD}


async def test_a_redirect_leads_to_another_host(simulator: Simulator, http: httpx.AsyncClient) -> None:
    away = await broken(simulator, http, answer="redirect")
    assert (away.status_code, away.headers["Location"]) == (302, ELSEWHERE)


async def test_a_flood_is_as_long_as_it_says(simulator: Simulator, http: httpx.AsyncClient) -> None:
    flood = await broken(simulator, http, answer="huge")
    assert len(flood.content) == int(flood.headers["Content-Length"]) == HUGE_BYTES


@pytest.mark.parametrize("ahead_s", [0, 3_600, -3_600])
async def test_every_answer_tells_the_time_of_the_world(
    simulator: Simulator, http: httpx.AsyncClient, clock: HandClock, ahead_s: int
) -> None:
    told = parsedate_to_datetime((await broken(simulator, http, clock_ahead_s=ahead_s)).headers["Date"])
    assert told.timestamp() == pytest.approx(clock() + ahead_s, abs=1)
    missing = await http.get(f"{simulator.endpoints[VENDOR].url}/nowhere")
    assert parsedate_to_datetime(missing.headers["Date"]) - told <= timedelta(hours=1, seconds=1)


async def test_a_breakage_that_does_not_exist_is_refused(simulator: Simulator, http: httpx.AsyncClient) -> None:
    with pytest.raises(httpx.HTTPStatusError, match="400"):
        await broken(simulator, http, answer="nonsense")


def test_every_breakage_says_what_it_is() -> None:
    assert all(one.__doc__ for one in BREAKAGES.values())
