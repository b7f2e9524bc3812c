"""With somebody at the terminal: what is shown, and what each answer does."""

import asyncio

import pytest

from oncall_tui.cli.exit_codes import ExitCode
from oncall_tui.cli.runbook.running.desk import Desk
from oncall_tui.cli.runbook.running.interrupting import Interrupts
from oncall_tui.cli.runbook.running.starting import start
from oncall_tui.runbook.execution import Ending, Executed
from oncall_tui.runbook.run.plan import Confirmation, Floor
from oncall_tui.runbook.run.states import State
from tests.unit.cli.runbook.running.scene import Answers, Scene
from tests.unit.runbook.run.helpers import confirmed, do, ok, value

WHOLE = ("", "", "y", "", "2", "terminate 8", "y", "mended")
"""Tick, count, scale out, the queries, the second row, the phrase, the deployment, the end."""


async def test_every_step_is_shown_with_what_would_run_and_waits_for_its_confirmation(scene: Scene) -> None:
    run, console = await scene.bench.opened(), Answers(*WHOLE)
    assert await scene.drive(run, console) is ExitCode.FINE
    assert scene.started() == [
        'describe "$service"',
        'change "$service" "$target"',
        "SELECT pid, started FROM pg_stat_activity",
        "SELECT destroy(:'pid'), :'started'",
        'change everything "$service"',
    ]
    assert run.record.closed == "mended"
    assert console.lines == []
    text = scene.told.text
    for line in (
        "  cpu = 91 %   crit",
        "  Scale out: recommended: cpu 91 > 80",
        "── scale_out · shell · change ── Scale out (line 38)",
        '   | change "$service" "$target"',
        "   target = 6   (computed: count.desired + 2)",
        "   service = api   (label service)",
        "   undo: scale_back",
        "   cpu.value < 70: 40, is so (0 of 120 s)",
        "   2 8  2026-01-02 00:00:00",
        "   4 tasks are there",
        "   pid = 8   (picked from queries)",
    ):
        assert line in text, f"{line}\n\n{text}"


async def test_enter_starts_only_what_just_reads(scene: Scene) -> None:
    run = await scene.bench.opened()
    console = Answers("", "", "", "", "yes", "q")
    await scene.drive(run, console)
    assert scene.started() == ['describe "$service"']
    assert any(one.startswith("y runs it") for one in console.prompts)
    assert console.forgotten >= 3, "what was typed before the question is dropped"


@pytest.mark.parametrize("typed", ["", "y", "terminate 7", "Terminate 8", "terminate"])
async def test_a_phrase_is_typed_as_it_is_shown(scene: Scene, typed: str) -> None:
    run = await scene.bench.opened()
    await scene.drive(run, Answers("", "s no", "s no", "", "2", typed, "q"))
    assert [one for one in scene.started() if "destroy" in one] == []


async def test_leaving_leaves_the_run_open_and_says_how_to_go_on(scene: Scene) -> None:
    run = await scene.bench.opened()
    assert await scene.drive(run, Answers("q")) is ExitCode.FINE
    assert run.record.closed == ""
    assert scene.told.lines[-1] == f"The run stays open: oncall-tui runbook run --resume {run.record.run_id}"


async def test_a_terminal_that_is_gone_leaves_as_well(scene: Scene) -> None:
    run = await scene.bench.opened()
    await scene.drive(run, Answers())
    assert run.record.closed == "" and scene.started() == []


async def test_what_is_not_indicated_is_folded_and_opened_with_a_reason(scene: Scene) -> None:
    scene.bench.script.says("cpu", value(10.0))
    run = await scene.bench.opened()
    console = Answers("", "g count", "o auto-scaling is off", "", "q")
    await scene.drive(run, console)
    assert "── count: not indicated: cpu 10 <= 80 (g count opens it)" in scene.told.text
    assert scene.started() == ['describe "$service"']
    assert run.record.overridden == {"when:count": "auto-scaling is off"}


async def test_skip_by_hand_value_note_and_list(scene: Scene) -> None:
    run = await scene.bench.opened()
    console = Answers(
        *("m looked at it", "m it was 9", "9", "", "v max_tasks=many", "v max_tasks=30", "n hello", "l", "?"),
        *("nonsense", "s too late", "q"),
    )
    await scene.drive(run, console)
    units = run.record.units
    assert (units["s2"].state, units["s2"].note) == (State.DONE, "looked at it")
    assert units["scale_out"].state is State.SKIPPED
    assert run.known().names()["target"] == 11
    assert run.record.params["max_tasks"].value == "30"
    assert [one[2] for one in run.record.notes] == ["hello"]
    text = scene.told.text
    assert "is no whole number" in text and "  count: done" in text and "That is no answer here" in text


