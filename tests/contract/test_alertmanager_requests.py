"""Every request that Alertmanager's API v2 is sent for silences, held against its public description (openapi.yaml)."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx
import pytest
import respx

from oncall_tui.config.model import AlertmanagerSettings
from oncall_tui.domain.ids import SourceName
from oncall_tui.domain.severity import SeverityMap
from oncall_tui.domain.silence import Matcher, Silence
from oncall_tui.sources.alertmanager import Alertmanager
from tests.contract.kinds import TOKEN, KnownToken
from tests.contract.vendor_server import NOW

URL = "https://am.example.com/prefix"
ID = "e2b9d387-c68f-4233-939f-7eac14bae592"
SILENCES: Mapping[str, Any] = {"GET /api/v2/silences": [], "POST /api/v2/silences": {"silenceID": ID}}
STANDING = {
    "id": ID,
    "status": {"state": "active"},
    "updatedAt": "2026-11-21T02:00:00.000Z",
    "comment": "known",
    "createdBy": "jo",
    "startsAt": "2026-11-21T02:00:00.123Z",
    "endsAt": "2026-11-21T04:00:00.000Z",
    "matchers": [{"name": "team", "value": "data", "isRegex": False, "isEqual": True}],
}
WANTED = Silence(
    (Matcher("team", "data"), Matcher("env", "dev|test", is_regex=True, is_equal=False)),
    NOW,
    NOW + timedelta(hours=2, microseconds=417_999),
    'see "OPS-7"\nand ask é',
    "jo@example.com",
)


@dataclass(frozen=True)
class Row:
    """One verb: the operation of the description, what is sent for it last, and what was answered before."""

    operation: str
    call: Callable[[Alertmanager], Awaitable[object]]
    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    body: Any = None
    answers: Mapping[str, Any] = field(default_factory=lambda: SILENCES)
    reads: tuple[str, ...] = ()
    """What is read before, in order."""


ROWS = (
    Row("getSilences", lambda one: one.silences(), "GET", "/api/v2/silences"),
    Row(
        "getAlerts",
        lambda one: one.covered_by([Matcher("a", 'x"\\\n&é'), Matcher("b-c", ".+", True, False)]),
        "GET",
        "/api/v2/alerts",
        (
            ("active", "true"),
            ("silenced", "true"),
            ("inhibited", "true"),
            ("filter", 'a="x\\"\\\\\\n&é"'),
            ("filter", '"b-c"!~".+"'),
        ),
        answers={"GET /api/v2/alerts": []},
    ),
    Row(
        "postSilences: a new one",
        lambda one: one.silence(WANTED),
        "POST",
        "/api/v2/silences",
        body={
            "matchers": [
                {"name": "team", "value": "data", "isRegex": False, "isEqual": True},
                {"name": "env", "value": "dev|test", "isRegex": True, "isEqual": False},
            ],
            "startsAt": "2026-11-21T03:00:00.000Z",
            "endsAt": "2026-11-21T05:00:00.417Z",
            "createdBy": "jo@example.com",
            "comment": 'see "OPS-7"\nand ask é',
        },
        reads=("GET /api/v2/silences",),
    ),
    Row(
        "postSilences: in the place of another",
        lambda one: one.silence(
            Silence(
                (Matcher("team", "data"),),
                NOW.replace(hour=2, microsecond=123_000),
                NOW + timedelta(hours=3),
                "known",
                "kim",
                ID,
            )
        ),
        "POST",
        "/api/v2/silences",
        body={
            "id": ID,
            "matchers": STANDING["matchers"],
            "startsAt": "2026-11-21T02:00:00.123Z",
            "endsAt": "2026-11-21T06:00:00.000Z",
            "createdBy": "kim",
            "comment": "known",
        },
        answers={**SILENCES, "GET /api/v2/silences": [STANDING]},
        reads=("GET /api/v2/silences",),
    ),
    Row(
        "deleteSilence",
        lambda one: one.expire(ID),
        "DELETE",
        f"/api/v2/silence/{ID}",
        answers={f"GET /api/v2/silence/{ID}": STANDING, f"DELETE /api/v2/silence/{ID}": None},
        reads=(f"GET /api/v2/silence/{ID}",),
    ),
)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.operation)
@respx.mock
async def test_a_request_is_what_the_description_asks_for(row: Row) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        told = row.answers[f"{request.method} {request.url.path.removeprefix('/prefix')}"]
        return httpx.Response(200, json=told) if told is not None else httpx.Response(200)

    route = respx.route().mock(side_effect=answer)
    source = Alertmanager(
        SourceName("am"),
        AlertmanagerSettings(url=f"{URL}/", filters=('hidden="yes"',), receiver="nobody"),
        token=KnownToken(),
        headers={"X-Scope-OrgID": "acme"},
        severities=SeverityMap(),
        clock=lambda: NOW,
    )
    await row.call(source)
    spent = source.spending.sent
    await source.close()
    *before, sent = [call.request for call in route.calls]
    assert tuple(f"{one.method} {one.url.path.removeprefix('/prefix')}" for one in before) == row.reads
    assert (sent.method, sent.url.path, sent.url.host) == (row.method, f"/prefix{row.path}", "am.example.com")
    assert tuple(sent.url.params.multi_items()) == row.query
    assert sent.headers["Authorization"] == f"Bearer {TOKEN}"
    assert sent.headers["X-Scope-OrgID"] == "acme"
    assert sent.headers["Accept"] == "application/json"
    assert sent.headers.get("Content-Type") == (None if row.body is None else "application/json")
    assert (json.loads(sent.content) if sent.content else None) == row.body
    assert spent == len(row.reads) + 1
