"""Several processes write to one file at once: nothing is lost, nothing is there twice, every chain holds."""

import subprocess
import sys
from pathlib import Path

from tests.unit.journal.helpers import opened

PROCESSES = 3
FILES = 4
ROUNDS = 2
EACH = 10

WRITER = """
import sqlalchemy.dialects.sqlite, sys  # before the first signal: the race is about the file, not about imports
from datetime import UTC, datetime
from oncall_tui.journal.event import NewEvent
from oncall_tui.journal.store import Journal

name, count = sys.argv[1], int(sys.argv[2])
clock = lambda: datetime.now(UTC)
print("ready", flush=True)
for turn, line in enumerate(sys.stdin):
    journal = Journal.open(line.strip(), clock, busy_timeout=30)
    for number in range(count):
        event = NewEvent("note", f"user:{name}", clock(), {"number": number})
        shared = NewEvent("ack", "user:phone", clock(), source="pagerduty", source_id=f"R{turn}-{number}")
        journal.append_all([("shared", event), (f"own:{name}", event), ("shared", shared)])
    journal.close()
    print("done", flush=True)
"""


def test_writers_in_several_processes_lose_and_double_nothing(tmp_path: Path) -> None:
    names = [f"writer{index}" for index in range(PROCESSES)]
    paths = [tmp_path / f"journal{index}.db" for index in range(FILES)]
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, name, str(EACH)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for name in names
    ]
    try:
        assert words_of(writers) == ["ready"] * PROCESSES
        for path in paths * ROUNDS:  # Each file is made by all at once, and later written to again by all at once.
            let_go(writers, path)
            assert words_of(writers) == ["done"] * PROCESSES
    finally:
        for writer in writers:
            writer.kill()
            writer.communicate()
    for path in paths:
        everything_is_there(path, names)


def words_of(writers: list[subprocess.Popen[str]]) -> list[str]:
    return [writer.stdout.readline().strip() for writer in writers if writer.stdout]


def let_go(writers: list[subprocess.Popen[str]], path: Path) -> None:
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write(f"{path}\n")
        writer.stdin.flush()


def everything_is_there(path: Path, names: list[str]) -> None:
    with opened(path) as journal:
        assert journal.verify() is None
        shared = journal.read("shared")
        assert [event.seq for event in shared] == list(range(1, len(shared) + 1))
        assert len({event.id for event in shared}) == len(shared)
        for name in names:
            ours = [event.payload["number"] for event in shared if event.actor == f"user:{name}"]
            own = [event.payload["number"] for event in journal.read(f"own:{name}")]
            assert ours == own == [*range(EACH)] * ROUNDS
        known = [event.source_id for event in journal.read_kind("ack")]
        assert len(known) == len(set(known)) == EACH * ROUNDS
