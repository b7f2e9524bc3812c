"""One httpx request that can be given up at any moment without leaving a socket behind.

A task that is cancelled between the making of a connection and its first use loses the open socket (anyio drops it;
Python closes it later, with a ResourceWarning). So the request flies in a task of its own: who gives it up goes on at
once, and a request that is just connecting is cancelled a moment later, when the connection is httpcore's to close.
"""

import asyncio
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httpx


class Flights:
    """The requests of one client."""

    def __init__(self) -> None:
        # The event loop itself keeps tasks only weakly.
        self._landing: set[asyncio.Task[Any]] = set()

    async def send(self, client: "httpx.AsyncClient", request: "httpx.Request") -> "httpx.Response":
        """Send ``request``; the response's body is still to be read."""
        flight = _Flight()
        request.extensions = {**request.extensions, "trace": flight.trace}
        task = asyncio.ensure_future(client.send(request, stream=True))
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            self._landing.add(task)
            task.add_done_callback(self._land)
            flight.give_up(task)
            raise

    async def landed(self) -> None:
        """Wait until every request that was given up has ended; cancelled, what is left is cut off."""
        try:
            while self._landing:
                await asyncio.wait(self._landing)
        except asyncio.CancelledError:
            for task in self._landing:
                task.cancel()
            raise

    def _land(self, task: "asyncio.Task[httpx.Response]") -> None:
        """Close a response that came after all."""
        self._landing.discard(task)
        if not task.cancelled() and task.exception() is None:
            closing = asyncio.ensure_future(task.result().aclose())
            self._landing.add(closing)
            closing.add_done_callback(self._forget)

    def _forget(self, closing: "asyncio.Task[None]") -> None:
        """Nobody waits for the answer: that its connection is broken is no news."""
        self._landing.discard(closing)
        if not closing.cancelled():
            closing.exception()


class _Flight:
    """Where a request is, as httpcore's trace tells it."""

    def __init__(self) -> None:
        self._is_connecting = False
        self._given_up: asyncio.Task[httpx.Response] | None = None

    async def trace(self, event: str, _: dict[str, Any]) -> None:
        """httpcore's extension ``trace``: names like ``connection.connect_tcp.started``."""
        if event == "connection.connect_tcp.started":
            self._is_connecting = True
        elif self._is_connecting and event.endswith((".send_request_headers.started", ".failed")):
            self._is_connecting = False
            if self._given_up is not None:
                self._given_up.cancel()

    def give_up(self, task: "asyncio.Task[httpx.Response]") -> None:
        """Cancel now, or as soon as the connection is made; once, since a second time would break the closing."""
        if self._is_connecting:
            self._given_up = task
        else:
            task.cancel()
