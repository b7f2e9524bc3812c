"""An escalation that a runbook proposes: told with its facts, confirmed in the form of the verb, never sent alone."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from oncall_tui.config.model import read_only
from oncall_tui.domain.action import Escalate
from oncall_tui.ui import later
from oncall_tui.ui.present.runbook.keys import hints
from oncall_tui.ui.screens.forms import Form
from oncall_tui.ui.screens.run import RunScreen
from tests.ui.desk import FakeRooms, at_desk
from tests.ui.run_desk import AtRun, FakeRunbooks, at_run
from tests.ui.test_paging import PAGED, PATH
from tests.unit.runbook.run.helpers import TEXT, Bench, value

ESCALATES = TEXT.replace("params:\n", 'escalate:\n  - {to: P1, when: "cpu.value > 90"}\nparams:\n', 1)


@pytest_asyncio.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    made = Bench(tmp_path)
    made.script.says("cpu", value(95))
    yield made
    await made.close()


async def test_it_is_confirmed_in_the_form_of_the_verb_and_not_sent_before(bench: Bench) -> None:
    rooms = FakeRooms()
    rooms.escalation = PATH
    rooms.runbooks = FakeRunbooks(bench, {"/nowhere/api-slow.md": ESCALATES})
    async with at_desk(PAGED, rooms=rooms) as desk:
        at = AtRun(desk, rooms.runbooks, bench)
        await at.press("2", "r")
        await at.until(lambda: isinstance(desk.app.screen, RunScreen))
        await at.until(lambda: "P1 is indicated: cpu 95 > 90. e escalates, once you confirm it" in at.text())
        assert hints(at.screen.scene(), False, False)[-1] == ("e", "escalate")
        await at.press("e")
        await at.until(lambda: isinstance(desk.app.screen, Form))
        assert "API slow: P1 is indicated: cpu 95 > 90" in at.text() and "level 2" in at.text()
        await at.press("escape")
        assert rooms.actions == []
        await at.press("e")
        await at.until(lambda: isinstance(desk.app.screen, Form))
        await at.press("j", "enter")
        await at.until(lambda: rooms.actions == [Escalate(2)])
        assert rooms.ids_sent == [[PAGED.id]]
        assert isinstance(desk.app.screen, RunScreen)


async def test_where_nothing_can_be_escalated_it_says_why(bench: Bench) -> None:
    async with at_run(bench, text=ESCALATES) as at:
        await at.until(lambda: "P1 is indicated: cpu 95 > 90" in at.text())
        await at.press("e")
        assert "but PagerDuty does not hold this alert" in at.desk.toasts()[-1]
        bench.script.says("cpu", value(50))
        await at.press("g", "enter")
        await at.until(lambda: "P1 is indicated" not in at.text())
        await at.press("e")
        assert at.desk.toasts()[-1] == "The runbook proposes no escalation now."
        at.desk.app.config = read_only(at.desk.app.config)
        bench.script.says("cpu", value(95))
        await at.press("enter")
        await at.until(lambda: "P1 is indicated" in at.text())
        await at.press("e")
        assert "read-only" in at.desk.toasts()[-1]
        assert later.runs(at.desk.app).drives and not isinstance(at.desk.app.screen, Form)
