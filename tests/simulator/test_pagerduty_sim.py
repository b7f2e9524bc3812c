"""PagerDuty's REST API v2, mostly through PagerDuty's own client."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any, TypeVar

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from pagerduty import HttpError, RestApiV2Client

from oncall_tui.simulator.catalogue import BY_NAME, DEMO_USER, PEOPLE
from oncall_tui.simulator.pagerduty import PagerDuty, pagerduty_app
from oncall_tui.simulator.pagerduty.directory import team_id

from .hand_clock import HandClock

Client = TestClient[web.Request, web.Application]
T = TypeVar("T")
TOKEN = "u+secret-token-of-the-demo"
FIRING = "Labels:\n - alertname = HighErrorRate\n - severity = page\nAnnotations:\n - summary = s\nSource: http://p/\n"


class LoopbackClient(RestApiV2Client):
    """PagerDuty's client, which insists on https, sent to loopback."""

    def __init__(self, url: str, token: str, email: str) -> None:
        super().__init__(token, default_from=email)
        self._loopback = url

    @property
    def url(self) -> str:
        return self._loopback

    @url.setter
    def url(self, new_base_url: str) -> None:
        """The base class sets its own; it is not used."""


def event(action: str = "trigger", key: str = "k1", service: str = "api") -> dict[str, Any]:
    return {
        "routing_key": BY_NAME[service].routing_key,
        "event_action": action,
        "dedup_key": key,
        "client": "Alertmanager",
        "client_url": "http://am/#/alerts?receiver=pagerduty",
        "payload": {
            "summary": f"[FIRING:1] {key}",
            "source": "Alertmanager",
            "severity": "error",
            "custom_details": {"firing": FIRING, "num_firing": "1", "num_resolved": "0", "resolved": ""},
        },
    }


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def core(clock: HandClock) -> PagerDuty:
    return PagerDuty(clock, random.Random(1))


@pytest.fixture
async def client(core: PagerDuty) -> AsyncIterator[Client]:
    headers = {"Authorization": f"Token token={TOKEN}", "From": DEMO_USER.email}
    async with TestClient(TestServer(pagerduty_app(core, TOKEN)), headers=headers) as client:
        yield client


@pytest.fixture
def real(client: Client) -> Callable[[Callable[[LoopbackClient], T]], Any]:
    """Runs a function of PagerDuty's own client in a thread."""

    async def call(function: Callable[[LoopbackClient], T]) -> T:
        def run() -> T:
            with LoopbackClient(str(client.make_url("")).rstrip("/"), TOKEN, DEMO_USER.email) as session:
                session.max_network_attempts = 0
                return function(session)

        return await asyncio.to_thread(run)

    return call


async def body_of(response: Any, status: int) -> Mapping[str, Any]:
    assert response.status == status, await response.text()
    body: Mapping[str, Any] = await response.json()
    return body


async def test_the_real_client_pages_through_incidents(core: PagerDuty, real: Any) -> None:
    for number in range(230):
        core.open_incident(f"[{number}] disk", BY_NAME["api"], priority="P3")
    incidents = await real(lambda session: session.list_all("incidents", params={"statuses[]": ["triggered"]}))
    assert [one["title"] for one in incidents] == [f"[{number}] disk" for number in range(230)]
    first = incidents[0]
    assert (first["type"], first["status"], first["urgency"]) == ("incident", "triggered", "low")
    assert first["service"]["type"] == "service_reference"
    assert first["priority"]["name"] == "P3"
    assert first["assignments"][0]["assignee"]["id"] == DEMO_USER.id


async def test_the_real_client_acknowledges_in_bulk(core: PagerDuty, real: Any, clock: HandClock) -> None:
    for key in ("k1", "k2"):
        core.enqueue(event(key=key))
    rows = [{"id": one, "type": "incident_reference", "status": "acknowledged"} for one in core.incidents]
    clock.now += 30
    answer = await real(lambda session: session.rput("incidents", json=rows))
    assert [one["status"] for one in answer] == ["acknowledged", "acknowledged"]
    assert answer[0]["acknowledgements"][0]["acknowledger"]["summary"] == DEMO_USER.name
    log = await real(lambda session: session.list_all(f"incidents/{rows[0]['id']}/log_entries"))
    assert log[0]["type"] == "acknowledge_log_entry"
    assert log[0]["agent"]["id"] == DEMO_USER.id
    assert log[-1]["type"] == "trigger_log_entry"


