"""The runs that are listed: those in which somebody did something, and those that are offered to be gone on with."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from oncall_tui.runbook.execution import Ending, Executed
from oncall_tui.runbook.run import words
from oncall_tui.runbook.run.history import KINDS, LOOKED_AT, PastRun, told_by
from oncall_tui.runbook.run.run import Run
from oncall_tui.runbook.run.states import State
from tests.unit.runbook.run.helpers import Bench, confirmed, do, ok, value


async def _past(bench: Bench) -> PastRun:
    [found] = told_by(await bench.journals[0].read_kind(*KINDS, streams="run:"))
    return found


async def test_a_run_that_was_only_looked_at_is_not_begun_though_its_checks_answered(bench: Bench) -> None:
    bench.script.says("cpu", value(91))
    run = await bench.opened()
    await run.checks()
    await run.give("service", "web", "typed")
    assert not (await _past(bench)).is_begun and not run.record.is_begun
    await run.close("left without being started")
    assert not (await _past(bench)).is_begun


async def _start(run: Run) -> object:
    return await do(run, "deploy")


DEEDS: dict[str, Callable[[Run], Awaitable[object]]] = {
    "start": _start,
    "by hand": lambda run: run.by_hand("deploy", "done at the console"),
    "tick": lambda run: run.tick(next(one.id for one in run.runbook.steps if not one.commands)),
    "skip": lambda run: run.skip("deploy", "not needed"),
    "override": lambda run: run.override("when:scale-out", "peak"),
    "note": lambda run: run.note("looking at it"),
}


@pytest.mark.parametrize("deed", DEEDS)
async def test_a_run_in_which_anything_was_done_is_begun(bench: Bench, deed: str) -> None:
    run = await bench.opened()
    await DEEDS[deed](run)
    past = await _past(bench)
    assert past.is_begun and run.record.is_begun
    assert past.started == (deed == "start")
    assert (await bench.resumed()).run.record.is_begun


async def test_what_nobody_has_touched_is_offered_only_while_somebody_else_may_be_reading_it(bench: Bench) -> None:
    run = await bench.opened()
    past, now = await _past(bench), bench.clock()
    assert not past.is_offered("user:ada", now)
    assert past.is_offered("user:bob", now)
    assert not past.is_offered("user:bob", now + LOOKED_AT)
    await run.skip("deploy", "not needed")
    assert run.state_of("deploy") is State.SKIPPED
    past = await _past(bench)
    assert past.is_offered("user:ada", now + timedelta(days=1))
    await run.close("solved")
    assert not (await _past(bench)).is_offered("user:bob", now)


async def test_a_run_tells_how_many_of_its_steps_were_done_and_failed(bench: Bench) -> None:
    run = await bench.opened()
    assert ((await _past(bench)).done, (await _past(bench)).failed) == (0, 0)
    bench.script.says("describe", ok("4\n"), Executed(Ending.EXITED, exit=1))
    await do(run, "count")
    await run.tick(next(one.id for one in run.runbook.steps if not one.commands))
    await run.skip("deploy", "not needed")
    assert ((await _past(bench)).done, (await _past(bench)).failed) == (2, 0)
    await do(run, "count")
    past = await _past(bench)
    assert (past.started, past.done, past.failed) == (2, 1, 1)


async def test_a_change_that_did_not_show_counts_as_failed_and_a_rehearsal_as_nothing(bench: Bench) -> None:
    bench.script.says("cpu", value(91))
    bench.script.says("describe", ok("4\n"))
    run = await bench.opened()
    await run.checks()
    await do(run, "count")
    await do(run, "scale_out")
    before = await _past(bench)
    assert run.record.unit("scale_out").state is State.UNVERIFIED
    assert (before.done, before.failed) == (1, 1)
    plan = run.plan_dry("deploy")
    await (await run.start(plan, confirmed(plan))).ended()
    after = await _past(bench)
    assert (after.done, after.failed) == (1, 1)


async def test_what_nobody_recorded_the_end_of_is_neither(bench: Bench) -> None:
    run = await bench.opened()
    await do(run, "deploy")
    events = [one for one in await bench.journals[0].read_kind(*KINDS, streams="run:") if one.kind != words.RESULT]
    [past] = told_by(events)
    assert (past.started, past.done, past.failed) == (1, 0, 0)
