"""HTTP for every source that has no client of its own: JSON over the wire, within the budget, tried again where due."""

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from oncall_tui.sources.budget import Budget
from oncall_tui.sources.connection import Connection
from oncall_tui.sources.errors import Malformed
from oncall_tui.sources.httpx_client import THREADS
from oncall_tui.sources.json_text import decoded
from oncall_tui.sources.retry import NO_RETRY, Retry
from oncall_tui.sources.skew import Skew
from oncall_tui.sources.wire import READ_INLINE, Answer, Params, Wire

__all__ = ["HttpCaller", "Page", "Params"]


@dataclass(frozen=True, slots=True)
class Page:
    """An answer with what stands around it: headers (names in lower case) and the ``Link`` header by relation."""

    body: object
    headers: Mapping[str, str]
    links: Mapping[str, Mapping[str, str]]


class HttpCaller:
    """Reads and actions of one source."""

    def __init__(self, wire: Wire, budget: Budget, *, retry: Retry = NO_RETRY, is_for_acts: bool = False) -> None:
        """``is_for_acts``: what is read is needed to act, and does not wait behind polls either."""
        self._wire = wire
        self._budget = budget
        self._take = budget.take_for_act if is_for_acts else budget.take
        self._retry = retry

    @property
    def connection(self) -> Connection:
        """The way to the host."""
        return self._wire.connection

    @property
    def skew(self) -> Skew:
        """How far the vendor's clock is from ours."""
        return self._wire.skew

    async def get_json(self, path: str, params: Params | None = None) -> object:
        """The decoded body of a GET. Raises from the ``SourceError`` tree only."""
        return (await self.get_page(path, params)).body

    async def get_page(self, path: str, params: Params | None = None) -> Page:
        """The decoded body of a GET with headers and links, for paging and rate limits."""
        answer = await self._retry.read(lambda: self._get(path, params))
        return Page(await self._decoded(answer.body), answer.headers, answer.links)

    async def get_bytes(self, path: str, params: Params | None = None) -> bytes:
        """The body of a GET as it came, for answers that are read piece by piece in a thread."""
        return (await self._retry.read(lambda: self._get(path, params))).body

    async def send_json(
        self,
        method: str,
        path: str,
        body: object = None,
        headers: Mapping[str, str] | None = None,
        params: Params | None = None,
    ) -> object:
        """Send an action, once, and decode its answer; None when that is empty.

        Raises:
            SourceError: ``may_have_arrived`` says that it was sent and its answer was lost.
        """
        self._budget.take_for_act()
        content = msgspec.json.encode(body) if body is not None else None
        sent = dict(headers or {}) | ({"Content-Type": "application/json"} if content is not None else {})
        answer = await self._wire.send(method, path, params, content, sent)
        if not answer.body.strip():
            return None
        try:
            return await self._decoded(answer.body)
        except Malformed as error:
            error.may_have_arrived = True
            raise

    async def close(self) -> None:
        """Drop the connections, at once."""
        await self._wire.close()

    async def _get(self, path: str, params: Params | None) -> Answer:
        self._take()
        return await self._wire.get(path, params, on_redirect=self._take)

    async def _decoded(self, body: bytes) -> object:
        """JSON to objects; a large body in a thread."""
        if len(body) <= READ_INLINE:
            return decoded(self.connection, body)
        return await THREADS.run(lambda: decoded(self.connection, body))
