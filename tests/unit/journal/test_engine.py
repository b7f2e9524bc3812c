"""The switch to WAL while other processes make the same file."""

import sqlite3

import pytest

from oncall_tui.journal import engine


class RefusingConnection:
    """Refuses the switch so many times, with SQLite's own name of the reason."""

    def __init__(self, times: int, name: str) -> None:
        self.times = times
        self.name = name

    def execute(self, statement: str) -> "RefusingConnection":
        assert statement == "PRAGMA journal_mode=WAL"
        self.times -= 1
        if self.times >= 0:
            error = sqlite3.OperationalError("database is locked")
            error.sqlite_errorname = self.name
            raise error
        return self

    def fetchone(self) -> tuple[str]:
        return ("wal",)


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Time that passes only by pausing."""
    passed: list[float] = []
    monkeypatch.setattr(engine, "sleep", passed.append)
    monkeypatch.setattr(engine, "monotonic", lambda: sum(passed))
    return passed


def test_a_busy_file_is_asked_again_until_it_gives_way(pauses: list[float]) -> None:
    connection = RefusingConnection(3, "SQLITE_BUSY")
    engine._write_ahead(connection, busy_timeout=5)
    assert connection.times == -1
    assert len(pauses) == 3


def test_it_is_not_asked_for_ever(pauses: list[float]) -> None:
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        engine._write_ahead(RefusingConnection(10_000, "SQLITE_BUSY"), busy_timeout=1)
    assert 1 <= sum(pauses) < 1.1


def test_what_is_not_a_matter_of_waiting_is_told_at_once(pauses: list[float]) -> None:
    with pytest.raises(sqlite3.OperationalError):
        engine._write_ahead(RefusingConnection(1, "SQLITE_READONLY"), busy_timeout=5)
    assert pauses == []
