"""After a crash, and with two operators: what is known, what is not, and who may go on."""

import asyncio
from dataclasses import replace

import pytest

from oncall_tui.journal.errors import JournalError
from oncall_tui.runbook.run import words
from oncall_tui.runbook.run.deciding import Refused
from oncall_tui.runbook.run.opening import kept_text
from oncall_tui.runbook.run.pages import NotDriving
from oncall_tui.runbook.run.replay import replayed
from oncall_tui.runbook.run.run import NotStarted, Run
from oncall_tui.runbook.run.states import State
from tests.unit.runbook.run.helpers import RUN, TEXT, Bench, confirmed, do, ok, runbook, table, value

_DEAD = 2**22 + 1
"""No process of Linux or macOS has a number as high."""


async def _crashed(bench: Bench) -> Run:
    """A run whose process died between an intent and its result; taken up by another."""
    desk = bench.desk()
    run = await bench.opened(desk=replace(desk, operator=replace(desk.operator, pid=_DEAD)))
    bench.script.says("describe", ok("4"))
    bench.script.says("cpu", value(91))
    await run.checks()
    await do(run, "count")
    bench.script.gate = asyncio.Event()
    plan = run.plan("deploy")
    await run.start(plan, confirmed(plan))
    await asyncio.sleep(0)  # It has begun to wait.
    bench.script.gate = None
    return (await bench.resumed()).run


async def test_what_was_begun_and_never_ended_is_unknown_and_not_run_again(bench: Bench) -> None:
    before = len(bench.script.started)
    run = await _crashed(bench)
    assert [one.id for one in run.record.unknown] == ["deploy"]
    assert run.state_of("deploy") is State.UNKNOWN
    await run.claim()
    assert "nobody recorded how it ended" in run.plan("deploy").blocked[0]
    assert "user:ada on laptop" in run.plan("deploy").blocked[0]
    assert [one.unit for one in run.changes()] == ["deploy"]
    await run.checks()
    bodies = [one.body for one in bench.script.started[before:]]
    assert len([one for one in bodies if "everything" in one]) == 1


async def test_captures_come_back_from_the_journal(bench: Bench) -> None:
    run = await _crashed(bench)
    assert run.known().names()["target"] == 6
    assert run.record.params["service"].value == "api"
    bench.clock.advance(minutes=6)
    assert run.known().names()["target"] is None


@pytest.mark.parametrize("state", [State.DONE, State.FAILED])
async def test_an_unknown_step_is_settled_by_somebody_who_looked(bench: Bench, state: State) -> None:
    run = await _crashed(bench)
    await run.claim()
    with pytest.raises(Refused, match="reason"):
        await run.settle("deploy", state, "")
    with pytest.raises(Refused, match="done or failed"):
        await run.settle("deploy", State.SKIPPED, "x")
    await run.settle("deploy", state, "the pods are there")
    assert run.record.unit("deploy").state is state
    with pytest.raises(Refused, match="nothing about it is unknown"):
        await run.settle("queries", State.DONE, "x")


async def test_an_unknown_step_is_run_again_when_somebody_says_so(bench: Bench) -> None:
    run = await _crashed(bench)
    await run.claim()
    ended = await do(run, "deploy", again=True)
    assert ended.judged.state is State.DONE
    assert len(run.record.unit("deploy").attempts) == 2


async def test_a_run_that_is_taken_up_is_only_read_until_it_is_claimed(bench: Bench) -> None:
    run = await _crashed(bench)
    started = len(bench.script.started)
    for decide in (run.skip("deploy", "x"), run.give("service", "web", "typed"), run.close("x")):
        with pytest.raises(NotDriving, match="user:ada drives"):
            await decide
    with pytest.raises(NotDriving):
        await do(run, "queries")
    assert len(bench.script.started) == started


async def test_of_two_operators_one_drives_and_the_other_is_told(bench: Bench) -> None:
    ada = await bench.opened()
    bob = (await bench.resumed()).run
    await bob.claim()
    assert bob.record.driven_by == "user:bob"
    plan = ada.plan("deploy")
    with pytest.raises(NotDriving, match="user:bob has gone on"):
        await ada.start(plan, confirmed(plan))
    assert bench.script.started == []
    assert ada.pages.is_read_only
    await do(bob, "deploy")
    with pytest.raises(NotDriving, match="user:bob drives"):
        await ada.skip("queries", "x")
    await ada.claim()
    assert ada.record.unit("deploy").state is State.DONE
    with pytest.raises(NotDriving):
        await bob.skip("queries", "x")
    await ada.skip("queries", "x")


