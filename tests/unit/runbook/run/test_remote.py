"""Steps over ssh where the runbook says so: which host, what goes with them, and what is refused."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from oncall_tui.runbook.classify import judge as classified
from oncall_tui.runbook.execution import Kind
from oncall_tui.runbook.executors.shell import ShellExecutor
from oncall_tui.runbook.model import Runbook
from oncall_tui.runbook.reading.read import read
from oncall_tui.runbook.run.deciding import Refused
from oncall_tui.runbook.run.run import Run
from oncall_tui.runbook.run.states import State
from tests.unit.runbook.executors.steps import place
from tests.unit.runbook.run.helpers import Bench, confirmed, ok, runbook

TEXT = """\
---
oncall: 1
id: disk
title: Disk
owner: team
match: [{alertname: Disk}]
params:
  service: {from: labels.service, pattern: "[a-z]{1,9}"}
  host: {from: labels.instance, pattern: "db-[0-9]{1,3}"}
  bastion: {from: config.hosts.bastion}
  loose: {from: labels.instance}
  number: {type: int, default: 3}
  key: {type: secret, from: env.KEY}
---
# Disk

```bash {#here danger=read}
export NS=prod
echo "$NS"
```

```bash {#there danger=read ATTRIBUTES}
df "$NS" # look
```
"""


def book(attributes: str, folder: Path = Path("/nowhere")) -> Runbook:
    return runbook(TEXT.replace("ATTRIBUTES", attributes), folder)


async def _opened(bench: Bench, attributes: str) -> Run:
    run = await bench.opened(book(attributes))
    bench.script.says("export NS", ok("", left_behind={"NS": "prod", "KUBECONFIG": "/home/ada/.kube"}))
    plan = run.plan("here")
    await (await run.start(plan, confirmed(plan))).ended()
    return run


async def test_a_checked_parameter_is_the_host_and_only_what_is_named_goes_there(bench: Bench) -> None:
    run = await _opened(bench, "ssh=host")
    assert run.plan("there").blocked == ("host: nobody has given it a value yet",)
    with pytest.raises(Refused):
        await run.give("host", "db-1 -oProxyCommand=touch", "typed")
    await run.give("host", "db-17", "label instance")
    plan = run.plan("there")
    assert plan.can_start
    assert [(one.name, one.shown, one.origin) for one in plan.values] == [
        ("host", "db-17", "label instance"),
        ("NS", "prod", "carried from step here"),
    ]
    assert plan.beside == ()
    prepared = plan.prepared
    assert prepared is not None
    assert (prepared.target, prepared.cwd, prepared.carried) == ("ssh:db-17", Path(), {"NS": "prod"})
    before = plan.digest
    await run.give("host", "db-18", "typed")
    assert run.plan("there").digest != before


async def test_a_value_of_the_configuration_is_the_host(bench: Bench) -> None:
    run = await _opened(bench, "ssh=config.hosts.db cwd=/var/lib")
    assert run.plan("there").blocked[0].startswith("config.hosts.db: the configuration has no such value")
    bench.config["hosts.db"] = "ops@db.example.com"
    plan = run.plan("there")
    assert plan.prepared is not None
    assert (plan.prepared.target, plan.prepared.cwd) == ("ssh:ops@db.example.com", Path("/var/lib"))
    assert {one.name: one.origin for one in plan.values}["ssh"] == "config.hosts.db"
    bench.config["hosts.db"] = "-oProxyCommand=touch"
    assert "is no host" in run.plan("there").blocked[0]


async def test_a_parameter_of_the_configuration_takes_no_other_value(bench: Bench) -> None:
    bench.config["hosts.bastion"] = "gate"
    run = await _opened(bench, "ssh=bastion")
    await run.give("bastion", "gate", "config.hosts.bastion")
    assert run.plan("there").can_start
    await run.give("bastion", "elsewhere", "typed")
    assert "is not the host that the configuration has for bastion" in run.plan("there").blocked[0]


@pytest.mark.parametrize(
    ("attributes", "rule"),
    [
        ("ssh=loose", "H1"),
        ("ssh=host tty", "H1"),
        ("ssh=nothing", "N1"),
        ("ssh=number", "N2"),
        ("ssh=key", "N6"),
        ("ssh=db.example.com", "F1"),
        ("ssh=ops@db", "F1"),
        ('ssh="{{host}}"', "F1"),
        ("ssh=-oProxyCommand=touch", "F1"),
    ],
)
def test_a_host_that_nothing_vouches_for_is_an_error(attributes: str, rule: str) -> None:
    made = read(TEXT.replace("ATTRIBUTES", attributes).encode(), Path("disk.md"), classified)
    assert [one.rule for one in made.errors] == [rule]


def test_only_shell_steps_run_there() -> None:
    text = TEXT.replace("bash {#there danger=read ATTRIBUTES}", "sql {#there db=api ssh=host}").replace(
        "df", "SELECT 1"
    )
    text = text.replace(' "$NS" # look', "")
    assert [one.rule for one in read(text.encode(), Path("disk.md"), classified).errors] == ["H1"]


async def test_it_really_goes_through_the_users_ssh(bench: Bench, tmp_path: Path) -> None:
    program = tmp_path / "ssh"
    program.write_text('#!/bin/bash\nwhile [[ $1 != -- ]]; do shift; done\necho "on $2"\nshift 2\nexec bash -c "$*"\n')
    program.chmod(0o755)
    environ = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "HOME": str(tmp_path)}
    executor = ShellExecutor(place(tmp_path, environ=environ))
    desk = replace(bench.desk(), executors={Kind.SHELL: executor})
    run = await bench.opened(runbook(TEXT.replace("ATTRIBUTES", "ssh=host").replace("df", "echo"), tmp_path), desk)
    await run.give("host", "db-17", "typed")
    for unit in ("here", "there"):
        plan = run.plan(unit)
        ended = await (await run.start(plan, confirmed(plan))).ended()
        assert ended.judged.state is State.DONE, ended.executed
    assert ended.executed.stdout == "on db-17\nprod\n"
