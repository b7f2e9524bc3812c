"""The terminal takes any size at any moment: nothing breaks, focus and cursor stay, and nothing unseen is answered."""

import random

import pytest
from textual import events
from textual.command import CommandInput
from textual.geometry import Size

from oncall_tui.domain.alert import Alert
from oncall_tui.ui.commands.palette import Palette
from oncall_tui.ui.screens.dialogs import Notice, Question
from oncall_tui.ui.screens.view import View
from tests.ui.desk import Desk, at_desk
from tests.ui.resting import rest
from tests.unit.builders import PAGERDUTY, alert, before, deployment, record

TINY = (60, 15)
WIDTHS = (1, 2, 20, 79, 80, 81, 109, 110, 159, 160, 300)
HEIGHTS = (1, 2, 5, 23, 24, 31, 32, 49, 50, 100)


def alerts(count: int) -> list[Alert]:
    return [alert(record(PAGERDUTY, f"Q{i}", title=f"trouble {i:02}", since=before(60 - i / 10))) for i in range(count)]


def deployments() -> list[object]:
    return [deployment(id=f"d{i}", version=f"1.{i}") for i in range(5)]


async def resize(desk: Desk, size: tuple[int, int]) -> None:
    await desk.pilot.resize_terminal(*size)
    await desk.settle()
    await rest(desk.pilot)


STATES = {
    "overview": ["1", "j", "j"],
    "overview, deployments": ["1", "tab", "j"],
    "alerts": ["2", "j", "j"],
    "alerts, reading": ["2", "j", "enter"],
    "alerts, filter": ["2", "slash", "t", "r"],
    "deployments": ["5", "j"],
    "help": ["2", "question_mark"],
    "sources": ["b"],
    "question": ["2", "M", "a"],
    "palette": ["2", "colon", "a"],
    "themes": ["2", "T"],
    "details": ["2", "j", "tab"],
}

KEYS = ("1", "2", "5", "j", "k", "G", "tab", "space", "M", "s", "slash", "enter", "escape", "question_mark", "b", "f")
"""What is pressed at random: everything but what acknowledges, answers or quits."""


@pytest.mark.parametrize("state", STATES)
async def test_any_size_at_any_moment_keeps_focus_and_cursor(state: str) -> None:
    dice = random.Random(state)
    sizes = [(dice.choice(WIDTHS), dice.choice(HEIGHTS)) for _ in range(6)]
    async with at_desk(*alerts(40), deployments=deployments()) as desk:
        await desk.press(*STATES[state])
        screen, focused, cursor = (
            type(desk.app.screen),
            desk.app.focused,
            desk.alerts.cursor_id if state[0] != "d" else "",
        )
        for size in [*sizes, (1, 1), (300, 100), (20, 5), (120, 36)]:
            await resize(desk, size)
            lines = desk.text().splitlines()
            assert len(lines) <= size[1]
            if size < (80, 24) and state not in ("palette", "themes"):
                assert desk.app.screen.has_class("-too-small")
        assert type(desk.app.screen) is screen
        assert desk.app.focused is focused
        assert cursor in ("", desk.alerts.cursor_id if cursor else "")
        assert desk.rooms.sent == []


@pytest.mark.parametrize("seed", range(4))
async def test_any_keys_at_any_size_in_any_order_break_nothing(seed: int) -> None:
    dice = random.Random(seed)
    async with at_desk(*alerts(30), deployments=deployments()) as desk:
        for _ in range(40):
            choice = dice.random()
            if choice < 0.25:
                await desk.pilot.resize_terminal(dice.choice(WIDTHS), dice.choice(HEIGHTS))
            elif choice < 0.4:
                await desk.show(*alerts(dice.randrange(40)), deployments=deployments())
            else:
                await desk.press(dice.choice(KEYS))
        await resize(desk, (120, 36))
        await desk.press(*["escape"] * 6)
        assert desk.app.is_running
        assert not desk.toasts() or all("broke" not in one for one in desk.toasts())
        assert desk.rooms.sent == []
        assert desk.mode == "overview"
        assert isinstance(desk.app.screen, View)
        assert desk.app.focused is not None


