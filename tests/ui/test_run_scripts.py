"""A script beside a runbook on the screen: its hash stands in the question, and another content starts nothing."""

import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from oncall_tui.runbook.run.states import State
from oncall_tui.ui.screens.confirm_step import ConfirmStep
from tests.ui.run_desk import at_run
from tests.unit.runbook.run.helpers import Bench

TEXT = """\
---
oncall: 1
id: api-slow
title: API slow
owner: team
match: [{alertname: ApiSlow}]
---
# API slow

It is slow.

<!-- oncall
undo: {manual: "by hand"}
cwd: FOLDER
-->
```bash {#roll danger=change}
change || ./roll.sh
```
"""


@pytest_asyncio.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    made = Bench(tmp_path)
    yield made
    await made.close()


async def test_a_script_that_changes_while_the_question_is_open_starts_nothing(bench: Bench) -> None:
    script = bench.folder / "roll.sh"
    script.write_text("roll\n")
    async with at_run(bench, text=TEXT.replace("FOLDER", str(bench.folder))) as at:
        await at.go_to("roll")
        await at.press("enter")
        await at.until(lambda: isinstance(at.desk.app.screen, ConfirmStep))
        shown = hashlib.sha256(script.read_bytes()).hexdigest()[:12]
        await at.until(lambda: f"./roll.sh sha256 {shown}" in " ".join(at.text().split()))
        script.write_text("something else\n")
        await at.press("y")
        await at.until(lambda: any("./roll.sh has changed since it was shown" in one for one in at.desk.toasts()))
        assert bench.script.started == []
        await at.press("enter")
        await at.until(lambda: isinstance(at.desk.app.screen, ConfirmStep))
        await at.press("y")
        await at.until(lambda: at.drive.run.record.unit("roll").state is State.DONE)
        assert [one.body for one in bench.script.started] == ["change || ./roll.sh\n"]
