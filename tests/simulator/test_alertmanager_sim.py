"""Alertmanager's API v2, and what its PagerDuty receiver sends."""

from __future__ import annotations

import random
import uuid
from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from oncall_tui.simulator.alertmanager import Alertmanager, alertmanager_app, fingerprint
from oncall_tui.simulator.alertmanager.matchers import Matcher
from oncall_tui.simulator.catalogue import BY_NAME
from oncall_tui.simulator.times import alertmanager_time

from .hand_clock import START, HandClock

Client = TestClient[web.Request, web.Application]
TOKEN = "secret"
PAGE = {"alertname": "HighErrorRate", "service": "api", "severity": "page"}


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def events() -> list[Mapping[str, Any]]:
    return []


@pytest.fixture
def core(clock: HandClock, events: list[Mapping[str, Any]]) -> Alertmanager:
    return Alertmanager(clock, random.Random(1), events.append, "http://alertmanager.example")


@pytest.fixture
async def client(core: Alertmanager) -> AsyncIterator[Client]:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with TestClient(TestServer(alertmanager_app(core, TOKEN)), headers=headers) as client:
        yield client


async def fetched(client: Client, path: str, **query: str) -> Any:
    response = await client.get(path, params=query)
    assert response.status == 200, await response.text()
    return await response.json()


def silence_body(**changes: Any) -> dict[str, Any]:
    return {
        "matchers": [{"name": "alertname", "value": "High.*", "isRegex": True, "isEqual": True}],
        "startsAt": alertmanager_time(START),
        "endsAt": alertmanager_time(START + 3600),
        "createdBy": "camille",
        "comment": "deploying",
        **changes,
    }


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        ({}, 14695981039346656037),
        ({"name": "garland, briggs", "fear": "love is not enough"}, 5799056148416392346),
    ],
)
def test_fingerprints_are_those_of_prometheus(labels: dict[str, str], expected: int) -> None:
    assert fingerprint(labels) == f"{expected:016x}"


async def test_a_wrong_token_is_refused_but_health_is_open(client: Client) -> None:
    assert (await client.get("/api/v2/alerts", headers={"Authorization": "Bearer no"})).status == 401
    for path in ("/-/healthy", "/-/ready"):
        assert (await client.get(path, headers={"Authorization": ""})).status == 200


async def test_a_posted_alert_is_listed_with_its_status(client: Client) -> None:
    body = [{"labels": PAGE, "annotations": {"summary": "[api] 5xx"}, "generatorURL": "http://p/graph"}]
    assert (await client.post("/api/v2/alerts", json=body)).status == 200
    (alert,) = await fetched(client, "/api/v2/alerts")
    assert alert == {
        "annotations": {"summary": "[api] 5xx"},
        "endsAt": alertmanager_time(START + 300),
        "fingerprint": fingerprint(PAGE),
        "generatorURL": "http://p/graph",
        "labels": PAGE,
        "receivers": [{"name": "pagerduty"}],
        "startsAt": alertmanager_time(START),
        "status": {"inhibitedBy": [], "mutedBy": [], "silencedBy": [], "state": "active"},
        "updatedAt": alertmanager_time(START),
    }


@pytest.mark.parametrize(
    ("body", "status"),
    [({}, 400), ([{"labels": {}}], 400), ([{"annotations": {}}], 422), ([{"labels": PAGE, "startsAt": "soon"}], 400)],
)
async def test_a_malformed_alert_is_refused_with_a_reason(client: Client, body: Any, status: int) -> None:
    response = await client.post("/api/v2/alerts", json=body)
    assert response.status == status
    reason = await response.json()
    assert isinstance(reason, str) if status == 400 else reason["code"] == 602


async def test_an_alert_that_ended_is_gone(client: Client, core: Alertmanager, clock: HandClock) -> None:
    core.receive(PAGE, {})
    core.receive(PAGE, {}, ends_at=clock.now)
    assert await fetched(client, "/api/v2/alerts") == []
    core.receive(PAGE, {})
    clock.now += 301
    assert await fetched(client, "/api/v2/alerts") == []


