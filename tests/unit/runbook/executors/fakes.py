"""A metrics server and an HTTP server that answer what the test says."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from oncall_tui.runbook.ports import HttpAnswer, HttpRequest, PortError, Series


@dataclass
class FakeMetrics:
    """Answers every query with the same series, or not at all."""

    series: Sequence[Series] = ()
    error: str = ""
    hangs: bool = False
    asked: list[tuple[str, str]] = field(default_factory=list)

    async def query(self, query: str, source: str, timeout_s: float) -> Sequence[Series]:
        """``MetricReader.query``."""
        self.asked.append((query, source))
        if self.hangs:
            await asyncio.Event().wait()
        if self.error:
            raise PortError(self.error)
        return self.series


@dataclass
class FakeWeb:
    """Answers by address, with 404 for what it does not know."""

    answers: dict[str, HttpAnswer] = field(default_factory=dict)
    error: str = ""
    is_sent: bool = False
    hangs: bool = False
    asked: list[HttpRequest] = field(default_factory=list)

    async def call(self, request: HttpRequest) -> HttpAnswer:
        """``HttpCaller.call``."""
        self.asked.append(request)
        if self.hangs:
            await asyncio.Event().wait()
        if self.error:
            raise PortError(self.error, self.is_sent)
        return self.answers.get(request.url, HttpAnswer(404))


def series(*values: float) -> list[Series]:
    """One series for each value."""
    return [Series({"__name__": "up", "job": f"j{at}"}, value) for at, value in enumerate(values)]
