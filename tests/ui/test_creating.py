"""A new incident from the palette: service, title, priority, and the question that says whom it pages."""

import pytest
from textual.widgets import OptionList

from oncall_tui.config.model import read_only
from oncall_tui.domain.action import Create
from oncall_tui.domain.ids import SourceName
from oncall_tui.domain.pager import EscalationLevel, EscalationPath, PageableService, Person, Priority
from oncall_tui.response.report import Outcome
from oncall_tui.sources.errors import Unreachable
from oncall_tui.ui.commands import REGISTRY
from oncall_tui.ui.screens.dialogs import Question
from oncall_tui.ui.screens.forms import Form
from tests.ui.desk import Desk, FakeAccount, FakeRooms, at_desk, config_of
from tests.ui.palettes import searched
from tests.unit.builders import PAGERDUTY, alert, record

EU = SourceName("pagerduty-eu")
API, PAY = PageableService("PS1", "Checkout [bold]API", "E1"), PageableService("PS2", "Payments", "E1")
PATH = EscalationPath("E1", "Core", (EscalationLevel(1, people=(Person("PM", "Marie Lefort"),)),))
PRIORITIES = [Priority("1", "P1", "wake up"), Priority("2", "P2")]


def rooms(*accounts: SourceName) -> FakeRooms:
    found = FakeRooms()
    for name in accounts or (PAGERDUTY,):
        found.accounts[name] = FakeAccount(API, PAY, priorities=PRIORITIES, path=PATH)
    return found


async def begin(desk: Desk) -> None:
    """As the palette does it."""
    desk.app.action_command("incident.create")
    await desk.settle()


def choices(desk: Desk) -> list[str]:
    return [str(one.prompt) for one in desk.app.screen.query_one(OptionList).options]


async def test_the_last_question_names_the_account_and_whom_it_pages() -> None:
    async with at_desk(alert(record(PAGERDUTY)), rooms=rooms()) as desk:
        await begin(desk)
        assert choices(desk) == ["Checkout [bold]API", "Payments"]
        await desk.press(*"chk", "enter")
        await desk.press(*"It", "space", *"burns", "enter")
        assert choices(desk) == ["no priority", "P1  wake up", "P2"]
        await desk.press("j", "enter")
        await desk.settle()
        assert isinstance(desk.app.screen, Question)
        text = desk.text()
        for words in (
            "Create this incident?",
            "pagerduty",
            "Checkout [bold]API",
            "It burns",
            "P1",
            "Marie Lefort (Core)",
        ):
            assert words in text
        assert desk.rooms.created == []
        await desk.press("y")
        await desk.settle()
        assert desk.rooms.created == [(PAGERDUTY, Create("It burns", "PS1", priority="P1"))]
        assert desk.toasts() == ["Created: “It burns” (at pagerduty)."]


@pytest.mark.parametrize("steps", range(4))
async def test_esc_leaves_everything_as_it_is_at_every_step(steps: int) -> None:
    async with at_desk(alert(record(PAGERDUTY)), rooms=rooms()) as desk:
        await begin(desk)
        for keys in (["enter"], ["x", "enter"], ["enter"])[:steps]:
            await desk.press(*keys)
            await desk.settle()
        await desk.press("escape")
        await desk.settle()
        assert not isinstance(desk.app.screen, Form | Question)
        assert desk.rooms.created == []


async def test_a_title_is_needed_and_has_its_bounds() -> None:
    async with at_desk(alert(record(PAGERDUTY)), rooms=rooms()) as desk:
        await begin(desk)
        await desk.press("enter", "space", "enter")
        assert "Write what is wrong" in desk.text()
        desk.app.screen.query_one("#entry").value = "x" * 1_025  # type: ignore[attr-defined]
        await desk.press("enter")
        assert "1,024 characters" in desk.text()


async def test_services_of_several_accounts_say_where_they_are() -> None:
    async with at_desk(alert(record(PAGERDUTY)), rooms=rooms(PAGERDUTY, EU)) as desk:
        await begin(desk)
        assert choices(desk)[::3] == ["Checkout [bold]API  pagerduty", "Payments  pagerduty-eu"]
        await desk.press("down", "down", "down", "enter")
        await desk.press("x", "enter", "enter", "y")
        await desk.settle()
        assert desk.rooms.created == [(EU, Create("x", "PS2"))], "the ids are equal, the accounts are not"


async def test_an_account_without_priorities_is_not_asked_for_one() -> None:
    desk_rooms = rooms()
    desk_rooms.accounts[PAGERDUTY].known_priorities = ()
    async with at_desk(alert(record(PAGERDUTY)), rooms=desk_rooms) as desk:
        await begin(desk)
        await desk.press("enter", "x", "enter")
        await desk.settle()
        assert isinstance(desk.app.screen, Question)


async def test_an_account_that_does_not_answer_is_named_and_the_other_is_offered() -> None:
    desk_rooms = rooms(PAGERDUTY, EU)
    desk_rooms.accounts[EU].error = Unreachable("pagerduty-eu did not answer.", "Is the VPN up?")
    async with at_desk(alert(record(PAGERDUTY)), rooms=desk_rooms) as desk:
        await begin(desk)
        assert len(choices(desk)) == 2
        assert desk.toasts() == ["pagerduty-eu is missing here\npagerduty-eu did not answer. Is the VPN up?"]


async def test_whom_it_pages_may_not_be_known() -> None:
    desk_rooms = rooms()
    desk_rooms.accounts[PAGERDUTY].path = Unreachable("No answer.", "Is the VPN up?")
    async with at_desk(alert(record(PAGERDUTY)), rooms=desk_rooms) as desk:
        await begin(desk)
        await desk.press("enter", "x", "enter", "enter")
        await desk.settle()
        assert "It is not known whom it pages: No answer. Is the VPN up?" in desk.text()


async def test_a_failure_is_told_with_its_reason() -> None:
    desk_rooms = rooms()
    desk_rooms.create_outcome = Outcome.FAILED
    async with at_desk(alert(record(PAGERDUTY)), rooms=desk_rooms) as desk:
        await begin(desk)
        await desk.press("enter", "x", "enter", "enter", "y")
        await desk.settle()
        assert desk.toasts() == ["Not created (at pagerduty)\n“x”: PagerDuty answered 500"]


async def test_the_palette_finds_it_and_read_only_does_not() -> None:
    command = REGISTRY["incident.create"]
    async with at_desk(alert(record(PAGERDUTY)), rooms=rooms()) as desk:
        await desk.press("colon", *"create")
        await searched(desk)
        await desk.press("enter")
        await desk.settle()
        assert isinstance(desk.app.screen, Form)
    async with at_desk(alert(record(PAGERDUTY)), rooms=rooms(), config=read_only(config_of())) as desk:
        assert command.id not in desk.app.keymap.registry
    async with at_desk(alert(record(PAGERDUTY))) as desk:
        assert not command.is_available(desk.app)
        await begin(desk)
        assert desk.toasts() == ["Incidents are created at PagerDuty: configure an account of it."]
