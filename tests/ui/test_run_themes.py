"""The pages of runbooks in every theme: a run in the middle of it, what is asked before a step, the catalogue."""

from pathlib import Path

from oncall_tui.runbook.run.states import State
from oncall_tui.ui.screens.asking import Choose
from oncall_tui.ui.screens.confirm_step import ConfirmStep
from oncall_tui.ui.screens.run import RunScreen
from oncall_tui.ui.theme_depth import Depth, draw_with
from tests.ui.drawn import Piece, pieces
from tests.ui.resting import rest
from tests.ui.run_desk import AtRun, at_run
from tests.ui.run_scenes import Library, scripted
from tests.ui.scenes import night
from tests.ui.test_themes import THEMES, is_graphic, poor
from tests.unit.runbook.run.helpers import Bench


def is_hairline(piece: Piece) -> bool:
    """What stands left of a command and beside a heading: the indent and the empty line tell the same."""
    return is_graphic(piece.text)


async def poorest(at: AtRun, scene: str) -> dict[str, list[str]]:
    """What cannot be read there, by theme."""
    told: dict[str, list[str]] = {}
    for theme in THEMES:
        at.desk.app.theme = theme
        await rest(at.desk.pilot)
        drawn = [one for one in pieces(at.desk.app) if not is_hairline(one)]
        assert len(drawn) > 20
        if found := poor(drawn):
            told[f"{scene} in {theme}"] = found
    return told


async def test_a_run_its_questions_and_the_catalogue_can_be_read_in_every_theme(tmp_path: Path) -> None:
    bench = scripted(Bench(tmp_path))
    async with at_run(bench, room=Library(bench), opens=False) as at:
        draw_with(at.desk.app, Depth.TRUE)
        await at.desk.publish(night(2))
        await at.press("2", "j", "r")
        await at.until(lambda: isinstance(at.desk.app.screen, RunScreen))
        for unit in ("p99", "cpu", "db_conn"):
            await at.until(lambda unit=unit: at.drive.run.record.unit(unit).state is State.DONE)  # type: ignore[misc]
        found = await poorest(at, "run")
        await at.go_to("queries")
        await at.press("enter")
        await at.until(lambda: at.drive.run.record.unit("queries").state is State.DONE)
        await at.go_to("terminate")
        await at.press("enter")
        await at.until(lambda: isinstance(at.desk.app.screen, Choose))
        found |= await poorest(at, "choice")
        await at.press("enter")
        await at.until(lambda: isinstance(at.desk.app.screen, ConfirmStep))
        found |= await poorest(at, "question")
        await at.press("escape", "escape", "4")
        await at.until(lambda: at.desk.mode == "runbooks")
        found |= await poorest(at, "catalogue")
    assert found == {}
