"""HTTP for every source that has no client of its own: httpx behind one small caller.

The caller keeps what httpx leaves open: a bound on the size of an answer, no redirect to another host, one TLS context
for all, errors in our words without any token, and a budget that counts every request.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import msgspec

from oncall_tui.sources.base import Clock
from oncall_tui.sources.budget import Budget
from oncall_tui.sources.connection import Connection, is_same_host
from oncall_tui.sources.errors import Malformed, Refused, SourceError, TimedOut
from oncall_tui.sources.failures import for_status, not_json, unreachable
from oncall_tui.sources.flight import Flights
from oncall_tui.sources.retry import NO_RETRY, Retry
from oncall_tui.sources.skew import Skew
from oncall_tui.sources.tls import tls_context
from oncall_tui.threads import DaemonThreads

if TYPE_CHECKING:
    import httpx

Params = Mapping[str, str | int | bool | Sequence[str]]

MAX_BODY = 32 * 1024 * 1024
"""Bytes of an answer, unpacked. What is longer is not read to its end."""

_DECODED_INLINE = 64 * 1024
_AT_ONCE = 8
_REDIRECTS = 3
_CLOSING_S = 0.2
_LOST_ON_THE_WAY = (502, 504)
_THREADS = DaemonThreads("http", 2)


@dataclass(frozen=True, slots=True)
class Page:
    """An answer with what stands around it: headers (names in lower case) and the ``Link`` header by relation."""

    body: object
    headers: Mapping[str, str]
    links: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: Mapping[str, str]
    links: Mapping[str, Mapping[str, str]]
    body: bytes


class HttpCaller:
    """Requests to one source's host. ``transport`` replaces the network in tests."""

    def __init__(
        self,
        connection: Connection,
        budget: Budget,
        clock: Clock,
        *,
        retry: Retry = NO_RETRY,
        skew: Skew | None = None,
        transport: "httpx.AsyncBaseTransport | None" = None,
        max_body: int = MAX_BODY,
    ) -> None:
        self.connection = connection
        self._budget = budget
        self._clock = clock
        self._retry = retry
        self.skew = skew if skew is not None else Skew(clock)
        self._transport = transport
        self._max_body = max_body
        self._client: httpx.AsyncClient | None = None
        self._closed = asyncio.Event()
        self._flights = Flights()
        self._opening = asyncio.Lock()
        self._places = asyncio.Semaphore(_AT_ONCE)

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
        answer = await self._exchange(method, path, params, body, headers)
        if 300 <= answer.status < 400:
            raise self._redirected(answer.headers.get("location", ""))
        self._refuse_errors(answer, is_action=True)
        if not answer.body.strip():
            return None
        try:
            return await self._decoded(answer.body)
        except Malformed as error:
            error.may_have_arrived = True
            raise

    async def close(self) -> None:
        """Drop the connections. Two fifths of a second at most go into a polite goodbye."""
        self._closed.set()
        client, self._client = self._client, None
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_CLOSING_S):
                await self._flights.landed()
        if client is not None:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_CLOSING_S):
                    await client.aclose()

    async def _get(self, path: str, params: Params | None) -> _Answer:
        """One GET, with the redirects that stay at home."""
        for _ in range(_REDIRECTS):
            self._budget.take()
            answer = await self._exchange("GET", path, params, None, None)
            if not 300 <= answer.status < 400:
                self._refuse_errors(answer, is_action=False)
                return answer
            path, params = self._home_address(answer.headers.get("location", "")), None
        raise Refused(f"{self.connection.name}: {self.connection.host} sends us round in circles.", "Look at `url`.")

    async def _exchange(
        self, method: str, path: str, params: Params | None, body: object, headers: Mapping[str, str] | None
    ) -> _Answer:
        """One request and its whole answer, within the time of this source."""
        client = await self._opened()
        url = path if path.startswith(("http://", "https://")) else self.connection.url + path
        content = msgspec.json.encode(body) if body is not None else None
        sent = dict(headers or {}) | ({"Content-Type": "application/json"} if content is not None else {})
        async with self._places, self._failures(is_action=method != "GET"):
            request = client.build_request(method, url, params=_flat(params), content=content, headers=sent)
            async with asyncio.timeout(2 * self.connection.timeout):
                asked_at = self.skew.now()
                response = await self._flights.send(client, request)
                self.skew.hear(response.headers, asked_at)
                try:
                    read = await self._read(response)
                finally:
                    await response.aclose()
            lowered = {name.lower(): value for name, value in response.headers.items()}
            links = {str(relation): dict(link) for relation, link in response.links.items() if relation}
            return _Answer(response.status_code, lowered, links, read)

    async def _read(self, response: "httpx.Response") -> bytes:
        """The body, as long as it keeps within bounds."""
        body = bytearray()
        async for chunk in response.aiter_bytes():
            body += chunk
            if len(body) > self._max_body:
                size = f"{self._max_body / 1024 / 1024:.0f} MiB"
                raise Malformed(
                    f"{self.connection.name}: an answer of {self.connection.host} is longer than {size}.",
                    "Narrow what this source reads, with its filters or a smaller window.",
                )
        return bytes(body)

    @contextlib.asynccontextmanager
    async def _failures(self, *, is_action: bool) -> AsyncIterator[None]:
        """Turn what httpx raises into the ``SourceError`` tree."""
        import httpx

        name, host, limit = self.connection.name, self.connection.host, self.connection.timeout
        was_sent = True
        try:
            yield
            return
        except (httpx.ConnectTimeout, httpx.PoolTimeout):
            was_sent = False
            error: SourceError = TimedOut(f"{name}: no connection to {host} within {limit:g} s.", "VPN down?")
        except (httpx.TimeoutException, TimeoutError):
            error = TimedOut(f"{name}: {host} did not answer within {limit:g} s.", "Overloaded? Or raise `timeout`.")
        except (httpx.ProxyError, httpx.ConnectError) as problem:
            was_sent = False
            error = unreachable(name, host, problem)
            if isinstance(problem, httpx.ProxyError):
                error = type(error)(f"{name}: the proxy does not let us through to {host}.", "Look at `proxy`.")
        except httpx.DecodingError:
            error = Malformed(f"{name}: an answer of {host} cannot be unpacked.", "It was damaged on the way.")
        except (httpx.UnsupportedProtocol, httpx.LocalProtocolError, httpx.InvalidURL, UnicodeError):
            # Their own words may quote a header, and with it the token.
            was_sent = False
            error = Refused(f"{name}: a request cannot be written for {host}.", "Look at `url` and `headers`.")
        except httpx.HTTPError as problem:
            error = unreachable(name, host, problem)
        error.may_have_arrived = is_action and was_sent
        raise error from None

    def _refuse_errors(self, answer: _Answer, *, is_action: bool) -> None:
        if 200 <= answer.status < 300:
            return
        body = self.connection.scrubbed(answer.body[:65_536].decode("utf-8", "replace")).encode()
        error = for_status(
            self.connection.name, self.connection.host, answer.status, answer.headers, body, self._clock()
        )
        error.may_have_arrived = is_action and answer.status in _LOST_ON_THE_WAY
        raise error

    def _home_address(self, location: str) -> str:
        """Where a redirect leads, when that is the same host: the token goes nowhere else."""
        if location.startswith("/") and not location.startswith("//"):
            parts = urlsplit(self.connection.url)
            return f"{parts.scheme}://{parts.netloc}{location}"
        if not is_same_host(self.connection.url, location):
            raise self._redirected(location)
        return location

    def _redirected(self, location: str) -> Refused:
        try:
            where = urlsplit(location).hostname or "another address"
        except ValueError:
            where = "another address"
        return Refused(
            f"{self.connection.name}: {self.connection.host} sends us to {where}; the token stays here.",
            "A login page in between, or `url` of this source is an old address.",
        )

    async def _decoded(self, body: bytes) -> object:
        """JSON to objects; a large body in a thread."""
        if len(body) <= _DECODED_INLINE:
            return self._decode(body)
        return await _THREADS.run(lambda: self._decode(body))

    def _decode(self, body: bytes) -> object:
        try:
            answer: object = msgspec.json.decode(body)
        except (ValueError, RecursionError):
            raise not_json(self.connection.name, self.connection.host, body) from None
        return answer

    async def _opened(self) -> "httpx.AsyncClient":
        """The client, made with the first request, in a thread: httpx and the authorities take 60 ms to load."""
        async with self._opening:
            if self._closed.is_set():
                raise Refused(f"{self.connection.name} is closed.")
            if self._client is None:
                client = await _THREADS.run(self._new_client)
                if self._closed.is_set():
                    await client.aclose()
                    raise Refused(f"{self.connection.name} is closed.")
                self._client = client
            return self._client

    def _new_client(self) -> "httpx.AsyncClient":
        import httpx

        connection = self.connection
        options: dict[str, Any] = {}
        if self._transport is not None:
            options["transport"] = self._transport
        return httpx.AsyncClient(
            headers=connection.checked_headers() | {"Accept": "application/json"},
            verify=tls_context(connection.trust),
            proxy=_proxy(connection),
            # The environment's proxy is for the world outside, not for a tunnel on this machine.
            trust_env=connection.proxy is None and not connection.is_loopback,
            timeout=httpx.Timeout(connection.timeout),
            limits=httpx.Limits(max_connections=_AT_ONCE, max_keepalive_connections=_AT_ONCE),
            follow_redirects=False,
            **options,
        )


def _flat(params: Params | None) -> list[tuple[str, str | int | float | bool | None]]:
    """Parameters as pairs; a sequence repeats its name."""
    pairs: list[tuple[str, str | int | float | bool | None]] = []
    for name, value in (params or {}).items():
        if isinstance(value, str | int):
            pairs.append((name, value))
        else:
            pairs += [(name, one) for one in value]
    return pairs


def _proxy(connection: Connection) -> "httpx.Proxy | None":
    """The proxy of this source. httpx's own words about a bad address would quote it, with the password in it."""
    import httpx

    try:
        return httpx.Proxy(connection.proxy) if connection.proxy is not None else None
    except (ValueError, httpx.InvalidURL):
        raise Refused(f"{connection.name}: `proxy` is not an address.", "Write it as http://host:port.") from None
