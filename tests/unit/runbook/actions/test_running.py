"""Actions run: the confirmation of their danger, intent and result in the journal, values in the environment."""

import asyncio
from pathlib import Path

import pytest
from msgspec.structs import replace

from oncall_tui.config.model import ActionSettings, Config, EnvironmentSettings, InputSettings, RunbooksSettings
from oncall_tui.journal.errors import JournalError
from oncall_tui.runbook.danger import Danger
from oncall_tui.runbook.run.pages import NotDriving
from oncall_tui.runbook.run.plan import Confirmation, Floor
from oncall_tui.runbook.run.run import NotStarted
from oncall_tui.runbook.run.states import State
from tests.unit.builders import PAGERDUTY, PROMETHEUS, alert, record
from tests.unit.runbook.actions.bench import bench, confirmed

LOOK = ActionSettings(name="Look", script='echo "$ONCALL_ALERT_ID is $ONCALL_LABEL_POD"')
TOUCH = ActionSettings(name="Touch", run=("touch", "made by $HOME"))
SIZE = InputSettings(name="size", type="int", min=1, max=9)
DESTROY = ActionSettings(name="Wipe", script="rm -rf ./old", inputs=(SIZE,), confirm="wipe {size}")
ALERT = alert(record(PROMETHEUS, "f1", title="5xx", service="api", labels={"pod": "api-1", "a.b": "x"}))


async def test_what_reads_needs_a_key_and_gets_the_alert_in_its_environment(tmp_path: Path) -> None:
    async with bench(tmp_path) as desk:
        run = await desk.begin(LOOK, ALERT)
        assert (run.plan.floor, run.plan.danger) == (Floor.KEY, Danger.READ)
        await run.start(Confirmation(Floor.KEY, run.plan.digest))
        ended = await run.ended()
        assert ended.judged.state is State.DONE
        assert ended.executed.stdout == "prometheus/f1 is api-1\n"


async def test_intent_and_result_are_in_the_journal_with_what_was_shown(tmp_path: Path) -> None:
    async with bench(tmp_path) as desk:
        await desk.run(TOUCH, ALERT)
        events = await desk.events()
        assert [one.kind for one in events] == ["run.opened", "run.intent", "run.result", "run.closed"]
        opened, intent, result, closed = (one.payload for one in events)
        assert opened["action"] == "Touch"
        assert opened["alert"] == "prometheus/f1"
        assert opened["ONCALL_LABEL_POD"] == "api-1"
        assert intent["body"] == "touch 'made by $HOME'"
        danger = intent["danger"]
        assert isinstance(danger, dict)
        assert (danger["author"], danger["effective"]) == ("read", "change")
        assert (result["state"], result["exit"], closed["outcome"]) == ("done", 0, "done")


async def test_a_program_is_started_with_its_words_as_they_stand(tmp_path: Path) -> None:
    async with bench(tmp_path) as desk:
        await desk.run(TOUCH)
        assert [one.name for one in desk.folder.iterdir()] == ["made by $HOME"]


@pytest.mark.parametrize(
    ("action", "floor", "typed"),
    [(TOUCH, Floor.KEY, ""), (DESTROY, Floor.DIALOG, ""), (DESTROY, Floor.PHRASE, "wipe 8")],
)
async def test_a_weaker_confirmation_starts_nothing(
    action: ActionSettings, floor: Floor, typed: str, tmp_path: Path
) -> None:
    async with bench(tmp_path) as desk:
        run = await desk.begin(action, ALERT, **({"size": "7"} if action.inputs else {}))
        with pytest.raises(NotStarted):
            await run.start(Confirmation(floor, run.plan.digest, typed))
        assert "run.intent" not in [one.kind for one in await desk.events()]


async def test_the_phrase_names_inputs_or_else_the_target(tmp_path: Path) -> None:
    async with bench(tmp_path) as desk:
        assert (await desk.begin(DESTROY, ALERT, size="7")).plan.phrase == "wipe 7"
        usual = await desk.begin(replace(DESTROY, confirm=""), ALERT, size="7")
        assert (usual.plan.floor, usual.plan.phrase) == (Floor.PHRASE, "destroy api")


