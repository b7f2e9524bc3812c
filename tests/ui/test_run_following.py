"""A run on the screen follows what others do in it and what becomes of its file, without a key."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from oncall_tui.journal.errors import JournalError
from oncall_tui.runbook.run import words
from oncall_tui.runbook.run.opening import open_run, resume_run
from oncall_tui.runbook.run.run import Run
from oncall_tui.runbook.run.states import State
from oncall_tui.ui import later
from oncall_tui.ui.running.following import SELDOM
from oncall_tui.ui.screens.dialogs import Notice, Question
from oncall_tui.ui.screens.run import RunScreen
from tests.ui.run_desk import AtRun, at_run
from tests.unit.runbook.run.helpers import TEXT, Bench, do, runbook

RUN = "01JD0000000000000000000077"
FILE = "/nowhere/api-slow.md"


@pytest_asyncio.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    made = Bench(tmp_path)
    yield made
    await made.close()


async def _others(bench: Bench) -> Run:
    """A run that eve drives, from another host."""
    desk = bench.desk("hers", "user:eve")
    run = await open_run(runbook(), desk, RUN, {"alert": "a1"})
    await run.give("service", "api", "label service")
    return run


async def _look(at: AtRun, times: int = 1) -> None:
    """As the timer does."""
    for _ in range(times):
        await at.screen._following.look()
    await at.settle()


async def test_who_looks_on_follows_the_driver_and_takes_over_when_it_has_left(bench: Bench) -> None:
    eve = await _others(bench)
    async with at_run(bench, opens=False) as at:
        await later.runs(at.desk.app).resume(RUN)
        await at.until(lambda: "eve drives this run since" in at.text())
        assert "you only look on. w takes it over" in at.text()
        await eve.pages.decide(
            words.INTENT, {"unit": "deploy", "step": "deploy", "session": "hers", "host": "elsewhere", "pid": 1}
        )
        await _look(at)
        assert at.drive.run.record.unit("deploy").attempt is not None
        await eve.pages.tell(words.RESULT, {"unit": "deploy", "state": "done"})
        await eve.skip("queries", "not needed")
        await _look(at)
        assert at.drive.run.state_of("deploy") is State.DONE
        await at.go_to("queries")
        assert "not needed" in at.text()
        await eve.end()
        await _look(at)
        assert "eve has ended the program: nobody drives this run" in at.text()
        await at.press("w")
        await at.until(lambda: isinstance(at.desk.app.screen, Question))
        assert "eve has ended the program." in at.text()
        await at.press("y")
        await at.until(lambda: not at.drive.run.pages.is_read_only)
        await at.settle()
        assert "w takes it over" not in at.text()
        assert "by eve" in at.text().split("\n")[0], "she began it, whoever drives it now"
        await at.until(lambda: at.drive.run.record.unit("cpu").state is State.DONE)


async def test_who_is_relieved_sees_it_without_a_key(bench: Bench) -> None:
    async with at_run(bench) as at:
        await do(at.drive.run, "deploy")
        eve = await resume_run(runbook(), bench.desk("hers", "user:eve"), at.drive.run.record.run_id)
        await eve.run.claim()
        await _look(at, SELDOM)
        assert "eve drives this run since" in at.text()


async def test_a_file_that_changes_under_a_run_is_told_shown_and_never_run(bench: Bench) -> None:
    async with at_run(bench, size=(80, 24)) as at:
        await at.press("f")
        assert any("The file is what it was" in one for one in at.desk.toasts())
        digest = at.drive.run.plan("deploy").digest
        other = TEXT.replace("change everything", "change something [@click=app.quit]x[/] \x1b]0;PWNED\x07")
        at.room.texts[FILE] = other
        await _look(at)
        assert "The file has changed (deploy): f shows it, the run keeps its text." in at.text()
        await at.press("f")
        assert isinstance(at.desk.app.screen, Notice)
        await at.press("G")
        text = at.text()
        assert "-change everything" in text and "+change something [@click=app.quit]x[/]" in text
        assert "\x1b]0" not in text
        await at.press("g")
        assert "Other, or gone: deploy" in at.text() and "it holds the hidden character" in at.text()
        await at.press("escape")
        assert at.drive.run.plan("deploy").digest == digest
        at.room.texts[FILE] = TEXT
        await _look(at)
        assert "The file has changed" not in at.text()


async def test_a_journal_that_cannot_be_read_is_told_until_it_can_be(bench: Bench) -> None:
    await _others(bench)
    async with at_run(bench, opens=False) as at:
        await later.runs(at.desk.app).resume(RUN)
        await at.until(lambda: isinstance(at.desk.app.screen, RunScreen))
        journal = at.drive.run.desk.journal
        plain = journal.head

        async def broken(stream: str) -> int:
            raise JournalError("the disk is gone", "look at it")

        journal.head = broken  # type: ignore[method-assign]
        await _look(at)
        assert "What others do in this run is not seen: the disk is gone" in at.text()
        journal.head = plain  # type: ignore[method-assign]
        await _look(at)
        assert "not seen" not in at.text()
