"""Awaitable calls of PagerDuty's client: in daemon threads, counted, with errors in our words."""

import asyncio
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from types import ModuleType
from typing import TYPE_CHECKING, TypeVar

from oncall_tui.sources.base import Clock
from oncall_tui.sources.bridge import Bridge
from oncall_tui.sources.connection import Connection
from oncall_tui.sources.errors import Malformed, RateLimited
from oncall_tui.sources.json_text import decoded
from oncall_tui.sources.pagerduty.exchange import Params, Question
from oncall_tui.sources.pagerduty.pacing import Pacer
from oncall_tui.sources.retry import NO_RETRY, Retry
from oncall_tui.sources.values import JsonObject
from oncall_tui.sources.wire import Wire
from oncall_tui.threads import IMPORTING, DaemonThreads

if TYPE_CHECKING:
    from oncall_tui.sources.pagerduty.vendor import VendorClient

Result = TypeVar("Result")

Decode = Callable[[Connection, bytes], object]
"""Makes objects of an answer; raises ``Malformed`` for what is not JSON."""


class Vendor:
    """The one vendor client of a source, built by the first call, in its thread."""

    def __init__(self, wire: Wire, from_email: str | None) -> None:
        self.wire = wire
        self._from_email = from_email
        self._bridge = Bridge()
        self._building = threading.Lock()
        self._client: VendorClient | None = None

    async def ask(self, threads: DaemonThreads, question: Question, decode: Decode) -> JsonObject:
        """The object that ``question`` is answered with.

        Raises:
            SourceError: there was none.
        """
        return await self._bridge.run(threads, partial(self._ask, question, decode))

    def _ask(self, question: Question, decode: Decode) -> JsonObject:
        vendor = _vendor()
        connection = self.wire.connection
        found = decode(connection, vendor.call(self._built(), connection, question))
        if not isinstance(found, dict):
            raise Malformed(
                f"{connection.name}: {connection.host} answered with {_told(found)} where an object is due.",
                "Is `url` the address of PagerDuty's REST API?",
            )
        return found

    def _built(self) -> "VendorClient":
        with self._building:
            if self._client is None:
                self._client = _vendor().build(self.wire, self._bridge, self._from_email)
            return self._client


def _vendor() -> ModuleType:
    """PagerDuty's own client: 80 ms for the first who asks."""
    with IMPORTING:
        from oncall_tui.sources.pagerduty import vendor
    return vendor


def _told(value: object) -> str:
    """What JSON calls a value."""
    names = {type(None): "null", list: "a list", str: "a text", bool: "yes or no"}
    return names.get(type(value), "a number")


@dataclass(frozen=True)
class Calls:
    """A lane of requests: whose threads it uses, what it spends, and whether it tries again."""

    vendor: Vendor
    threads: DaemonThreads
    gate: asyncio.Semaphore
    """As many as there are threads: a request that waits here is not counted yet."""
    clock: Clock
    spend: Callable[[], None]
    """Counts one request; raises ``RateLimited`` when the budget is spent."""
    retry: Retry = NO_RETRY
    decode: Decode = decoded
    """In the thread of the call."""
    pacer: Pacer | None = None
    """Says how fast the act goes that the requests belong to."""

    @property
    def wire(self) -> Wire:
        """The way to PagerDuty."""
        return self.vendor.wire

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
        return await self._change(Question("PUT", path, body=body, sender=sender))

    async def post(self, path: str, body: object, sender: str | None = None) -> JsonObject:
        """The same for what is made anew: a note, a snooze, an incident.

        Raises:
            SourceError: ``may_have_arrived`` when the answer was lost on the way back.
        """
        return await self._change(Question("POST", path, body=body, sender=sender))

    async def compute(self, work: Callable[[], Result]) -> Result:
        """What ``work`` gives, in one of the threads: reading thousands of objects would stall the loop."""
        return await self.threads.compute(work)

    async def _change(self, question: Question) -> JsonObject:
        try:
            return await self._send(question)
        except Malformed as error:
            error.may_have_arrived = True
            raise

    async def _send(self, question: Question) -> JsonObject:
        while self.pacer is not None:
            await self.pacer.turn()
            try:
                answer = await self._ask(question)
            except RateLimited as error:
                await self.pacer.hold(error)
            else:
                self.pacer.is_answered()
                return answer
        return await self._ask(question)

    async def _ask(self, question: Question) -> JsonObject:
        async with self.gate:
            self.spend()
            return await self.vendor.ask(self.threads, question, self.decode)