async def test_the_real_client_reads_the_account(real: Any) -> None:
    def read(session: LoopbackClient) -> dict[str, Any]:
        lists = ("users", "teams", "services", "escalation_policies", "priorities", "oncalls", "change_events")
        return {"me": session.rget("users/me"), **{name: session.list_all(name) for name in lists}}

    found = await real(read)
    assert found["me"]["email"] == DEMO_USER.email
    assert [one["summary"] for one in found["me"]["teams"]] == [DEMO_USER.team]
    assert DEMO_USER.team in {one["name"] for one in found["teams"]}
    assert len(found["users"]) == len(PEOPLE)
    assert [one["name"] for one in found["priorities"]] == ["P1", "P2", "P3", "P4", "P5"]
    assert found["oncalls"][0]["user"]["id"] == DEMO_USER.id
    assert found["oncalls"][0]["end"] == "2026-11-23T09:00:00Z"


async def test_teams_narrow_services_and_single_objects_are_found_by_id(client: Client) -> None:
    team = team_id("rewards")
    body = await body_of(await client.get("/services", params={"team_ids[]": team}), 200)
    assert [one["name"] for one in body["services"]] == ["points", "qr"]
    for path, key, name in ((f"/teams/{team}", "team", "rewards"), ("/services/PQRCD01", "service", "qr")):
        assert (await body_of(await client.get(path), 200))[key]["name"] == name
    assert (await body_of(await client.get(f"/users/{DEMO_USER.id}"), 200))["user"]["name"] == DEMO_USER.name
    assert (await body_of(await client.get("/teams/PNONE"), 404))["error"]["code"] == 2100


async def test_a_wrong_token_is_an_error_of_the_real_client(client: Client, real: Any) -> None:
    def read(session: LoopbackClient) -> None:
        with LoopbackClient(session.url, "u+another-token", "") as stranger, pytest.raises(HttpError):
            stranger.rget("users/me")

    await real(read)
    body = await body_of(await client.get("/users", headers={"Authorization": "Token token=x"}), 401)
    assert set(body["error"]) == {"code", "message"}


async def test_an_alert_carries_the_event_it_came_from(core: PagerDuty, client: Client) -> None:
    core.enqueue(event())
    (incident,) = core.incidents.values()
    assert incident.priority == "P1"
    (alert,) = (await body_of(await client.get(f"/incidents/{incident.id}/alerts"), 200))["alerts"]
    assert alert["alert_key"] == "k1"
    assert alert["body"]["details"]["firing"] == FIRING
    assert alert["body"]["cef_details"]["details"]["num_firing"] == "1"
    assert alert["body"]["cef_details"]["client_url"] == "http://am/#/alerts?receiver=pagerduty"
    one = await body_of(await client.get(f"/incidents/{incident.id}/alerts/{alert['id']}"), 200)
    assert one["alert"] == alert


async def test_a_dedup_key_opens_one_incident_until_it_is_resolved(core: PagerDuty) -> None:
    def statuses() -> list[str]:
        return [incident.status for incident in core.incidents.values()]

    core.enqueue(event())
    core.enqueue(event())
    assert statuses() == ["triggered"]
    core.enqueue(event("acknowledge"))
    assert statuses() == ["acknowledged"]
    core.enqueue(event("resolve"))
    assert statuses() == ["resolved"]
    core.enqueue(event())
    assert statuses() == ["resolved", "triggered"]
    assert next(iter(core.incidents.values())).changed_by is BY_NAME["api"]
    with pytest.raises(ValueError, match="routing key"):
        core.enqueue({**event(), "routing_key": "unknown"})


async def test_acknowledging_a_resolved_incident_opens_it_again(core: PagerDuty, client: Client) -> None:
    core.enqueue(event())
    (incident,) = core.incidents.values()
    core.resolve(incident, DEMO_USER)
    row = {"incident": {"type": "incident_reference", "status": "acknowledged"}}
    body = await body_of(await client.put(f"/incidents/{incident.id}", json=row), 200)
    assert body["incident"]["status"] == "acknowledged"
    assert body["incident"]["resolved_at"] is None
    assert body["incident"]["alert_counts"] == {"all": 1, "triggered": 1, "resolved": 0}


