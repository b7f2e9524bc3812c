"""HTTP of the Alertmanager.

Source: "Alertmanager API v2" (openapi.yaml of prometheus/alertmanager). Errors of the API are JSON
strings; what does not fit the schema is refused with an object. Compared with Alertmanager 0.25.
"""

from __future__ import annotations

import json
import re
import uuid
from typing import Any

from aiohttp import web

from ..times import alertmanager_time, parse_time
from .core import Alertmanager
from .errors import Unprocessable
from .matchers import Matcher, all_match
from .render import Heard, WrittenAlerts, alert_json
from .routing import CONFIGURATION, group_key, group_labels, route_of

Json = dict[str, Any]
VERSION = "0.28.1"
_TRUE = ("true", "1", "yes", "ok", "y", "on", "selected", "checked", "t", "enabled")


def alertmanager_app(alertmanager: Alertmanager, token: str = "") -> web.Application:
    """The application; with a token every `/api` request needs it as a bearer token."""

    @web.middleware
    async def authenticate(request: web.Request, handler: Any) -> web.StreamResponse:
        is_open = not token or not request.path.startswith("/api/")
        if not is_open and request.headers.get("Authorization") != f"Bearer {token}":
            return web.Response(status=401, text="Unauthorized", headers={"WWW-Authenticate": "Bearer"})
        try:
            response: web.StreamResponse = await handler(request)
        except Unprocessable as refusal:
            return refusal.response()
        return response

    api = _Api(alertmanager)
    app = web.Application(middlewares=[authenticate])
    app.add_routes(
        [
            web.get("/-/healthy", api.healthy),
            web.get("/-/ready", api.healthy),
            web.get("/api/v2/status", api.status),
            web.get("/api/v2/receivers", api.receivers),
            web.get("/api/v2/alerts", api.alerts),
            web.post("/api/v2/alerts", api.post_alerts),
            web.get("/api/v2/alerts/groups", api.groups),
            web.get("/api/v2/silences", api.silences),
            web.post("/api/v2/silences", api.post_silence),
            web.get("/api/v2/silence/{id}", api.silence),
            web.delete("/api/v2/silence/{id}", api.delete_silence),
        ]
    )
    return app


