"""Every request of every verb, held to PagerDuty's public API description ("REST API v2", openapiv3.json).

``PAGES`` has what its pages say of a request, ``ROWS`` what is sent for each verb, byte for byte.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from oncall_tui.domain.action import (
    Acknowledge,
    Action,
    Escalate,
    Merge,
    Note,
    Reassign,
    Resolve,
    SetPriority,
    Snooze,
)
from oncall_tui.domain.alert import SourceKind
from oncall_tui.domain.pager import NewIncident
from oncall_tui.domain.verb import VERBS
from oncall_tui.sources.actors import ActOutcome
from tests.contract.pagerduty_reference import EMAIL, PAGES, fits, held_to_its_page
from tests.unit.sources.pagerduty_desk import ANA, Desk, held, resolved
from tests.unit.sources.pagerduty_server import NOW, Asked, acknowledged, serving, source_of


@dataclass(frozen=True)
class Request:
    """One request: the title of its page in the reference, and what it holds."""

    title: str
    path: str
    body: Any = None
    query: Mapping[str, str] | None = None


def manage(**fields: Any) -> Request:
    row = {"id": "P1", "type": "incident_reference", **fields}
    return Request("Manage incidents", "/incidents", {"incidents": [row]})


STATE = Request("Get an incident", "/incidents/P1")
FIRST_PAGE = {"limit": "100", "offset": "0"}
PRIORITIES = Request("List priorities", "/priorities", query=FIRST_PAGE)
ON_CALLS = {"escalation_policy_ids[]": "PPOL", "earliest": "true", "include[]": "users"} | FIRST_PAGE
POLICY = (
    Request("Get an escalation policy", "/escalation_policies/PPOL"),
    Request("List all of the on-calls", "/oncalls", query=ON_CALLS),
)
WHY = Request("Create a note on an incident", "/incidents/P1/notes", {"note": {"content": "why"}})

ROWS: Mapping[str, tuple[Action, Sequence[Request]]] = {
    "acknowledge": (Acknowledge(), [STATE, manage(status="acknowledged")]),
    "resolve": (Resolve(), [STATE, manage(status="resolved")]),
    "resolve with a resolution": (Resolve("why"), [STATE, manage(status="resolved", resolution="why"), WHY]),
    "priority": (
        SetPriority("p2"),
        [PRIORITIES, STATE, manage(priority={"id": "PPRIO2", "type": "priority_reference"})],
    ),
    "priority taken away": (
        SetPriority(""),
        [
            Request("Get an incident", "/incidents/PHAS"),
            Request(
                "Manage incidents",
                "/incidents",
                {"incidents": [{"id": "PHAS", "type": "incident_reference", "priority": None}]},
            ),
        ],
    ),
    "escalate": (Escalate(2), [STATE, *POLICY, manage(escalation_level=2)]),
    "reassign": (
        Reassign(("PBOB",)),
        [STATE, manage(assignments=[{"assignee": {"id": "PBOB", "type": "user_reference"}}])],
    ),
    "snooze": (
        Snooze(timedelta(hours=1)),
        [STATE, Request("Snooze an incident", "/incidents/P1/snooze", {"duration": 3600})],
    ),
    "note": (Note("why"), [WHY]),
    "merge": (
        Merge("PT"),
        [
            STATE,
            Request("Get an incident", "/incidents/PT"),
            Request(
                "Merge incidents",
                "/incidents/PT/merge",
                {"source_incidents": [{"id": "P1", "type": "incident_reference"}]},
            ),
        ],
    ),
}


def as_expected(asked: Asked) -> Request:
    query = dict(asked.query) or None
    return Request(held_to_its_page(asked), asked.path, asked.body, query)


def desk() -> Desk:
    made = Desk(services=["web"])
    made.add(held("P1", ANA), held("PT", ANA), held("PHAS", ANA, priority=made.priorities[0]))
    return made


def test_no_verb_is_forgotten() -> None:
    assert {action.verb for action, _ in ROWS.values()} == VERBS[SourceKind.PAGERDUTY]


@pytest.mark.parametrize("row", ROWS)
async def test_a_verb_sends_what_the_reference_asks_for_and_nothing_else(row: str) -> None:
    action, expected = ROWS[row]
    async with serving(desk()) as vendor, source_of(vendor, from_email=EMAIL) as source:
        (result,) = (await source.act(action, ["PHAS" if row.endswith("away") else "P1"])).values()
    assert result.outcome is ActOutcome.CONFIRMED, result.reason
    assert [as_expected(one) for one in vendor.requests] == expected


async def test_the_owner_of_a_user_token_stands_in_from() -> None:
    async with serving(desk()) as vendor, source_of(vendor) as source:
        await source.act(Note("why"), ["P1"])
    (made,) = (one for one in vendor.requests if one.method == "POST")
    assert made.headers["From"] == ANA["email"]


async def test_a_bulk_is_one_list_and_one_change() -> None:
    ids = [f"Q{n}" for n in range(90)]
    vendor = desk()
    vendor.add(*(held(one, ANA) for one in ids))
    async with serving(vendor), source_of(vendor, from_email=EMAIL, teams=("PTEAM",)) as source:
        await source.act(Resolve(), ids)
    assert [held_to_its_page(one) for one in vendor.requests] == ["List incidents", "Manage incidents"]


async def test_what_is_looked_for_and_asked_is_in_the_reference_too() -> None:
    async with serving(desk()) as vendor, source_of(vendor, from_email=EMAIL) as source:
        await source.act(Note("why"), ["P1"], NOW)
        await source.people("ana")
        await source.priorities()
        await source.pageable_services()
        await source.escalation_of("P1")
        await source.create(NewIncident("t", "PSERV", "key-1", "high", "P1", "details"), NOW)
        titles = {held_to_its_page(one) for one in vendor.requests}
        await source.act(Acknowledge(), ["P1"])
    assert titles == {
        "Create a note on an incident",
        "Create an Incident",
        "Get an escalation policy",
        "Get an incident",
        "List all of the on-calls",
        "List incidents",
        "List notes for an incident",
        "List priorities",
        "List services",
        "List users",
    }


async def test_what_a_poll_and_the_past_ask_for_is_in_the_reference() -> None:
    vendor = desk()
    vendor.add(acknowledged("PACK"), resolved("POLD", incident_key="key-P1", created_at="2026-11-03T00:00:00Z"))
    async with serving(vendor), source_of(vendor, from_email=EMAIL) as source:
        report = await source.poll()
        await source.history_of("P1", ["other-key"])
        await source.history_of("PT")
        await source.pages_since(NOW - timedelta(days=2))
    assert report.records is not None and report.records.warnings == ()
    assert {held_to_its_page(one) for one in vendor.requests} == {
        "Get an incident",
        "Get the current user",
        "List Change Events",
        "List alerts for an incident",
        "List all of the on-calls",
        "List escalation policies",
        "List incidents",
        "List log entries",
        "List notes for an incident",
    }


@pytest.mark.parametrize(
    ("body", "page"),
    [
        ({"incidents": []}, "Manage incidents"),
        ({"incidents": [{"id": "P1", "type": "incident_reference", "status": "triggered"}]}, "Manage incidents"),
        ({"incidents": [{"id": "P1", "type": "incident_reference", "level": 1}]}, "Manage incidents"),
        ({"duration": 604_801}, "Snooze an incident"),
        ({"duration": True}, "Snooze an incident"),
        ({"incident": {"type": "incident_reference"}}, "Create an Incident"),
    ],
)
def test_the_table_tells_a_wrong_body(body: Any, page: str) -> None:
    assert not fits(body, PAGES[page].body)
