"""The httpx clients of one source: its trust, proxy, headers and limits."""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator
from math import ceil
from types import ModuleType
from typing import TYPE_CHECKING, Any

from oncall_tui.sources.body import ACCEPT_ENCODING
from oncall_tui.sources.connection import Connection
from oncall_tui.sources.errors import Refused
from oncall_tui.sources.tls import tls_context
from oncall_tui.threads import DaemonThreads

if TYPE_CHECKING:
    import httpx

THREADS = DaemonThreads("http", 2)

_CONNECTIONS = 8
"""Connections of one client. For each request httpx looks at every idle connection that it has: sixty queries at once
took 0.7 s over one client with 72 connections, and 0.25 s over nine with eight (the server sleeps 0.2 s)."""

_CLOSING_S = 0.2


class Clients:
    """As many clients as there are requests at once, ``at_once`` at most."""

    def __init__(self, connection: Connection, at_once: int, transport: "httpx.AsyncBaseTransport | None") -> None:
        self._connection = connection
        self._transport = transport
        self._places = asyncio.Semaphore(at_once)
        self._busy = [0] * ceil(at_once / _CONNECTIONS)
        self._made: list[httpx.AsyncClient] = []
        self._making = asyncio.Lock()
        self.is_closed = False
        """From here on every request is refused."""

    @contextlib.asynccontextmanager
    async def one(self) -> "AsyncIterator[httpx.AsyncClient]":
        """A client with room for a request. Raises from the ``SourceError`` tree."""
        await self._make()
        async with self._places:
            self._check_open()
            chosen = next(index for index, busy in enumerate(self._busy) if busy < _CONNECTIONS)
            if chosen == len(self._made):
                self._made.append(self._client())
            self._busy[chosen] += 1
            try:
                yield self._made[chosen]
            finally:
                self._busy[chosen] -= 1

    async def close(self) -> None:
        """Drop the connections; a fifth of a second at most goes into a polite goodbye."""
        self.is_closed = True
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_CLOSING_S):
                await asyncio.gather(*(client.aclose() for client in self._made))

    async def _make(self) -> None:
        """In a thread: httpx and the authorities take 60 ms to load."""
        async with self._making:
            self._check_open()
            if not self._made:
                # The others, made when they are needed, take a millisecond each: what they need is loaded then.
                self._made = [await THREADS.run(self._client)]
                if self.is_closed:
                    await self.close()
                self._check_open()

    def _client(self) -> "httpx.AsyncClient":
        return new_client(self._connection, self._transport)

    def _check_open(self) -> None:
        if self.is_closed:
            raise Refused(f"{self._connection.name} is closed.")


def warm_up() -> None:
    """Import httpx before the first request. Blocking: call it in a thread."""
    # httpx would import its command line with it, and with that two other packages: 15 ms that nobody needs.
    sys.modules.setdefault("httpx._main", _without_command_line())
    import anyio._backends._asyncio
    import httpcore
    import httpx

    del anyio, httpcore, httpx


def _without_command_line() -> ModuleType:
    def main() -> None:
        """What httpx itself has where the packages of its command line are not installed."""

    module = ModuleType("httpx._main")
    module.__dict__["main"] = main
    return module


def new_client(connection: Connection, transport: "httpx.AsyncBaseTransport | None") -> "httpx.AsyncClient":
    """A client. Blocking, imports httpx: call it in a thread.

    Raises:
        SourceError: the address, a header, the proxy or a certificate cannot be used.
    """
    import httpx

    options: dict[str, Any] = {} if transport is None else {"transport": transport}
    own = {"Accept": "application/json", "Accept-Encoding": ACCEPT_ENCODING}
    return httpx.AsyncClient(
        headers=connection.checked_headers() | own,
        verify=tls_context(connection.trust),
        proxy=_proxy(connection),
        # The environment's proxy is for the world outside, not for a tunnel on this machine.
        trust_env=connection.proxy is None and not connection.is_loopback,
        timeout=httpx.Timeout(connection.timeout),
        limits=httpx.Limits(max_connections=_CONNECTIONS, max_keepalive_connections=_CONNECTIONS),
        follow_redirects=False,
        **options,
    )


def _proxy(connection: Connection) -> "httpx.Proxy | None":
    """The proxy of this source. httpx's own words about a bad address would quote it, with the password in it."""
    import httpx

    try:
        return httpx.Proxy(connection.proxy) if connection.proxy is not None else None
    except (ValueError, httpx.InvalidURL):
        raise Refused(f"{connection.name}: `proxy` is not an address.", "Write it as http://host:port.") from None
