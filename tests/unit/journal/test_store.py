"""Append and read: in order, all or nothing, private, and never changed afterwards."""

import sqlite3
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from oncall_tui.journal.chain import NO_HASH, Head
from oncall_tui.journal.errors import JournalError, SequenceTaken
from oncall_tui.journal.event import NewEvent
from oncall_tui.journal.store import Journal
from tests.unit.journal.helpers import NIGHT, FakeClock, note, opened, seeded


def test_events_come_back_as_they_were_kept_in_order(tmp_path: Path) -> None:
    clock = FakeClock()
    with opened(tmp_path / "journal.db", clock) as journal:
        first = journal.append("run:1", [note("one", NIGHT - timedelta(minutes=3)), note("two")])
        clock.advance(seconds=9)
        (third,) = journal.append("run:1", [note("three")])
        assert journal.read("run:1") == (*first, third)
        assert journal.read("run:2") == ()
        assert (journal.head("run:1"), journal.head("run:2")) == (third.seq, 0)
    assert [event.seq for event in (*first, third)] == [1, 2, 3]
    assert (first[0].occurred_at, first[0].recorded_at) == (NIGHT - timedelta(minutes=3), NIGHT)
    assert third.recorded_at == NIGHT + timedelta(seconds=9)
    assert first[0].prev_hash == NO_HASH
    assert third.prev_hash == first[1].hash
    assert first[0].id < first[1].id < third.id


