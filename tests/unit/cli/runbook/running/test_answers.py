"""What each answer at a step does: jumps, waiting, reasons, agreement, what is done by hand, what is unknown."""

import asyncio

import pytest

from oncall_tui.cli.exit_codes import ExitCode
from oncall_tui.runbook.execution import Ending, Executed
from oncall_tui.runbook.run.approving import Approvals
from oncall_tui.runbook.run.live import LiveStep
from oncall_tui.runbook.run.run import Run
from oncall_tui.runbook.run.states import State
from tests.unit.cli.runbook.running.scene import Answers, Scene
from tests.unit.runbook.run.helpers import confirmed, do, ok, table, value


async def test_going_to_a_step_and_back(scene: Scene) -> None:
    run = await scene.bench.opened()
    console = Answers(
        "g queries", "", "1", "g nothing", "g scale_back", "s not now", "g s2", "", "g queries", "", "2", "q"
    )
    await scene.drive(run, console)
    assert "   there is no step nothing; l lists them" in scene.told.lines
    assert "── scale_back · shell · change ── Scale out" in scene.told.text, "a step that only undoes can be gone to"
    assert run.record.unit("scale_back").state is State.SKIPPED
    assert run.record.unit("s2").state is State.DONE
    assert scene.started() == ["SELECT pid, started FROM pg_stat_activity"] * 2, "one that is done is run again"
    assert run.record.params["pid"].value == "8"


async def test_a_reason_goes_against_a_step_that_is_needed(scene: Scene) -> None:
    run = await scene.bench.opened()
    await run.give("pid", "7", "typed")
    await run.give("started", "2026-01-01 00:00:00", "typed")
    console = Answers("y", "o", "read it on the console", "terminate 7", "q")
    await scene.drive(run, console, named=["terminate"])
    assert "   blocked: queries has to be done first" in scene.told.lines
    assert run.record.overridden == {"needs:terminate": "read it on the console"}
    assert scene.started() == ["SELECT destroy(:'pid'), :'started'"]
    assert {"event": "overridden", "step": "terminate", "text": "needs:terminate"} in scene.told.events


async def test_nothing_is_gone_against_where_nothing_stands(scene: Scene) -> None:
    run = await scene.bench.opened()
    await scene.drive(run, Answers("o because", "", "o because", "q"))
    assert scene.told.lines.count("   Nothing stands against it that could be overridden.") == 2
    assert run.record.overridden == {}


async def test_skipping_asks_for_the_reason(scene: Scene) -> None:
    run = await scene.bench.opened()
    console = Answers("s", "nobody is awake", "q")
    await scene.drive(run, console)
    assert (run.record.units["s2"].state, run.record.units["s2"].note) == (State.SKIPPED, "nobody is awake")
    assert "Why?" in console.prompts
    assert [one for one in scene.told.events if one["event"] == "skipped"]


async def test_what_was_pasted_must_be_what_the_step_captures(scene: Scene) -> None:
    run = await scene.bench.opened()
    console = Answers("", "m on the console", "four", "", "m on the console", "4", "", "q")
    await scene.drive(run, console)
    assert "   desired cannot be taken from that: " in scene.told.text
    assert run.known().names()["target"] == 6
    assert run.record.unit("count").state is State.DONE
    assert scene.started() == []


async def test_a_note_is_asked_for(scene: Scene) -> None:
    run = await scene.bench.opened()
    await scene.drive(run, Answers("n", "the traces show the cache", "q"))
    assert [one[2] for one in run.record.notes] == ["the traces show the cache"]


async def test_waiting_again_for_what_a_change_should_do(scene: Scene) -> None:
    scene.bench.script.says("cpu", value(91.0))
    run = await scene.bench.opened()
    console = Answers("", "w", "", "y", "g scale_out", "w", "g scale_out", "w", "q")

    async def recovering(prompt: str) -> str | None:
        if len(console.lines) == 2:
            scene.bench.script.says("cpu", value(91.0), value(None), value(40.0))
        return await ask(prompt)

    ask, console.ask = console.ask, recovering  # type: ignore[method-assign]
    assert await scene.drive(run, console) is ExitCode.FINE
    text = scene.told.text
    assert "   There is nothing to wait for." in text
    assert "   cpu.value < 70: 91, is not so yet (120 of 120 s)" in text
    assert "   scale_out unverified: it does not show; think of the undo (u)" in text
    assert "   cpu.value < 70: no data, cannot be told (" in text
    assert "   scale_out done: it shows" in text
    verified = [(one["state"], one["value"]) for one in scene.told.events if one["event"] == "verified"]
    assert verified == [("unverified", 91.0), ("unverified", 91.0), ("done", 40.0)]
    assert scene.started().count('change "$service" "$target"') == 1


async def test_a_change_that_is_not_verified_is_not_run_again_by_going_on(scene: Scene) -> None:
    scene.bench.script.says("cpu", value(91.0))
    run = await scene.bench.opened()
    console = Answers("", "", "y", "", "q")
    assert await scene.drive(run, console) is ExitCode.NOT_DONE
    assert scene.started().count('change "$service" "$target"') == 1
    at = run.record.unit("scale_out").attempt
    assert at is not None
    told = f"   it was run already, at {at.at:%H:%M:%S} UTC, and is unverified"
    assert f"{told}: w waits again, u takes it back, Enter goes on" in scene.told.lines
    assert any(one.startswith("y runs it again · s skip") for one in console.prompts)
    assert console.prompts[-1].startswith("Enter runs it ·"), "the next step is shown"
    assert run.record.unit("scale_out").state is State.UNVERIFIED


