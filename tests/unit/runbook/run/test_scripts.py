"""A script beside a runbook holds at the start what it held when the step was shown, or nothing starts."""

import hashlib
from datetime import timedelta
from pathlib import Path

import pytest

from oncall_tui.cli.runbook.running.showing import step_lines
from oncall_tui.runbook.run import words
from oncall_tui.runbook.run.run import NotStarted, Run
from oncall_tui.runbook.run.states import State
from oncall_tui.ui.present.runbook import question
from tests.unit.cli.runbook.running.scene import Answers, Scene
from tests.unit.runbook.run.helpers import RUN, Bench, confirmed, do, runbook

TEXT = """\
---
oncall: 1
id: back
title: Back
owner: team
match: [{alertname: Back}]
params:
  host: {from: labels.instance, pattern: "db-[0-9]{1,3}"}
---
# Back

It is rolled back.

<!-- oncall
undo: again
-->
```bash {#roll danger=change}
change || ./scripts/roll.sh ./data/log ./tool
```
<!-- oncall
undo: {none: "nothing"}
-->
```bash {#there danger=change ssh=host}
change || ./scripts/roll.sh
```
```bash {#again danger=change undo_only}
change || bash scripts/again
```
```bash {#look danger=read}
show || ./scripts/roll.sh
```
"""


def hashed(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def written(folder: Path) -> Path:
    """A folder with scripts; the one that rolls back."""
    (folder / "scripts").mkdir()
    (folder / "data").mkdir()
    (folder / "data" / "log").write_text("one\n")
    (folder / "tool").write_text("#!/bin/sh\n")
    (folder / "tool").chmod(0o755)
    (folder / "scripts" / "again").write_text("again\n")
    script = folder / "scripts" / "roll.sh"
    script.write_text("roll\n")
    return script


async def opened(bench: Bench) -> tuple[Run, Path]:
    script = written(bench.folder)
    return await bench.opened(runbook(TEXT, bench.folder)), script


async def test_what_is_shown_is_hashed_written_down_and_runs_while_it_is_the_same(bench: Bench) -> None:
    run, _ = await opened(bench)
    plan = await run.sealed(run.plan("roll"))
    assert plan.scripts == {"./scripts/roll.sh": hashed("roll\n"), "./tool": hashed("#!/bin/sh\n")}
    line = f"./scripts/roll.sh  sha256 {plan.scripts['./scripts/roll.sh'][:12]}"
    assert f"   script: {line}" in list(step_lines(run, plan))
    drawn = question.rest(plan, "staging", False, {}, run.desk.clock() + timedelta(seconds=1)).plain
    assert line in drawn
    (bench.folder / "data" / "log").write_text("data may grow\n")
    assert (await (await run.start(plan, confirmed(plan))).ended()).judged.state is State.DONE
    (intent,) = [one for one in await bench.journals[0].read(f"run:{RUN}") if one.kind == words.INTENT]
    assert intent.payload["scripts"] == plan.scripts


async def test_another_content_starts_nothing_and_says_what_changed(bench: Bench) -> None:
    run, script = await opened(bench)
    plan = await run.sealed(run.plan("roll"))
    script.write_text("rm everything\n")
    with pytest.raises(NotStarted) as raised:
        await run.start(plan, confirmed(plan))
    assert str(raised.value) == (
        f"./scripts/roll.sh has changed since it was shown (sha256 {hashed('roll' + chr(10))[:12]} then, "
        f"{hashed('rm everything' + chr(10))[:12]} now). Look at what is in it now, and confirm the step again"
    )
    assert bench.script.started == [] and not run.record.unit("roll").attempts
    again = await run.sealed(run.plan("roll"))
    assert (await (await run.start(again, confirmed(again))).ended()).judged.state is State.DONE


@pytest.mark.parametrize("comes", [True, False])
async def test_one_that_goes_or_comes_is_another_one(bench: Bench, comes: bool) -> None:
    run, script = await opened(bench)
    if comes:
        script.unlink()
    plan = await run.sealed(run.plan("roll"))
    script.write_text("new\n") if comes else script.unlink()
    with pytest.raises(NotStarted, match="was not there when" if comes else "is gone, or cannot be read"):
        await run.start(plan, confirmed(plan))
    assert bench.script.started == []


async def test_an_undo_is_held_to_its_script_too(bench: Bench) -> None:
    run, _ = await opened(bench)
    await do(run, "roll")
    (change,) = run.changes()
    plan = await run.sealed(run.plan_undo(change))
    assert list(plan.scripts) == ["scripts/again"]
    (bench.folder / "scripts" / "again").write_text("otherwise\n")
    with pytest.raises(NotStarted, match="scripts/again has changed"):
        await run.start(plan, confirmed(plan))


async def test_what_runs_on_another_machine_or_lacks_a_value_names_none_here(bench: Bench) -> None:
    run, _ = await opened(bench)
    assert (await run.sealed(run.plan("there"))).scripts == {}
    await run.give("host", "db-1", "typed")
    assert (await run.sealed(run.plan("there"))).scripts == {}


async def test_a_folder_or_what_cannot_be_read_is_not_there(bench: Bench) -> None:
    run, script = await opened(bench)
    script.unlink()
    script.mkdir()
    plan = await run.sealed(run.plan("roll"))
    assert plan.scripts["./scripts/roll.sh"] == ""
    assert not any("roll.sh  sha256" in one for one in step_lines(run, plan))


async def test_at_the_prompt_it_is_shown_again_with_what_it_holds_now(bench: Bench) -> None:
    run, script = await opened(bench)

    class Slow(Answers):
        async def ask(self, prompt: str) -> str | None:
            if len(self.prompts) == 0:
                script.write_text("changed while the question was open\n")
            return await super().ask(prompt)

    scene = Scene(bench)
    await scene.drive(run, Slow("y", "y", "gone"), named=["roll"])
    told = scene.told.text
    assert "   not started: ./scripts/roll.sh has changed since it was shown" in told
    first, second = (one for one in scene.told.lines if one.startswith("   script: ./scripts/roll.sh"))
    assert first != second
    assert len(scene.started()) == 1
