"""Every request that Sentry's web API is sent to change an issue, held against docs.sentry.io."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx
import pytest
import respx

from oncall_tui.config.model import SentrySettings
from oncall_tui.domain.action import Action, Archive, Assign, Resolve
from oncall_tui.domain.ids import SourceName
from oncall_tui.domain.severity import SeverityMap
from oncall_tui.sources.actors import ActOutcome
from oncall_tui.sources.sentry import Sentry
from tests.contract.kinds import TOKEN, KnownToken
from tests.contract.vendor_server import NOW

URL = "https://tools.example.com/sentry"
ISSUES = "/sentry/api/0/organizations/acme/issues/"
BULK = "Bulk Mutate an Organization's Issues"
STATE = {"status": "unresolved", "statusDetails": {}, "assignedTo": None, "project": {"id": "7", "slug": "api"}}
ANA = {"type": "user", "id": "3", "name": "Ana", "email": "ana@example.com"}


@dataclass(frozen=True)
class Row:
    """One action on one issue: the pages of the reference that its requests are on, and what is sent."""

    action: Action
    body: Mapping[str, Any]
    answer: Mapping[str, Any]
    reads: Sequence[str] = (f"{ISSUES}4711/",)
    """What is read before: "Retrieve an Issue"."""
    team: Mapping[str, Any] = field(default_factory=lambda: {"id": "5", "slug": "platform"})

    def __str__(self) -> str:
        return f"{BULK}: {json.dumps(self.body)}"


ROWS = (
    Row(Resolve(), {"status": "resolved"}, {"status": "resolved", "statusDetails": {}}),
    Row(Resolve("rolled back"), {"status": "resolved"}, {"status": "resolved"}),
    Row(
        Resolve(in_next_release=True),
        {"status": "resolvedInNextRelease"},
        {"status": "resolved", "statusDetails": {"inNextRelease": True}},
    ),
    Row(
        Archive(),
        {"status": "ignored", "substatus": "archived_until_escalating"},
        {"status": "ignored", "statusDetails": {"ignoreUntilEscalating": True}},
    ),
    Row(
        Archive(timedelta(minutes=29, seconds=1)),
        {
            "status": "ignored",
            "statusDetails": {"ignoreDuration": 30},
            "substatus": "archived_until_condition_met",
        },
        {"status": "ignored", "statusDetails": {"ignoreUntil": "2026-11-21T03:30:00Z"}},
    ),
    Row(Assign(" ana@example.com "), {"assignedTo": "ana@example.com"}, {"assignedTo": ANA}),
    Row(Assign("ana"), {"assignedTo": "ana"}, {"assignedTo": ANA}),
    Row(Assign("user:3"), {"assignedTo": "user:3"}, {"assignedTo": ANA}),
    Row(Assign("team:9"), {"assignedTo": "team:9"}, {"assignedTo": {"type": "team", "id": "9", "name": "data"}}),
    Row(
        Assign("team:platform"),
        {"assignedTo": "team:5"},
        {"assignedTo": {"type": "team", "id": "5", "name": "platform"}},
        reads=("/sentry/api/0/teams/acme/platform/", f"{ISSUES}4711/"),
    ),
)


@pytest.mark.parametrize("row", ROWS, ids=str)
@respx.mock
async def test_a_request_is_what_the_reference_asks_for(row: Row) -> None:
    respx.get(path=f"{ISSUES}4711/").respond(json={"id": "4711", **STATE})
    respx.get(path="/sentry/api/0/teams/acme/platform/").respond(json=row.team)
    respx.put(path=ISSUES).respond(json=row.answer)
    source = Sentry(
        SourceName("sentry"),
        SentrySettings(url=URL, organization="acme", projects=("web",), environments=("production",)),
        token=KnownToken(),
        headers={"X-Proxy": "yes"},
        severities=SeverityMap(),
        clock=lambda: NOW,
    )
    results = await source.act(row.action, ["4711"])
    spent = source.spending.sent
    await source.close()
    assert results["4711"].outcome is ActOutcome.CONFIRMED, results
    *before, sent = [call.request for call in respx.calls]
    assert [(one.method, one.url.path) for one in before] == [("GET", path) for path in row.reads]
    assert (sent.method, sent.url.path, sent.url.host) == ("PUT", ISSUES, "tools.example.com")
    assert sent.url.params.multi_items() == [("id", "4711"), ("project", "7"), ("query", "timesSeen:<0")]
    assert sent.headers["Authorization"] == f"Bearer {TOKEN}"
    assert sent.headers["X-Proxy"] == "yes"
    assert sent.headers["Content-Type"] == "application/json"
    assert json.loads(sent.content) == row.body
    assert spent == len(row.reads) + 1


@respx.mock
async def test_nobody_has_it_afterwards_when_it_is_assigned_to_nobody() -> None:
    respx.get(path=f"{ISSUES}4711/").respond(json={"id": "4711", **STATE, "assignedTo": ANA})
    put = respx.put(path=ISSUES).mock(return_value=httpx.Response(200, json={"assignedTo": None}))
    source = Sentry(
        SourceName("sentry"),
        SentrySettings(url=URL, organization="acme"),
        token=KnownToken(),
        headers={},
        severities=SeverityMap(),
        clock=lambda: NOW,
    )
    results = await source.act(Assign(""), ["4711"])
    await source.close()
    assert results["4711"].outcome is ActOutcome.CONFIRMED
    assert json.loads(put.calls.last.request.content) == {"assignedTo": ""}
