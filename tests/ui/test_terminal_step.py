"""A step that needs a terminal, on a screen that has none to give: it says so, and is done by hand."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from oncall_tui.runbook.execution import Executed, Prepared
from oncall_tui.runbook.run import words
from oncall_tui.runbook.run.states import State
from oncall_tui.ui.screens.dialogs import Question
from tests.ui.run_desk import FakeRunbooks, at_run
from tests.unit.runbook.run.helpers import Bench

TEXT = """\
---
oncall: 1
id: edit
title: Edit
owner: team
match: [{alertname: ApiSlow}]
---
# Edit

By hand.

<!-- oncall
undo: {manual: "by hand"}
-->
```bash {#edit danger=change tty}
vi settings
```
"""


async def nobody(prepared: Prepared, digest: str, typing: int, drawing: int, gone: Callable[[], bool]) -> Executed:
    raise AssertionError("the terminal of the test was taken")


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    made = Bench(tmp_path)
    yield made
    await made.close()


async def test_a_screen_without_a_terminal_offers_to_do_it_by_hand(bench: Bench) -> None:
    room = FakeRunbooks(bench, {"/nowhere/api-slow.md": TEXT}, desk=replace(bench.desk(), in_terminal=nobody))
    async with at_run(bench, room=room) as at:
        await at.go_to("edit")
        await at.press("enter")
        await at.until(lambda: isinstance(at.desk.app.screen, Question))
        why = "It needs a terminal of its own, and this screen has no terminal"
        assert any(why in one for one in at.desk.toasts())
        assert "vi settings" in at.text()
        await at.press("y")
        await at.until(lambda: at.drive.run.state_of("edit") is State.DONE)
        kinds = [one.kind for one in await bench.journals[0].read(at.drive.run.pages.stream)]
        assert words.INTENT not in kinds, "nothing was started"
