"""The catalogue, runs that are taken up again, and leaving while something runs."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio
from msgspec.structs import replace as replaced

from oncall_tui.runbook.run.opening import open_run
from oncall_tui.runbook.run.states import State
from oncall_tui.ui.screens.asking import Choose
from oncall_tui.ui.screens.confirm_step import ConfirmStep
from oncall_tui.ui.screens.dialogs import Question
from oncall_tui.ui.screens.find_runbook import FindRunbook
from oncall_tui.ui.screens.run import RunScreen
from oncall_tui.ui.screens.runbooks import Runbooks
from tests.ui.run_desk import AtRun, FakeRunbooks, at_run, entry
from tests.unit.runbook.run.helpers import TEXT, Bench, confirmed, ok, runbook


@pytest_asyncio.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    made = Bench(tmp_path)
    yield made
    await made.close()


@pytest.mark.parametrize("size", [(80, 24), (160, 45)])
async def test_the_catalogue_tells_what_covers_an_alert_and_opens_it(bench: Bench, size: tuple[int, int]) -> None:
    async with at_run(bench, size=size, opens=False) as at:
        await at.press("4")
        await at.until(lambda: "✓ clean" in at.text() or " warn" in at.text())
        text = at.text()
        assert "RUNBOOKS  1 runbook" in text and "API slow" in text and "never" in text
        assert "P2 api" in text
        await at.press("enter")
        await at.until(lambda: isinstance(at.desk.app.screen, RunScreen))
        await at.drive.run.note("looking at it")  # What was only opened is listed nowhere.
        await at.press("escape")
        await at.until(lambda: "open run" in at.text())


async def test_the_catalogue_is_filtered_and_lists_alerts_that_nothing_covers(bench: Bench) -> None:
    async with at_run(bench, room=FakeRunbooks(bench, candidates=()), opens=False) as at:
        await at.press("4")
        await at.until(lambda: "no runbook" in at.text())
        await at.press("slash", *"slow", "enter")
        assert "API slow" in at.text() and "no runbook" not in at.text()
        await at.press("escape")
        assert isinstance(at.desk.app.view, Runbooks)
        await at.press("G", "enter")
        await at.until(lambda: isinstance(at.desk.app.screen, FindRunbook))


async def test_a_file_that_changes_while_the_view_is_open_is_shown_as_it_is_now(bench: Bench) -> None:
    async with at_run(bench, opens=False) as at:
        await at.press("4")
        await at.until(lambda: "✓ clean" in at.text() or " warn" in at.text())
        view = at.desk.app.view
        assert isinstance(view, Runbooks)
        asked = at.room.reads
        await view.watch_files()
        assert at.room.reads == asked, "nothing has changed: no file is read"
        at.room.texts["/nowhere/other.md"] = TEXT
        at.room.entries = (replaced(entry(), title="API slower", sha256="1" * 64), entry("other", "Other one"))
        await view.watch_files()
        await at.until(lambda: "2 runbooks" in at.text() and "API slower" in at.text() and "Other one" in at.text())
        await at.until(lambda: at.room.reads == asked + 1)  # What the other one says was read before, by its hash.
        at.room.entries = (entry("other", "Other one"),)
        await view.watch_files()
        await at.until(lambda: "1 runbook" in at.text() and "API slower" not in at.text())


async def test_leaving_while_a_step_runs_asks(bench: Bench) -> None:
    bench.script.gate = asyncio.Event()
    async with at_run(bench) as at:
        await at.go_to("deploy")
        await at.press("enter")
        await at.until(lambda: isinstance(at.desk.app.screen, ConfirmStep))
        await at.press("y")
        await at.until(lambda: "deploy" in at.drive.run.running)
        await at.press("escape", "q")
        assert isinstance(at.desk.app.screen, Question)
        assert "API slow: deploy" in at.text()
        await at.press("escape")
        assert at.desk.app.is_running
        bench.script.gate.set()
        await at.until(lambda: at.drive.run.record.unit("deploy").state is State.DONE)


_NO_PROCESS = 2**22 + 1
"""More than the number of any process."""


async def _left_by_a_crash(bench: Bench) -> None:
    """A run whose process ended between the intent and the result."""
    desk = bench.desk("gone", "user:eve")
    desk = replace(desk, operator=replace(desk.operator, pid=_NO_PROCESS))
    run = await open_run(runbook(), desk, "01JD0000000000000000000099", {"alert": "a1"})
    await run.give("service", "api", "label service")
    bench.script.gate = asyncio.Event()
    plan = run.plan("deploy")
    await run.start(plan, confirmed(plan))


def _changing(bench: Bench) -> int:
    """How often something was started that does not only read: the checks are asked anew by themselves."""
    return sum(not one.is_reading for one in bench.script.started)


async def _take_up(at: AtRun) -> None:
    await at.press("4")
    await at.until(lambda: "open run" in at.text())
    await at.press("g", "enter")
    await at.until(lambda: isinstance(at.desk.app.screen, RunScreen))
    await at.settle()


async def test_what_a_crash_left_is_read_only_first_then_unknown_and_settled_by_hand(bench: Bench) -> None:
    await _left_by_a_crash(bench)
    async with at_run(bench, opens=False) as at:
        await _take_up(at)
        text = at.text()
        assert "eve is gone, its program has died: nobody drives this run. w takes it over." in text
        assert "deploy: begun, its end was not recorded" in text
        assert at.screen.page.cursor == "deploy"
        before = _changing(bench)
        await at.press("enter")
        assert _changing(bench) == before
        await at.press("w")
        await at.until(lambda: isinstance(at.desk.app.screen, Question))
        await at.press("y")
        await at.until(lambda: not at.drive.run.pages.is_read_only)
        await at.press("enter")
        await at.until(lambda: isinstance(at.desk.app.screen, Choose))
        await at.press("enter", *"looked", "enter")
        await at.until(lambda: at.drive.run.record.unit("deploy").state is State.DONE)
        assert _changing(bench) == before, "never run again by itself"
        assert bench.script.gate is not None
        bench.script.gate.set()


async def test_a_change_is_taken_back_with_the_values_of_before(bench: Bench) -> None:
    bench.script.says("describe", ok("4\n"))
    async with at_run(bench) as at:
        await at.go_to("count")
        await at.press("enter")
        await at.until(lambda: at.drive.run.record.unit("count").state is State.DONE)
        await at.go_to("scale_out")
        await at.press("enter")
        await at.until(lambda: isinstance(at.desk.app.screen, ConfirmStep))
        await at.press("y")
        await at.until(lambda: at.drive.run.state_of("scale_out") is State.UNVERIFIED)
        assert "done, not verified" in at.text()
        await at.press("u")
        await at.until(lambda: isinstance(at.desk.app.screen, Choose))
        assert "undone by scale_back" in at.text()
        await at.press("enter")
        await at.until(lambda: isinstance(at.desk.app.screen, ConfirmStep))
        assert "takes a change back" in at.text()
        await at.press("y")
        await at.until(lambda: bool(at.drive.run.record.unit("scale_out").undone_by))
        assert bench.script.started[-1].values["count_desired"] == "4"
