"""A desk to act from."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.unit.response.helpers import Desk


@pytest_asyncio.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """A responder on an empty journal with two pagers."""
    made = Desk(tmp_path / "journal.db")
    yield made
    await made.journal.close()
