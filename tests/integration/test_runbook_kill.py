"""``kill -9`` between an intent and its result: the step is unknown, and nobody runs it again by himself."""

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from oncall_tui.clock import utc_now
from oncall_tui.journal.errors import JournalError
from oncall_tui.journal.keeper import JournalKeeper
from oncall_tui.runbook.run.opening import open_run, resume_run
from oncall_tui.runbook.run.run import NotStarted
from oncall_tui.runbook.run.states import State
from tests.integration.running_process import TEXT, desk
from tests.unit.runbook.executors.steps import is_alive, until
from tests.unit.runbook.run.helpers import RUN, confirmed, runbook

TIMES = 50


@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks")
async def test_what_was_begun_when_the_program_was_killed_is_unknown_and_never_run_again(tmp_path: Path) -> None:
    folders = [tmp_path / f"{number:02}" for number in range(TIMES)]
    for folder in folders:
        folder.mkdir()
    killed = _killed_between_intent_and_result(folders)
    # What was started ends with its program, a moment later; until then it may still do what it was started for.
    for folder in folders:
        await until(lambda folder=folder: not _steps_in(folder), 60)  # type: ignore[misc]
    effects = [_effects(folder) for folder in folders]
    assert killed == TIMES
    # Some died before anything was started, others while it ran: nobody can tell them apart by the journal.
    assert 0 in effects
    assert 1 in effects
    for folder in folders:
        run = (await resume_run(runbook(TEXT, folder), desk(folder, "second"), RUN)).run
        assert run.state_of("s1") is State.UNKNOWN
        assert [one.id for one in run.record.unknown] == ["s1"]
        await run.claim()
        await run.checks()
        plan = run.plan("s1")
        assert "nobody recorded how it ended" in plan.blocked[0]
        with pytest.raises(NotStarted):
            await run.start(plan, confirmed(plan))
        assert await run.pages._journal.verify() is None  # type: ignore[attr-defined]
    assert [_effects(folder) for folder in folders] == effects
    assert not any(_steps_in(folder) for folder in folders)


def _killed_between_intent_and_result(folders: list[Path]) -> int:
    command = [sys.executable, "-m", "tests.integration.running_process", *map(str, folders)]
    killed = 0
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for number, line in enumerate(process.stdout):
            word, pid = line.split()
            assert word == "INTENT"
            time.sleep(number * 0.004)  # From before it is started until well after, and the last while it runs.
            deadline = time.monotonic() + 60
            while number == TIMES - 1 and not _effects(folders[number]):
                assert time.monotonic() < deadline, "it never began"
                time.sleep(0.01)
            os.kill(int(pid), signal.SIGKILL)
            killed += 1
    return killed


def _effects(folder: Path) -> int:
    file = folder / "effects"
    return file.read_text().count("once") if file.exists() else 0


def _steps_in(folder: Path) -> list[int]:
    """Processes that still work in a folder."""
    found = []
    for process in Path("/proc").iterdir():
        try:
            if process.name.isdigit() and os.readlink(process / "cwd") == str(folder) and is_alive(int(process.name)):
                found.append(int(process.name))
        except OSError:
            continue
    return found


async def test_a_journal_that_another_process_holds_starts_nothing(tmp_path: Path) -> None:
    own = desk(tmp_path, "first")
    run = await open_run(runbook(TEXT, tmp_path), own, RUN, {})
    plan = run.plan("s1")
    run.pages._journal = JournalKeeper(tmp_path / "journal.db", utc_now, busy_timeout=0.1)
    await run.pages.reload()
    with sqlite3.connect(tmp_path / "journal.db") as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(JournalError, match="lock"):
            await run.start(plan, confirmed(plan))
        other.rollback()
    await asyncio.sleep(0)
    assert _effects(tmp_path) == 0
    assert run.state_of("s1") is State.PENDING


async def test_a_row_of_a_run_that_was_altered_is_found(tmp_path: Path) -> None:
    run = await open_run(runbook(TEXT, tmp_path), desk(tmp_path, "first"), RUN, {})
    await run.skip("s1", "the truth")
    keeper = JournalKeeper(tmp_path / "journal.db", utc_now)
    assert await keeper.verify(run.pages.stream) is None
    with sqlite3.connect(tmp_path / "journal.db") as other:
        tables = [name for (name,) in other.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        triggers = [name for (name,) in other.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")]
        for trigger in triggers:
            other.execute(f"DROP TRIGGER {trigger}")
        (table,) = [one for one in tables if "event" in one][:1]
        changed = other.execute(f"UPDATE {table} SET payload = replace(payload, 'the truth', 'a lie')").rowcount
    assert changed
    broken = await keeper.verify(run.pages.stream)
    assert broken is not None
    assert broken.seq == 2
    await keeper.close()
