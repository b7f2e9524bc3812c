"""What is asked before a step, drawn without a screen: carried values, what they were, and what hides."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest_asyncio

from oncall_tui.runbook.run.plan import Plan
from oncall_tui.runbook.run.run import Run
from oncall_tui.ui.present.runbook import question
from oncall_tui.ui.running.by_hand import resolved
from tests.unit.runbook.run.helpers import TEXT, Bench, do, ok, runbook, value

PLAIN = """\
# Fix

```bash
NAMESPACE=production; API_TOKEN=x
```

```bash
change pod web -n $NAMESPACE --as $API_TOKEN
```
"""
LEFT = {"NAMESPACE": "production", "AWS_PROFILE": "prod\x1b[31m", "API_TOKEN": "swordfish9"}


@pytest_asyncio.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    made = Bench(tmp_path)
    yield made
    await made.close()


async def carried(bench: Bench) -> Run:
    run = await bench.opened(runbook(PLAIN))
    bench.script.says("NAMESPACE=production", ok("", left_behind=LEFT))
    await do(run, "s1a" if len(run.runbook.steps[0].commands) > 1 else "s1")
    return run


def lines(run: Run, plan: Plan) -> list[str]:
    drawn = question.rest(plan, "staging", False, run.record.guards, run.desk.clock() + timedelta(seconds=1))
    return [" ".join(one.split()) for one in drawn.plain.splitlines()]


async def test_carried_values_are_shown_with_the_step_they_are_from(bench: Bench) -> None:
    run = await carried(bench)
    unit = next(one.id for one in run.runbook.steps[-1].commands)
    source = run.record.carried_from["NAMESPACE"]
    told = lines(run, run.plan(unit))
    assert f"NAMESPACE production carried from step {source}" in told
    assert f"API_TOKEN ‹redacted› carried from step {source}" in told
    assert any(one.startswith("carries too AWS_PROFILE=prod") for one in told)
    assert "swordfish9" not in "\n".join(told) and "\x1b" not in "\n".join(told)


async def test_what_is_done_by_hand_takes_them_along_and_no_secret(bench: Bench) -> None:
    run = await carried(bench)
    text = resolved(run.plan(next(one.id for one in run.runbook.steps[-1].commands)))
    assert text.splitlines()[0] == "export NAMESPACE=production"
    assert "swordfish9" not in text and "API_TOKEN=" not in text


async def test_a_value_that_was_another_one_says_so_and_why(bench: Bench) -> None:
    run = await bench.opened()
    bench.script.says("cpu", value(91))
    bench.script.says("describe", ok("4"), ok("6"))
    await run.checks()
    for unit in ("count", "scale_out", "count"):
        await do(run, unit)
    told = lines(run, run.plan("scale_out", again=True))
    assert "target 8 was 6 (count ran again) computed: count.desired + 2" in told
    assert "service api label service" in told


async def test_a_rehearsal_that_cannot_be_says_why(bench: Bench) -> None:
    run = await bench.opened(runbook(TEXT))
    plan = run.plan("deploy")
    told = question.dry(run.runbook, plan, plan.command, ("the guard whoami does not hold",)).plain
    assert "Not rehearsed: the guard whoami does not hold." in told
    assert "Not rehearsed" not in question.dry(run.runbook, plan, plan.command).plain