async def test_writes_need_a_known_user(core: PagerDuty, client: Client) -> None:
    incident = core.open_incident("t", BY_NAME["api"], priority=None)
    rows = {"incidents": [{"id": incident.id, "type": "incident_reference", "status": "resolved"}]}
    for sender in ("", "nobody@rewapp.example"):
        body = await body_of(await client.put("/incidents", json=rows, headers={"From": sender}), 400)
        assert body["error"]["message"] == "Requester User Not Found"
    assert incident.status == "triggered"


async def test_a_bad_row_changes_nothing(core: PagerDuty, client: Client) -> None:
    incident = core.open_incident("t", BY_NAME["api"], priority=None)
    good = {"id": incident.id, "type": "incident_reference", "status": "resolved"}
    await body_of(await client.put("/incidents", json={"incidents": [good, {**good, "id": "QNONE"}]}), 404)
    await body_of(await client.put("/incidents", json={"incidents": [good, {**good, "status": "gone"}]}), 400)
    await body_of(await client.put("/incidents", json={"incidents": []}), 400)
    await body_of(await client.put("/incidents", data=b"{"), 400)
    await body_of(await client.put("/incidents", json={"incidents": [good] * 251}), 413)
    assert incident.status == "triggered"
    await body_of(await client.put("/incidents", json={"incidents": [good] * 250}), 200)


async def test_an_update_changes_priority_urgency_title_and_assignee(core: PagerDuty, client: Client) -> None:
    incident = core.open_incident("t", BY_NAME["api"], priority="P1")
    row = {
        "priority": {"id": "PPRIO03", "type": "priority_reference"},
        "urgency": "low",
        "title": "renamed",
        "assignments": [{"assignee": {"id": PEOPLE[1].id, "type": "user_reference"}}],
    }
    body = (await body_of(await client.put(f"/incidents/{incident.id}", json={"incident": row}), 200))["incident"]
    assert (body["priority"]["name"], body["urgency"], body["title"]) == ("P3", "low", "renamed")
    assert body["assignments"][0]["assignee"]["id"] == PEOPLE[1].id
    body = await body_of(await client.put(f"/incidents/{incident.id}", json={"incident": {"escalation_level": 3}}), 200)
    assert body["incident"]["assignments"][0]["assignee"]["id"] == PEOPLE[2].id


async def test_a_snooze_wakes_up(core: PagerDuty, client: Client, clock: HandClock) -> None:
    incident = core.open_incident("t", BY_NAME["api"], priority=None)
    body = await body_of(await client.post(f"/incidents/{incident.id}/snooze", json={"duration": 3600}), 201)
    assert body["incident"]["status"] == "acknowledged"
    assert body["incident"]["pending_actions"] == [{"type": "unacknowledge", "at": "2026-11-23T03:13:20Z"}]
    await body_of(await client.post(f"/incidents/{incident.id}/snooze", json={"duration": 0}), 400)
    clock.now += 3600
    core.wake()
    assert incident.status == "triggered"


async def test_notes_are_kept_and_logged(core: PagerDuty, client: Client) -> None:
    incident = core.open_incident("t", BY_NAME["api"], priority=None)
    note = {"note": {"content": "[link](x) rolled back"}}
    body = await body_of(await client.post(f"/incidents/{incident.id}/notes", json=note), 200)
    assert body["note"]["user"]["id"] == DEMO_USER.id
    await body_of(await client.post(f"/incidents/{incident.id}/notes", json={"note": {"content": " "}}), 400)
    assert len((await body_of(await client.get(f"/incidents/{incident.id}/notes"), 200))["notes"]) == 1
    query = {"include[]": "channels"}
    log = (await body_of(await client.get(f"/incidents/{incident.id}/log_entries", params=query), 200))["log_entries"]
    assert (log[0]["type"], log[0]["channel"]["content"]) == ("annotate_log_entry", "[link](x) rolled back")


