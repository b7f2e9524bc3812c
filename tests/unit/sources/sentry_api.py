"""Sentry's addresses, a source that asks there, and answers page by page."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import httpx

from oncall_tui.config.model import SentrySettings
from oncall_tui.domain.ids import SourceName
from oncall_tui.domain.severity import SeverityMap
from oncall_tui.sources.base import Records, Report
from oncall_tui.sources.retry import NO_RETRY, Retry
from oncall_tui.sources.sentry import Sentry

TOKEN = "sntryu_SECRET4711"
NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
BASE = "https://us.sentry.io/api/0/organizations/acme/"
INDEX = "https://us.sentry.io/api/0/"
Handler = Callable[[httpx.Request], httpx.Response]


class Secret:
    def reveal(self) -> str:
        return TOKEN


class HandClock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@asynccontextmanager
async def source_of(
    clock: HandClock | None = None, *, retry: Retry = NO_RETRY, has_token: bool = True, **settings: Any
) -> AsyncIterator[Sentry]:
    source = Sentry(
        SourceName("sentry"),
        SentrySettings(**({"organization": "acme"} | settings)),
        token=Secret() if has_token else None,
        headers={},
        severities=SeverityMap(),
        clock=clock or HandClock(),
        retry=retry,
    )
    try:
        yield source
    finally:
        await source.close()


def records(report: Report) -> Records:
    assert report.failure is None, report.failure
    assert report.records is not None
    return report.records


def paged(rows: list[dict[str, Any]], size: int) -> Handler:
    """Answers page by page as Sentry does: cursors in the ``Link`` header, which is always there."""

    def answer(request: httpx.Request) -> httpx.Response:
        start = int(request.url.params.get("cursor", "0:0:0").split(":")[1])
        following, results = f"0:{start + size}:0", str(start + size < len(rows)).lower()
        link = (
            f'<{request.url}>; rel="previous"; results="false"; cursor="0:0:1", '
            f'<https://evil.example/steal?cursor={following}>; rel="next"; results="{results}"; cursor="{following}"'
        )
        return httpx.Response(200, json=rows[start : start + size], headers={"Link": link})

    return answer
