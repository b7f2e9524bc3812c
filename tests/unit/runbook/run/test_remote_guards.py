"""The guards of a step over ssh are asked where it runs, and whoever confirms it sees where that was."""

import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from oncall_tui.cli.runbook.running.showing import step_lines
from oncall_tui.runbook.execution import Ending, Executed, Kind
from oncall_tui.runbook.executors.shell import ShellExecutor
from oncall_tui.runbook.run.run import NotStarted, Run
from oncall_tui.runbook.run.states import State
from oncall_tui.ui.present.runbook import question
from tests.unit.runbook.executors.steps import place
from tests.unit.runbook.run.helpers import Bench, confirmed, do, ok, runbook

TEXT = """\
---
oncall: 1
id: disk
title: Disk
owner: team
match: [{alertname: Disk}]
params:
  host: {from: labels.instance, pattern: "db-[0-9]{1,3}"}
guards:
  - {require: [ssh]}
  - {check: 'whoami "$ROLE"', equals: config.role}
  - {check: "context", equals: staging, here: true}
---
# Disk

It is full.

```bash {#login danger=read}
show login
```
<!-- oncall
undo: {none: "nothing is left"}
env: {LANG: C}
cwd: /srv
-->
```bash {#there danger=change ssh=host}
change "$NS"
```
<!-- oncall
undo: {none: "nothing is left"}
-->
```bash {#here danger=change}
change it here
```
"""
LEFT = {"NS": "prod", "ROLE": "primary", "KUBECONFIG": "/home/ada/.kube"}


async def opened(bench: Bench) -> Run:
    bench.programs.add("ssh")
    bench.config["role"] = "primary"
    bench.script.says("whoami", ok("primary\n"))
    bench.script.says("context", ok("staging\n"))
    bench.script.says("login", ok("", left_behind=LEFT))
    run = await bench.opened(runbook(TEXT, bench.folder))
    await do(run, "login")
    return run


async def test_a_guard_goes_the_way_of_its_step_and_one_for_here_stays(bench: Bench) -> None:
    run = await opened(bench)
    await run.give("host", "db-17", "typed")
    plan = run.plan("there")
    assert len(plan.of_guards) == 3
    assert await run.ask_guards(plan)
    there, here = bench.script.started[-2:]
    # Its step takes NS, itself it names ROLE, and what is of this machine stays here.
    assert (there.body, there.target, there.cwd) == ('whoami "$ROLE"', "ssh:db-17", Path("/srv"))
    assert there.carried == {"NS": "prod", "ROLE": "primary", "LANG": "C"} and there.is_reading
    assert (here.body, here.target, here.cwd) == ("context", "", bench.folder)
    assert (await do(run, "there")).judged.state is State.DONE


async def test_an_answer_of_here_or_of_another_host_does_not_count_there(bench: Bench) -> None:
    run = await opened(bench)
    await run.give("host", "db-17", "typed")
    assert await run.ask_guards(run.plan("here"))
    assert run.plan("here").can_start
    missing = 'the guard whoami "$ROLE" has not been asked on ssh:{} with the environment and the folder of this step'
    assert run.plan("there").of_guards == (missing.format("db-17"),)
    with pytest.raises(NotStarted, match="has not been asked on ssh:db-17"):
        await do(run, "there")
    assert await run.ask_guards(run.plan("there"))
    assert not run.plan("here").can_start, "what holds there says nothing of here"
    await run.give("host", "db-18", "typed")
    assert run.plan("there").of_guards == (missing.format("db-18"),)
    bench.script.says("whoami", ok("replica\n"))
    assert not await run.ask_guards(run.plan("there"))
    refused = "the guard whoami \"$ROLE\" does not hold on ssh:db-18: it says 'replica' and not 'primary'"
    assert run.plan("there").blocked == (refused,)
    bench.script.says("whoami", Executed(Ending.EXITED, exit=255, stderr="Permission denied", plain=""))
    assert not await run.ask_guards(run.plan("there"))
    assert run.plan("there").blocked[0].endswith("on ssh:db-18: it could not be asked: Permission denied")
    assert "change" not in "".join(one.body for one in bench.script.started)


async def test_while_the_host_is_not_known_it_is_asked_nowhere(bench: Bench) -> None:
    run = await opened(bench)
    assert not await run.ask_guards(run.plan("there"))
    assert [one.body for one in bench.script.started] == ["show login\n", "context"]
    assert "host: nobody has given it a value yet" in run.plan("there").blocked


async def test_the_confirmation_says_where_each_was_asked(bench: Bench) -> None:
    run = await opened(bench)
    await run.give("host", "db-17", "typed")
    await run.ask_guards(run.plan("there"))
    told = list(step_lines(run, run.plan("there")))
    assert '   guard whoami "$ROLE" holds, asked on ssh:db-17' in told
    assert "   guard context holds, asked on this machine" in told
    now = run.desk.clock() + timedelta(seconds=1)
    drawn = question.rest(run.plan("there"), "staging", False, run.record.guards, now).plain
    assert 'guard whoami "$ROLE"  asked 1 s ago on ssh:db-17' in drawn
    assert "guard context  asked 1 s ago on this machine" in drawn
    other = (await bench.resumed(runbook(TEXT, bench.folder))).run
    assert other.record.guards['whoami "$ROLE"'].target == "ssh:db-17"
    await run.ask_guards(run.plan("here"))
    drawn = question.rest(run.plan("here"), "staging", False, run.record.guards, now).plain
    assert "ago on" not in drawn


async def test_with_a_real_shell_and_ssh_a_wrong_machine_is_found_over_there(bench: Bench, tmp_path: Path) -> None:
    far = tmp_path / "far"
    far.mkdir()
    (tmp_path / "role").write_text("primary\n")
    (far / "role").write_text("replica\n")
    program = tmp_path / "ssh"
    script = 'while [[ $1 != -- ]]; do shift; done; shift 2; cd "$FAR" && HOME=$FAR exec bash -c "$*"'
    program.write_text(f"#!/bin/bash\n{script}\n".replace("$FAR", str(far)))
    program.chmod(0o755)
    environ = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "HOME": str(tmp_path)}
    text = TEXT.replace('whoami "$ROLE"', "cat role").replace('"context"', '"echo staging"').replace("cwd: /srv\n", "")
    text = text.replace('change "$NS"', "echo change >done")
    desk = replace(bench.desk(), executors={Kind.SHELL: ShellExecutor(place(tmp_path, environ=environ))})
    bench.programs.add("ssh")
    bench.config["role"] = "primary"
    run = await bench.opened(runbook(text, tmp_path), desk)
    await run.give("host", "db-17", "typed")
    assert await run.ask_guards(run.plan("here"))
    assert not await run.ask_guards(run.plan("there"))
    plan = run.plan("there")
    assert plan.blocked == ("the guard cat role does not hold on ssh:db-17: it says 'replica' and not 'primary'",)
    with pytest.raises(NotStarted):
        await run.start(plan, confirmed(plan))
    (far / "role").write_text("primary\n")
    assert await run.ask_guards(run.plan("there"))
    assert (await do(run, "there")).judged.state is State.DONE
    assert (far / "done").exists() and not (tmp_path / "done").exists()