async def test_incidents_are_filtered_sorted_and_completed(core: PagerDuty, client: Client, clock: HandClock) -> None:
    core.enqueue(event(key="old", service="points"))
    clock.now += 40 * 86_400
    core.enqueue(event(key="new"))

    async def keys(**query: str) -> list[str]:
        params = {name.replace("__", "[]"): value for name, value in query.items()}
        body = await body_of(await client.get("/incidents", params=params), 200)
        return [one["incident_key"] for one in body["incidents"]]

    assert await keys() == ["new"]
    assert await keys(date_range="all") == ["old", "new"]
    assert await keys(date_range="all", sort_by="created_at:desc") == ["new", "old"]
    assert await keys(date_range="all", service_ids__=BY_NAME["points"].pagerduty_id) == ["old"]
    assert await keys(date_range="all", statuses__="resolved") == []
    assert await keys(date_range="all", urgencies__="low") == []
    assert await keys(date_range="all", incident_key="old") == ["old"]
    assert await keys(since="2026-11-01T00:00:00Z", until="2026-12-01T00:00:00Z") == ["old"]
    for bad in ({"sort_by": "mood"}, {"since": "soon"}, {"since": "2025-01-01", "until": "2026-01-01"}):
        await body_of(await client.get("/incidents", params=bad), 400)
    include = [("include[]", name) for name in ("services", "acknowledgers", "first_trigger_log_entries")]
    (full,) = (await body_of(await client.get("/incidents", params=include), 200))["incidents"]
    assert full["service"]["type"] == "service"
    assert full["first_trigger_log_entry"]["channel"]["details"]["firing"] == FIRING


async def test_paging_ends_at_ten_thousand(core: PagerDuty, client: Client) -> None:
    core.open_incident("t", BY_NAME["api"], priority=None)
    body = await body_of(await client.get("/incidents", params={"limit": "500"}), 200)
    assert (body["limit"], body["offset"], body["more"], body["total"]) == (100, 0, False, None)
    body = await body_of(await client.get("/incidents", params={"total": "true"}), 200)
    assert (body["limit"], body["total"]) == (25, 1)
    refused = await body_of(await client.get("/incidents", params={"offset": "9950", "limit": "100"}), 400)
    assert refused["error"]["code"] == 2001
    assert "10000" in refused["error"]["errors"][0]


async def test_changes_are_listed_and_related_with_a_reason(core: PagerDuty, client: Client, clock: HandClock) -> None:
    for version in ("2.40.9", "2.41.0"):
        core.change(BY_NAME["api"], f"api v{version}", "ci", {"version": version}, "https://ci.example/1")
        clock.now += 60
    core.enqueue(event())
    (incident,) = core.incidents.values()
    body = await body_of(await client.get("/change_events", params={"since": "2026-11-23T00:00:00Z"}), 200)
    assert [one["custom_details"]["version"] for one in body["change_events"]] == ["2.41.0", "2.40.9"]
    assert body["change_events"][0]["timestamp"] == "2026-11-23T02:14:20Z"
    await body_of(await client.get("/change_events", params={"since": "2026-11-23T00:00:00+01:00"}), 400)
    related = (await body_of(await client.get(f"/incidents/{incident.id}/related_change_events"), 200))["change_events"]
    assert [one["correlation_reason"]["reason"] for one in related] == ["most_recent", "related_service"]
    path = f"/services/{BY_NAME['auth'].pagerduty_id}/change_events"
    assert (await body_of(await client.get(path), 200))["change_events"] == []
    await body_of(await client.get("/services/PNONE/change_events"), 404)


async def test_the_budget_of_a_minute_runs_out_and_comes_back(core: PagerDuty, clock: HandClock) -> None:
    headers = {"Authorization": f"Token token={TOKEN}"}
    async with TestClient(TestServer(pagerduty_app(core, TOKEN, per_minute=2)), headers=headers) as client:
        response = await client.get("/priorities")
        assert (response.headers["ratelimit-limit"], response.headers["ratelimit-remaining"]) == ("2", "1")
        await client.get("/priorities")
        clock.now += 20
        refused = await client.get("/priorities")
        assert (refused.status, refused.headers["ratelimit-reset"]) == (429, "40")
        assert (await refused.json())["error"]["code"] == 2020
        clock.now += 40
        assert (await client.get("/priorities")).status == 200


async def test_what_does_not_exist_is_not_found_in_pagerdutys_words(client: Client) -> None:
    for path in ("/incidents/QNONE", "/nothing"):
        assert (await body_of(await client.get(path), 404))["error"] == {"code": 2100, "message": "Not Found"}
