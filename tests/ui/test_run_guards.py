"""Guards on the screen: asked before a rehearsal as before a change, and where the step runs; checks when a run is
gone on with."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from oncall_tui.runbook.run.states import State
from oncall_tui.ui.screens.asking import Choose
from oncall_tui.ui.screens.confirm_step import ConfirmStep
from oncall_tui.ui.screens.dialogs import Notice
from oncall_tui.ui.screens.run import RunScreen
from tests.ui.run_desk import at_run
from tests.unit.runbook.run.helpers import Bench, do, ok

TEXT = """\
---
oncall: 1
id: api-slow
title: API slow
owner: team
match: [{alertname: ApiSlow}]
guards:
  - {check: "whoami", equals: none}
---
# API slow

```promql {#cpu unit=% warn=70 crit=80}
cpu
```

```bash {#profile danger=read}
show profile
```
<!-- oncall
undo: {manual: "by hand"}
dry_run: change --rehearsed
-->
```bash {#roll danger=change}
change all
```
"""


@pytest_asyncio.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    made = Bench(tmp_path)
    made.script.says("whoami", ok("none\n"))
    yield made
    await made.close()


def bodies(bench: Bench) -> list[str]:
    """What was started, checks apart."""
    return [one.body.strip() for one in bench.script.started if one.body.strip() != "cpu"]


async def test_a_dry_run_asks_the_guards_first_and_rehearses_what_it_names(bench: Bench) -> None:
    async with at_run(bench, text=TEXT) as at:
        await at.go_to("roll")
        await at.press("d")
        await at.until(lambda: isinstance(at.desk.app.screen, ConfirmStep))
        assert "Rehearse this step?" in at.text() and "change --rehearsed" in at.text()
        await at.press("y")
        await at.until(lambda: bodies(bench) == ["whoami", "change --rehearsed"])
        await at.until(lambda: at.drive.run.running == {})
        bench.script.says("whoami", ok("prod\n"))
        bench.clock.advance(minutes=16)
        await at.press("d")
        await at.until(lambda: isinstance(at.desk.app.screen, Notice))
        told = " ".join(at.text().split())
        assert "What it would run" in told and "Not rehearsed: the guard whoami does not hold: it says 'prod'" in told
        assert bodies(bench)[2:] == ["whoami"]


async def test_what_a_step_leaves_while_the_question_is_open_asks_the_guards_and_the_operator_again(
    bench: Bench,
) -> None:
    bench.script.says("profile", ok("", left_behind={"AWS_PROFILE": "staging"}))
    async with at_run(bench, text=TEXT) as at:
        await at.go_to("roll")
        await at.press("enter")
        await at.until(lambda: isinstance(at.desk.app.screen, ConfirmStep))
        await do(at.drive.run, "profile")
        await at.press("y")
        await at.until(lambda: "Something has changed since you saw it" in at.text())
        assert bodies(bench) == ["whoami", "show profile", "whoami"]
        assert bench.script.started[-1].carried == {"AWS_PROFILE": "staging"}
        await at.press("y")
        await at.until(lambda: at.drive.run.record.unit("roll").state is State.DONE)
        assert bench.script.started[-1].carried == {"AWS_PROFILE": "staging"}
        bench.script.says("whoami", ok("prod\n"))
        bench.script.says("profile", ok("", left_behind={"AWS_PROFILE": "prod"}))
        await do(at.drive.run, "profile")
        await at.press("enter")
        await at.until(lambda: any("it says 'prod' and not 'none'" in one for one in at.desk.toasts()))
        assert bodies(bench)[-1] == "whoami", "nothing was started"


async def test_going_on_with_a_run_asks_its_checks_again_also_where_it_was_left_a_moment_ago(bench: Bench) -> None:
    async with at_run(bench, text=TEXT) as at:
        await do(at.drive.run, "profile")

        def checks() -> int:
            return len([one for one in bench.script.started if one.body.strip() == "cpu"])

        before = checks()
        await at.press("escape", "r")
        await at.until(lambda: isinstance(at.desk.app.screen, Choose))
        await at.press("enter")
        await at.until(lambda: isinstance(at.desk.app.screen, RunScreen))
        await at.until(lambda: checks() == before + 1)
