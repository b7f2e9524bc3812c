"""Guards are asked where a step runs: with what earlier steps left, with its own constants, in its folder."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from oncall_tui.runbook.execution import Executor, Kind
from oncall_tui.runbook.executors.place import Place
from oncall_tui.runbook.executors.shell import ShellExecutor
from oncall_tui.runbook.run.ports import Desk
from oncall_tui.runbook.run.run import NotStarted, Run
from oncall_tui.runbook.run.states import State
from tests.unit.runbook.run.helpers import Bench, confirmed, do, ok, runbook

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

```bash {#profile danger=read}
show profile
```
```bash {#look danger=read}
show
```
<!-- oncall
undo: back
-->
```bash {#shift danger=change}
change it
```
<!-- oncall
env: {AWS_PROFILE: prod}
undo: {none: "nothing is left"}
-->
```bash {#elsewhere danger=change}
change it there
```
<!-- oncall
cwd: other
undo: {none: "nothing is left"}
-->
```bash {#inside danger=change}
change it in there
```
```bash {#back danger=change undo_only}
change it back
```
"""


def asked(bench: Bench) -> list[tuple[Mapping[str, str], Path]]:
    """The environment and the folder of every guard that was asked."""
    return [(dict(one.carried), one.cwd) for one in bench.script.started if one.body == "whoami"]


async def opened(bench: Bench) -> Run:
    bench.script.says("whoami", ok("none\n"))
    return await bench.opened(runbook(TEXT, bench.folder))


async def test_what_an_earlier_step_left_and_its_folder_are_there_when_a_guard_is_asked(bench: Bench) -> None:
    run = await opened(bench)
    bench.script.says("profile", ok("", left_behind={"AWS_PROFILE": "prod"}, left_cwd=Path("/srv")))
    assert await run.ask_guards(run.plan("shift"))
    assert run.plan("shift").can_start
    await do(run, "profile")
    plan = run.plan("shift")
    assert plan.of_guards == ("the guard whoami has not been asked with the environment and the folder of this step",)
    with pytest.raises(NotStarted, match="has not been asked"):
        await run.start(plan, confirmed(plan))
    bench.script.says("whoami", ok("prod\n"))
    assert not await run.ask_guards(plan)
    assert asked(bench) == [({}, bench.folder), ({"AWS_PROFILE": "prod"}, Path("/srv"))]
    assert run.plan("shift").blocked == ("the guard whoami does not hold: it says 'prod' and not 'none'",)
    assert [one.body for one in bench.script.started] == ["whoami", "show profile\n", "whoami"]


@pytest.mark.parametrize("left", [{"left_behind": {"X": "1"}}, {"left_cwd": Path("/srv")}])
async def test_either_of_them_is_enough_to_ask_again(bench: Bench, left: dict[str, object]) -> None:
    run = await opened(bench)
    await run.ask_guards(run.plan("shift"))
    bench.script.says("profile", ok("", **left))
    await do(run, "profile")
    assert not run.plan("shift").can_start
    assert await run.ask_guards(run.plan("shift"))
    assert run.plan("shift").can_start


async def test_what_changes_nothing_around_a_step_needs_no_second_answer(bench: Bench) -> None:
    run = await opened(bench)
    await run.ask_guards(run.plan("shift"))
    await do(run, "look")
    await do(run, "shift")
    assert run.plan("shift").can_start and len(asked(bench)) == 1


async def test_what_a_step_left_between_the_question_and_the_start_voids_the_confirmation(bench: Bench) -> None:
    run = await opened(bench)
    await run.ask_guards()
    shown = run.plan("shift")
    bench.script.says("profile", ok("", left_behind={"REGION": "eu"}))
    await do(run, "profile")
    await run.ask_guards(run.plan("shift"))
    with pytest.raises(NotStarted, match="changed since it was shown"):
        await run.start(shown, confirmed(shown))
    assert not [one for one in bench.script.started if "change" in one.body]
    again = run.plan("shift")
    assert (await (await run.start(again, confirmed(again))).ended()).judged.state is State.DONE
    assert bench.script.started[-1].carried == {"REGION": "eu"}


async def test_constants_and_the_folder_of_a_step_are_its_own(bench: Bench) -> None:
    run = await opened(bench)
    assert await run.ask_guards(run.plan("shift"))
    for unit in ("elsewhere", "inside"):
        assert not run.plan(unit).can_start
        await run.ask_guards(run.plan(unit))
        assert run.plan(unit).can_start
    assert asked(bench)[1:] == [({"AWS_PROFILE": "prod"}, bench.folder), ({}, bench.folder / "other")]
    assert not run.plan("shift").can_start, "the newest answer was given somewhere else"


async def test_taking_back_asks_with_what_was_around_the_change(bench: Bench) -> None:
    run = await opened(bench)
    bench.script.says("profile", ok("", left_behind={"AWS_PROFILE": "test"}), ok("", left_behind={"AWS_PROFILE": "x"}))
    await do(run, "profile")
    await run.ask_guards(run.plan("shift"))
    await do(run, "shift")
    await do(run, "profile", again=True)
    await run.ask_guards(run.plan("shift"))
    (change,) = run.changes()
    assert run.plan_undo(change).of_guards, "the newest answer was given with what came later"
    await run.ask_guards(run.plan_undo(change))
    assert run.plan_undo(change).can_start
    assert asked(bench)[-1][0] == {"AWS_PROFILE": "test"}


async def test_whoever_takes_the_run_over_asks_again_where_a_value_is_missing(bench: Bench) -> None:
    """An answer of the session that had a value that no journal holds says nothing about the one that has it not."""
    run = await opened(bench)
    bench.script.says("profile", ok("", left_behind={"OWNER": "ada@example.com"}))
    await do(run, "profile")
    await run.ask_guards(run.plan("shift"))
    assert run.plan("shift").can_start
    other = (await bench.resumed(runbook(TEXT, bench.folder))).run
    assert other.plan("shift").of_guards


async def test_a_guard_that_would_compute_what_a_step_left_is_not_run(bench: Bench) -> None:
    text = TEXT.replace('"whoami"', '"whoami $((N + 1))"')
    run = await bench.opened(runbook(text, bench.folder))
    bench.script.says("profile", ok("", left_behind={"N": "a[$(touch f)]"}))
    await do(run, "profile")
    assert not await run.ask_guards(run.plan("shift"))
    assert "bash would run what stands there" in run.plan("shift").blocked[0]
    assert [one.body for one in bench.script.started] == ["show profile\n"]


async def test_with_a_real_shell_a_step_that_leaves_a_profile_is_seen_by_the_guard(bench: Bench) -> None:
    text = (
        TEXT.replace('"whoami"', '"echo ${AWS_PROFILE:-none}"')
        .replace("show profile", "export AWS_PROFILE=prod")
        .replace("change it\n", "echo change > done\n")
    )
    shell: Executor = ShellExecutor(Place({"PATH": "/usr/bin:/bin"}))
    desk: Desk = replace(bench.desk(), executors={**bench.desk().executors, Kind.SHELL: shell})
    run = await bench.opened(runbook(text, bench.folder), desk)
    assert await run.ask_guards(run.plan("shift"))
    assert (await do(run, "profile")).judged.state is State.DONE
    assert not await run.ask_guards(run.plan("shift"))
    assert run.plan("shift").blocked[0].endswith("it says 'prod' and not 'none'")
    with pytest.raises(NotStarted):
        await do(run, "shift")
    assert not (bench.folder / "done").exists()