async def test_resizing_during_an_act_and_a_refresh_loses_neither() -> None:
    async with at_desk(*alerts(5)) as desk:
        desk.rooms.may_answer.clear()
        await desk.press("2", "j", "a")
        for size in ((1, 1), (300, 100), TINY):
            await resize(desk, size)
            await desk.show(*alerts(5))
        await desk.answer()
        await resize(desk, (120, 36))
        assert desk.rooms.ids_sent == [["pagerduty/Q1"]]
        assert "acknowledged" in desk.row("trouble 01")


async def test_a_question_that_cannot_be_read_is_not_answered_with_yes() -> None:
    async with at_desk(*alerts(3)) as desk:
        await desk.press("2", "M", "a")
        await resize(desk, TINY)
        assert "This terminal is 60x15" in desk.text()
        assert "Acknowledge" not in desk.text()
        await desk.press("y", "enter", "space")
        assert isinstance(desk.app.screen, Question)
        await resize(desk, (80, 24))
        assert "Acknowledge these 3 alerts?" in desk.text()
        assert desk.rooms.sent == []
        await desk.press("y")
        assert len(desk.rooms.sent[0]) == 3


async def test_a_yes_in_the_moment_of_shrinking_is_not_taken() -> None:
    async with at_desk(*alerts(3)) as desk:
        await desk.press("2", "M", "a")
        question = desk.app.screen
        assert isinstance(question, Question)
        desk.app._size = desk.app.size.with_height(10)  # the terminal has told its size, no screen has been drawn yet
        await desk.press("y")
        assert desk.app.screen is question
        assert desk.rooms.sent == []


@pytest.mark.parametrize("key", ["escape", "n"])
async def test_a_question_that_cannot_be_read_can_be_left(key: str) -> None:
    async with at_desk(*alerts(3)) as desk:
        await desk.press("2", "M", "a")
        await resize(desk, TINY)
        await desk.press(key)
        assert not isinstance(desk.app.screen, Question)
        assert desk.rooms.sent == []


async def test_a_notice_that_cannot_be_read_can_be_left() -> None:
    async with at_desk(*alerts(3)) as desk:
        await desk.press("b")
        await resize(desk, TINY)
        assert "esc leaves the dialog" in " ".join(desk.text().split())
        await desk.press("escape")
        assert not isinstance(desk.app.screen, Notice)


async def test_nothing_is_chosen_in_a_palette_that_cannot_be_seen() -> None:
    async with at_desk(*alerts(3)) as desk:
        await desk.press("2", "colon")
        await desk.pilot.press(*"acknowl")
        await desk.settle()
        await resize(desk, TINY)
        assert "esc leaves the palette" in " ".join(desk.text().split())
        await desk.press("enter", "down", "x", "enter")
        assert isinstance(desk.app.screen, Palette)
        await resize(desk, (120, 36))
        assert desk.app.screen.query_one(CommandInput).value == "acknowl"
        assert desk.app.focused is desk.app.screen.query_one(CommandInput)
        assert desk.rooms.sent == []
        await resize(desk, TINY)
        await desk.press("escape")
        assert not isinstance(desk.app.screen, Palette)


async def test_below_the_smallest_size_no_key_but_quit_works() -> None:
    async with at_desk(*alerts(3), size=(120, 36)) as desk:
        await desk.press("2")
        await resize(desk, (79, 24))
        await desk.press("a", "space", "colon", "question_mark", "1", "M")
        assert desk.rooms.sent == []
        assert desk.mode == "alerts"
        assert "q quits" in desk.text()
        await desk.press("q")
        assert not desk.app.is_running


async def test_two_sizes_under_way_at_once_do_not_bring_each_other_back_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As from the corner of a window that is dragged: the second comes before all is done for the first."""
    laid_out: list[Size] = []
    layout = View._screen_resized

    def counted(view: View, size: Size) -> None:
        laid_out.append(size)
        if len(laid_out) < 20:
            layout(view, size)

    async with at_desk(*alerts(5)) as desk:
        monkeypatch.setattr(View, "_screen_resized", counted)
        for size in (Size(90, 30), desk.app.size, Size(100, 30)):
            desk.app.screen.post_message(events.Resize(size, size))
            # Of two that stand side by side Textual takes the second one only.
            desk.app.screen.call_later(lambda: None)
        await rest(desk.pilot)
        assert set(laid_out) == {desk.app.size}
        assert len(laid_out) < 20