async def test_a_step_that_fails_stays_and_the_code_says_so(scene: Scene) -> None:
    scene.bench.script.says("describe", Executed(Ending.EXITED, exit=3, plain=""))
    run = await scene.bench.opened()
    assert await scene.drive(run, Answers("", "", "q")) is ExitCode.NOT_DONE
    assert "   count failed after 0.0 s (exit 3): exit 3" in scene.told.text


async def test_a_change_that_does_not_show_is_unverified_and_undone(scene: Scene) -> None:
    scene.bench.script.says("cpu", value(91.0))
    run = await scene.bench.opened()
    code = await scene.drive(run, Answers("", "", "y", "u", "1", "y", "q"))
    assert code is ExitCode.NOT_DONE
    text = scene.told.text
    assert "scale_out unverified: it does not show; think of the undo (u)" in text
    assert "  1. scale_out at" in text
    assert scene.started()[-1] == 'change "$service" "$count_desired"'
    assert run.record.unit("scale_out").undone_by


async def test_read_only_refuses_everything_but_reading(scene: Scene) -> None:
    run = await scene.bench.opened()
    await scene.drive(run, Answers("", "", "y", "s", "read-only", "", "", "q"), is_read_only=True)
    assert scene.started() == ['describe "$service"', "SELECT pid, started FROM pg_stat_activity"]
    assert "   Read-only: nothing is sent from here." in scene.told.text


async def test_a_dry_run_shows_all_and_changes_nothing(scene: Scene) -> None:
    run = await scene.bench.opened()
    await scene.drive(run, Answers("", "", "y", "s", "dry", "s", "dry", "s", "dry", ""), is_dry=True)
    assert scene.started() == ['describe "$service"', 'show "$service"']
    assert "   blocked: a dry run starts nothing that is not read" in scene.told.text
    assert run.changes() == ()


async def test_what_is_unknown_comes_first_and_is_never_run_by_itself(scene: Scene) -> None:
    first = await scene.bench.opened()
    await first.checks()
    await do(first, "count")
    gate = scene.bench.script.gate = asyncio.Event()
    plan = first.plan("scale_out")
    live = await first.start(plan, confirmed(plan))
    resumed = (await scene.bench.resumed()).run
    await resumed.claim()
    # What runs in the first session goes on, and nothing else is held up by it.
    scene.bench.script.gate = None
    console = Answers("d", "the console says six", "q")
    before = len(scene.started())
    await scene.drive(resumed, console)
    assert console.prompts[0].startswith("d it is done")
    assert len(scene.started()) == before
    assert resumed.record.unit("scale_out").state is State.DONE
    gate.set()
    await live.ended()


async def test_the_first_ctrl_c_ends_what_runs_and_the_second_leaves(scene: Scene) -> None:
    scene.bench.script.gate = asyncio.Event()
    run = await scene.bench.opened()
    interrupts = Interrupts(scene.told.say, lambda: scene.left.append("left"))
    plan = run.plan("queries")
    task = asyncio.create_task(
        start(Desk(run, scene.told, interrupts, None), plan, Confirmation(Floor.KEY, plan.digest))
    )
    for _ in range(10_000):
        if run.running:
            break
        await asyncio.sleep(0)
    await asyncio.sleep(0)
    interrupts.press()
    assert scene.left == []
    assert await task is False
    assert run.record.unit("queries").state is State.CANCELLED
    interrupts.press()
    assert scene.left == ["left"]


async def test_ok_prints_output_as_it_comes(scene: Scene) -> None:
    scene.bench.script.says("describe", ok("4\n"))
    run = await scene.bench.opened()
    await scene.drive(run, Answers("", "", "q"))
    assert "4" in scene.told.lines


async def test_somebody_else_who_takes_over_ends_it_with_words(scene: Scene) -> None:
    run = await scene.bench.opened()
    other = (await scene.bench.resumed()).run
    await other.claim()
    assert await scene.drive(run, Answers("", "", "y")) is ExitCode.NOT_DONE
    assert scene.started() == []
    assert any("user:bob" in line and "nothing was started" in line for line in scene.told.lines)