@pytest.mark.parametrize(
    ("said", "is_run"), [("ada", False), ("mallory", False), ("", False), ("bob", True), (" user:bob ", True)]
)
async def test_who_agrees_is_asked_for_and_one_s_own_word_does_not_count(scene: Scene, said: str, is_run: bool) -> None:
    run = await _at_terminate(scene)
    console = Answers("terminate 7", said, "q")
    code = await scene.drive(run, console, named=["terminate"])
    assert console.prompts[1] == "Somebody who is dba has to agree. Who does?"
    assert any("destroy" in one for one in scene.started()) is is_run
    assert code is (ExitCode.FINE if is_run else ExitCode.NOT_DONE)
    assert ("   not started: " in scene.told.text) is not is_run


async def test_where_the_journal_is_shared_nobody_is_asked_who_agreed(scene: Scene) -> None:
    scene.bench.approvals = Approvals({"dba": ("bob",)}, is_shared=True)
    run = await _at_terminate(scene)
    console = Answers("terminate 7", "terminate 7", "q")

    async def agreeing(prompt: str) -> str | None:
        if len(console.lines) == 2:
            bob = (await scene.bench.resumed()).run
            await bob.approve(bob.plan("terminate"))
        return await ask(prompt)

    ask = console.ask
    console.lines.insert(0, "terminate 7")
    console.ask = agreeing  # type: ignore[method-assign]
    await scene.drive(run, console, named=["terminate"])
    assert not any("Who does?" in one for one in console.prompts)
    assert "not started: somebody who is dba has to agree first" in scene.told.text
    assert "   user:bob agreed (recorded by whoever agreed)" in scene.told.lines
    assert sum("destroy" in one for one in scene.started()) == 1


async def test_what_is_unknown_is_run_again_only_when_that_is_said_of_this_step(scene: Scene) -> None:
    resumed, first = await _with_unknown(scene)
    scene.bench.script.says("cpu", value(91.0), value(91.0), value(40.0))
    console = Answers("x", "a", "", "y", "a", "g count", "", "y", "a", "y", "q")
    before = scene.started()
    await scene.drive(resumed, console)
    assert console.prompts[0] == console.prompts[1], "it is asked until it is answered"
    assert scene.told.text.count("   blocked: it was begun at ") == 4, "Enter and y start nothing"
    assert scene.started()[len(before) :] == ['describe "$service"', 'change "$service" "$target"']
    await _ended(first)


async def test_what_is_unknown_is_shown_though_its_branch_is_not_indicated_any_more(scene: Scene) -> None:
    resumed, first = await _with_unknown(scene)
    scene.bench.script.says("cpu", value(10.0))
    await scene.drive(resumed, Answers("a", "", "a", "y", "o it hangs half-way", "q"))
    text = scene.told.text
    assert "── scale_out · shell · change ── Scale out" in text and "(g scale_out opens it)" not in text
    assert resumed.record.overridden == {"when:scale_out": "it hangs half-way"}
    await _ended(first)


async def test_nothing_is_run_again_that_is_not_unknown(scene: Scene) -> None:
    run = await scene.bench.opened()
    await scene.drive(run, Answers("", "a", "q"))
    assert "   Nothing about it is unknown." in scene.told.lines


async def test_what_failed_unseen_is_marked_so(scene: Scene) -> None:
    resumed, first = await _with_unknown(scene)
    await scene.drive(resumed, Answers("f", "the console says so", "q"))
    unit = resumed.record.unit("scale_out")
    assert (unit.state, unit.note) == (State.FAILED, "the console says so")
    await _ended(first)


async def test_hostile_output_reaches_no_line(scene: Scene) -> None:
    scene.bench.script.says("describe", ok("4\n", stderr="\x1b[2J"))
    scene.bench.script.says("pg_stat_activity", table(("7", "\x1b]0;x\x07")))
    run = await scene.bench.opened()
    await scene.drive(run, Answers("", "", "s no", "", "1", "", "q"))
    assert all(char.isprintable() or char in "\n\t" for char in scene.told.text)


async def test_a_failed_step_is_tried_again_and_then_the_code_is_fine(scene: Scene) -> None:
    scene.bench.script.says("describe", Executed(Ending.EXITED, exit=3, plain=""), ok("4\n"))
    run = await scene.bench.opened()
    assert await scene.drive(run, Answers("", "", "", "q")) is ExitCode.FINE
    assert run.record.unit("count").state is State.DONE


async def _at_terminate(scene: Scene) -> Run:
    run = await scene.bench.opened()
    await run.give("service", "prod", "typed")
    await do(run, "queries")
    await run.pick("queries", 0)
    return run


async def _with_unknown(scene: Scene) -> tuple[Run, LiveStep]:
    """A run of which somebody else saw the beginning of a change, and nobody its end."""
    first = await scene.bench.opened()
    await first.checks()
    await do(first, "count")
    scene.bench.script.gate = asyncio.Event()
    plan = first.plan("scale_out")
    # Its end is not seen: the gate stays closed for it.
    live = await first.start(plan, confirmed(plan))
    resumed = (await scene.bench.resumed()).run
    await resumed.claim()
    scene.bench.script.gate = None
    return resumed, live


async def _ended(first: LiveStep) -> None:
    first.cancel()
    await first.ended()
