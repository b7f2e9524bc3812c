"""The journal: read, written, whole, and left as it was."""

import os
import sqlite3
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from oncall_tui.cli.doctor import journal
from oncall_tui.cli.doctor.journal import journal_findings
from oncall_tui.journal.event import NewEvent
from oncall_tui.journal.store import Journal
from tests.unit.cli.doctor.findings import FAILED, OK, WARNING, only

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


def clock() -> datetime:
    return NOW


def filled(path: Path) -> Path:
    book = Journal.open(path, clock)
    for number in range(3):
        event = NewEvent(occurred_at=NOW, actor="user:ana", source="ui", kind="noted", payload={"n": number})
        book.append("alert/1", [event])
    book.close()
    return path


async def test_one_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    finding = only(await journal_findings(tmp_path / "deep" / "journal.sqlite3", clock))
    assert (finding.state, "first start" in finding.what) == (OK, True)
    assert os.listdir(tmp_path) == []


async def test_a_whole_one_is_told_with_its_size(tmp_path: Path) -> None:
    path = filled(tmp_path / "journal.sqlite3")
    found = await journal_findings(path, clock)
    assert [one.state for one in found] == [OK, OK]
    assert " kB" in found[0].what and "whole" in found[1].what
    assert len(Journal.open(path, clock).read("alert/1")) == 3


async def test_a_row_that_was_altered_is_found(tmp_path: Path) -> None:
    path = filled(tmp_path / "journal.sqlite3")
    connection = sqlite3.connect(path)
    triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for (name,) in triggers:
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute("""UPDATE event SET payload = '{"n":9}' WHERE seq = 2""")
    connection.commit()
    connection.close()
    found = await journal_findings(path, clock)
    assert found[1].state is FAILED
    assert "row 2 of alert/1" in found[1].what and "Keep the file" in found[1].advice


async def test_what_is_no_database_is_told(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite3"
    path.write_text("nothing of the kind, and long enough to be read as a header" * 20)
    finding = only(await journal_findings(path, clock))
    assert finding.state is FAILED
    assert finding.advice


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
async def test_a_folder_that_may_not_be_written_to_is_told(tmp_path: Path) -> None:
    os.chmod(tmp_path, 0o500)
    finding = only(await journal_findings(tmp_path / "deep" / "journal.sqlite3", clock))
    assert finding.state is FAILED


async def test_a_folder_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    finding = only(await journal_findings(tmp_path / "file" / "journal.sqlite3", clock))
    assert finding.state is FAILED
    assert str(tmp_path / "file") in finding.what


async def test_a_disk_without_room_is_a_warning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "FREE_MB", 10**9)
    found = await journal_findings(filled(tmp_path / "journal.sqlite3"), clock)
    assert found[-1].state is WARNING
    assert " MB left" in found[-1].what


async def test_a_disk_that_hangs_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    release = threading.Event()
    monkeypatch.setattr(journal, "_look", lambda path, clock: release.wait(30))
    finding = only(await journal_findings(tmp_path / "journal.sqlite3", clock, patience=0.05))
    release.set()
    assert (finding.state, "not answered" in finding.what) == (FAILED, True)
