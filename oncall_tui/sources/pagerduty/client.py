"""Awaitable calls of PagerDuty's client: in daemon threads, counted, within a time, with errors in our words."""

import asyncio
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import msgspec

from oncall_tui.sources.base import Clock
from oncall_tui.sources.connection import Connection
from oncall_tui.sources.errors import Malformed, SourceError, TimedOut, Unreachable
from oncall_tui.sources.failures import for_status, not_json
from oncall_tui.sources.pagerduty.exchange import Answer, Params, Question
from oncall_tui.sources.retry import NO_RETRY, Retry
from oncall_tui.sources.skew import Skew
from oncall_tui.sources.values import JsonObject
from oncall_tui.threads import DaemonThreads

if TYPE_CHECKING:
    from oncall_tui.sources.pagerduty.vendor import VendorClient

Result = TypeVar("Result")

_GATEWAY_STATUSES = (502, 504)
_DEADLINE_FACTOR = 2
"""A server that sends a byte now and then resets the read timeout each time: past this many timeouts we give up."""


class Wire:
    """The one vendor client of a source, built by the first call, in its thread."""

    def __init__(self, connection: Connection, from_email: str | None, skew: Skew) -> None:
        self.connection = connection
        self.skew = skew
        self._from_email = from_email
        self._building = threading.Lock()
        self._lock = threading.Lock()
        self._client: VendorClient | None = None
        self._in_flight = 0
        self._is_closed = False

    def call(self, question: Question) -> Answer:
        """One request. Blocking: only for a thread."""
        from oncall_tui.sources.pagerduty import vendor

        client = self._taken()
        try:
            asked_at = self.skew.now()
            answer = vendor.call(client, self.connection, question)
            self.skew.hear(answer.headers, asked_at)
            return answer
        finally:
            self._given_back()

    def close(self) -> None:
        """Close the connections. While calls run it is left to the last of them: a socket in use cannot be closed."""
        with self._lock:
            self._is_closed = True
            self._close_when_unused()

    def _taken(self) -> "VendorClient":
        """The client, for one call. Only threads wait for it to be built: ``close`` is called on the event loop."""
        from oncall_tui.sources.pagerduty import vendor

        with self._building:
            if self._client is None and not self._is_closed:
                self._client = vendor.build(self.connection, self._from_email)
        with self._lock:
            if self._is_closed or self._client is None:
                self._close_when_unused()
                raise Unreachable(f"{self.connection.name}: the source is closed.")
            self._in_flight += 1
            return self._client

    def _given_back(self) -> None:
        with self._lock:
            self._in_flight -= 1
            self._close_when_unused()

    def _close_when_unused(self) -> None:
        if self._is_closed and self._in_flight == 0 and self._client is not None:
            self._client.close()
            self._client = None


@dataclass(frozen=True)
class Calls:
    """A lane of requests: whose threads it uses, what it spends, and whether it tries again."""

    wire: Wire
    threads: DaemonThreads
    gate: asyncio.Semaphore
    """As many as there are threads, so that no call's time runs out while it waits for one."""
    clock: Clock
    spend: Callable[[], None]
    """Counts one request; raises ``RateLimited`` when the budget is spent."""
    retry: Retry = NO_RETRY

    async def get(self, path: str, params: Params = ()) -> JsonObject:
        """The object that a read gives.

        Raises:
            SourceError: in the words of the vendor where it has any.
        """
        return await self.retry.read(lambda: self._send(Question("GET", path, params)))

    async def put(self, path: str, body: object, sender: str | None = None) -> JsonObject:
        """The object that a change gives, made in the name of ``sender``. Sent once, never again by itself.

        Raises:
            SourceError: ``may_have_arrived`` when the answer was lost on the way back.
        """
        return await self._send(Question("PUT", path, body=body, sender=sender))

    async def compute(self, work: Callable[[], Result]) -> Result:
        """What ``work`` gives, in one of the threads: reading thousands of objects would stall the loop."""
        return await self.threads.run(work)

    async def _send(self, question: Question) -> JsonObject:
        async with self.gate:
            self.spend()
            deadline = self.wire.connection.timeout * _DEADLINE_FACTOR
            try:
                async with asyncio.timeout(deadline):
                    return await self.threads.run(partial(self._answer, question))
            except TimeoutError:
                error = TimedOut(
                    f"{self.wire.connection.name}: {self.wire.connection.host} did not finish within {deadline:g} s.",
                    "Slow network or a slow PagerDuty.",
                )
                error.may_have_arrived = True
                raise error from None

    def _answer(self, question: Question) -> JsonObject:
        connection = self.wire.connection
        answer = self.wire.call(question)
        if not 200 <= answer.status < 300:
            said = connection.scrubbed(answer.body[:4_000].decode("utf-8", "replace")).encode()
            error: SourceError = for_status(
                connection.name, connection.host, answer.status, answer.headers, said, self.clock()
            )
            error.may_have_arrived = answer.status in _GATEWAY_STATUSES
            raise error
        try:
            found = msgspec.json.decode(answer.body)
        except (ValueError, RecursionError):
            raise not_json(connection.name, connection.host, answer.body) from None
        if not isinstance(found, dict):
            raise Malformed(
                f"{connection.name}: {connection.host} answered with a {type(found).__name__}, not an object."
            )
        return found
