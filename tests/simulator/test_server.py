"""The whole simulator: in process on a clock by hand, and as a process of its own."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import requests
from prometheus_api_client import PrometheusConnect

from oncall_tui.simulator.server import Simulator, SimulatorOptions, running

from .hand_clock import HandClock

DEADLINE_S = 20.0
READY = ("prometheus", "alertmanager", "pagerduty", "sentry", "control")


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
async def simulator(clock: HandClock) -> AsyncIterator[Simulator]:
    async with running(SimulatorOptions(clock=clock, is_ticking=False, history_s=7200)) as simulator:
        yield simulator


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False, timeout=30) as http:
        yield http


def headers(simulator: Simulator, vendor: str) -> dict[str, str]:
    word = "Token token=" if vendor == "pagerduty" else "Bearer "
    return {"Authorization": word + simulator.endpoints[vendor].token}


async def get(simulator: Simulator, http: httpx.AsyncClient, vendor: str, path: str) -> Any:
    response = await http.get(simulator.endpoints[vendor].url + path, headers=headers(simulator, vendor))
    response.raise_for_status()
    return response.json()


async def control(simulator: Simulator, http: httpx.AsyncClient, path: str, body: Any) -> httpx.Response:
    url = simulator.endpoints["control"].url + path
    return await http.post(url, json=body, headers=headers(simulator, "control"))


async def test_the_same_incident_is_seen_by_all_four(
    simulator: Simulator, http: httpx.AsyncClient, clock: HandClock
) -> None:
    clock.now += 30
    simulator.world.advance()
    alerts = (await get(simulator, http, "prometheus", "/api/v1/alerts"))["data"]["alerts"]
    firing = next(one for one in alerts if one["labels"]["alertname"] == "HighErrorRate")
    assert firing["state"] == "firing"
    (notified,) = await get(simulator, http, "alertmanager", '/api/v2/alerts?filter=alertname="HighErrorRate"')
    assert notified["labels"] == firing["labels"]
    assert notified["generatorURL"].startswith(simulator.endpoints["prometheus"].url)
    incidents = (await get(simulator, http, "pagerduty", "/incidents?statuses[]=triggered"))["incidents"]
    page = next(one for one in incidents if one["priority"]["name"] == "P1")
    alerts = (await get(simulator, http, "pagerduty", f"/incidents/{page['id']}/alerts"))["alerts"]
    assert notified["annotations"]["summary"] in alerts[0]["body"]["details"]["firing"]
    path = "/api/0/organizations/rewapp/issues/?query=is:unresolved is:new firstRelease:api@2.41.0"
    (issue,) = await get(simulator, http, "sentry", path)
    assert issue["project"]["slug"] == "api"


async def test_prometheus_tells_which_alertmanager_it_sends_to(simulator: Simulator, http: httpx.AsyncClient) -> None:
    answer = await get(simulator, http, "prometheus", "/api/v1/alertmanagers")
    url = simulator.endpoints["alertmanager"].url
    assert answer["data"] == {"activeAlertmanagers": [{"url": f"{url}/api/v2/alerts"}], "droppedAlertmanagers": []}


async def test_the_client_of_prometheus_queries_it(simulator: Simulator, clock: HandClock) -> None:
    endpoint = simulator.endpoints["prometheus"]

    def ask() -> tuple[Any, Any]:
        with requests.Session() as session:
            session.trust_env = False
            client = PrometheusConnect(endpoint.url, headers=headers(simulator, "prometheus"), session=session)
            return client.custom_query("count(up == 1)"), client.get_targets(state="active")

    result, targets = await asyncio.to_thread(ask)
    assert result[0]["value"][1] == "13"
    assert {one["health"] for one in targets["activeTargets"]} == {"up"}


async def test_every_request_is_logged_without_its_secrets(simulator: Simulator, http: httpx.AsyncClient) -> None:
    await get(simulator, http, "pagerduty", "/incidents?limit=1")
    body = {"incident": {"type": "incident_reference", "status": "resolved"}}
    url = f"{simulator.endpoints['pagerduty'].url}/incidents/QNONE"
    await http.put(url, json=body, headers={**headers(simulator, "pagerduty"), "From": "camille.roche@rewapp.example"})
    rows = await get(simulator, http, "control", "/requests?vendor=pagerduty")
    assert [(row["method"], row["path"], row["query"], row["status"]) for row in rows] == [
        ("GET", "/incidents", "limit=1", 200),
        ("PUT", "/incidents/QNONE", "", 404),
    ]
    assert rows[0]["body_sha256"] is None
    assert len(rows[1]["body_sha256"]) == 64
    assert json.loads(simulator.wire.received("pagerduty")[1].body) == body
    assert simulator.endpoints["pagerduty"].token not in json.dumps(rows)


async def test_pages_that_runbooks_ask_for_need_no_token(simulator: Simulator, http: httpx.AsyncClient) -> None:
    url = simulator.endpoints["control"].url
    assert (await http.get(url + "/healthz")).status_code == 200
    assert (await http.get(url + "/api/v2/status.json")).json()["status"]["indicator"] == "none"
    assert (await http.get(url + "/world")).status_code == 401
    simulator.world.down.add("api")
    assert (await http.get(url + "/healthz")).status_code == 503


async def test_a_rollback_is_asked_for_on_the_control_port(
    simulator: Simulator, http: httpx.AsyncClient, clock: HandClock
) -> None:
    clock.now += 60
    simulator.world.advance()
    assert (await control(simulator, http, "/rollback", {"service": "api"})).status_code == 200
    clock.now += 90
    simulator.world.advance()
    open_ones = await get(simulator, http, "pagerduty", "/incidents?statuses[]=triggered&statuses[]=acknowledged")
    assert [one["service"]["summary"] for one in open_ones["incidents"]] == ["points"]
    assert (await control(simulator, http, "/rollback", {"service": "nothing"})).status_code == 400
    refused = await http.post(simulator.endpoints["control"].url + "/rollback", json={"service": "api"})
    assert refused.status_code == 401


async def test_faults_come_and_go(simulator: Simulator, http: httpx.AsyncClient, clock: HandClock) -> None:
    url, token = simulator.endpoints["sentry"].url + "/api/0/organizations/rewapp/", headers(simulator, "sentry")
    await control(simulator, http, "/faults", {"vendor": "sentry", "status": 503, "for_s": 20, "retry_after_s": 7})
    response = await http.get(url, headers=token)
    assert (response.status_code, response.headers["Retry-After"]) == (503, "7")
    clock.now += 21
    assert (await http.get(url, headers=token)).status_code == 200
    await control(simulator, http, "/faults", {"vendor": "sentry", "off": True})
    with pytest.raises(httpx.TransportError):
        await http.get(url, headers=token)
    assert simulator.wire.received("sentry")[-1].status == 0
    await control(simulator, http, "/faults", {"vendor": "sentry", "delay_s": 30})
    with pytest.raises(httpx.ReadTimeout):
        await http.get(url, headers=token, timeout=0.1)
    await http.delete(simulator.endpoints["control"].url + "/faults", headers=headers(simulator, "control"))
    assert (await http.get(url, headers=token)).status_code == 200
    assert (await control(simulator, http, "/faults", {"vendor": "nobody"})).status_code == 400
    assert (await control(simulator, http, "/faults", {"vendor": "sentry", "status": 200})).status_code == 400


async def test_the_announcement_holds_what_a_client_configuration_needs(simulator: Simulator) -> None:
    announcement = simulator.announcement()
    assert tuple(announcement) == READY
    assert announcement["pagerduty"]["email"] == "camille.roche@rewapp.example"
    assert announcement["sentry"]["organization"] == "rewapp"
    assert len({one["token"] for one in announcement.values()}) == len(READY)


async def test_a_world_ticks_by_itself(clock: HandClock, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(SimulatorOptions(clock=clock, is_quiet=True, tick_s=0.01, history_s=7200)) as simulator:
        advance, ticked = simulator.world.advance, asyncio.Event()

        def advance_and_tell() -> None:
            advance()
            ticked.set()

        monkeypatch.setattr(simulator.world, "advance", advance_and_tell)
        clock.now += 0.05
        async with asyncio.timeout(DEADLINE_S):
            await ticked.wait()
        assert simulator.world.last_scrape == clock.now


async def started(*arguments: str) -> tuple[asyncio.subprocess.Process, dict[str, Any]]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "oncall_tui.simulator",
        *arguments,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    async with asyncio.timeout(DEADLINE_S):
        line = await process.stdout.readline()
    return process, json.loads(line)


async def test_a_process_announces_itself_and_ends_on_sigterm(http: httpx.AsyncClient) -> None:
    process, announcement = await started("--token-prefix", "demo-", "--incidents", "150", "--no-past")
    try:
        assert tuple(announcement) == READY
        endpoint = announcement["pagerduty"]
        assert endpoint["token"].startswith("demo-")
        token = {"Authorization": f"Token token={endpoint['token']}"}
        response = await http.get(f"{endpoint['url']}/incidents?limit=100&total=true", headers=token)
        assert response.json()["total"] == 151
    finally:
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(DEADLINE_S):
            code = await process.wait()
    assert code == 0


async def test_a_process_ends_when_its_parent_lets_go() -> None:
    process, _ = await started("--exit-with-parent", "--quiet")
    assert process.stdin is not None
    process.stdin.close()
    async with asyncio.timeout(DEADLINE_S):
        assert await process.wait() == 0
