"""Picking on the screen: rows that are too old are asked for again first, and a row is one of those that were seen."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from oncall_tui.ui.screens.asking import Choose
from tests.ui.run_desk import AtRun, at_run
from tests.unit.runbook.run.helpers import Bench, do, table


@pytest_asyncio.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    made = Bench(tmp_path)
    yield made
    await made.close()


async def chooses(at: AtRun, row: str) -> None:
    await at.until(lambda: isinstance(at.desk.app.screen, Choose) and row in at.text())


async def test_old_rows_are_run_again_before_and_while_one_is_picked(bench: Bench) -> None:
    rows = [table((number, "2026-11-21 12:00:00")) for number in ("41", "51", "61")]
    bench.script.says("pg_stat", *rows)
    async with at_run(bench) as at:
        run = at.drive.run

        def asked() -> int:
            return len([one for one in bench.script.started if "pg_stat" in one.body])

        await do(run, "queries")
        await at.go_to("queries")
        bench.clock.advance(seconds=121)
        await at.press("p")
        await chooses(at, "51")
        assert asked() == 2 and any("too old: it is run again first" in one for one in at.desk.toasts())
        bench.clock.advance(seconds=121)
        await at.press("enter")
        await chooses(at, "61")
        assert asked() == 3 and "pid" not in run.record.params, "the row was gone when it was taken"
        await at.press("enter")
        await at.until(lambda: "pid" in run.record.params)
        assert run.record.params["pid"].value == "61"
