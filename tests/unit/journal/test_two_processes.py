"""Several processes write to one file at once: nothing is lost, nothing is there twice, every chain holds."""

import itertools
import subprocess
import sys
from pathlib import Path

from tests.unit.journal.helpers import opened

PROCESSES = 3
EACH = 100

WRITER = """
import sqlalchemy.dialects.sqlite, sys  # before the start signal: the race is about the file, not about imports
from datetime import UTC, datetime
from oncall_tui.journal.event import NewEvent
from oncall_tui.journal.store import Journal

path, name, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
clock = lambda: datetime.now(UTC)
print("ready", flush=True)
sys.stdin.readline()
journal = Journal.open(path, clock, busy_timeout=30)
for number in range(count):
    event = NewEvent("note", f"user:{name}", clock(), {"number": number})
    shared = NewEvent("ack", "user:phone", clock(), source="pagerduty", source_id=f"R{number}")
    journal.append_all([("shared", event), (f"own:{name}", event), ("shared", shared)])
journal.close()
"""


def test_writers_in_several_processes_lose_and_double_nothing(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    names = [f"writer{index}" for index in range(PROCESSES)]
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path), name, str(EACH)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for name in names
    ]
    try:
        for writer in writers:
            assert writer.stdout is not None
            assert writer.stdout.readline() == "ready\n"
        errors = [end_of(writer) for writer in writers_let_go(writers)]
    finally:
        for writer in writers:
            writer.kill()
            writer.communicate()
    assert errors == [(0, "")] * PROCESSES
    with opened(path) as journal:
        shared = journal.read("shared")
        assert [event.seq for event in shared] == list(range(1, len(shared) + 1))
        assert len({event.id for event in shared}) == len(shared)
        for name in names:
            ours = [event.payload["number"] for event in shared if event.actor == f"user:{name}"]
            assert ours == [event.payload["number"] for event in journal.read(f"own:{name}")] == list(range(EACH))
        assert sorted(event.source_id or "" for event in journal.read_kind("ack")) == sorted(
            f"R{n}" for n in range(EACH)
        )
        assert journal.verify() is None
        turns = [event.actor for event in shared if event.kind == "note"]
        changes = sum(one != other for one, other in itertools.pairwise(turns))
        assert changes >= PROCESSES, "the writers took turns, or nothing was tested"


def writers_let_go(writers: list[subprocess.Popen[str]]) -> list[subprocess.Popen[str]]:
    """All at once: also the making of the file and of its tables is a race."""
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write("\n")
        writer.stdin.flush()
    return writers


def end_of(writer: subprocess.Popen[str]) -> tuple[int, str]:
    _, errors = writer.communicate(timeout=60)
    return writer.returncode, errors