async def test_filters_and_flags_narrow_the_list(client: Client, core: Alertmanager) -> None:
    core.receive(PAGE, {})
    core.receive({"alertname": "Slow", "service": "api", "severity": "critical"}, {})
    core.receive({"alertname": "Slow", "service": "api", "severity": "warning"}, {})
    core.silences.add([Matcher("alertname", "HighErrorRate")], START, START + 60, "ops", "")

    async def names(**query: str) -> list[tuple[str, str]]:
        rows = await fetched(client, "/api/v2/alerts", **query)
        return sorted((row["labels"]["alertname"], row["labels"]["severity"]) for row in rows)

    assert len(await names()) == 3
    assert await names(filter='alertname="Slow"') == [("Slow", "critical"), ("Slow", "warning")]
    assert await names(filter='severity=~"page|crit.*"', silenced="false") == [("Slow", "critical")]
    assert await names(inhibited="false", silenced="false") == [("Slow", "critical")]
    assert await names(active="false") == [("HighErrorRate", "page"), ("Slow", "warning")]
    assert await names(receiver="slack.*") == [("Slow", "warning")]
    assert (await client.get("/api/v2/alerts", params={"filter": "{{"})).status == 400
    assert await names(active="maybe") == await names(active="false")


@pytest.mark.parametrize("value", ['"', "\\", "\\n", "\n", " blank ", "é 💥", "a,b={}"])
async def test_a_filter_may_hold_anything_in_quotes(client: Client, core: Alertmanager, value: str) -> None:
    core.receive({"alertname": "Odd", "name ö": value}, {})
    core.receive({"alertname": "Odd"}, {})
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    (row,) = await fetched(client, "/api/v2/alerts", filter=f'"name ö"="{escaped}"')
    assert row["labels"]["name ö"] == value


async def test_a_critical_alert_inhibits_the_warning_of_the_same_name(client: Client, core: Alertmanager) -> None:
    critical = core.receive({"alertname": "Slow", "service": "api", "severity": "critical"}, {})
    core.receive({"alertname": "Slow", "service": "api", "severity": "warning"}, {})
    core.receive({"alertname": "Slow", "service": "auth", "severity": "warning"}, {})
    rows = await fetched(client, "/api/v2/alerts", filter='severity="warning"')
    inhibited = {row["labels"]["service"]: row["status"]["inhibitedBy"] for row in rows}
    assert inhibited == {"api": [critical.fingerprint], "auth": []}


async def test_groups_hold_the_alerts_of_one_notification(client: Client, core: Alertmanager) -> None:
    core.receive({**PAGE, "instance": "a"}, {})
    core.receive({**PAGE, "instance": "b"}, {})
    core.receive({**PAGE, "service": "auth"}, {})
    groups = await fetched(client, "/api/v2/alerts/groups")
    assert [(group["labels"]["service"], len(group["alerts"])) for group in groups] == [("api", 2), ("auth", 1)]
    assert groups[0]["receiver"] == {"name": "pagerduty"}


async def test_a_silence_lives_and_is_expired(client: Client, core: Alertmanager, clock: HandClock) -> None:
    core.receive(PAGE, {})
    answer = await (await client.post("/api/v2/silences", json=silence_body())).json()
    (silence,) = await fetched(client, "/api/v2/silences")
    assert answer == {"silenceID": silence["id"]}
    assert silence["status"] == {"state": "active"}
    assert silence["matchers"] == silence_body()["matchers"]
    (alert,) = await fetched(client, "/api/v2/alerts")
    assert (alert["status"]["state"], alert["status"]["silencedBy"]) == ("suppressed", [silence["id"]])
    clock.now += 1
    assert (await client.delete(f"/api/v2/silence/{silence['id']}")).status == 200
    assert (await fetched(client, f"/api/v2/silence/{silence['id']}"))["status"] == {"state": "expired"}
    (alert,) = await fetched(client, "/api/v2/alerts")
    assert alert["status"]["state"] == "active"
    assert (await client.delete(f"/api/v2/silence/{silence['id']}")).status == 200
    assert (await client.get(f"/api/v2/silence/{uuid.UUID(int=0)}")).status == 404
    assert (await client.delete(f"/api/v2/silence/{uuid.UUID(int=0)}")).status == 404
    assert (await client.delete("/api/v2/silence/unknown")).status == 422


