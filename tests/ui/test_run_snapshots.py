"""Pictures of a run: its page in the middle of it, what is asked before a step, and the catalogue.

After a change of the look: ``pytest -m snapshot --snapshot-update``, and look at each before it is committed.
"""

import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot

from oncall_tui.runbook.run.states import State
from oncall_tui.ui.app import OncallApp
from oncall_tui.ui.screens.asking import Choose
from oncall_tui.ui.screens.confirm_step import ConfirmStep
from oncall_tui.ui.screens.run import RunScreen
from tests.ui.desk import Desk, FakeRooms, build, config_of, opened
from tests.ui.resting import rest
from tests.ui.run_desk import AtRun
from tests.ui.run_scenes import Library, scripted
from tests.ui.scenes import night
from tests.unit.runbook.run.helpers import Bench

pytestmark = [
    pytest.mark.snapshot,
    pytest.mark.skipif(sys.version_info[:2] != (3, 11), reason="pictures are compared on one Python only: 3.11"),
]

Compare = Callable[..., bool]
Steps = Callable[[AtRun], Awaitable[None]]


class Stage:
    """Draws a picture of a screen with runbooks."""

    def __init__(self, compare: Compare, bench: Bench) -> None:
        self._compare = compare
        self._bench = scripted(bench)

    def shows(self, steps: Steps, size: tuple[int, int]) -> bool:
        """Whether what is drawn after ``steps`` is as it was."""
        rooms = FakeRooms()
        library = rooms.runbooks = Library(self._bench)
        app = build(config_of(production=True), rooms)

        async def play(pilot: Pilot[None]) -> None:
            assert isinstance(pilot.app, OncallApp)
            await opened(pilot.app, pilot)
            desk = Desk(pilot.app, pilot, rooms)
            await desk.publish(night())
            at = AtRun(desk, library, self._bench)
            await steps(at)
            await at.settle()
            await self._bench.close()

        return self._compare(app, run_before=play, terminal_size=size)


@pytest.fixture
def stage(snap_compare: Compare, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stage:
    monkeypatch.setattr(ConfirmStep, "SETTLE_S", 0.001)
    return Stage(snap_compare, Bench(tmp_path))


async def begun(at: AtRun) -> None:
    """The run of the alert of the latency, its checks answered and its readings taken."""
    await at.press("2", "j", "r")
    await at.until(lambda: isinstance(at.desk.app.screen, RunScreen))
    for unit in ("p99", "cpu", "db_conn"):
        await at.until(lambda unit=unit: at.drive.run.record.unit(unit).state is State.DONE)  # type: ignore[misc]
    for unit in ("tasks", "queries"):
        await at.go_to(unit)
        await at.press("enter")
        await at.until(lambda unit=unit: at.drive.run.record.unit(unit).state is State.DONE)  # type: ignore[misc]
    # Where a page stands depends on when the output of a step came in, and no longer once it was at its beginning.
    for unit in ("p99", "scale_out"):
        await at.go_to(unit)
        await rest(at.desk.pilot)


@pytest.mark.parametrize("size", [(80, 24), (120, 36)], ids=lambda size: f"{size[0]}x{size[1]}")
def test_a_run(stage: Stage, size: tuple[int, int]) -> None:
    assert stage.shows(begun, size)


def test_a_change_is_asked(stage: Stage) -> None:
    async def steps(at: AtRun) -> None:
        await begun(at)
        await at.press("enter")
        await at.until(lambda: isinstance(at.desk.app.screen, ConfirmStep))
        await at.settle()

    assert stage.shows(steps, (120, 36))


@pytest.mark.parametrize("size", [(80, 24), (120, 36)], ids=lambda size: f"{size[0]}x{size[1]}")
def test_what_destroys_is_asked(stage: Stage, size: tuple[int, int]) -> None:
    async def steps(at: AtRun) -> None:
        await begun(at)
        await at.go_to("terminate")
        await at.press("enter")
        await at.until(lambda: isinstance(at.desk.app.screen, Choose))
        await at.press("enter")
        await at.until(lambda: isinstance(at.desk.app.screen, ConfirmStep))
        await at.press(*"terminate")

    assert stage.shows(steps, size)


def test_the_catalogue(stage: Stage) -> None:
    async def steps(at: AtRun) -> None:
        await begun(at)
        await at.press("escape", "4")
        await at.until(lambda: at.text().count("✓ clean") == 4 and "✗ 1 error" in at.text())

    assert stage.shows(steps, (120, 36))
