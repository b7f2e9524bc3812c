"""A value that is another one than when the step ran last says so, and which step ran again."""

from oncall_tui.runbook.run import words
from oncall_tui.runbook.run.plan import Plan
from oncall_tui.runbook.run.repinned import sources_of
from oncall_tui.runbook.run.run import Run
from tests.unit.runbook.run.helpers import RUN, TEXT, Bench, confirmed, do, ok, runbook, value


def was(plan: Plan) -> dict[str, str]:
    """The values with what they were."""
    return {one.name: f"{one.shown}, {one.was}" for one in plan.values if one.was}


async def scaled(bench: Bench) -> Run:
    run = await bench.opened()
    bench.script.says("cpu", value(91))
    bench.script.says("describe", ok("4"))
    await run.checks()
    await do(run, "count")
    assert was(run.plan("scale_out")) == {}
    await do(run, "scale_out")
    return run


async def test_a_retry_keeps_what_was_computed_and_a_count_that_ran_again_says_so(bench: Bench) -> None:
    run = await scaled(bench)
    assert was(run.plan("scale_out", again=True)) == {}, "N+2, never N+4"
    bench.script.says("describe", ok("6"))
    await do(run, "count")
    plan = run.plan("scale_out", again=True)
    assert was(plan) == {"target": "8, was 6 (count ran again)"}
    await do(run, "scale_out", again=True)
    intents = [one for one in await bench.journals[0].read(f"run:{RUN}") if one.kind == words.INTENT]
    assert intents[-1].payload["was"] == {"target": "was 6 (count ran again)"}
    assert was(run.plan("scale_out", again=True)) == {}, "that is what it ran with last"


async def test_the_same_count_again_is_no_news_and_another_value_names_no_step(bench: Bench) -> None:
    run = await scaled(bench)
    await do(run, "count")
    assert was(run.plan("scale_out", again=True)) == {}
    await run.give("service", "other", "typed")
    assert was(run.plan("scale_out", again=True)) == {"service": "other, was api"}


async def test_an_undo_has_the_values_of_before_and_says_nothing_of_later_ones(bench: Bench) -> None:
    run = await scaled(bench)
    (change,) = run.changes()
    plan = run.plan_undo(change)
    await (await run.start(plan, confirmed(plan))).ended()
    bench.script.says("describe", ok("9"))
    await do(run, "count")
    await do(run, "scale_out", again=True)
    assert was(run.plan_undo(run.changes()[0])) == {}


async def test_what_an_earlier_step_left_says_what_it_was_too(bench: Bench) -> None:
    run = await bench.opened(runbook('# Fix\n\n```bash\nNS=x\n```\n\n```bash\nchange "$NS"\n```\n'))
    for name in ("staging", "production"):
        bench.script.says("NS=x", ok("", left_behind={"NS": name}))
        await do(run, "s1", again=True)
        if name == "staging":
            await do(run, "s2")
    assert was(run.plan("s2", again=True)) == {"NS": "production, was staging"}


def test_a_value_comes_from_every_step_that_it_is_computed_with() -> None:
    text = TEXT.replace('  target: "count.desired + 2"', '  target: "more + count.desired"\n  more: "cpu.value * 2"')
    made = runbook(text)
    assert set(sources_of(made, "target")) == {"count", "cpu"}
    assert sources_of(made, "count.desired") == ("count",)
    assert sources_of(made, "service") == sources_of(made, "") == ()