class _Api:
    """The handlers."""

    def __init__(self, alertmanager: Alertmanager) -> None:
        self._core = alertmanager
        self._written = WrittenAlerts()

    async def healthy(self, _: web.Request) -> web.Response:
        return web.Response(text="OK")

    async def status(self, _: web.Request) -> web.Response:
        versions = dict.fromkeys(("branch", "buildDate", "buildUser", "goVersion", "revision"), "")
        return web.json_response(
            {
                "cluster": {"name": "", "peers": [], "status": "disabled"},
                "config": {"original": CONFIGURATION},
                "uptime": alertmanager_time(self._core.started_at),
                "versionInfo": {**versions, "version": VERSION},
            }
        )

    async def receivers(self, _: web.Request) -> web.Response:
        return web.json_response([{"name": "pagerduty"}, {"name": "slack-warning"}])

    async def alerts(self, request: web.Request) -> web.Response:
        try:
            found = self._selected(request)
        except ValueError as error:
            return _refused(error)
        # Written alert by alert: most of ten thousand are as they were when they were asked for last.
        body = b"[" + b",".join(self._written.of(found)) + b"]"
        return web.Response(body=body, content_type="application/json", charset="utf-8")

    async def groups(self, request: web.Request) -> web.Response:
        try:
            found = self._selected(request)
        except ValueError as error:
            return _refused(error)
        groups: dict[str, Json] = {}
        for alert, quiet in found:
            route = route_of(alert.labels)
            group = groups.setdefault(
                group_key(route, alert.labels),
                {"labels": group_labels(alert.labels), "receiver": {"name": route.receiver}, "alerts": []},
            )
            group["alerts"].append(alert_json(alert, quiet))
        return web.json_response([groups[key] for key in sorted(groups)])

    async def post_alerts(self, request: web.Request) -> web.Response:
        try:
            raws = await _json(request)
            if not isinstance(raws, list):
                raise ValueError("alerts in body must be of type array")
            posted = [_posted(index, raw) for index, raw in enumerate(raws)]
        except (ValueError, TypeError) as error:
            return _refused(error)
        for one in posted:
            self._core.receive(**one)
        return web.Response()

    async def silences(self, request: web.Request) -> web.Response:
        try:
            filters = [Matcher.from_text(text) for text in request.query.getall("filter", [])]
        except ValueError as error:
            return _refused(error)
        now = self._core.clock()
        return web.json_response([one.as_json(now) for one in self._core.silences.listed(filters)])

    async def post_silence(self, request: web.Request) -> web.Response:
        try:
            raw = await _json(request)
            if not isinstance(raw, dict):
                raise ValueError("silence in body is required")
            silence = self._core.silences.put(raw)
        except LookupError as error:
            return web.json_response(str(error.args[0]), status=404)
        except ValueError as error:
            return _refused(error)
        return web.json_response({"silenceID": silence.id})

    async def silence(self, request: web.Request) -> web.Response:
        found = self._core.silences.get(_silence_id(request))
        if found is None:
            return web.Response(status=404)
        return web.json_response(found.as_json(self._core.clock()))

    async def delete_silence(self, request: web.Request) -> web.Response:
        return web.Response(status=200 if self._core.silences.expire(_silence_id(request)) else 404)

    def _selected(self, request: web.Request) -> list[Heard]:
        filters = [Matcher.from_text(text) for text in request.query.getall("filter", [])]
        receiver = re.compile(request.query.get("receiver", ".*"))
        wants = {word: _flag(request, word) for word in ("active", "silenced", "inhibited")}
        found = []
        for alert in self._core.alerts():
            quiet = self._core.suppression(alert)
            hidden = (
                (not wants["active"] and not quiet.is_active)
                or (not wants["silenced"] and quiet.silenced_by)
                or (not wants["inhibited"] and quiet.inhibited_by)
            )
            if not hidden and all_match(filters, alert.labels) and receiver.fullmatch(route_of(alert.labels).receiver):
                found.append((alert, quiet))
        return found


def _posted(index: int, raw: Any) -> Json:
    """The arguments of `Alertmanager.receive` for one `postableAlert`."""
    labels = raw.get("labels") if isinstance(raw, dict) else None
    if not isinstance(labels, dict):
        raise Unprocessable(602, f"{index}.labels in body is required")
    if not any(labels.values()):
        raise ValueError("at least one label pair required")
    starts_at = parse_time(raw["startsAt"]) if raw.get("startsAt") else None
    ends_at = parse_time(raw["endsAt"]) if raw.get("endsAt") else None
    if starts_at is not None and ends_at is not None and ends_at < starts_at:
        raise ValueError("start time must be before end time")
    return {
        "labels": {str(name): str(value) for name, value in labels.items()},
        "annotations": raw.get("annotations") or {},
        "starts_at": starts_at,
        "ends_at": ends_at,
        "generator_url": raw.get("generatorURL") or "",
    }


def _silence_id(request: web.Request) -> str:
    text = request.match_info["id"]
    try:
        return str(uuid.UUID(text))
    except ValueError:
        raise Unprocessable(601, f'silenceID in path must be of type uuid: "{text}"') from None


def _flag(request: web.Request, name: str) -> bool:
    """A boolean as go-openapi reads it: what it does not know is false."""
    return request.query.get(name, "true").lower() in _TRUE


async def _json(request: web.Request) -> Any:
    try:
        return json.loads(await request.read())
    except json.JSONDecodeError as error:
        raise ValueError(f"parsing body failed: {error}") from None


def _refused(error: Exception) -> web.Response:
    return web.json_response(str(error), status=400)
