"""An action of the configuration on marked rows: one question, one run for each, a result for each."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import pytest
from textual.widgets import Input

from oncall_tui.config.model import ActionSettings, Config, InputSettings, RunbooksSettings
from oncall_tui.ui import custom_many
from oncall_tui.ui.screens.action_confirm import PhraseQuestion
from oncall_tui.ui.screens.action_form import ActionForm
from oncall_tui.ui.screens.actions_output import ActionsOutput
from oncall_tui.ui.screens.dialogs import Question
from tests.ui.desk import Desk, at_desk, config_of
from tests.ui.test_custom_actions import kinds, until
from tests.unit.builders import PAGERDUTY, alert, before, record
from tests.unit.runbook.actions.bench import Bench, bench

ROWS = tuple(
    alert(record(PAGERDUTY, f"Q{number}", title=f"[bold]{what}[/]", service=service, since=before(9)))
    for number, (what, service) in enumerate((("queue", "worker"), ("disk", "redis"), ("heap", "redis")))
)
TOUCH = 'echo "at $ONCALL_ALERT_TITLE"; touch "$size-${ONCALL_ALERT_ID#*/}"; [ "$ONCALL_ALERT_ID" != pagerduty/Q1 ]'
MEND = ActionSettings(name="Mend", key="f6", script=TOUCH, inputs=(InputSettings(name="size", type="int", max=9),))
WIPE = ActionSettings(name="Wipe", key="f7", script='rm -f ./gone; touch "wiped-${ONCALL_ALERT_ID#*/}"')
LOOK = ActionSettings(name="Look", key="f5", script="echo seen")
SLOW = ActionSettings(name="Slow", key="f8", script='echo "begun ${ONCALL_ALERT_ID#*/}"; sleep 600')


@asynccontextmanager
async def at_bench(folder: Path) -> AsyncIterator[tuple[Desk, Bench]]:
    """The screen with every row marked."""
    here = RunbooksSettings(directory=folder / "here")
    config: Config = msgspec.structs.replace(config_of(), actions=(MEND, WIPE, LOOK, SLOW), runbooks=here)
    async with bench(folder, config) as held, at_desk(*ROWS, config=config) as desk:
        desk.rooms.custom_actions = held.actions
        await desk.press("2", "M")
        assert len(desk.app.view.selected_alerts()) == 3
        yield desk, held


def made(held: Bench) -> list[str]:
    return sorted(one.name for one in held.folder.iterdir())


async def test_inputs_and_question_once_then_a_run_and_a_result_for_each(tmp_path: Path) -> None:
    async with at_bench(tmp_path) as (desk, held):
        await desk.press("f6")
        assert isinstance(desk.app.screen, ActionForm)
        assert "3 alerts, each with these values" in desk.text()
        await desk.press("7", "enter")
        drawn = await until(desk, "Run Mend on 3 alerts?")
        assert isinstance(desk.app.screen, Question)
        for part in ("change", "[bold]queue[/]", "pagerduty/Q1", "pagerduty/Q2", "touch", "ONCALL_INPUT_SIZE=7  typed"):
            assert part in drawn, part
        assert drawn.count("echo ") == 1, "the command is shown once"
        assert made(held) == []
        await desk.show(*reversed(ROWS))
        await desk.press("y")
        await until(desk, "not on 1: it stays marked")
        assert isinstance(desk.app.screen, ActionsOutput)
        drawn = desk.text()
        assert drawn.count("done: exit code 0") == 2
        assert "failed: exit 1" in drawn
        assert "at [bold]heap[/]" in drawn
        assert "Each has its result." in drawn
        assert made(held) == ["7-Q0", "7-Q1", "7-Q2"], "the rows of the key press, whatever came meanwhile"
        assert (await kinds(held)).count("result") == 3
        assert desk.rooms.monitor.refreshed == 1
        await desk.press("escape")
        assert [one.title for one in desk.app.view.selected_alerts()] == ["[bold]disk[/]"], "it stays marked"
        await desk.press("M", "f5")
        await until(desk, "Done on 3 alerts.")
        assert (await kinds(held)).count("closed") == 6, "what only reads is not asked about"


async def test_what_destroys_wants_the_phrase_of_every_target(tmp_path: Path) -> None:
    async with at_bench(tmp_path) as (desk, held):
        await desk.press("f7")
        await until(desk, "destroy worker and destroy redis")
        assert isinstance(desk.app.screen, PhraseQuestion)
        phrase = desk.app.screen.query_one("#phrase", Input)
        phrase.value = "destroy worker"
        await desk.press("enter")
        assert "That is not the phrase" in desk.text()
        phrase.value = "destroy worker and destroy redis"
        await desk.press("enter")
        await until(desk, "Done on 3 alerts.")
        assert made(held) == ["wiped-Q0", "wiped-Q1", "wiped-Q2"]
        said = [str(one.payload["confirmation"]) for one in await held.events() if one.kind == "run.intent"]
        assert [sum(f"'{one}'" in text for text in said) for one in ("destroy worker", "destroy redis")] == [1, 2]


async def test_a_stop_begins_no_other_and_too_many_start_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with at_bench(tmp_path) as (desk, held):
        await desk.press("f8")
        if isinstance(desk.app.screen, Question):
            await desk.press("y")
        await until(desk, "begun Q0")
        await desk.press("ctrl+x")
        await until(desk, "Done on 0, not on 3: they stay marked.")
        assert desk.text().count("not started: it was stopped") == 2
        assert (await kinds(held)).count("intent") == 1
        assert (await kinds(held)).count("closed") == 3
        await desk.press("escape")
        monkeypatch.setattr(custom_many, "MOST", 2)
        await desk.press("f5")
        await until(desk, "3 alerts are marked, and 2 at once are the most.")
        assert (await kinds(held)).count("opened") == 3
