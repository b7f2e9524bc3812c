"""Carried values on the screen: seen and typed before anything is destroyed, and void once they change."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from oncall_tui.runbook.run.states import State
from oncall_tui.ui.screens.confirm_step import ConfirmStep
from tests.ui.run_desk import at_run
from tests.unit.runbook.run.helpers import Bench, do, ok

TEXT = """\
# API slow

```bash
NAMESPACE=production
```

```bash
destroy pod web -n $NAMESPACE
```
"""


@pytest_asyncio.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    made = Bench(tmp_path)
    yield made
    await made.close()


async def test_a_carried_target_is_shown_typed_and_asked_about_again_once_it_changes(bench: Bench) -> None:
    bench.script.says("NAMESPACE=", ok("", left_behind={"NAMESPACE": "production", "API_TOKEN": "swordfish9"}))
    async with at_run(bench, text=TEXT, size=(80, 30)) as at:
        run = at.drive.run
        await do(run, "s1")
        await at.go_to("s2")
        await at.press("enter")
        await at.until(lambda: isinstance(at.desk.app.screen, ConfirmStep))
        told = " ".join(at.text().split())
        assert "NAMESPACE production carried from step s1" in told
        assert "API_TOKEN=‹redacted›" in told and "swordfish9" not in told
        assert "Type destroy production to go on" in told
        bench.script.says("NAMESPACE=", ok("", left_behind={"NAMESPACE": "staging"}))
        await do(run, "s1", again=True)
        await at.type(*"destroy", "space", *"production", "enter")
        await at.until(lambda: "Something has changed since you saw it" in at.text())
        assert not [one for one in bench.script.started if "destroy" in one.body]
        assert "Type destroy staging to go on" in " ".join(at.text().split())
        await at.type(*"destroy", "space", *"staging", "enter")
        await at.until(lambda: run.record.unit("s2").state is State.DONE)
        assert bench.script.started[-1].carried["NAMESPACE"] == "staging"
