"""What people do to incidents beside acknowledging them, as PagerDuty's REST API v2 answers it."""

from __future__ import annotations

from typing import Any

import pytest

from oncall_tui.simulator.catalogue import BY_NAME, DEMO_USER, PEOPLE
from oncall_tui.simulator.pagerduty import PagerDuty
from oncall_tui.simulator.pagerduty.model import Incident, Note

from .hand_clock import HandClock
from .test_pagerduty_sim import Client, body_of, client, clock, core, event

__all__ = ["client", "clock", "core"]


def rows(incident: Incident, **fields: Any) -> dict[str, Any]:
    return {"incidents": [{"id": incident.id, "type": "incident_reference", **fields}]}


def new(**fields: Any) -> dict[str, Any]:
    service = {"id": BY_NAME["api"].pagerduty_id, "type": "service_reference"}
    return {"incident": {"type": "incident", "title": "It burns", "service": service, **fields}}


async def test_a_level_is_paged_by_the_policy_and_a_person_by_hand(core: PagerDuty, client: Client) -> None:
    incident = core.open_incident("t", BY_NAME["api"], priority=None)
    (told,) = (await body_of(await client.put("/incidents", json=rows(incident, escalation_level=2)), 200))["incidents"]
    assert [one["assignee"]["id"] for one in told["assignments"]] == [PEOPLE[1].id]
    assert told["assigned_via"] == "escalation_policy"
    assignments = [{"assignee": {"id": PEOPLE[3].id, "type": "user_reference"}}]
    body = await body_of(await client.put("/incidents", json=rows(incident, assignments=assignments)), 200)
    assert body["incidents"][0]["assigned_via"] == "direct_assignment"
    assert [entry.kind for entry in incident.log] == ["escalate", "assign"]


@pytest.mark.parametrize(
    "fields",
    [
        {"escalation_level": 4},
        {"escalation_level": 0},
        {"escalation_level": "2"},
        {"assignments": [{"assignee": {"id": "PNOBODY"}}]},
        {"assignments": "PANA"},
        {"priority": {"id": "PNONE", "type": "priority_reference"}},
    ],
)
async def test_what_does_not_exist_changes_nothing(core: PagerDuty, client: Client, fields: dict[str, Any]) -> None:
    good, bad = (core.open_incident("t", BY_NAME["api"], priority=None) for _ in range(2))
    body = {"incidents": rows(good, status="resolved")["incidents"] + rows(bad, **fields)["incidents"]}
    refused = await body_of(await client.put("/incidents", json=body), 400)
    assert refused["error"]["code"] == 2001 and refused["error"]["errors"]
    assert good.status == "triggered"


async def test_assigning_what_is_resolved_opens_it_again(core: PagerDuty, client: Client) -> None:
    core.enqueue(event())
    (incident,) = core.incidents.values()
    core.resolve(incident, DEMO_USER)
    body = await body_of(await client.put("/incidents", json=rows(incident, escalation_level=1)), 200)
    assert (body["incidents"][0]["status"], body["incidents"][0]["alert_counts"]["triggered"]) == ("triggered", 1)


async def test_a_resolution_is_kept_in_the_log_alone(core: PagerDuty, client: Client) -> None:
    incident = core.open_incident("t", BY_NAME["api"], priority=None)
    body = rows(incident, status="resolved", resolution="rolled back")
    (told,) = (await body_of(await client.put("/incidents", json=body), 200))["incidents"]
    assert "rolled back" not in str(told)
    assert (await body_of(await client.get(f"/incidents/{incident.id}/notes"), 200))["notes"] == []
    query = {"include[]": "channels"}
    log = (await body_of(await client.get(f"/incidents/{incident.id}/log_entries", params=query), 200))["log_entries"]
    assert (log[0]["type"], log[0]["channel"]["resolution"]) == ("resolve_log_entry", "rolled back")


async def test_a_priority_is_taken_away_and_an_account_may_have_none(core: PagerDuty, client: Client) -> None:
    incident = core.open_incident("t", BY_NAME["api"], priority="P2")
    (told,) = (await body_of(await client.put("/incidents", json=rows(incident, priority=None)), 200))["incidents"]
    assert told["priority"] is None
    listed = (await body_of(await client.get("/priorities"), 200))["priorities"]
    assert [one["name"] for one in listed] == ["P1", "P2", "P3", "P4", "P5"]
    core.directory.has_priorities = False
    assert (await body_of(await client.get("/priorities"), 200))["priorities"] == []


async def test_a_merge_moves_alerts_and_resolves_the_sources(core: PagerDuty, client: Client) -> None:
    for key in ("k1", "k2", "k3"):
        core.enqueue(event(key=key))
    target, one, two = core.incidents.values()
    body = {"source_incidents": [{"id": source.id, "type": "incident_reference"} for source in (one, two)]}
    merged = await body_of(await client.put(f"/incidents/{target.id}/merge", json=body), 200)
    assert (merged["incident"]["id"], merged["incident"]["type"]) == (target.id, "incident_reference")
    alerts = (await body_of(await client.get(f"/incidents/{target.id}/alerts"), 200))["alerts"]
    assert [alert["alert_key"] for alert in alerts] == ["k1", "k2", "k3"]
    source = (await body_of(await client.get(f"/incidents/{one.id}"), 200))["incident"]
    assert (source["status"], source["resolve_reason"]["type"]) == ("resolved", "merge_resolve_reason")
    assert source["resolve_reason"]["incident"]["id"] == target.id


