"""Vendors for the tests of sources."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import respx

from oncall_tui.domain.ids import SourceName
from oncall_tui.sources.budget import Budget
from oncall_tui.sources.connection import Connection
from oncall_tui.sources.credentials import bearer
from oncall_tui.sources.http import HttpCaller
from oncall_tui.sources.retry import NO_RETRY, Retry
from oncall_tui.sources.wire import Wire
from tests.unit.sources.http_callers import NOW, URL, Build, KnownToken
from tests.unit.sources.sentry_api import BASE


@pytest.fixture
def sentry() -> Any:
    """Sentry with nothing to tell, until a test says otherwise."""
    with respx.mock(assert_all_called=False) as mock:
        mock.get(BASE + "issues/", name="issues").respond(json=[])
        mock.get(BASE + "releases/", name="releases").respond(json=[])
        yield mock


@pytest.fixture
async def build_caller() -> AsyncIterator[Build]:
    """Makes callers and closes them."""
    made: list[HttpCaller] = []

    def _build(*, url: str = URL, retry: Retry = NO_RETRY, budget: int = 100, **options: Any) -> HttpCaller:
        options.setdefault("max_body", 1_000_000)
        options.setdefault("credential", bearer(KnownToken()))
        connection = Connection(SourceName("vendor"), url, **options)
        clock = lambda: NOW  # noqa: E731
        caller = HttpCaller(Wire(connection, clock), Budget(budget, clock), retry=retry)
        made.append(caller)
        return caller

    yield _build
    for caller in made:
        await caller.close()
