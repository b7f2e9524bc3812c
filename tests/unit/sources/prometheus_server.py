"""A Prometheus that answers as it is told, and a source that asks it."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import web

from oncall_tui.config.model import PrometheusSettings
from oncall_tui.domain.ids import SourceName
from oncall_tui.domain.severity import SeverityMap
from oncall_tui.sources.base import Records, Source
from oncall_tui.sources.prometheus import Prometheus
from oncall_tui.sources.retry import Retry

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
AT = NOW.timestamp()
TOKEN = "t0p-s3cret-t0ken"


class HandClock:
    """A clock that moves when told to."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def move(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class KnownToken:
    def reveal(self) -> str:
        return TOKEN


async def at_once(_: float) -> None:
    """A pause that takes no time."""


class FakePrometheus:
    """Answers queries out of a table; a value that is an exception's text is a refused query."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {"up": []}
        self.present: dict[str, Any] = {}
        """What an instant query gives where that differs from the range."""
        self.asked: list[str] = []
        self.warnings: list[str] = []
        self.config = "global:\n  scrape_interval: 15s\n"
        self.alerts: list[Any] = []

    def answers(self) -> Mapping[str, Any]:
        return {
            "/api/v1/query": self.query,
            "/api/v1/query_range": self.query,
            "/api/v1/alerts": lambda request: {"status": "success", "data": {"alerts": self.alerts}},
            "/api/v1/rules": {"status": "success", "data": {"groups": []}},
            "/api/v1/status/config": lambda request: {"status": "success", "data": {"yaml": self.config}},
        }

    def query(self, request: web.Request) -> object:
        query = request.query["query"]
        self.asked.append(query)
        result = self.values.get(query, [])
        if query in self.present and request.path == "/api/v1/query":
            result = self.present[query]
        if isinstance(result, str):
            raise web.HTTPBadRequest(text=json.dumps({"status": "error", "error": result}))
        return {"status": "success", "data": {"resultType": "vector", "result": result}, "warnings": self.warnings}


def vector(value: float, **labels: str) -> list[Any]:
    return [{"metric": labels, "value": [AT, str(value)]}]


def source_of(url: str, clock: HandClock | None = None, **options: Any) -> Prometheus:
    settings = {key: options.pop(key) for key in tuple(options) if key not in ("services", "chart", "token", "headers")}
    return Prometheus(
        SourceName("prom"),
        PrometheusSettings(url=url, **settings),
        token=options.get("token"),
        headers=options.get("headers", {}),
        severities=SeverityMap(),
        clock=clock or HandClock(),
        services=options.get("services"),
        chart=options.get("chart"),
        retry=Retry(sleep=at_once),
    )


async def records_of(source: Source) -> Records:
    report = await source.poll()
    assert report.failure is None, report.failure
    assert report.records is not None
    return report.records