async def test_a_merge_of_what_is_over_unknown_or_too_large_is_refused(core: PagerDuty, client: Client) -> None:
    for key in ("k1", "k2"):
        core.enqueue(event(key=key))
    target, source = core.incidents.values()

    async def refused(into: str, *ids: str, status: int = 400) -> str:
        body = {"source_incidents": [{"id": one, "type": "incident_reference"} for one in ids]}
        answer = await body_of(await client.put(f"/incidents/{into}/merge", json=body), status)
        return " ".join(answer["error"].get("errors", []))

    assert "empty" in await refused(target.id)
    assert "others than the target" in await refused(target.id, target.id)
    await refused(target.id, "QNONE", status=404)
    await refused("QNONE", source.id, status=404)
    target.alerts *= 1_000
    assert "1000 alerts" in await refused(target.id, source.id)
    core.resolve(target, DEMO_USER)
    assert "must be open" in await refused(target.id, source.id)
    assert source.status == "triggered"
    await body_of(await client.put(f"/incidents/{source.id}/merge", json={"source_incidents": [7]}), 400)


async def test_an_incident_is_declared_once(core: PagerDuty, client: Client) -> None:
    fields = {
        "incident_key": "mine-1",
        "urgency": "low",
        "priority": {"id": "PPRIO02", "type": "priority_reference"},
        "body": {"type": "incident_body", "details": "the disk is full"},
    }
    told = (await body_of(await client.post("/incidents", json=new(**fields)), 201))["incident"]
    assert (told["title"], told["status"], told["urgency"]) == ("It burns", "triggered", "low")
    assert (told["incident_key"], told["priority"]["name"]) == ("mine-1", "P2")
    assert core.incidents[told["id"]].details == "the disk is full"
    again = await body_of(await client.post("/incidents", json=new(**fields)), 400)
    assert "already exists" in again["error"]["errors"][0]
    listed = (await body_of(await client.get("/incidents", params={"incident_key": "mine-1"}), 200))["incidents"]
    assert [one["id"] for one in listed] == [told["id"]]
    core.resolve(core.incidents[told["id"]], DEMO_USER)
    await body_of(await client.post("/incidents", json=new(**fields)), 201)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"incident": {"title": "no type"}},
        [],
        new(title=" "),
        new(service={"id": "PNONE", "type": "service_reference"}),
        new(service=None),
        new(urgency="severe"),
        new(priority={"id": "PNONE"}),
        new(body={"details": "no type"}),
    ],
)
async def test_an_incident_that_makes_no_sense_is_refused(core: PagerDuty, client: Client, body: Any) -> None:
    assert (await body_of(await client.post("/incidents", json=body), 400))["error"]["code"] == 2001
    assert core.incidents == {}


async def test_every_change_needs_a_known_user(core: PagerDuty, client: Client) -> None:
    incident = core.open_incident("t", BY_NAME["api"], priority=None)
    path = f"/incidents/{incident.id}"
    for method, where in (
        ("POST", "/incidents"),
        ("PUT", "/incidents"),
        ("PUT", path),
        ("PUT", f"{path}/merge"),
        ("POST", f"{path}/snooze"),
        ("POST", f"{path}/notes"),
    ):
        answer = await client.request(method, where, json={}, headers={"From": "nobody@rewapp.example"})
        assert (await body_of(answer, 400))["error"]["message"] == "Requester User Not Found", where


async def test_notes_end_at_two_thousand(core: PagerDuty, client: Client) -> None:
    incident = core.open_incident("t", BY_NAME["api"], priority=None)
    incident.notes = [Note(f"P{number}", 0.0, DEMO_USER, "n") for number in range(2_000)]
    answer = await client.post(f"/incidents/{incident.id}/notes", json={"note": {"content": "one more"}})
    assert "2000 notes" in (await body_of(answer, 400))["error"]["errors"][0]


async def test_whoever_picks_somebody_finds_them(core: PagerDuty, client: Client, clock: HandClock) -> None:
    listed = (await body_of(await client.get("/users", params={"query": "INES.caron"}), 200))["users"]
    assert [one["id"] for one in listed] == [PEOPLE[2].id]
    policy = (await body_of(await client.get("/escalation_policies/PPOLICY"), 200))["escalation_policy"]
    assert [rule["targets"][0]["id"] for rule in policy["escalation_rules"]] == [one.id for one in PEOPLE[:3]]
    await body_of(await client.get("/escalation_policies/PNONE"), 404)
    params = {"escalation_policy_ids[]": "PNONE"}
    assert (await body_of(await client.get("/oncalls", params=params), 200))["oncalls"] == []
    params = {"escalation_policy_ids[]": "PPOLICY", "earliest": "true"}
    on_call = (await body_of(await client.get("/oncalls", params=params), 200))["oncalls"]
    assert [(one["escalation_level"], one["user"]["id"]) for one in on_call] == [
        (level, core.directory.level(level)[0].id) for level in (1, 2, 3)
    ]
