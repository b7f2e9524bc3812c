"""A vendor on loopback that says what a test has it say: real sockets, since some clients bring their own HTTP."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from aiohttp import web

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)

Answers = Mapping[str, Any]
"""The JSON of each path; a callable gets the request and gives the JSON. Other paths are not found."""

Behaviour = Callable[[web.Request], web.StreamResponse | None]
"""Answers a request; None for what the vendor would have said anyway."""


@dataclass
class VendorServer:
    """Answers with ``answers`` until ``behaviour`` is set, which then answers everything."""

    url: str = ""
    answers: Answers = field(default_factory=dict)
    behaviour: Behaviour | None = None
    hangs: bool = False
    now: datetime | None = NOW
    """What its clock shows, in the header ``Date``; None for the time of this machine."""
    requests: list[web.Request] = field(default_factory=list)
    first_request: asyncio.Event = field(default_factory=asyncio.Event)
    _end: asyncio.Event = field(default_factory=asyncio.Event)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Every request of the test comes here."""
        self.requests.append(request)
        self.first_request.set()
        if self.hangs:
            await self._end.wait()
        response = self._answer(request)
        if self.now is not None:
            response.headers["Date"] = format_datetime(self.now, usegmt=True)
        return response

    def _answer(self, request: web.Request) -> web.StreamResponse:
        if self.behaviour is not None and (response := self.behaviour(request)) is not None:
            return response
        if request.path not in self.answers:
            return web.json_response({"error": "no such thing"}, status=404)
        answer = self.answers[request.path]
        return web.json_response(answer(request) if callable(answer) else answer)

    def end(self) -> None:
        """Let go of requests that hang."""
        self._end.set()


@contextlib.asynccontextmanager
async def vendor_server(answers: Answers | None = None) -> AsyncIterator[VendorServer]:
    """A server on a free port of 127.0.0.1."""
    server = VendorServer(answers=answers or {})
    runner = web.ServerRunner(web.Server(server.handle), shutdown_timeout=0.1)  # type: ignore[arg-type]
    await runner.setup()
    listening = socket.create_server(("127.0.0.1", 0))
    await web.SockSite(runner, listening).start()
    server.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    try:
        yield server
    finally:
        server.end()
        await accept_no_more(listening)
        await runner.cleanup()


async def accept_no_more(listening: socket.socket) -> None:
    """Take no further connection, and let one that was just taken reach the server, so that its cleanup closes it.

    A client thread that was given up may still be connecting. Up to Python 3.11 asyncio drops the open socket of a
    connection that it took in the turn in which its server is closed (``Server._attach`` fails an assertion).
    """
    asyncio.get_running_loop().remove_reader(listening)
    for _ in range(3):
        await asyncio.sleep(0)


def status(code: int, headers: Mapping[str, str] | None = None, body: str = "{}") -> Behaviour:
    """Every request is answered with this status."""
    return lambda request: web.Response(status=code, headers=headers, text=body, content_type="application/json")


def page(code: int = 200) -> Behaviour:
    """Every request is answered with a page for people."""
    html = "<!DOCTYPE html><html><body>Please log in</body></html>"
    return lambda request: web.Response(status=code, text=html, content_type="text/html")


def json_of(value: object) -> Behaviour:
    """Every request is answered with the same JSON."""
    return lambda request: web.json_response(value)


def echo(code: int) -> Behaviour:
    """Every request is sent back with its headers, as a careless proxy does."""
    return lambda request: web.json_response({"error": str(dict(request.headers))}, status=code)


def redirect(location: str) -> Behaviour:
    """Every request is sent elsewhere."""
    return lambda request: web.Response(status=302, headers={"Location": location})
