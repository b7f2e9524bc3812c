"""Actions of the configuration from the screen, on a real bash: inputs, question, output, result, journal."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import pytest

from oncall_tui.config.model import ActionSettings, Config, InputSettings, RunbooksSettings, read_only
from oncall_tui.ui.screens.action_confirm import PhraseQuestion
from oncall_tui.ui.screens.action_form import ActionForm
from oncall_tui.ui.screens.action_output import ActionOutput
from oncall_tui.ui.screens.dialogs import Question
from tests.ui.desk import Desk, at_desk, config_of
from tests.ui.palettes import searched
from tests.unit.builders import PAGERDUTY, alert, before, record
from tests.unit.runbook.actions.bench import Bench, bench

ROWS = (
    alert(record(PAGERDUTY, "Q1", title="queue [bold]above[/] 100", service="worker", since=before(9))),
    alert(record(PAGERDUTY, "Q2", title="disk", service="redis", since=before(5))),
)
LOOK = ActionSettings(name="Look", key="f5", script='echo "on $ONCALL_ALERT_ID [bold]x"; echo bad >&2')
MEND = ActionSettings(
    name="Mend",
    key="f6",
    script='touch "made-$size"',
    on="service:worker",
    inputs=(InputSettings(name="size", type="int", min=1, max=9), InputSettings(name="why", default="because")),
)
WIPE = ActionSettings(name="Wipe", key="f7", script="rm -f ./gone; touch wiped")
SLOW = ActionSettings(name="Slow", key="f8", script="echo begun; sleep 600")


@asynccontextmanager
async def at_bench(folder: Path, *, is_read_only: bool = False) -> AsyncIterator[tuple[Desk, Bench]]:
    """The screen with actions that are really run in a folder of the test."""
    here = RunbooksSettings(directory=folder / "here")
    config: Config = msgspec.structs.replace(config_of(), actions=(LOOK, MEND, WIPE, SLOW), runbooks=here)
    config = read_only(config) if is_read_only else config
    async with bench(folder, config) as held, at_desk(*ROWS, config=config) as desk:
        desk.rooms.custom_actions = held.actions
        await desk.press("2")
        yield desk, held


async def until(desk: Desk, words: str) -> str:
    """What is drawn once ``words`` stand there, the messages in the corner included."""
    for _ in range(3_000):
        drawn = desk.text()
        if words in drawn or any(words in one for one in desk.toasts()):
            return drawn
        await asyncio.sleep(0.02)
        await desk.settle()
    raise AssertionError(f"{words!r} never came:\n{desk.text()}")


async def kinds(held: Bench) -> list[str]:
    return [one.kind.removeprefix("run.") for one in await held.events()]


async def test_what_reads_runs_at_the_key_and_its_output_is_shown_as_text(tmp_path: Path) -> None:
    async with at_bench(tmp_path) as (desk, held):
        await desk.press("f5")
        drawn = await until(desk, "Look: done")
        assert isinstance(desk.app.screen, ActionOutput)
        assert "on pagerduty/Q1 [bold]x" in drawn
        assert "bad" in drawn
        assert "after " in drawn
        await desk.press("escape")
        assert desk.mode == "alerts"
        assert await kinds(held) == ["opened", "intent", "result", "closed"]


async def test_a_change_asks_for_its_inputs_and_shows_everything_before_it_runs(tmp_path: Path) -> None:
    async with at_bench(tmp_path) as (desk, held):
        await desk.press("f6")
        assert isinstance(desk.app.screen, ActionForm)
        await desk.press("1", "2", "enter")
        assert "It is more than 9." in desk.text()
        await desk.press("backspace", "enter", "enter")
        await until(desk, "Run Mend?")
        assert isinstance(desk.app.screen, Question)
        drawn = desk.text()
        for part in ('touch "made-$size"', "ONCALL_INPUT_SIZE=1  typed", "queue [bold]above[/] 100", "change"):
            assert part in drawn
        assert await kinds(held) == ["opened", "param", "param"], "nothing was begun"
        await desk.press("y")
        await until(desk, "Mend: done")
        assert [one.name for one in held.folder.iterdir()] == ["made-1"]
        assert desk.rooms.monitor.refreshed == 1, "what it has changed is looked at"


@pytest.mark.parametrize("key", ["escape", "n"])
async def test_no_leaves_everything_as_it_is(key: str, tmp_path: Path) -> None:
    async with at_bench(tmp_path) as (desk, held):
        await desk.press("f6", "1", "enter", "enter")
        await until(desk, "Run Mend?")
        await desk.press(key)
        await desk.settle()
        assert "intent" not in await kinds(held)
        assert list(held.folder.iterdir()) == []


async def test_what_destroys_wants_its_phrase_letter_by_letter(tmp_path: Path) -> None:
    async with at_bench(tmp_path) as (desk, held):
        await desk.press("f7")
        assert isinstance(desk.app.screen, PhraseQuestion)
        await desk.press("y", "enter")
        assert "That is not the phrase" in desk.text()
        await desk.press("backspace", *"destroy", "space", *"worker", "enter")
        await until(desk, "Wipe: done")
        assert [one.name for one in held.folder.iterdir()] == ["wiped"]
        (intent,) = [one for one in await held.events() if one.kind == "run.intent"]
        assert intent.payload["confirmation"] == {
            "mode": "phrase",
            "shown": intent.payload["digest"],
            "typed": "destroy worker",
        }


async def test_what_would_run_is_seen_while_its_phrase_is_typed_on_a_small_screen(tmp_path: Path) -> None:
    many = {f"label_{number}": "value" for number in range(40)}
    async with at_bench(tmp_path) as (desk, _held):
        await desk.pilot.resize_terminal(80, 24)
        await desk.show(alert(record(PAGERDUTY, "Q1", title="queue", service="worker", labels=many)))
        await desk.press("f7", *"dest")
        drawn = desk.text()
        for part in ("destroy  ", "rm -f ./gone; touch wiped", "type destroy worker", "dest", "enter run"):
            assert part in drawn
        assert "ONCALL_ALERT_ACKNOWLEDGED_BY" not in drawn
        await desk.press("pagedown", "pagedown", "pagedown", "pagedown")
        assert "ONCALL_LABEL_LABEL_39=value  label label_39 of pagerduty" in desk.text()


async def test_it_can_be_stopped_and_left_alone(tmp_path: Path) -> None:
    async with at_bench(tmp_path) as (desk, held):
        await desk.press("f8")
        await until(desk, "Run Slow?") if isinstance(desk.app.screen, Question) else None
        await desk.press("y") if isinstance(desk.app.screen, Question) else None
        await until(desk, "begun")
        await desk.press("ctrl+x")
        await until(desk, "Slow: cancelled")
        assert (await kinds(held))[-2:] == ["result", "closed"]


async def test_the_target_is_the_row_of_the_key_press(tmp_path: Path) -> None:
    async with at_bench(tmp_path) as (desk, held):
        await desk.press("f6", "1", "enter", "enter")
        await until(desk, "Run Mend?")
        await desk.show(ROWS[1])
        await desk.press("y")
        await until(desk, "Mend: done")
        assert (await held.events())[0].payload["alert"] == "pagerduty/Q1"


async def test_it_is_offered_for_what_its_filter_finds(tmp_path: Path) -> None:
    async with at_bench(tmp_path) as (desk, _held):
        await desk.press("j", "f6")
        assert not isinstance(desk.app.screen, ActionForm)
        assert "It is for those alerts only that its filter finds." in desk.toasts()[-1]
        await desk.press("question_mark")
        assert "YOUR ACTIONS" in desk.text()
        assert "f5  Look: echo" in desk.text()
        assert "f6" not in desk.text()
        await desk.press("escape", "k", "colon", *"mend")
        await searched(desk)
        assert "action: Mend" in desk.text()
        await desk.press("escape", "M", "f6")
        assert not isinstance(desk.app.screen, ActionForm), "one of the marked is not for it"


async def test_read_only_has_only_what_reads(tmp_path: Path) -> None:
    async with at_bench(tmp_path, is_read_only=True) as (desk, held):
        await desk.press("f6", "f7")
        assert await kinds(held) == []
        await desk.press("question_mark")
        assert "f5  Look: echo" in desk.text()
        assert "Mend" not in desk.text()
        await desk.press("escape", "colon", *"action")
        await searched(desk)
        assert "action: Mend" not in desk.text()
        await desk.press("escape", "escape", "f5")
        await until(desk, "Look: done")
