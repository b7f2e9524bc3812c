"""What a step done by hand printed is pasted as it is: several lines, cleaned, bounded, held to what it promises."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from textual import events

from oncall_tui.runbook.run.captured import LONGEST, Table
from oncall_tui.runbook.run.known import last_unit
from oncall_tui.runbook.run.states import State
from oncall_tui.ui.screens.dialogs import Question
from oncall_tui.ui.screens.pasting import PastedLines, PasteLines
from tests.ui.run_desk import AtRun, at_run
from tests.unit.runbook.run.helpers import Bench


@pytest_asyncio.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    made = Bench(tmp_path)
    yield made
    await made.close()


async def _asked(at: AtRun, unit: str) -> PastedLines:
    await at.go_to(unit)
    await at.press("m")
    await at.until(lambda: isinstance(at.desk.app.screen, Question))
    await at.press("y")
    await at.until(lambda: isinstance(at.desk.app.screen, PasteLines))
    return at.desk.app.screen.query_one(PastedLines)


async def _paste(at: AtRun, lines: PastedLines, text: str) -> None:
    lines.post_message(events.Paste(text))
    await at.settle()


async def test_several_lines_are_taken_cleaned_and_held_to_the_step(bench: Bench) -> None:
    async with at_run(bench, size=(80, 24)) as at:
        lines = await _asked(at, "queries")
        await at.press("ctrl+s")
        assert "Not taken: rows cannot be taken from that" in at.text()
        await _paste(at, lines, "x" * (LONGEST + 1))
        assert lines.text == "" and "Nothing was pasted: 65,537 characters" in at.text()
        await _paste(at, lines, "pid,started\r\n41,2026-11-21 12:00:00\r\n42,\x1b]0;PWNED\x07[@click=app.quit]x[/]\r\n")
        assert lines.text.split("\n")[1] == "41,2026-11-21 12:00:00"
        assert "\x1b" not in lines.text and "3 lines" in at.text() and "[@click=app.quit]x[/]" in at.text()
        await at.press("enter", "j")  # Letters and line breaks are typed.
        assert lines.text.endswith("\nj")
        await at.press("ctrl+s")
        assert isinstance(at.desk.app.screen, PasteLines) and "Not taken" in at.text()
        await at.press("backspace", "ctrl+s")
        await at.until(lambda: at.drive.run.record.unit("queries").state is State.DONE)
        run = at.drive.run
        step = run.runbook.step("queries")
        assert step is not None
        table = run.known().captures(step, run.record.unit(last_unit(step)))["rows"]
        assert isinstance(table, Table) and table.rows[0] == ("41", "2026-11-21 12:00:00") and len(table.rows) == 2


async def test_leaving_it_writes_nothing(bench: Bench) -> None:
    async with at_run(bench) as at:
        lines = await _asked(at, "count")
        await _paste(at, lines, "4")
        await at.press("escape")
        await at.settle()
        assert at.drive.run.record.unit("count").state is State.PENDING
