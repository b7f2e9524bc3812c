"""``oncall-tui runbook runs``: the table and the JSON of what was run."""

import json
from collections.abc import Mapping
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
from click.testing import Result

from oncall_tui.cli import shapes_run
from oncall_tui.cli.session import Rooms
from oncall_tui.config.model import Config
from oncall_tui.journal.errors import JournalError
from oncall_tui.runbook.run.history import PastRun
from tests.test_docs import check_shape
from tests.unit.cli import fakes
from tests.unit.cli.fakes import NOW, FakeRooms

CLOSED = PastRun(
    run_id="01JD0000000000000000000001",
    runbook="api-latency-high",
    path="/team/api-latency-high.md",
    title="API latency high",
    opened_at=NOW - timedelta(minutes=3),
    actor="user:ada",
    alert="pagerduty/Q1",
    driven_by="user:bob",
    started=4,
    done=3,
    failed=1,
    incident="pagerduty/Q1",
    closed="mended",
    closed_at=NOW,
)
OPEN = PastRun(
    run_id="01JD0000000000000000000000",
    runbook="slow",
    path="/team/slow.md",
    title="Slow \x1b[2J and " + "long " * 40,
    opened_at=NOW - timedelta(days=2),
    actor="user:ada",
    alert="",
    driven_by="user:ada",
    started=1,
    closed="",
    closed_at=None,
)


class PastRooms(FakeRooms):
    """Rooms whose journal holds these runs."""

    past_runs: tuple[PastRun, ...] = (CLOSED, OPEN)
    trouble: JournalError | None = None

    @property
    def runbooks(self) -> Any:
        async def past() -> tuple[PastRun, ...]:
            if self.trouble is not None:
                raise self.trouble
            return self.past_runs

        return SimpleNamespace(past=past)

    async def open(self, config: Config, environ: Mapping[str, str]) -> FakeRooms:
        await super().open(config, environ)
        return cast("FakeRooms", cast("Rooms", self))


@pytest.fixture
def rooms() -> PastRooms:
    return PastRooms()


def run(rooms: PastRooms, *arguments: str) -> Result:
    return fakes.run(rooms, "runbook", "runs", *arguments)


def test_open_runs_stand_first(rooms: PastRooms) -> None:
    result = run(rooms)
    assert result.exit_code == 0
    head, first, second = result.stdout.splitlines()
    assert head.split() == ["STATE", "TITLE", "OPENED", "(UTC)", "DRIVEN", "BY", "STARTED", "DONE", "FAILED", "RUN"]
    assert first.startswith("open ") and first.endswith(OPEN.run_id)
    assert second.split() == [
        *("mended", "API", "latency", "high", "2026-11-21", "02:11", "bob", "4", "3", "1"),
        CLOSED.run_id,
    ]
    assert all(char.isprintable() for line in (first, second) for char in line)
    assert rooms.closed == 1


def test_as_json(rooms: PastRooms) -> None:
    answer = json.loads(run(rooms, "--json").stdout)
    check_shape(answer, shapes_run.RunbookRunsAnswer, "runs")
    first, second = answer["runs"]
    assert (first["open"], first["outcome"], first["alert"], first["closed_at"]) == (True, None, None, None)
    assert (second["open"], second["outcome"], second["driven_by"]) == (False, "mended", "user:bob")
    assert (second["done"], second["failed"], second["incident"]) == (3, 1, "pagerduty/Q1")
    assert (first["done"], first["failed"], first["incident"]) == (0, 0, None)


def test_without_any(rooms: PastRooms) -> None:
    rooms.past_runs = ()
    assert run(rooms).stdout == "No run. Those in which nothing was done are not listed.\n"
    assert json.loads(run(rooms, "--json").stdout) == {"runs": []}


def test_a_journal_that_cannot_be_read_is_told(rooms: PastRooms) -> None:
    rooms.trouble = JournalError("The journal is broken.", "Move it away.")
    result = run(rooms)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "The journal is broken. Move it away." in result.stderr
    assert rooms.closed == 1