def test_a_closed_journal_goes_on_where_it_was(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    with opened(path) as journal:
        (before,) = journal.append("a", [note("before")])
    clock = FakeClock()
    clock.advance(hours=1)
    with opened(path, clock) as journal:
        (after,) = journal.append("a", [note("after")])
        assert journal.read("a") == (before, after)
        assert journal.verify() is None


def test_kinds_are_found_over_all_streams(tmp_path: Path) -> None:
    clock = FakeClock()
    with opened(tmp_path / "journal.db", clock) as journal:
        (early,) = journal.append("alert:x_1", [note("early")])
        clock.advance(minutes=1)
        late = journal.append_all([("alert:x_1", note("late")), ("alert:xy1", NewEvent("decision", "user:bob", NIGHT))])
        assert journal.read_kind("note") == (early, late[0])
        assert journal.read_kind("note", "decision", since=clock.now) == late
        assert journal.read_kind("decision", streams="alert:") == (late[1],)
        assert journal.read_kind("decision", streams="alert:x_") == (), "an underscore is no wild card"
        assert journal.read_kind("label") == ()


def test_one_bad_event_keeps_all_of_them_out(tmp_path: Path) -> None:
    with opened(tmp_path / "journal.db") as journal:
        with pytest.raises(ValueError, match="JSON compliant"):
            journal.append_all([("a", note("fine")), ("b", note("not a number", n=float("nan")))])
        assert journal.read_kind("note") == ()
        assert [one.seq for one in journal.append("a", [note("again")])] == [1]


def test_the_same_event_of_a_source_is_written_once(tmp_path: Path) -> None:
    entry = NewEvent("ack", "user:bob", NIGHT, source="pagerduty", source_id="R1")
    with opened(tmp_path / "journal.db") as journal:
        assert len(journal.append_all([("a", entry), ("a", entry), ("b", entry)])) == 1
        assert journal.append("a", [entry]) == ()
        others = [
            NewEvent("ack", "user:bob", NIGHT, source="pagerduty-eu", source_id="R1"),
            NewEvent("ack", "user:bob", NIGHT, source="pagerduty"),
            NewEvent("ack", "user:bob", NIGHT, source="pagerduty"),
        ]
        assert len(journal.append("a", others)) == 3


def test_an_event_that_is_meant_for_an_older_stream_is_refused(tmp_path: Path) -> None:
    with opened(tmp_path / "journal.db") as journal:
        journal.append("a", [note("one")], after=0)
        with pytest.raises(SequenceTaken, match="a was written to by somebody else"):
            journal.append("a", [note("two")], after=0)
        with pytest.raises(SequenceTaken):
            journal.append_all([("a", note("two")), ("b", note("one"))], {"a": 1, "b": 7})
        assert [one.seq for one in journal.append("a", [note("two")], after=1)] == [2]
        assert journal.read("b") == ()


def test_a_number_that_another_process_took_is_replaced_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(tmp_path / "journal.db") as journal:
        (first,) = journal.append("a", [note("by the other")])
        look = journal._head
        stale = [Head("a"), Head("a")]
        monkeypatch.setattr(journal, "_head", lambda *args: stale.pop() if stale else look(*args))
        (second,) = journal.append("a", [note("ours")])
        assert (second.seq, second.prev_hash) == (2, first.hash)
        assert not stale
        monkeypatch.setattr(journal, "_head", lambda *_: Head("a"))
        with pytest.raises(SequenceTaken, match="so many others"):
            journal.append("a", [note("never")])
        monkeypatch.undo()
        assert journal.read("a") == (first, second)


@pytest.mark.parametrize("statement", ["UPDATE event SET actor = 'user:bob'", "DELETE FROM event"])
def test_the_database_itself_refuses_to_change_history(tmp_path: Path, statement: str) -> None:
    path = tmp_path / "journal.db"
    with opened(path) as journal:
        journal.append("a", [note()])
    connection = sqlite3.connect(path)
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        connection.execute(statement)
    connection.close()


def test_what_is_committed_is_on_the_disk(tmp_path: Path) -> None:
    with opened(tmp_path / "journal.db") as journal, journal._connected() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2, "2 is FULL"


def test_the_file_is_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "state" / "oncall" / "journal.db"
    with opened(path) as journal:
        journal.append("a", [note()])
        assert path.parent.stat().st_mode & 0o777 == 0o700
        assert {file.name: file.stat().st_mode & 0o777 for file in path.parent.iterdir()} == {
            "journal.db": 0o600,
            "journal.db-wal": 0o600,
            "journal.db-shm": 0o600,
        }


def test_a_file_that_others_may_read_is_closed_to_them(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    path.touch(0o644)
    path.chmod(0o644)
    with opened(path):
        assert path.stat().st_mode & 0o777 == 0o600


def test_an_address_of_sqlite_is_a_path(tmp_path: Path) -> None:
    journal = Journal.open(f"sqlite:///{tmp_path}/journal.db", FakeClock(), seeded())
    journal.append("a", [note()])
    journal.close()
    assert journal.place == f"{tmp_path}/journal.db"
    with opened(tmp_path / "journal.db") as again:
        assert len(again.read("a")) == 1


@pytest.mark.parametrize("name", ["", "a\x1b[2J", "a\ud800", "a\x00b"])
def test_a_name_that_no_screen_should_show_is_refused(tmp_path: Path, name: str) -> None:
    with opened(tmp_path / "journal.db") as journal:
        with pytest.raises(JournalError, match="cannot be recorded"):
            journal.append(name, [note()])
        with pytest.raises(JournalError, match="cannot be recorded"):
            journal.append("a", [NewEvent("note", name, NIGHT)])
        assert journal.read_kind("note") == ()


def test_any_text_in_a_payload_comes_back(tmp_path: Path) -> None:
    with opened(tmp_path / "journal.db") as journal:
        (kept,) = journal.append("a", [note("NUL \x00, half a pair \ud800, é, 🚨", n=[1, 2.5, None, {"b": True}])])
        assert kept.payload == {"text": "NUL \x00, half a pair \ud800, é, 🚨", "n": [1, 2.5, None, {"b": True}]}
        assert journal.read("a") == (kept,)


def test_importing_the_journal_does_not_load_sqlalchemy() -> None:
    program = """
import sys
import oncall_tui.journal.keeper, oncall_tui.journal.views, oncall_tui.response.responder
print([name for name in ("sqlalchemy", "sqlite3", "textual", "rich", "httpx", "pagerduty") if name in sys.modules])
"""
    answer = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True, timeout=30)
    assert answer.stdout.strip() == "[]"