async def test_what_ran_while_somebody_took_over_is_written_down_all_the_same(bench: Bench) -> None:
    ada = await bench.opened()
    bench.script.gate = asyncio.Event()
    plan = ada.plan("deploy")
    live = await ada.start(plan, confirmed(plan))
    bob = (await bench.resumed()).run
    await bob.claim()
    assert bob.state_of("deploy") is State.UNKNOWN
    bench.script.gate.set()
    ended = await live.ended()
    assert ended.unwritten == ""
    assert ada.pages.is_read_only
    await bob.pages.reload()
    assert bob.record.unit("deploy").state is State.DONE
    assert bob.record.driven_by == "user:bob"


async def test_two_that_start_at_the_same_moment_start_once(bench: Bench) -> None:
    ada = await bench.opened()
    same = (await bench.resumed(desk=bench.desk("s1", "user:ada"))).run
    plans = ada.plan("deploy"), same.plan("deploy")
    outcomes = await asyncio.gather(
        ada.start(plans[0], confirmed(plans[0])), same.start(plans[1], confirmed(plans[1])), return_exceptions=True
    )
    assert sorted(isinstance(one, NotDriving) for one in outcomes) == [False, True]
    assert len(bench.script.started) == 1


async def test_the_text_that_ran_is_kept_and_another_one_is_told(bench: Bench) -> None:
    run = await bench.opened()
    changed = runbook(TEXT.replace("change everything", "change nothing"))
    resumed = await bench.resumed(changed)
    assert resumed.has_changed
    assert not (await bench.resumed()).has_changed
    folder = bench.folder / "texts"
    assert kept_text(folder, run.record.sha256) == TEXT.encode()
    (folder / f"{run.record.sha256}.md").write_text("altered")
    assert kept_text(folder, run.record.sha256) is None
    assert kept_text(folder, "../../etc/passwd") is None


async def test_a_run_that_is_in_no_journal_is_told(bench: Bench) -> None:
    with pytest.raises(JournalError, match="no run"):
        await bench.resumed()


async def test_every_moment_of_a_run_replays_to_what_was_known_then(bench: Bench) -> None:
    run = await bench.opened()
    seen = {run.record.seq: run.record}
    bench.script.says("SELECT pid", table(("17", "2026-01-01 10:00:00")))
    bench.script.says("describe", ok("4"))
    bench.script.says("cpu", value(91))
    for act in (
        run.checks(), do(run, "count"), do(run, "queries"), run.pick("queries", 0), run.note("x"), do(run, "scale_out"),
        run.skip("deploy", "x"), run.override("when:end-the-query", "x"), run.undone("scale_out", "by hand"),
        run.close("x"),
    ):  # fmt: skip
        await act
        seen[run.record.seq] = run.record
    events = await bench.journals[0].read(f"run:{RUN}")
    assert len(events) == run.record.seq
    for seq, record in seen.items():
        assert replayed(RUN, events[:seq]) == record


async def test_a_crash_while_a_change_is_verified_leaves_it_unverified(bench: Bench) -> None:
    run = await bench.opened()
    bench.script.says("describe", ok("4"))
    bench.script.says("cpu", value(91))
    await run.checks()
    await do(run, "count")
    await do(run, "scale_out")
    assert (await bench.resumed()).run.record.unit("scale_out").state is State.UNVERIFIED


async def test_kinds_of_a_later_version_do_not_hurt(bench: Bench) -> None:
    run = await bench.opened()
    await run.pages.tell("run.something_new", {"unit": "deploy"})
    await run.pages.tell(words.RESULT, {"unit": "deploy", "state": "a new word", "captures": 7})
    record = (await bench.resumed()).run.record
    assert record.seq == 4
    assert record.unit("deploy").state is State.UNKNOWN


async def test_an_unknown_step_blocks_until_somebody_looks(bench: Bench) -> None:
    run = await _crashed(bench)
    await run.claim()
    plan = run.plan("deploy")
    with pytest.raises(NotStarted, match="nobody recorded"):
        await run.start(plan, confirmed(plan))
