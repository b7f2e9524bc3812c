"""Without a terminal: what reads runs, the first other step ends it."""

from oncall_tui.cli.exit_codes import ExitCode
from oncall_tui.cli.shapes_run import RunbookRunAnswer
from oncall_tui.runbook.execution import Ending, Executed
from oncall_tui.runbook.run.states import State
from tests.test_docs import check_shape
from tests.unit.cli.runbook.running.scene import Scene
from tests.unit.runbook.run.helpers import value


async def test_the_first_step_that_does_more_than_read_ends_it(scene: Scene) -> None:
    run = await scene.bench.opened()
    assert await scene.drive(run) is ExitCode.NEEDS_TERMINAL
    assert scene.started() == ['describe "$service"']
    said = next(one for one in scene.told.lines if one.startswith("scale_out does more"))
    assert said == (
        "scale_out does more than read (change), and nobody sits at a terminal to confirm it: nothing of it was "
        "started. No option answers yes."
    )
    assert run.record.closed == "" and run.record.unit("s2").state is State.PENDING


async def test_what_is_not_indicated_is_passed_over(scene: Scene) -> None:
    scene.bench.script.says("cpu", value(10.0))
    run = await scene.bench.opened()
    assert await scene.drive(run) is ExitCode.NEEDS_TERMINAL
    assert scene.started() == ["SELECT pid, started FROM pg_stat_activity"]


async def test_only_the_steps_that_are_named(scene: Scene) -> None:
    run = await scene.bench.opened()
    assert await scene.drive(run, named=["queries", "count"]) is ExitCode.FINE
    assert scene.started() == ["SELECT pid, started FROM pg_stat_activity", 'describe "$service"']
    assert run.record.closed == "read without a terminal"


async def test_a_step_that_fails_is_told_by_the_code(scene: Scene) -> None:
    scene.bench.script.says("describe", Executed(Ending.EXITED, exit=3, plain=""))
    run = await scene.bench.opened()
    assert await scene.drive(run, named=["count"]) is ExitCode.NOT_DONE
    assert run.record.closed == ""


async def test_a_dry_run_goes_on_and_starts_only_what_reads(scene: Scene) -> None:
    run = await scene.bench.opened()
    assert await scene.drive(run, is_dry=True) is ExitCode.FINE
    assert scene.started() == ['describe "$service"', "SELECT pid, started FROM pg_stat_activity"]
    assert "   blocked: pid: to be picked from the rows of queries" in scene.told.lines
    assert run.record.closed == "dry run"


async def test_read_only_says_so(scene: Scene) -> None:
    run = await scene.bench.opened()
    assert await scene.drive(run, is_read_only=True) is ExitCode.NEEDS_TERMINAL
    assert "and this is read-only" in scene.told.text


async def test_the_summary_has_its_shape(scene: Scene) -> None:
    run = await scene.bench.opened()
    await scene.drive(run)
    events = scene.told.events
    check_shape(events[-1], RunbookRunAnswer, "summary")
    assert events[-1]["parameters"] == [{"name": "service", "value": "api", "origin": "label service"}]
    states = {one["id"]: one["state"] for one in events[-1]["steps"]}
    assert (states["cpu"], states["count"], states["scale_out"]) == ("done", "done", "pending")
    assert [one["event"] for one in events] == ["check", "started", "ended", "stopped", "summary"]
