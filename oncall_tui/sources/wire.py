"""The way over which sources speak to their hosts; PagerDuty's own client too, by way of ``bridge``.

Prometheus's client is asked sixty things at once and keeps the library it came with (``prometheus.session``), with the
same bounds and the same words.

The wire keeps what HTTP libraries leave open: a bound on the length of an answer and on the time of a whole request,
no redirect to another host, one TLS context for all, the vendor's clock, and errors in our words without any token.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from oncall_tui.sources.base import Clock
from oncall_tui.sources.body import REASON_READ, Body
from oncall_tui.sources.connection import Connection
from oncall_tui.sources.errors import Malformed
from oncall_tui.sources.failures import refusal
from oncall_tui.sources.flight import Flights
from oncall_tui.sources.httpx_client import THREADS, Clients
from oncall_tui.sources.httpx_errors import translated
from oncall_tui.sources.json_text import whole
from oncall_tui.sources.limit import VendorLimit
from oncall_tui.sources.redirects import MOST, away, home_address, in_circles, is_redirect
from oncall_tui.sources.skew import Skew

if TYPE_CHECKING:
    import httpx

Params = Mapping[str, str | int | bool | Sequence[str]]

AT_ONCE = 8
"""Requests of one source at the same time, where nothing else is said."""

READ_INLINE = 64 * 1024
"""Bytes; what is longer is read in a thread."""

_LANDING_S = 0.2
_LOST_ON_THE_WAY = (502, 504)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came over the wire: header names in lower case, the ``Link`` header by relation, the body unpacked."""

    status: int
    headers: Mapping[str, str]
    links: Mapping[str, Mapping[str, str]]
    body: bytes


class Wire:
    """Requests to one source's host. ``transport`` replaces the network in tests."""

    def __init__(
        self,
        connection: Connection,
        clock: Clock,
        *,
        at_once: int = AT_ONCE,
        transport: "httpx.AsyncBaseTransport | None" = None,
    ) -> None:
        self.connection = connection
        self.skew = Skew(clock)
        self.limit = VendorLimit(clock)
        self._clock = clock
        self._clients = Clients(connection, at_once, transport)
        self._flights = Flights()

    async def get(
        self,
        path: str,
        params: Params | None = None,
        headers: Mapping[str, str] | None = None,
        *,
        on_redirect: Callable[[], None] = lambda: None,
    ) -> Answer:
        """The 2xx answer to a GET, with the redirects that stay at home; each costs a request more (``on_redirect``).

        ``path`` is below the base address, or a whole address on the same host.

        Raises:
            SourceError: there was none.
        """
        url = self._address(path)
        for _ in range(MOST + 1):
            answer = await self._exchange("GET", url, params, None, headers)
            if not is_redirect(answer.status):
                self._refuse_errors(answer, is_action=False)
                return answer
            on_redirect()
            url, params = home_address(self.connection, url, answer.headers.get("location", "")), None
        raise in_circles(self.connection)

    async def send(
        self,
        method: str,
        path: str,
        params: Params | None = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """The 2xx answer to an action, which is sent once and never redirected.

        Raises:
            SourceError: ``may_have_arrived`` says that it was sent and its answer was lost.
        """
        answer = await self._exchange(method, self._address(path), params, content, headers)
        if is_redirect(answer.status):
            raise away(self.connection, answer.headers.get("location", ""))
        self._refuse_errors(answer, is_action=True)
        return answer

    async def close(self) -> None:
        """Drop the connections. Two fifths of a second at most go into a polite goodbye."""
        self._clients.is_closed = True
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_LANDING_S):
                await self._flights.landed()
        await self._clients.close()

    def _address(self, path: str) -> str:
        return path if path.startswith(("http://", "https://")) else self.connection.url + path

    async def _exchange(
        self,
        method: str,
        url: str,
        params: Params | None,
        content: bytes | None,
        headers: Mapping[str, str] | None,
    ) -> Answer:
        """One request and its whole answer, within the deadline of this source."""
        async with self._clients.one() as client:
            with translated(self.connection, is_action=method != "GET"):
                request = client.build_request(method, url, params=_flat(params), content=content, headers=headers)
                async with asyncio.timeout(self.connection.deadline):
                    asked_at = self.skew.now()
                    response = await self._flights.send(client, request)
                    self.skew.hear(response.headers, asked_at)
                    self.limit.hear(response.headers)
                    try:
                        body = await self._body(response)
                    finally:
                        await response.aclose()
        lowered = {name.lower(): value for name, value in response.headers.items()}
        links = {str(relation): dict(link) for relation, link in response.links.items() if relation}
        return Answer(response.status_code, lowered, links, body)

    async def _body(self, response: "httpx.Response") -> bytes:
        if response.status_code >= 300:
            return await self._reason(response)
        body = Body(self.connection, response.headers)
        async for piece in _pieces(response):
            body.feed(piece)
        read = body.finished()
        return whole(read) if len(read) <= READ_INLINE else await THREADS.run(lambda: whole(read))

    async def _reason(self, response: "httpx.Response") -> bytes:
        """The beginning of a refusal: its status says enough where its words are endless or damaged."""
        with contextlib.suppress(Malformed):
            body = Body(self.connection, response.headers)
            async for piece in _pieces(response):
                body.feed(piece)
                if body.size >= REASON_READ:
                    break
            return body.taken[:REASON_READ]
        return b""

    def _refuse_errors(self, answer: Answer, *, is_action: bool) -> None:
        if 200 <= answer.status < 300:
            return
        error = refusal(self.connection, answer.status, answer.headers, answer.body, self._clock())
        error.may_have_arrived = is_action and answer.status in _LOST_ON_THE_WAY
        raise error


def _pieces(response: "httpx.Response") -> AsyncIterator[bytes]:
    """The body as it comes over the wire: httpx would unpack each piece, to whatever length."""
    stream: Any = response.stream
    pieces: AsyncIterator[bytes] = aiter(stream)
    return pieces


def _flat(params: Params | None) -> list[tuple[str, str | int | float | bool | None]] | None:
    """Parameters as pairs; a sequence repeats its name. None keeps the query that an address has."""
    if params is None:
        return None
    pairs: list[tuple[str, str | int | float | bool | None]] = []
    for name, value in params.items():
        if isinstance(value, str | int):
            pairs.append((name, value))
        else:
            pairs += [(name, one) for one in value]
    return pairs
