"""PromQL over ``prometheus-api-client``, awaitable: instant and range queries, and the list of targets."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

from oncall_tui.domain.threshold import Sample
from oncall_tui.sources.connection import Connection
from oncall_tui.sources.errors import Refused
from oncall_tui.sources.mishaps import unconnected
from oncall_tui.sources.prometheus.session import Remarks, connect
from oncall_tui.sources.skew import Skew
from oncall_tui.threads import DaemonThreads

Result = TypeVar("Result")

AT_ONCE = 192
"""Queries at the same time: as many checks as the usual budget of a minute allows, so that all take as long as the
slowest. A server that evaluates fewer at once (Prometheus: 20) queues the rest itself. Threads start when needed."""


@dataclass(frozen=True, slots=True)
class Line:
    """One series of an answer: its raw labels and its samples, oldest first."""

    labels: dict[str, str]
    samples: tuple[Sample, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """The series of one query, and what the server says limits them (a store of Thanos that is away)."""

    lines: tuple[Line, ...]
    warnings: tuple[str, ...] = ()


class Queries:
    """Queries to one server. Everything raises from the ``SourceError`` tree, or ``reported`` reads it as malformed."""

    def __init__(self, connection: Connection, skew: Skew) -> None:
        self._connection = connection
        self._skew = skew
        self._remarks = Remarks(connection)
        self._threads = DaemonThreads(f"{connection.name}-query", AT_ONCE)
        self._opening = DaemonThreads(f"{connection.name}-open", 1)
        self._client: Any = None
        self._is_closed = False

    async def instant(self, query: str) -> Answer:
        """The newest value of every series, by the server's clock."""
        return await self._answer(lambda client: client.custom_query(query))

    async def range(self, query: str, start: datetime, end: datetime, step: int) -> Answer:
        """Values every ``step`` seconds between two moments, which are rounded to seconds."""
        return await self._answer(lambda client: client.custom_query_range(query, start, end, f"{step}s"))

    async def targets(self) -> Sequence[object]:
        """The active targets as the API lists them."""
        client = await self._opened()
        found: Sequence[object] = await self._run(lambda: client.get_targets(state="active")["activeTargets"])
        return found

    def close(self) -> None:
        """Let go at once; a call that hangs ends within its deadline, in its daemon thread."""
        self._is_closed = True
        self._threads.close()
        self._opening.close()
        if self._client is not None:
            self._client.close()
            self._client = None

    async def _answer(self, request: Callable[[Any], Any]) -> Answer:
        client = await self._opened()

        def call() -> Answer:
            self._remarks.begin()
            result = request(client)
            return Answer(_lines(result), self._remarks.warnings)

        return await self._run(call)

    async def _run(self, call: Callable[[], Result]) -> Result:
        """What ``call`` gives. It ends within its deadline, unless the name of the host is asked for without an answer.

        Raises:
            TimedOut: then it is left to end by itself.
        """
        try:
            async with asyncio.timeout(self._connection.deadline + self._connection.timeout):
                return await self._threads.run(call)
        except TimeoutError:
            raise unconnected(self._connection) from None

    async def _opened(self) -> Any:
        """The vendor client, imported and made with the first query."""
        if self._is_closed:
            raise Refused(f"{self._connection.name} is closed.")
        if self._client is None:
            await self._opening.run(self._open)
        return self._client

    def _open(self) -> None:
        if self._client is None:
            self._client = connect(self._connection, self._skew, self._remarks, AT_ONCE)


def _lines(result: Any) -> tuple[Line, ...]:
    """The series of a vector, a matrix or a scalar (HTTP API, "Expression query result formats").

    Raises:
        LookupError, TypeError, ValueError: it is none of these.
    """
    if isinstance(result, list) and len(result) == 2 and isinstance(result[0], int | float):
        return (Line({}, (_sample(result),)),)
    return tuple(_line(one) for one in result)


def _line(series: Any) -> Line:
    samples = series["values"] if "values" in series else [series["value"]]
    return Line(dict(series["metric"]), tuple(_sample(pair) for pair in samples))


def _sample(pair: Any) -> Sample:
    at, value = pair
    return Sample(datetime.fromtimestamp(at, UTC), float(value))