@pytest.mark.parametrize(
    ("words", "effective"),
    [("read", Danger.CHANGE), ("change", Danger.CHANGE), ("destroy", Danger.DESTROY)],
)
async def test_the_worse_of_author_and_judge_holds(words: str, effective: Danger, tmp_path: Path) -> None:
    async with bench(tmp_path) as desk:
        run = await desk.begin(ActionSettings(name="x", run=("frobnicate",), danger=words))  # type: ignore[arg-type]
        assert run.plan.danger is effective


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ({"size": "12"}, "the input size is more than 9"),
        ({"size": "x"}, "the input size is no whole number"),
        ({"size": "1", "sise": "2"}, "it has no input sise; there is: size"),
    ],
)
async def test_inputs_are_held_to_their_types_before_anything_is_written(
    typed: dict[str, str], reason: str, tmp_path: Path
) -> None:
    async with bench(tmp_path) as desk:
        with pytest.raises(NotStarted, match=reason):
            await desk.begin(DESTROY, ALERT, **typed)
        assert await desk.events() == ()


async def test_inputs_arrive_under_both_names_and_secrets_are_shown_nowhere(tmp_path: Path) -> None:
    inputs = (
        SIZE,
        InputSettings(name="key", type="secret"),
        InputSettings(name="path", default="fine"),
        InputSettings(name="is_dry", type="bool", default=True),
    )
    script = 'echo "$size $ONCALL_INPUT_SIZE ${#key} $ONCALL_INPUT_KEY ${path-none} $ONCALL_INPUT_PATH $is_dry"'
    async with bench(tmp_path) as desk:
        run = await desk.begin(ActionSettings(name="x", script=script, inputs=inputs), size="7", key="hunter22")
        shown = {one.name: (one.value, one.origin) for one in run.given}
        assert shown["ONCALL_INPUT_SIZE"] == ("7", "typed")
        assert shown["ONCALL_INPUT_PATH"] == ("fine", "default")
        assert shown["ONCALL_INPUT_KEY"][0] == "‹secret:key›"
        await run.start(confirmed(run))
        ended = await run.ended()
        assert "hunter22" not in ended.executed.stdout
        assert ended.executed.stdout.startswith("7 7 8 ")
        assert "hunter22" not in repr([one.payload for one in await desk.events()])


async def test_what_is_shown_begins_with_what_its_text_names(tmp_path: Path) -> None:
    script = 'echo "$ONCALL_LABEL_POD $ONCALL_ALERT_URL $size"'
    async with bench(tmp_path) as desk:
        run = await desk.begin(ActionSettings(name="x", script=script, inputs=(SIZE,)), ALERT, size="2")
        names = [one.name for one in run.given]
        assert names[:4] == ["ONCALL_INPUT_SIZE", "ONCALL_LABEL_POD", "ONCALL_ALERT_URL", "ONCALL_LABEL_A_B"]
        assert "ONCALL_ALERT_RUNBOOK" not in names, "it is empty, and not named"


async def test_an_input_without_a_value_blocks(tmp_path: Path) -> None:
    async with bench(tmp_path) as desk:
        run = await desk.begin(DESTROY, ALERT)
        assert any("size" in one for one in run.plan.blocked)


async def test_nothing_of_another_alert_is_inherited_and_no_token_either(tmp_path: Path) -> None:
    stale = {"ONCALL_LABEL_POD": "old", "ONCALL_INPUT_SIZE": "9", "ONCALL_ALERT_TITLE": "old"}
    script = 'echo "${ONCALL_LABEL_POD-none} ${ONCALL_INPUT_SIZE-none} $ONCALL_ALERT_TITLE"'
    for settings in (ActionSettings(name="x", script=script), ActionSettings(name="y", run=("bash", "-c", script))):
        folder = tmp_path / settings.name
        folder.mkdir()
        async with bench(folder, environ=stale) as desk:
            assert (await desk.run(settings)).executed.stdout == "none none 5xx above 1 %\n"


