"""What somebody looks at is read before its key is pressed, and nothing while nobody is there."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from oncall_tui.ui.read_ahead import ReadAhead
from tests.ui.desk import Desk, FakeRooms, at_desk
from tests.ui.run_desk import FakeRunbooks
from tests.unit.builders import PAGERDUTY, alert, record
from tests.unit.runbook.run.helpers import Bench

PATIENCE_S = 60


@pytest_asyncio.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    made = Bench(tmp_path)
    yield made
    await made.close()


@dataclass
class Ahead:
    """A desk with two alerts, and the looks that are taken when a test says so."""

    desk: Desk
    room: FakeRunbooks
    looks: asyncio.Queue[None]
    waits: asyncio.Event

    async def look(self, times: int = 1) -> None:
        """As many looks at the cursor, each to its end."""
        for _ in range(times):
            self.waits.clear()
            self.looks.put_nowait(None)
            await asyncio.wait_for(self.waits.wait(), PATIENCE_S)


@asynccontextmanager
async def ahead(bench: Bench, room: FakeRunbooks | None = None) -> AsyncIterator[Ahead]:
    held, rooms = room or FakeRunbooks(bench), FakeRooms()
    rooms.runbooks = held
    looks: asyncio.Queue[None] = asyncio.Queue()
    waits = asyncio.Event()

    async def wait(_seconds: float) -> None:
        waits.set()
        await looks.get()

    alerts = (alert(record(PAGERDUTY, "Q1", title="one")), alert(record(PAGERDUTY, "Q2", title="two")))
    async with at_desk(*alerts, rooms=rooms) as desk:
        work = asyncio.create_task(ReadAhead(wait)(desk.app))
        await asyncio.wait_for(waits.wait(), PATIENCE_S)
        yield Ahead(desk, held, looks, waits)
        work.cancel()
        with pytest.raises(asyncio.CancelledError):
            await work


async def test_on_a_screen_that_nobody_touches_nothing_is_read(bench: Bench) -> None:
    async with ahead(bench) as at:
        await at.look(3)
        assert at.room.reads == 0


async def test_where_the_cursor_rests_the_runbook_is_read_once(bench: Bench) -> None:
    async with ahead(bench) as at:
        await at.look()
        await at.desk.press("2", "j")
        await at.look()
        assert at.room.reads == 0, "it may be on its way"
        await at.look()
        assert at.room.reads == 1
        await at.look(2)
        assert at.room.reads == 1
        await at.desk.press("k")
        await at.look(2)
        assert at.room.reads == 2


async def test_in_a_view_that_somebody_has_opened_the_first_alert_counts(bench: Bench) -> None:
    async with ahead(bench) as at:
        await at.desk.press("2")
        await at.look(2)
        assert at.room.reads == 1


async def test_without_a_runbook_or_with_a_file_that_cannot_be_read_nothing_is_said(bench: Bench) -> None:
    for room in (FakeRunbooks(bench, candidates=()), FakeRunbooks(bench, failure=OSError("gone"))):
        async with ahead(bench, room) as at:
            await at.look()
            await at.desk.press("2")
            await at.look(3)
            assert (at.room.reads, at.desk.toasts()) == (0, [])
