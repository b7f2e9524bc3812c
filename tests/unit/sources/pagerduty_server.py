"""A PagerDuty in the small: real HTTP on loopback, because nothing intercepts the vendor's own client.

It keeps what it is asked (``requests``), takes faults per path, and pages, filters and acknowledges as the API
reference says. It shares no code with the client.
"""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from aiohttp import web
from aiohttp.test_utils import TestServer
from multidict import MultiMapping

from oncall_tui.config.model import PagerDutySettings
from oncall_tui.domain.ids import SourceName
from oncall_tui.domain.severity import SeverityMap
from oncall_tui.sources.pagerduty import PagerDuty
from oncall_tui.sources.retry import NO_RETRY, Retry

TOKEN = "u+SECRETtoken4711"
NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
Fault = Callable[[web.Request], web.StreamResponse | None]


class Secret:
    """A token as ``config.secrets`` hands it over."""

    def __init__(self, text: str = TOKEN) -> None:
        self._text = text

    def reveal(self) -> str:
        return self._text


class HandClock:
    """A clock that a test moves."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass
class Asked:
    """One request that arrived."""

    method: str
    path: str
    query: MultiMapping[str]
    headers: Mapping[str, str]
    body: Any


def incident(vendor_id: str, **changes: Any) -> dict[str, Any]:
    """An open incident as "List incidents" gives it."""
    return {
        "id": vendor_id,
        "type": "incident",
        "incident_number": 1234,
        "title": f"Trouble {vendor_id}",
        "created_at": "2026-11-20T02:30:00Z",
        "last_status_change_at": "2026-11-20T02:30:00Z",
        "status": "triggered",
        "urgency": "high",
        "priority": None,
        "incident_key": f"key-{vendor_id}",
        "html_url": f"https://acme.pagerduty.com/incidents/{vendor_id}",
        "service": {"id": "PSERV", "type": "service_reference", "summary": "Checkout"},
        "assignments": [],
        "acknowledgements": [],
        "alert_counts": {"all": 1, "triggered": 1, "resolved": 0},
    } | changes


def acknowledged(vendor_id: str, who: str = "Bob Jones", **changes: Any) -> dict[str, Any]:
    """An incident that somebody looks at."""
    given = {"at": "2026-11-20T02:40:00Z", "acknowledger": {"id": "PBOB", "type": "user_reference", "summary": who}}
    return incident(vendor_id, status="acknowledged", acknowledgements=[given], **changes)


@dataclass
class FakePagerDuty:
    """The state of the account, and what happened to it."""

    incidents: dict[str, dict[str, Any]] = field(default_factory=dict)
    alerts: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    oncalls: list[dict[str, Any]] = field(default_factory=list)
    entries: list[dict[str, Any]] = field(default_factory=list)
    """The log of the account."""
    change_events: list[dict[str, Any]] = field(default_factory=list)
    policies: dict[str, list[str]] = field(default_factory=dict)
    """Ids of escalation policies by team."""
    full_policies: list[dict[str, Any]] = field(default_factory=list)
    """What "List escalation policies" gives instead of bare ids."""
    services: list[str] = field(default_factory=list)
    """Names of services."""
    me: dict[str, Any] | None = None
    users: list[dict[str, Any]] = field(default_factory=list)
    is_read_only: bool = False
    """The token is one that may only read."""
    stubborn: set[str] = field(default_factory=set)
    """Incidents for whose sake a whole change is refused."""
    faults: list[Fault] = field(default_factory=list)
    requests: list[Asked] = field(default_factory=list)
    release: asyncio.Event = field(default_factory=asyncio.Event)
    """Ends the handlers that sleep."""
    url: str = ""

    def add(self, *found: dict[str, Any]) -> None:
        self.incidents.update({one["id"]: one for one in found})

    def fail(
        self, path: str, status: int, body: Any = None, *, times: int = 10**6, headers: Mapping[str, str] | None = None
    ) -> None:
        """Answer ``path`` (``PUT /incidents``) with ``status``, ``times`` times."""
        left = [times]

        def fault(request: web.Request) -> web.StreamResponse | None:
            if f"{request.method} {request.path}" != path or left[0] <= 0:
                return None
            left[0] -= 1
            if isinstance(body, str):
                return web.Response(status=status, text=body, headers=headers)
            return web.json_response(body if body is not None else {}, status=status, headers=headers)

        self.faults.append(fault)

    def asked(self, method: str, path: str) -> list[Asked]:
        return [one for one in self.requests if (one.method, one.path) == (method, path)]

    def application(self) -> web.Application:
        app = web.Application(middlewares=[self._noting], client_max_size=10**8)
        app.router.add_get("/incidents", self._incidents)
        app.router.add_put("/incidents", self._manage)
        app.router.add_get("/incidents/{id}", self._incident)
        app.router.add_put("/incidents/{id}", self._incident)
        app.router.add_get("/incidents/{id}/alerts", self._alerts)
        app.router.add_get("/oncalls", self._oncalls)
        app.router.add_get("/log_entries", self._log)
        app.router.add_get("/change_events", self._changes)
        app.router.add_get("/escalation_policies", self._policies)
        app.router.add_get("/abilities", self._abilities)
        app.router.add_get("/users", self._users)
        app.on_response_prepare.append(self._tell_no_time)
        app.router.add_get("/users/me", self._me)
        app.router.add_get("/teams/{id}", self._team)
        app.router.add_get("/services", self._services)
        return app

    @web.middleware
    async def _noting(self, request: web.Request, handler: Any) -> web.StreamResponse:
        body = await request.json() if request.can_read_body else None
        self.requests.append(Asked(request.method, request.path, request.query, dict(request.headers), body))
        if self.is_read_only and request.method != "GET":
            return web.json_response({"error": {"message": "Access Denied", "code": 2010}}, status=403)
        for fault in self.faults:
            answer = fault(request)
            if answer is not None:
                return answer
        if request.headers.get("Authorization") != f"Token token={TOKEN}":
            return web.json_response({"error": {"message": "Invalid token", "code": 2006}}, status=401)
        response: web.StreamResponse = await handler(request)
        return response

    async def _tell_no_time(self, _: web.Request, response: web.StreamResponse) -> None:
        """The tests turn their own clock: that of this machine would be a wrong one."""
        response.headers["Date"] = ""

    async def hang(self, _: web.Request) -> web.Response:
        """Sleep until the test lets go."""
        await self.release.wait()
        return web.json_response({})

    async def _incidents(self, request: web.Request) -> web.Response:
        statuses = request.query.getall("statuses[]", [])
        found = [one for one in self.incidents.values() if one["status"] in statuses]
        urgencies = request.query.getall("urgencies[]", [])
        users = request.query.getall("user_ids[]", [])
        found = [one for one in found if not urgencies or one["urgency"] in urgencies]
        found = [one for one in found if not users or any(a["assignee"]["id"] in users for a in one["assignments"])]
        return _page(request, "incidents", sorted(found, key=lambda one: str(one["created_at"]), reverse=True))

    async def _incident(self, request: web.Request) -> web.Response:
        found = self.incidents.get(request.match_info["id"])
        return web.json_response({"incident": found}) if found else _not_found()

    async def _alerts(self, request: web.Request) -> web.Response:
        return _page(request, "alerts", self.alerts.get(request.match_info["id"], []))

    async def _oncalls(self, request: web.Request) -> web.Response:
        policies = request.query.getall("escalation_policy_ids[]", [])
        users = request.query.getall("user_ids[]", [])
        since, until = request.query["since"], request.query["until"]
        found = [
            one
            for one in self.oncalls
            if (not policies or one["escalation_policy"]["id"] in policies)
            and (not users or one["user"]["id"] in users)
            and (one.get("start") or "") <= until
            and (one.get("end") or "9") >= since
        ]
        return _page(request, "oncalls", found)

    async def _log(self, request: web.Request) -> web.Response:
        since, until = request.query["since"], request.query["until"]
        found = [one for one in self.entries if since <= one["created_at"] < until]
        return _page(request, "log_entries", sorted(found, key=lambda one: str(one["created_at"]), reverse=True))

    async def _changes(self, request: web.Request) -> web.Response:
        since, until = request.query["since"], request.query["until"]
        return _page(request, "change_events", [e for e in self.change_events if since <= e["timestamp"] <= until])

    async def _policies(self, request: web.Request) -> web.Response:
        teams = request.query.getall("team_ids[]", []) or list(self.policies)
        found = [{"id": one} for team in teams for one in self.policies.get(team, [])]
        return _page(request, "escalation_policies", self.full_policies or found)

    async def _abilities(self, _: web.Request) -> web.Response:
        return web.json_response({"abilities": ["teams", "urgencies"]})

    async def _users(self, request: web.Request) -> web.Response:
        query = request.query["query"]
        return _page(request, "users", [one for one in self.users if query in one["email"]])

    async def _me(self, _: web.Request) -> web.Response:
        if self.me is None:
            said = "Invalid token for this endpoint: account-level access token"
            return web.json_response({"error": said}, status=400)
        return web.json_response({"user": self.me})

    async def _services(self, request: web.Request) -> web.Response:
        return _page(
            request,
            "services",
            [
                {"id": f"PS{n}", "name": name, "escalation_policy": {"id": "PPOL"}}
                for n, name in enumerate(self.services)
            ],
        )

    async def _team(self, request: web.Request) -> web.Response:
        vendor_id = request.match_info["id"]
        if vendor_id not in self.policies:
            return _not_found()
        return web.json_response({"team": {"id": vendor_id, "name": "Payments"}})

    async def _manage(self, request: web.Request) -> web.Response:
        rows = self.requests[-1].body["incidents"]
        if len(rows) > 250:
            return web.json_response({"error": {"message": "Too many"}}, status=413)
        if any(row["id"] in self.stubborn for row in rows):
            error = {"message": "Invalid Input Provided", "code": 2001, "errors": ["Incident cannot be changed"]}
            return web.json_response({"error": error}, status=400)
        for row in rows:
            self._change(row)
        return web.json_response({"incidents": [self.incidents[row["id"]] for row in rows]})

    def _change(self, row: dict[str, Any]) -> None:
        self.incidents[row["id"]] = acknowledged(row["id"], "Ana Smith")


Fake = TypeVar("Fake", bound=FakePagerDuty)


def _page(request: web.Request, key: str, found: Sequence[Any]) -> web.Response:
    offset, limit = int(request.query.get("offset", "0")), int(request.query.get("limit", "25"))
    page = found[offset : offset + limit]
    body = {key: page, "offset": offset, "limit": limit, "more": offset + limit < len(found), "total": None}
    return web.json_response(body)


def _not_found() -> web.Response:
    return web.json_response({"error": {"message": "Not Found", "code": 2100}}, status=404)


@asynccontextmanager
async def serving(fake: Fake) -> AsyncIterator[Fake]:
    """``fake`` on a free port of this machine."""
    server = TestServer(fake.application(), shutdown_timeout=0.1)
    await server.start_server()
    fake.url = str(server.make_url("")).rstrip("/")
    try:
        yield fake
    finally:
        fake.release.set()
        await server.close()


@asynccontextmanager
async def source_of(
    fake: FakePagerDuty,
    clock: HandClock | None = None,
    *,
    token: str | None = TOKEN,
    retry: Retry = NO_RETRY,
    headers: Mapping[str, str] | None = None,
    **settings: Any,
) -> AsyncIterator[PagerDuty]:
    """The source under test, pointed at ``fake``."""
    source = PagerDuty(
        SourceName("pagerduty"),
        PagerDutySettings(**({"url": fake.url} | settings)),
        token=Secret(token) if token is not None else None,
        headers=headers or {},
        severities=SeverityMap(),
        clock=clock or HandClock(),
        retry=retry,
    )
    try:
        yield source
    finally:
        threads = [one for one in threading.enumerate() if one.name.startswith("pagerduty-")]
        await source.close()
        fake.release.set()
        # What a test gave up on still runs in its thread, and must not meet the end of the event loop.
        for thread in threads:
            await asyncio.to_thread(thread.join, 10)
