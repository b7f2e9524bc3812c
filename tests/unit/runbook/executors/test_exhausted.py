"""A machine that has no more to give: an execution ends all the same, says why, and leaves nothing lying about."""

import errno
import os
from pathlib import Path
from typing import NoReturn

import pytest

from oncall_tui.runbook.execution import Ending, Kind, Prepared
from oncall_tui.runbook.executors.shell import ShellExecutor
from oncall_tui.runbook.executors.sql import Database, SqlExecutor
from tests.unit.runbook.executors.steps import is_alive, place, run, shell, until


def _none_left(*_: object) -> NoReturn:
    raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))


async def test_without_a_descriptor_for_its_control_nothing_is_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("oncall_tui.runbook.process.watch.socket.socketpair", _none_left)
    executed = await run(ShellExecutor(place(tmp_path)), shell("touch effect", tmp_path))
    assert executed.ending is Ending.FAILED_TO_START
    assert "Too many open files" in executed.reason
    assert not (tmp_path / "effect").exists()
    assert not list((tmp_path / "scratch").iterdir()), "the private folder with the script is still there"


async def test_what_cannot_be_watched_is_ended_and_said_to_be_unknown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("oncall_tui.runbook.process.watch.selectors.DefaultSelector", _none_left)
    executed = await run(ShellExecutor(place(tmp_path)), shell("echo $$ >pid; exec sleep 300", tmp_path))
    assert executed.ending is Ending.CANCELLED
    assert "Too many open files" in executed.reason
    assert "effects unknown" in executed.reason
    assert not list((tmp_path / "scratch").iterdir())
    written = tmp_path / "pid"
    if written.exists() and written.read_text().strip():
        await until(lambda: not is_alive(int(written.read_text())))


async def test_a_statement_without_room_for_its_folder_is_not_started(tmp_path: Path) -> None:
    psql = tmp_path / "psql"
    psql.write_text("#!/bin/sh\nexit 0\n")
    psql.chmod(0o700)
    (tmp_path / "scratch").write_text("a file, and no folder")
    executor = SqlExecutor(place(tmp_path, program_path=str(tmp_path)), {"api": Database("127.0.0.1", "api", "ana")})
    executed = await run(executor, Prepared(Kind.SQL, "SELECT 1", target="api"))
    assert executed.ending is Ending.FAILED_TO_START
    assert "private folder" in executed.reason
