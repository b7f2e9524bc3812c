"""Escalate, reassign, priority: the pager says what can be chosen, and the choice is sent."""

import pytest
from textual.widgets import OptionList

from oncall_tui.domain.action import Action, Escalate, Reassign, SetPriority
from oncall_tui.domain.pager import EscalationLevel, EscalationPath, Person, Priority
from oncall_tui.sources.errors import Unreachable
from oncall_tui.ui.screens.forms import Form
from tests.ui.desk import Desk, FakeRooms, at_desk
from tests.ui.palettes import searched
from tests.unit.builders import PAGERDUTY, PROMETHEUS, alert, before, record

PAGED = alert(record(PAGERDUTY, "Q1", title="paged", since=before(9)))
OTHER = alert(record(PAGERDUTY, "Q2", title="other", since=before(8)))
RULE = alert(record(PROMETHEUS, "f1", title="rule", since=before(7)))

MARIE, JULES = Person("PM", "Marie Lefort", "marie@w.example"), Person("PJ", "Jules [bold]Durand", "jules@w.example")
PATH = EscalationPath(
    "E1",
    "Core",
    (
        EscalationLevel(1, ("Primary",), (MARIE,)),
        EscalationLevel(2, ("Secondary",), (JULES, MARIE)),
        EscalationLevel(3, ("Managers",)),
        EscalationLevel(4),
    ),
)


def rooms() -> FakeRooms:
    found = FakeRooms()
    found.escalation = PATH
    found.staff = [MARIE, JULES, *(Person(f"P{i}", f"Somebody {i:02}") for i in range(40))]
    found.account_priorities = [Priority("1", "P1", "critical"), Priority("2", "P2")]
    return found


def choices(desk: Desk) -> list[str]:
    field = desk.app.screen.query_one(OptionList)
    return [str(one.prompt) for one in field.options]


async def by_palette(desk: Desk, words: str) -> None:
    """Choose a command that has no key."""
    await desk.press("colon", *words)
    await searched(desk)
    await desk.press("enter")
    await desk.settle()


async def test_escalating_names_whom_each_level_pages() -> None:
    async with at_desk(PAGED, OTHER, rooms=rooms()) as desk:
        await desk.press("2", "e")
        assert desk.rooms.asked == [("escalation", PAGED.id)]
        assert choices(desk) == [
            "level 1  Marie Lefort",
            "level 2  Jules [bold]Durand, Marie Lefort",
            "level 3  Managers",
            "level 4  nobody is on call there",
        ]
        await desk.press("j", "enter")
        assert (desk.rooms.actions, desk.rooms.ids_sent) == ([Escalate(2)], [[PAGED.id]])


async def test_one_alert_is_escalated_at_a_time() -> None:
    async with at_desk(PAGED, OTHER, rooms=rooms()) as desk:
        await desk.press("2", "M", "e")
        assert not isinstance(desk.app.screen, Form)
        assert any("One alert" in toast for toast in desk.toasts())


@pytest.mark.parametrize(
    ("typed", "action"),
    [
        ("", Reassign(("PM",))),
        ("durand", Reassign(("PJ",))),
        ("jls", Reassign(("PJ",))),
        ("some 39", Reassign(("P39",))),
    ],
)
async def test_a_few_letters_find_a_person(typed: str, action: Action) -> None:
    async with at_desk(PAGED, OTHER, rooms=rooms()) as desk:
        await desk.press("2", "M")
        await by_palette(desk, "reassign")
        await desk.press(*("space" if letter == " " else letter for letter in typed), "enter")
        assert desk.rooms.actions == [action]
        assert desk.rooms.ids_sent == [[PAGED.id, OTHER.id]]


async def test_nobody_who_matches_is_nobody() -> None:
    async with at_desk(PAGED, rooms=rooms()) as desk:
        await desk.press("2")
        await by_palette(desk, "reassign")
        await desk.press(*"zzzz", "enter")
        assert choices(desk) == []
        assert isinstance(desk.app.screen, Form)
        assert desk.rooms.actions == []


async def test_arrows_move_while_letters_are_typed() -> None:
    async with at_desk(PAGED, rooms=rooms()) as desk:
        await desk.press("2")
        await by_palette(desk, "reassign")
        await desk.press("down", "down", "up", "enter")
        assert desk.rooms.actions == [Reassign(("PJ",))]


@pytest.mark.parametrize(("keys", "action"), [([], SetPriority("P1")), (["j", "j"], SetPriority(""))])
async def test_a_priority_is_one_of_the_account(keys: list[str], action: Action) -> None:
    async with at_desk(PAGED, rooms=rooms()) as desk:
        await desk.press("2")
        await by_palette(desk, "change the priority")
        assert choices(desk) == ["P1  critical", "P2", "none"]
        await desk.press(*keys, "enter")
        assert desk.rooms.actions == [action]


async def test_a_pager_that_does_not_answer_is_told_and_nothing_is_done() -> None:
    held = rooms()
    held.vendor_error = Unreachable("pagerduty: pd.example refuses the connection.", "VPN?")
    async with at_desk(PAGED, rooms=held) as desk:
        await desk.press("2", "e")
        assert not isinstance(desk.app.screen, Form)
        assert any("refuses the connection. VPN?" in toast for toast in desk.toasts())
        assert desk.rooms.actions == []


async def test_where_no_pager_holds_it_that_is_said() -> None:
    async with at_desk(RULE, rooms=rooms()) as desk:
        await desk.press("2", "e")
        assert desk.rooms.asked == []
        assert any("PagerDuty holds" in toast for toast in desk.toasts())


async def test_what_was_under_the_cursor_is_escalated_though_the_answer_took_its_time() -> None:
    held = rooms()
    async with at_desk(PAGED, OTHER, rooms=held) as desk:
        await desk.press("2")
        desk.app.action_command("alert.escalate")
        await desk.show(OTHER, PAGED)
        await desk.settle()
        await desk.press("enter")
        assert held.ids_sent == [[PAGED.id]]
