"""At the prompt: what earlier steps left is shown before it is confirmed, and the guards see it."""

from oncall_tui.runbook.run.states import State
from tests.unit.cli.runbook.running.scene import Answers, Scene
from tests.unit.runbook.run.helpers import ok, runbook, value

PLAIN = """\
# Fix

```bash
NAMESPACE=production
```

```bash
destroy pod web -n $NAMESPACE
```
"""
GUARDED = """\
---
oncall: 1
id: guarded
title: Guarded
owner: team
match: [{alertname: Guarded}]
guards:
  - {check: "whoami", equals: none}
---
# Guarded

It says where it is.

```bash {#login danger=read}
show login
```
<!-- oncall
undo: {manual: "by hand"}
dry_run: change --rehearsed
-->
```bash {#roll danger=change}
change all
```
"""


async def test_a_carried_target_stands_below_the_command_and_in_the_phrase(scene: Scene) -> None:
    left = {"NAMESPACE": "production", "AWS_PROFILE": "prod", "API_TOKEN": "swordfish9"}
    scene.bench.script.says("NAMESPACE=", ok("", left_behind=left))
    run = await scene.bench.opened(runbook(PLAIN))
    console = Answers("", "destroy s2", "destroy production", "gone")
    await scene.drive(run, console)
    assert "   NAMESPACE = production   (carried from step s1)" in scene.told.text
    beside = "   carries too: API_TOKEN=‹redacted› (carried from step s1), AWS_PROFILE=prod (carried from step s1)"
    assert beside in scene.told.lines
    assert "swordfish9" not in scene.told.text
    assert any('type "destroy production" to run it' in one for one in console.prompts)
    assert scene.told.text.count("That is no answer here") == 1
    assert run.record.unit("s2").state is State.DONE


async def test_the_guards_are_asked_with_what_the_step_before_left(scene: Scene) -> None:
    scene.bench.script.says("whoami", ok("prod\n"))
    scene.bench.script.says("login", ok("", left_behind={"AWS_PROFILE": "prod"}))
    run = await scene.bench.opened(runbook(GUARDED))
    await scene.drive(run, Answers("", "y", "q"))
    assert "   blocked: the guard whoami does not hold: it says 'prod' and not 'none'" in scene.told.lines
    assert scene.started() == ["show login", "whoami", "whoami"]
    assert scene.bench.script.started[-1].carried == {"AWS_PROFILE": "prod"}


async def test_a_dry_run_asks_them_before_a_rehearsal_that_does_more_than_read(scene: Scene) -> None:
    scene.bench.script.says("whoami", ok("none\n"))
    run = await scene.bench.opened(runbook(GUARDED))
    await scene.drive(run, Answers("", "y", "q"), is_dry=True)
    assert scene.started() == ["show login", "whoami", "change --rehearsed"]
    assert run.changes() == ()


async def test_a_value_that_was_another_one_says_so(scene: Scene) -> None:
    scene.bench.script.says("cpu", value(91.0))
    scene.bench.script.says("describe", ok("4\n"), ok("6\n"))
    run = await scene.bench.opened()
    console = Answers("", "", "y", "g count", "", "g scale_out", "q")
    await scene.drive(run, console)
    assert "   target = 8, was 6 (count ran again)   (computed: count.desired + 2)" in scene.told.lines
