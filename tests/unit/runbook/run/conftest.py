"""A bench for each test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.unit.runbook.run.helpers import Bench


@pytest_asyncio.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    made = Bench(tmp_path)
    yield made
    await made.close()
