"""A journal that cannot be used says which file, what is wrong, what it means and what to do."""

import errno
import sqlite3
from pathlib import Path

import pytest

from oncall_tui.journal.errors import JournalError, file_error
from oncall_tui.journal.store import Journal
from tests.unit.journal.helpers import FakeClock, note, opened


def refused(path: Path) -> JournalError:
    """The error that opening a journal gives."""
    with pytest.raises(JournalError) as caught, opened(path):
        pass
    assert str(path) in str(caught.value)
    assert "Nothing is sent to a pager without a journal entry" in caught.value.hint
    assert "acknowledge in the pager's own app" in caught.value.hint
    return caught.value


def test_a_place_that_cannot_be_a_folder(tmp_path: Path) -> None:
    (tmp_path / "state").touch()
    assert "cannot be opened" in str(refused(tmp_path / "state" / "journal.db"))
    assert refused(Path("/proc/nowhere/journal.db"))


def test_a_folder_in_place_of_the_file(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    assert "it is a folder or another thing than a file" in str(refused(tmp_path))
    assert tmp_path.stat().st_mode & 0o777 == 0o755, "a folder of somebody else's is left as it is"


def test_denied_access_is_said_in_words(tmp_path: Path) -> None:
    error = file_error(str(tmp_path / "j.db"), PermissionError(errno.EACCES, "Permission denied"))
    assert str(error) == f"The journal {tmp_path}/j.db cannot be opened: access is denied."
    assert "Make the file and its folder writable for you." in error.hint


def test_a_file_of_something_else(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    path.write_text("These are my notes. " * 100)
    error = refused(path)
    assert "it is not an SQLite database (SQLITE_NOTADB)" in str(error)
    assert "Move the file away" in error.hint
    assert path.read_text().startswith("These are my notes."), "what is not ours is not overwritten"


@pytest.fixture
def long_journal(tmp_path: Path) -> Path:
    """A journal of some thirty pages of 4,096 bytes, the tables' roots in the first ten."""
    path = tmp_path / "journal.db"
    with opened(path) as journal:
        journal.append("a", [note("x" * 300, n=index) for index in range(200)])
    return path


def overwrite(path: Path, start: int) -> None:
    with path.open("r+b") as file:
        file.seek(start)
        file.write(b"\xa5" * (path.stat().st_size - start))


def test_a_database_that_is_damaged_at_its_root(long_journal: Path) -> None:
    overwrite(long_journal, 4096)
    error = refused(long_journal)
    assert "the database is damaged (SQLITE_CORRUPT)" in str(error)
    assert "Keep a copy of the file for the audit" in error.hint


def test_a_database_that_is_damaged_further_on(long_journal: Path) -> None:
    overwrite(long_journal, 10 * 4096)
    with opened(long_journal) as journal:
        for call in (lambda: journal.read("a"), lambda: journal.append("a", [note()]), journal.verify):
            with pytest.raises(JournalError, match="the database is damaged"):
                call()


def test_a_database_that_another_process_has_locked(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    with opened(path, busy_timeout=0.01) as journal:
        journal.append("a", [note("before")])
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(JournalError, match="another process holds its lock"):
            journal.append("a", [note("locked out")])
        assert len(journal.read("a")) == 1, "reading goes on"
        other.execute("ROLLBACK")
        other.close()
        assert [one.seq for one in journal.append("a", [note("after")])] == [2]


def test_a_full_disk(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    with opened(path) as journal:
        journal.append("a", [note("before")])
        with journal._connected() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
        with pytest.raises(JournalError, match=r"the disk is full \(SQLITE_FULL\)") as caught:
            journal.append_all([("a", note("small")), ("b", note("x" * 100_000))])
        assert "Free some space there." in caught.value.hint
        assert len(journal.read("a")) == 1, "all or nothing"
        assert journal.verify() is None


def test_a_newer_schema_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    with opened(path):
        pass
    connection = sqlite3.connect(path)
    connection.execute("UPDATE schema_version SET version = 9")
    connection.commit()
    connection.close()
    error = refused(path)
    assert "was written by a newer oncall-tui (schema 9, this one knows 1)" in str(error)
    assert "Update oncall-tui" in error.hint


@pytest.mark.parametrize("act", ["removed", "replaced"])
def test_a_file_that_is_moved_away_takes_no_more_entries(tmp_path: Path, act: str) -> None:
    path = tmp_path / "journal.db"
    with opened(path) as journal:
        journal.append("a", [note("kept")])
        path.rename(tmp_path / "moved.db")
        if act == "replaced":
            path.touch()
        with pytest.raises(JournalError, match="was moved away or replaced"):
            journal.append("a", [note("lost")])


def test_a_row_that_is_no_event_any_more_is_an_error_in_words(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    with opened(path) as journal:
        journal.append("a", [note()])
    connection = sqlite3.connect(path)
    connection.execute("DROP TRIGGER event_no_update")
    connection.execute("UPDATE event SET payload = '[1]'")
    connection.commit()
    connection.close()
    with opened(path) as journal, pytest.raises(JournalError, match="holds a row that was altered") as caught:
        journal.read("a")
    assert "Keep it as it is" in caught.value.hint


def test_a_missing_driver_and_a_bad_address_never_show_the_password() -> None:
    for address in ("nosuch://alice:hunter2@db/oncall", "postgresql+nosuch://alice:hunter2@db/oncall"):
        with pytest.raises(JournalError, match="needs a database driver that is not there") as caught:
            Journal.open(address, FakeClock())
        assert "hunter2" not in f"{caught.value}{caught.value.hint}{caught.value!r}"
        assert "alice:***@db" in str(caught.value)
    with pytest.raises(JournalError, match="cannot be read") as caught:
        Journal.open("post gres://alice:hunter2@db:port/oncall", FakeClock())
    assert "hunter2" not in f"{caught.value}{caught.value.hint}"