async def test_what_is_stopped_is_ended_and_said_so(tmp_path: Path) -> None:
    async with bench(tmp_path) as desk:
        run = await desk.begin(ActionSettings(name="x", script="echo on; sleep 600"))
        heard = asyncio.Event()
        await run.start(confirmed(run), lambda chunk: heard.set())
        await heard.wait()
        run.cancel()
        assert (await run.ended()).judged.state is State.CANCELLED
        assert [one.payload.get("outcome") for one in await desk.events()][-1] == "cancelled"


async def test_the_end_of_the_program_ends_what_runs_and_writes_it_down(tmp_path: Path) -> None:
    async with bench(tmp_path) as desk:
        run = await desk.begin(ActionSettings(name="x", script="sleep 600"))
        await run.start(confirmed(run))
        await desk.actions.close()
        assert [one.kind for one in await desk.events()][-2:] == ["run.result", "run.closed"]


async def test_one_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    async with bench(tmp_path) as desk:
        ended = await desk.run(ActionSettings(name="x", run=("sleep", "600"), timeout="1s"))
        assert ended.judged.state is State.TIMED_OUT


async def test_a_program_that_is_not_there_fails_in_words(tmp_path: Path) -> None:
    async with bench(tmp_path) as desk:
        ended = await desk.run(ActionSettings(name="x", run=("no-such-program",)))
        assert ended.judged.state is State.FAILED
        assert "there is no program 'no-such-program'" in ended.judged.reason


async def test_what_is_not_confirmed_is_closed_without_an_intent(tmp_path: Path) -> None:
    async with bench(tmp_path) as desk:
        await (await desk.begin(TOUCH)).leave()
        assert [one.kind for one in await desk.events()] == ["run.opened", "run.closed"]


async def test_nothing_is_run_without_a_journal(tmp_path: Path) -> None:
    async with bench(tmp_path) as desk:
        held = await desk.begin(TOUCH)
        await desk.journal.close()
        (tmp_path / "journal.db").unlink()
        (tmp_path / "journal.db").mkdir()
        with pytest.raises(JournalError):
            await desk.begin(LOOK, ALERT)
        with pytest.raises((JournalError, NotDriving)):
            await held.start(confirmed(held))
        assert list(desk.folder.iterdir()) == []


async def test_read_only_refuses_what_changes_and_runs_what_reads(tmp_path: Path) -> None:
    here = RunbooksSettings(directory=tmp_path / "here")
    config = Config(runbooks=here, environments={"": EnvironmentSettings(read_only=True)})
    async with bench(tmp_path, config) as desk:
        with pytest.raises(NotStarted, match="read-only"):
            await desk.begin(TOUCH)
        assert (await desk.run(LOOK, ALERT)).judged.state is State.DONE


async def test_what_the_site_forbids_is_blocked(tmp_path: Path) -> None:
    here = RunbooksSettings(directory=tmp_path / "here", forbid=("destroy",))
    async with bench(tmp_path, Config(runbooks=here)) as desk:
        run = await desk.begin(DESTROY, ALERT, size="7")
        assert "the configuration forbids destroy (runbooks.forbid)" in run.plan.blocked


async def test_what_needs_a_terminal_is_blocked(tmp_path: Path) -> None:
    async with bench(tmp_path) as desk:
        run = await desk.begin(ActionSettings(name="x", run=("tail", "-f", "/var/log/syslog")))
        assert "it needs a terminal of its own: run it in a shell" in run.plan.blocked


async def test_the_leading_record_tells_a_label_that_several_have(tmp_path: Path) -> None:
    two = alert(
        record(PAGERDUTY, "Q1", labels={"pod": "first"}),
        record(PROMETHEUS, "f1", labels={"pod": "second", "zone": "a"}),
    )
    script = 'echo "$ONCALL_LABEL_POD $ONCALL_LABEL_ZONE $ONCALL_ALERT_RECORDS"'
    async with bench(tmp_path) as desk:
        ended = await desk.run(ActionSettings(name="x", script=script), two)
        assert ended.executed.stdout == "first a pagerduty/Q1 prometheus/f1\n"
