"""The fifth port: what a test or a demo asks of the world itself, no vendor's API.

Some pages are for anybody, as those of a real service are: whether api is alive, and what others say about themselves.
"""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from .catalogue import BY_NAME
from .faults import Fault
from .wire import Wire
from .world import World

VENDORS = ("prometheus", "alertmanager", "pagerduty", "sentry")
PUBLIC = ("/healthz", "/api/v2/status.json", "/")
"""Pages that need no token, as runbooks ask for them with none."""


def control_app(world: World, wire: Wire, token: str) -> web.Application:
    """The application; every request but those for PUBLIC pages needs the token as a bearer token."""

    @web.middleware
    async def authenticate(request: web.Request, handler: Any) -> web.StreamResponse:
        if request.path not in PUBLIC and request.headers.get("Authorization") != f"Bearer {token}":
            return _refused(401, "wrong token")
        try:
            response: web.StreamResponse = await handler(request)
        except (ValueError, TypeError) as error:
            return _refused(400, str(error))
        return response

    control = _Control(world, wire)
    app = web.Application(middlewares=[authenticate])
    app.add_routes(
        [
            web.get("/healthz", control.health),
            web.get("/api/v2/status.json", status_page),
            web.get("/", status_page),
            web.get("/world", control.world),
            web.get("/requests", control.requests),
            web.get("/releases", control.releases),
            web.post("/rollback", control.rollback),
            web.post("/mend", control.mend),
            web.post("/down", control.down),
            web.get("/faults", control.faults),
            web.post("/faults", control.add_fault),
            web.delete("/faults", control.clear_faults),
        ]
    )
    return app


class _Control:
    """The handlers."""

    def __init__(self, world: World, wire: Wire) -> None:
        self._world = world
        self._wire = wire

    async def health(self, _: web.Request) -> web.Response:
        """Whether api can serve: 503 while it is down."""
        is_down = self._world.is_down("api")
        return web.json_response({"status": "down" if is_down else "ok"}, status=503 if is_down else 200)

    async def world(self, _: web.Request) -> web.Response:
        """Age of the world in seconds, and what is down."""
        return web.json_response({"age_s": self._world.age_s, "down": sorted(self._world.down)})

    async def requests(self, request: web.Request) -> web.Response:
        """The log, oldest first; `vendor=` narrows it."""
        vendor = request.query.get("vendor")
        rows = self._wire.received(vendor) if vendor else self._wire.requests
        return web.json_response([row.as_json() for row in rows])

    async def releases(self, request: web.Request) -> web.Response:
        """What was deployed of `service=`, the newest first: version, when in epoch seconds, author."""
        wanted = _service(dict(request.query))
        rows = [(at, one) for at, one in self._world.deployed if one.service == wanted]
        found = sorted(rows, key=lambda row: row[0], reverse=True)
        return web.json_response(
            [{"version": one.version, "finished_at": at, "author": one.author.name} for at, one in found]
        )

    async def rollback(self, request: web.Request) -> web.Response:
        """`{"service": "api"}`: see World.rollback."""
        service = _service(await _json(request))
        self._world.rollback(service)
        return web.json_response({"service": service})

    async def mend(self, request: web.Request) -> web.Response:
        """`{"service": "qr"}`: see World.mend."""
        service = _service(await _json(request))
        self._world.mend(service)
        return web.json_response({"service": service})

    async def down(self, request: web.Request) -> web.Response:
        """`{"service": "qr", "down": true}`: Prometheus cannot scrape it until told otherwise."""
        body = await _json(request)
        service = _service(body)
        if body.get("down", True):
            self._world.down.add(service)
        else:
            self._world.down.discard(service)
        return web.json_response({"down": sorted(self._world.down)})

    async def faults(self, _: web.Request) -> web.Response:
        """The vendors that misbehave."""
        return web.json_response(sorted(self._wire.faults))

    async def add_fault(self, request: web.Request) -> web.Response:
        """`{"vendor": ..., "status": 500, "for_s": 20}`, or `"delay_s": 3`, `"off": true`, `"answer": "html"`.

        See Fault. A vendor has one fault at a time; one that names nothing does nothing.
        """
        body = await _json(request)
        vendor = body.get("vendor")
        if vendor not in VENDORS:
            raise ValueError(f"vendor must be one of {', '.join(VENDORS)}")
        self._wire.faults[vendor] = Fault.from_json(body, self._world.now())
        return web.json_response(sorted(self._wire.faults))

    async def clear_faults(self, _: web.Request) -> web.Response:
        """Everything works again."""
        self._wire.faults.clear()
        return web.json_response([])


async def status_page(_: web.Request) -> web.Response:
    """What the bank, the mail and the push service tell of themselves: all is well, the fault is api's own."""
    return web.json_response({"status": {"indicator": "none", "description": "All Systems Operational"}})


def _service(body: dict[str, Any]) -> str:
    service = body.get("service")
    if not isinstance(service, str) or service not in BY_NAME:
        raise ValueError(f"no such service: {service!r}")
    return service


async def _json(request: web.Request) -> dict[str, Any]:
    body = json.loads(await request.read())
    if not isinstance(body, dict):
        raise ValueError("the body must be a JSON object")
    return body


def _refused(status: int, reason: str) -> web.Response:
    return web.json_response({"error": reason}, status=status)