async def test_a_silence_is_extended_in_place_but_replaced_when_it_matches_else(client: Client) -> None:
    first = (await (await client.post("/api/v2/silences", json=silence_body())).json())["silenceID"]
    longer = silence_body(id=first, endsAt=alertmanager_time(START + 7200))
    assert (await (await client.post("/api/v2/silences", json=longer)).json())["silenceID"] == first
    other = silence_body(id=first, matchers=[{"name": "service", "value": "api", "isRegex": False}])
    assert (await (await client.post("/api/v2/silences", json=other)).json())["silenceID"] != first
    states = [row["status"]["state"] for row in await fetched(client, "/api/v2/silences")]
    assert states == ["active", "expired"]
    assert len(await fetched(client, "/api/v2/silences", filter='service="api"')) == 1
    assert (await client.post("/api/v2/silences", json=silence_body(id="unknown"))).status == 404


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"matchers": []}, 422),
        ({"matchers": [{"name": "service", "value": ".*", "isRegex": True}]}, 400),
        ({"matchers": [{"name": "service", "value": "(", "isRegex": True}]}, 400),
        ({"endsAt": alertmanager_time(START - 1)}, 400),
        ({"comment": None}, 422),
    ],
)
async def test_a_silence_that_makes_no_sense_is_refused(client: Client, changes: dict[str, Any], status: int) -> None:
    assert (await client.post("/api/v2/silences", json=silence_body(**changes))).status == status


async def test_the_status_tells_version_and_configuration(client: Client) -> None:
    status = await fetched(client, "/api/v2/status")
    assert status["cluster"]["status"] == "disabled"
    assert "group_by: [alertname, service]" in status["config"]["original"]
    assert status["versionInfo"]["version"]


def test_a_group_is_notified_once_updated_and_resolved(
    core: Alertmanager, clock: HandClock, events: list[Mapping[str, Any]]
) -> None:
    core.receive({**PAGE, "instance": "a"}, {"summary": "s"}, generator_url="http://p/g")
    core.flush()
    assert events == [], "the group waits for company"
    clock.now += 2
    core.flush()
    core.flush()
    (trigger,) = events
    assert trigger["event_action"] == "trigger"
    assert trigger["routing_key"] == BY_NAME["api"].routing_key
    assert trigger["payload"]["custom_details"]["firing"] == (
        "Labels:\n - alertname = HighErrorRate\n - instance = a\n - service = api\n - severity = page\n"
        "Annotations:\n - summary = s\nSource: http://p/g\n"
    )
    core.receive({**PAGE, "instance": "b"}, {})
    clock.now += 6
    core.flush()
    assert events[1]["payload"]["summary"] == "[FIRING:2] HighErrorRate api (page)"
    for instance in "ab":
        core.receive({**PAGE, "instance": instance}, {}, ends_at=clock.now)
    clock.now += 6
    core.flush()
    assert events[2]["event_action"] == "resolve"
    assert events[2]["payload"]["custom_details"]["num_resolved"] == "2"
    assert {event["dedup_key"] for event in events} == {trigger["dedup_key"]}


def test_what_is_silenced_or_not_routed_to_pagerduty_does_not_page(
    core: Alertmanager, clock: HandClock, events: list[Mapping[str, Any]]
) -> None:
    core.silences.add([Matcher("service", "api")], START, START + 60, "ops", "")
    core.receive(PAGE, {})
    core.receive({"alertname": "RedisMemoryHigh", "service": "redis-cache", "severity": "warning"}, {})
    clock.now += 10
    core.flush()
    assert events == []
    clock.now += 60
    core.flush()
    assert [event["payload"]["summary"] for event in events] == ["[FIRING:1] HighErrorRate api (page)"]
