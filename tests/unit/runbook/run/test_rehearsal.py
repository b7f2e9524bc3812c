"""``dry_run``: a command of its own, judged, bound and confirmed by itself."""

import pytest

from oncall_tui.runbook.classify import judge as classified
from oncall_tui.runbook.danger import Danger
from oncall_tui.runbook.execution import Ending, Executed
from oncall_tui.runbook.forbidding import without_forbidden
from oncall_tui.runbook.model import Runbook
from oncall_tui.runbook.reading.read import read
from oncall_tui.runbook.run.plan import Floor
from oncall_tui.runbook.run.run import NotStarted
from oncall_tui.runbook.run.states import State
from tests.unit.runbook.run.helpers import RUN, Bench, confirmed, judge, ok, runbook

TEXT = """\
---
oncall: 1
id: roll
title: Roll back
owner: team
match: [{alertname: Roll}]
params:
  service: {from: labels.service, pattern: "[a-z]{1,9}"}
  version: {pattern: "[0-9.]{1,9}"}
guards:
  - {require: [kubectl]}
---
# Roll back

To the version before.

<!-- oncall
undo: {manual: "by hand"}
expect: stdout == 'rolled back'
dry_run: DRY
-->
```bash {#roll danger=change}
change "$service"
```
"""


def book(dry: str) -> Runbook:
    return runbook(TEXT.replace("DRY", dry))


async def test_one_that_reads_starts_at_a_key_and_is_held_to_no_expectation(bench: Bench) -> None:
    run = await bench.opened(book('show "$service"'))
    bench.script.says("show", ok("would change api"))
    plan = run.plan_dry("roll")
    assert (plan.danger, plan.floor, plan.blocked) == (Danger.READ, Floor.KEY, ())
    assert plan.prepared is not None
    assert plan.prepared.is_reading
    ended = await (await run.start(plan, confirmed(plan))).ended()
    assert ended.judged.state is State.DONE
    assert run.state_of("roll") is State.PENDING
    events = await bench.journals[0].read(f"run:{RUN}")
    assert events[-2].payload["danger"] == {"author": "", "classifier": "read", "effective": "read", "reason": ""}
    assert events[-2].payload["is_dry"] is True


async def test_one_that_changes_is_confirmed_in_a_dialog_and_needs_the_guards(bench: Bench) -> None:
    bench.programs.add("kubectl")
    run = await bench.opened(book('change --dry-run "$service"'))
    plan = run.plan_dry("roll")
    assert (plan.danger, plan.floor) == (Danger.CHANGE, Floor.DIALOG)
    assert "the guard require kubectl has not been asked" in plan.blocked[0]
    assert await run.ask_guards()
    plan = run.plan_dry("roll")
    assert plan.can_start
    with pytest.raises(NotStarted, match="not confirmed as it has to be"):
        await run.start(plan, confirmed(plan, mode=Floor.KEY))
    await (await run.start(plan, confirmed(plan))).ended()
    assert run.changes() == ()


async def test_one_that_destroys_is_typed(bench: Bench) -> None:
    bench.programs.add("kubectl")
    run = await bench.opened(book('destroy "$service"'))
    await run.ask_guards()
    plan = run.plan_dry("roll")
    assert (plan.danger, plan.floor, plan.phrase) == (Danger.DESTROY, Floor.PHRASE, "destroy api")
    with pytest.raises(NotStarted, match="what was typed"):
        await run.start(plan, confirmed(plan, typed="y"))


async def test_what_only_it_names_is_bound_and_does_not_block_the_step(bench: Bench) -> None:
    bench.programs.add("kubectl")
    run = await bench.opened(book('show "$service" "$version"'))
    await run.ask_guards()
    assert run.plan("roll").can_start
    assert run.plan_dry("roll").blocked == ("version: nobody has given it a value yet",)
    await run.give("version", "1.2.3", "typed")
    prepared = run.plan_dry("roll").prepared
    assert prepared is not None
    assert prepared.values == {"service": "api", "version": "1.2.3"}


async def test_a_rehearsal_that_failed_says_so(bench: Bench) -> None:
    run = await bench.opened(book('show "$service"'))
    bench.script.says("show", Executed(Ending.EXITED, exit=3))
    plan = run.plan_dry("roll")
    assert (await (await run.start(plan, confirmed(plan))).ended()).judged.state is State.FAILED
    assert run.state_of("roll") is State.PENDING


async def test_what_is_forbidden_is_not_rehearsed_either(bench: Bench) -> None:
    run = await bench.opened(without_forbidden(book('show FLUSHALL "$service"'), ["FLUSH*"]))
    assert run.plan_dry("roll").blocked[0] == "the configuration forbids FLUSH* (runbooks.forbid)"


@pytest.mark.parametrize(("dry", "rule"), [('show "$nothing"', "N1"), ("show {{service}}", "S1"), ("show <pod>", "S3")])
def test_it_is_held_to_the_rules_of_steps(dry: str, rule: str) -> None:
    made = read(TEXT.replace("DRY", repr(dry)).encode(), runbook().path, judge)
    assert [one.rule for one in made.errors] == [rule]


def test_a_script_that_nobody_knows_is_not_read_because_it_says_dry_run() -> None:
    step = read(TEXT.replace("DRY", './roll.sh --dry-run "$service"').encode(), runbook().path, classified).steps[0]
    assert step.rehearsal is not None
    assert step.rehearsal.danger is Danger.CHANGE
