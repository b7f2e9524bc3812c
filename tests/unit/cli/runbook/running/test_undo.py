"""Taking changes back from the prompt: by its step, by hand, or not at all; and what is refused."""

import pytest

from oncall_tui.cli.exit_codes import ExitCode
from oncall_tui.runbook.execution import Ending, Executed
from oncall_tui.runbook.run.run import Run
from tests.unit.cli.runbook.running.scene import Answers, Scene
from tests.unit.runbook.run.helpers import TEXT, Bench, do, runbook, value

GRAVE = TEXT.replace(
    "```bash {#scale_back danger=change",
    '<!-- oncall\nconfirm: {type: "shrink {service}"}\napprove: {role: dba}\n-->\n```bash {#scale_back danger=change',
)


async def changed(bench: Bench, text: str = TEXT) -> Run:
    """A run with two changes: one that a step takes back, one for a person."""
    run = await bench.opened(runbook(text))
    await run.checks()
    for unit in ("count", "scale_out", "deploy"):
        await do(run, unit)
    bench.script.says("cpu", value(40.0))
    await run.verify("scale_out")
    return run


async def test_without_a_change_there_is_nothing_to_take_back(scene: Scene) -> None:
    run = await scene.bench.opened()
    await scene.drive(run, Answers("u", "q"))
    assert "   Nothing was changed." in scene.told.lines


async def test_changes_are_listed_the_newest_first_and_none_is_taken_back_by_itself(scene: Scene) -> None:
    run = await changed(scene.bench)
    before = len(scene.started())
    await scene.drive(run, Answers("u", "", "u", "0", "u", "3", "u", "x", "q"))
    listed = [line for line in scene.told.lines if line.startswith("  1. ")]
    assert listed[0].startswith("  1. deploy at ") and listed[0].endswith("(done): by hand")
    assert any(line.startswith("  2. scale_out at ") and line.endswith(": run scale_back") for line in scene.told.lines)
    assert len(scene.started()) == before


@pytest.mark.parametrize(("answer", "is_undone"), [("y", True), ("", False), ("n", False)])
async def test_what_a_person_takes_back_is_told_and_recorded_when_it_is_done(
    scene: Scene, answer: str, is_undone: bool
) -> None:
    run = await changed(scene.bench)
    await scene.drive(run, Answers("u 1", answer, "q"))
    assert "   by hand" in scene.told.lines
    assert run.record.unit("deploy").undone_by == ("by hand" if is_undone else "")
    assert [one["step"] for one in scene.told.events if one["event"] == "undone"] == (["deploy"] if is_undone else [])


async def test_what_cannot_be_taken_back_says_why(scene: Scene) -> None:
    run = await scene.bench.opened()
    await do(run, "queries")
    await run.pick("queries", 0)
    await do(run, "terminate")
    await scene.drive(run, Answers("u 1", "q"))
    assert "   It cannot be taken back: it is gone" in scene.told.lines


@pytest.mark.parametrize("answer", ["", "yes", "n", "scale_back"])
async def test_an_undo_is_a_step_that_is_confirmed(scene: Scene, answer: str) -> None:
    run = await changed(scene.bench)
    before = len(scene.started())
    await scene.drive(run, Answers("u 2", answer, "q"))
    assert '   | change "$service" "$count_desired"' in scene.told.lines
    assert len(scene.started()) == before


async def test_an_undo_runs_with_the_values_from_before(scene: Scene) -> None:
    run = await changed(scene.bench)
    console = Answers("u 2", "y", "q")
    assert await scene.drive(run, console) is ExitCode.FINE
    assert scene.started()[-1] == 'change "$service" "$count_desired"'
    assert scene.bench.script.started[-1].values["count_desired"] == "4"
    assert run.record.unit("scale_out").undone_by
    assert "; taken back: " in scene.told.text
    assert 'Type "y" to run it, anything else leaves it:' in console.prompts


@pytest.mark.parametrize(("phrase", "who"), [("y", "bob"), ("shrink api", "ada")])
async def test_an_undo_wants_its_phrase_and_its_approval(scene: Scene, phrase: str, who: str) -> None:
    run = await changed(scene.bench, GRAVE)
    before = len(scene.started())
    code = await scene.drive(run, Answers("u 2", phrase, who, "q"))
    assert len(scene.started()) == before
    assert code is (ExitCode.FINE if phrase == "y" else ExitCode.NOT_DONE)


async def test_an_undo_that_somebody_agreed_to_is_run(scene: Scene) -> None:
    run = await changed(scene.bench, GRAVE)
    console = Answers("u 2", "shrink api", "bob", "q")
    assert await scene.drive(run, console) is ExitCode.FINE
    assert scene.started()[-1] == 'change "$service" "$count_desired"'
    assert "Somebody who is dba has to agree. Who does?" in console.prompts


async def test_an_undo_that_fails_is_told_by_the_code(scene: Scene) -> None:
    run = await changed(scene.bench)
    scene.bench.script.says("count_desired", Executed(Ending.EXITED, exit=7, plain=""))
    assert await scene.drive(run, Answers("u 2", "y", "q")) is ExitCode.NOT_DONE
    assert not run.record.unit("scale_out").undone_by


async def test_read_only_and_a_dry_run_take_nothing_back(scene: Scene) -> None:
    run = await changed(scene.bench)
    before = len(scene.started())
    await scene.drive(run, Answers("u 2", "u 1", "", "q"), is_read_only=True)
    assert "   Read-only: nothing is sent from here." in scene.told.text
    await scene.drive(run, Answers("u 2", "q"), is_dry=True)
    assert "   A dry run takes nothing back." in scene.told.lines
    assert len(scene.started()) == before


async def test_the_end_lists_what_was_changed(scene: Scene) -> None:
    run = await changed(scene.bench)
    await scene.drive(run, Answers("q"))
    at = scene.told.lines.index("Changes, the newest first")
    assert [line.split(" at ")[0] for line in scene.told.lines[at + 1 : at + 3]] == ["  1. deploy", "  2. scale_out"]
