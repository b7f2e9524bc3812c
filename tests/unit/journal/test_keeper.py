"""The journal seen from an event loop."""

import asyncio
import os
import threading
from pathlib import Path

import pytest

from oncall_tui.journal.errors import JournalError
from oncall_tui.journal.keeper import JournalKeeper
from oncall_tui.journal.store import Journal
from tests.unit.journal.helpers import FakeClock, note, seeded


def keeper_of(path: Path, patience: float = 15.0) -> JournalKeeper:
    return JournalKeeper(path, FakeClock(), seeded(), patience=patience)


async def test_every_call_is_made_in_one_daemon_thread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    threads: list[threading.Thread] = []
    written = Journal.append_all

    def watched(self: Journal, *args: object) -> object:
        threads.append(threading.current_thread())
        return written(self, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(Journal, "append_all", watched)
    keeper = keeper_of(tmp_path / "journal.db")
    events = await asyncio.gather(*(keeper.append("a", [note(n=index)]) for index in range(20)))
    assert [event.seq for (event,) in events] == list(range(1, 21))
    assert {(thread.name, thread.daemon) for thread in threads} == {("journal-0", True)}
    assert len(await keeper.read("a")) == len(await keeper.read_kind("note")) == 20
    assert await keeper.verify() is None
    await keeper.close()


async def test_a_journal_that_could_not_be_opened_is_tried_again(tmp_path: Path) -> None:
    blocking = tmp_path / "state"
    blocking.touch()
    keeper = keeper_of(blocking / "journal.db")
    with pytest.raises(JournalError, match="cannot be opened"):
        await keeper.append("a", [note()])
    blocking.unlink()
    assert len(await keeper.append("a", [note()])) == 1
    await keeper.close()


async def test_a_journal_that_does_not_answer_is_an_error_and_holds_up_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeper = keeper_of(tmp_path / "journal.db", patience=0.05)
    release = threading.Event()
    monkeypatch.setattr(Journal, "read", lambda *_: release.wait(30))
    with pytest.raises(JournalError, match="has not answered") as caught:
        await keeper.read("a")
    with pytest.raises(JournalError, match="has not answered"):
        await keeper.append("a", [note("waits behind the first")])
    assert "Nothing is sent" in caught.value.hint
    release.set()
    patient = keeper_of(tmp_path / "journal.db")
    assert await patient.read_kind("note") == (), "what was given up before it began is not written later"
    await patient.close()
    await keeper.close()


async def test_a_closed_keeper_has_left_no_file_open(tmp_path: Path) -> None:
    keeper = keeper_of(tmp_path / "journal.db")
    await keeper.append("a", [note()])
    assert sorted(os.listdir(tmp_path)) == ["journal.db", "journal.db-shm", "journal.db-wal"]
    await keeper.close()
    assert os.listdir(tmp_path) == ["journal.db"], "the last to close folds the WAL in"
