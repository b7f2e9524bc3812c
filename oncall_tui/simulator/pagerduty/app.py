"""HTTP of the PagerDuty account: authentication, rate limit, routes."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from ..catalogue import DEMO_USER
from .changes import (
    apply_change,
    bulk_rows,
    check_change,
    found_incident,
    merge_sources,
    note_content,
    requester,
    snooze_duration,
)
from .core import PagerDuty
from .declaring import declared
from .errors import Refusal, invalid, not_found
from .lists import Lists
from .oncalls import oncalls_handler
from .paging import page, values
from .ratelimit import RateLimit
from .render import incident_json, incident_reference, note_json

DEFAULT_LIMIT_PER_MINUTE = 960


def pagerduty_app(core: PagerDuty, token: str, per_minute: int = DEFAULT_LIMIT_PER_MINUTE) -> web.Application:
    """The REST API v2, with the token as a user-level key of the demo user."""
    limit = RateLimit(core.clock, per_minute)

    @web.middleware
    async def gate(request: web.Request, handler: Any) -> web.StreamResponse:
        try:
            if request.headers.get("Authorization") != f"Token token={token}":
                raise Refusal(401, 2006, "Authentication failed: the API key is missing or invalid")
            limit.spend()
            response: web.StreamResponse = await handler(request)
        except Refusal as refusal:
            response = refusal.response()
        except web.HTTPNotFound:
            response = not_found().response()
        for name, value in limit.headers().items():
            response.headers[name] = value
        return response

    app = web.Application(middlewares=[gate], client_max_size=4 * 1024**2)
    lists, writes = Lists(core), _Writes(core)
    app.add_routes([web.get(path, handler) for path, handler in _reads(core, lists).items()])
    app.add_routes(
        [
            web.post("/incidents", writes.create),
            web.put("/incidents", writes.manage),
            web.put("/incidents/{id}", writes.update),
            web.put("/incidents/{id}/merge", writes.merge),
            web.post("/incidents/{id}/snooze", writes.snooze),
            web.post("/incidents/{id}/notes", writes.note),
        ]
    )
    return app


def _reads(core: PagerDuty, lists: Lists) -> dict[str, Any]:
    directory = core.directory

    def listing(key: str, rows: Any) -> Any:
        async def handler(request: web.Request) -> web.Response:
            return page(request, key, rows(), lambda row: row)

        return handler

    async def users(request: web.Request) -> web.Response:
        query = request.query.get("query", "").lower()
        rows = [one for one in directory.users() if query in one["name"].lower() or query in one["email"].lower()]
        return page(request, "users", rows, dict)

    async def me(_: web.Request) -> web.Response:
        return web.json_response({"user": directory.user(DEMO_USER)})

    async def services(request: web.Request) -> web.Response:
        wanted = values(request, "team_ids")
        rows = directory.services()
        return page(request, "services", [one for one in rows if not wanted or one["teams"][0]["id"] in wanted], dict)

    def single(key: str, rows: Any) -> Any:
        async def handler(request: web.Request) -> web.Response:
            found = next((row for row in rows() if row["id"] == request.match_info["id"]), None)
            if found is None:
                raise not_found()
            return web.json_response({key: found})

        return handler

    async def abilities(_: web.Request) -> web.Response:
        names = ["sso", "teams", "urgencies", "event_rules", "change_events"]
        return web.json_response({"abilities": names})

    return {
        "/abilities": abilities,
        "/users/me": me,
        "/users": users,
        "/users/{id}": single("user", directory.users),
        "/teams": listing("teams", directory.teams),
        "/teams/{id}": single("team", directory.teams),
        "/services": services,
        "/services/{id}": single("service", directory.services),
        "/escalation_policies": listing("escalation_policies", directory.policies),
        "/escalation_policies/{id}": single("escalation_policy", directory.policies),
        "/priorities": listing("priorities", directory.priorities),
        "/oncalls": oncalls_handler(directory, core.clock),
        "/incidents": lists.incidents,
        "/incidents/{id}": lists.incident,
        "/incidents/{id}/alerts": lists.alerts,
        "/incidents/{id}/alerts/{alert_id}": lists.alert,
        "/incidents/{id}/log_entries": lists.incident_log,
        "/incidents/{id}/notes": lists.notes,
        "/incidents/{id}/related_change_events": lists.related_changes,
        "/log_entries": lists.log,
        "/change_events": lists.changes,
        "/services/{id}/change_events": lists.service_changes,
    }


class _Writes:
    """The handlers that change incidents."""

    def __init__(self, core: PagerDuty) -> None:
        self._core = core

    async def manage(self, request: web.Request) -> web.Response:
        by = requester(request, self._core)
        rows = bulk_rows(self._core, await _json(request))
        for incident, row in rows:
            apply_change(self._core, incident, row, by)
        return web.json_response({"incidents": [incident_json(incident, self._core.directory) for incident, _ in rows]})

    async def update(self, request: web.Request) -> web.Response:
        by = requester(request, self._core)
        incident = found_incident(self._core, request.match_info["id"])
        body = await _json(request)
        row = body.get("incident") if isinstance(body, dict) else None
        if not isinstance(row, dict):
            raise invalid("Incident cannot be empty")
        check_change(self._core, row)
        apply_change(self._core, incident, row, by)
        return self._answer(incident)

    async def snooze(self, request: web.Request) -> web.Response:
        by = requester(request, self._core)
        incident = found_incident(self._core, request.match_info["id"])
        duration = snooze_duration(await _json(request))
        if not incident.is_open:
            raise invalid("Incident is already resolved")
        self._core.snooze(incident, by, duration)
        return self._answer(incident, status=201)

    async def note(self, request: web.Request) -> web.Response:
        by = requester(request, self._core)
        incident = found_incident(self._core, request.match_info["id"])
        note = self._core.note(incident, by, note_content(incident, await _json(request)))
        return web.json_response({"note": note_json(note)})

    async def create(self, request: web.Request) -> web.Response:
        by = requester(request, self._core)
        return self._answer(declared(self._core, await _json(request), by), status=201)

    async def merge(self, request: web.Request) -> web.Response:
        by = requester(request, self._core)
        target = found_incident(self._core, request.match_info["id"])
        self._core.merge(target, merge_sources(self._core, target, await _json(request)), by)
        return web.json_response({"incident": incident_reference(target)})

    def _answer(self, incident: Any, status: int = 200) -> web.Response:
        return web.json_response({"incident": incident_json(incident, self._core.directory)}, status=status)


async def _json(request: web.Request) -> Any:
    try:
        return json.loads(await request.read())
    except json.JSONDecodeError:
        raise invalid("Request body is not valid JSON") from None
