"""An undo runs with the environment that its change ran with, whatever later steps have left, and says what differs."""

from pathlib import Path

import pytest

from oncall_tui.cli.runbook.running.showing import step_lines
from oncall_tui.runbook.run import words
from oncall_tui.runbook.run.plan import Plan, carried_beside
from oncall_tui.runbook.run.run import NotStarted, Run
from oncall_tui.runbook.run.states import State
from tests.unit.runbook.run.helpers import RUN, Bench, confirmed, do, ok, runbook, value

TEXT = """\
---
oncall: 1
id: place
title: Place
owner: team
match: [{alertname: Place}]
guards:
  - {check: "whoami", equals: none}
---
# Place

It says where it is.

```promql {#load}
load
```
```bash {#login danger=read}
show login
```
<!-- oncall
undo: back
-->
```bash {#shift danger=change}
change "$NS" "$OWNER"
```
<!-- oncall
verify: {check: load, expect: "load.value < 1", every: 30s, within: 1m}
undo: back
-->
```bash {#waits danger=change}
change and wait
```
```bash {#back danger=change undo_only}
change "$NS" back as "$OWNER" from "$OLD"
```
"""


def shown(plan: Plan) -> dict[str, tuple[str, str]]:
    """What stands in the question: each value, and what it is by now."""
    return {one.name: (one.shown, one.was) for one in plan.values}


async def left(run: Run, bench: Bench, cwd: str = "", **variables: str) -> None:
    """Something that the step ``login`` leaves."""
    bench.script.says("login", ok("", left_behind=variables, left_cwd=Path(cwd) if cwd else None))
    await do(run, "login", again=True)


async def changed(run: Run, unit: str = "shift") -> None:
    await run.ask_guards(run.plan(unit))
    await do(run, unit, again=True)


async def taken_back(run: Run, number: int = 0) -> Plan:
    """Take a change back, as it is shown."""
    change = run.changes()[number]
    await run.ask_guards(run.plan_undo(change))
    plan = run.plan_undo(change)
    await (await run.start(plan, confirmed(plan))).ended()
    return plan


async def opened(bench: Bench) -> Run:
    bench.script.says("whoami", ok("none\n"))
    run = await bench.opened(runbook(TEXT, bench.folder))
    await left(run, bench, "/srv", NS="staging", AWS_PROFILE="test", OWNER="ada", OLD="v1")
    return run


async def test_it_has_the_environment_and_the_folder_of_its_change_and_says_what_they_are_by_now(bench: Bench) -> None:
    run = await opened(bench)
    await changed(run)
    await left(run, bench, "/tmp", NS="prod", AWS_PROFILE="live", LATER="x")
    (change,) = run.changes()
    await run.ask_guards(run.plan_undo(change))
    asked = bench.script.started[-1]
    assert (asked.body, asked.carried["AWS_PROFILE"], asked.cwd) == ("whoami", "test", Path("/srv"))
    plan = run.plan_undo(change)
    assert plan.can_start
    assert shown(plan) == {"NS": ("staging", "now prod"), "OLD": ("v1", ""), "OWNER": ("ada", "")}
    assert carried_beside(plan) == "AWS_PROFILE=test (carried from step login, now live)"
    assert "   NS = staging, now prod   (carried from step login)" in list(step_lines(run, plan))
    await taken_back(run)
    ran = bench.script.started[-1]
    assert ran.carried == {"NS": "staging", "AWS_PROFILE": "test", "OWNER": "ada", "OLD": "v1"}
    assert ran.cwd == Path("/srv")
    intent = [one for one in await bench.journals[0].read(f"run:{RUN}") if one.kind == words.INTENT][-1]
    assert intent.payload["was"] == {"NS": "now prod"}
    assert run.record.unit("shift").undone_by == "back"


async def test_whoever_takes_the_run_up_undoes_with_the_same(bench: Bench) -> None:
    run = await opened(bench)
    await changed(run)
    await left(run, bench, NS="prod")
    other = (await bench.resumed(runbook(TEXT, bench.folder))).run
    (ours,), (theirs,) = run.changes(), other.changes()
    assert other.plan_undo(theirs).digest == run.plan_undo(ours).digest
    assert shown(other.plan_undo(theirs))["NS"] == ("staging", "now prod")


@pytest.mark.parametrize("unit", ["shift", "waits"])
async def test_what_the_change_itself_left_is_there_verified_or_not(bench: Bench, unit: str) -> None:
    run = await opened(bench)
    bench.script.says("load", value(9))
    bench.script.says("change", ok("", left_behind={"OLD": "v2"}, left_cwd=Path("/opt")))
    await changed(run, unit)
    await left(run, bench, OLD="v3")
    assert shown(run.plan_undo(run.changes()[0]))["OLD"] == ("v2", "now v3")
    plan = await taken_back(run)
    assert plan.prepared is not None and plan.prepared.cwd == Path("/opt")
    assert bench.script.started[-1].carried["OLD"] == "v2"


async def test_of_a_step_that_ran_twice_each_is_taken_back_as_it_was(bench: Bench) -> None:
    run = await opened(bench)
    await changed(run)
    await left(run, bench, NS="prod")
    await changed(run)
    assert [shown(run.plan_undo(one))["NS"][0] for one in run.changes()] == ["prod", "staging"]
    await taken_back(run, 1)
    assert bench.script.started[-1].carried["NS"] == "staging"
    await taken_back(run)
    assert bench.script.started[-1].carried["NS"] == "prod"


async def test_what_no_journal_holds_is_the_value_of_then_or_none(bench: Bench) -> None:
    run = await opened(bench)
    await left(run, bench, OWNER="ada@example.com")
    await changed(run)
    (change,) = run.changes()
    plan = run.plan_undo(change)
    assert plan.can_start and plan.prepared is not None
    assert plan.prepared.carried["OWNER"] == "ada@example.com"
    await left(run, bench, OWNER="bob@example.com")
    plan = run.plan_undo(change)
    assert plan.prepared is None
    assert "OWNER: what it was when the change was made is known no more" in plan.blocked[0]
    with pytest.raises(NotStarted):
        await run.start(plan, confirmed(plan))
    assert "back" not in bench.script.started[-1].body


async def test_a_credential_is_taken_as_it_is_now_and_never_shown(bench: Bench) -> None:
    run = await opened(bench)
    await left(run, bench, API_TOKEN="swordfish1")
    await changed(run)
    await left(run, bench, API_TOKEN="swordfish2")
    plan = await taken_back(run)
    assert "API_TOKEN=‹redacted› (carried from step login, as it is now)" in carried_beside(plan)
    assert bench.script.started[-1].carried["API_TOKEN"] == "swordfish2"


async def test_what_a_change_left_goes_on_before_it_shows(bench: Bench) -> None:
    run = await opened(bench)
    bench.script.says("wait", ok("", left_behind={"NS": "blue"}))
    await changed(run, "waits")
    assert run.record.unit("waits").state is State.UNVERIFIED
    other = (await bench.resumed(runbook(TEXT, bench.folder))).run
    for one in (run, other):
        assert shown(one.plan("shift"))["NS"] == ("blue", "")
