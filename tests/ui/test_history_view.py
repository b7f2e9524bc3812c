"""When an alert fired before: asked for late, told in the details, listed by a key."""

import asyncio

import pytest

from oncall_tui.domain.history import History
from oncall_tui.sources.errors import TimedOut
from oncall_tui.ui.screens import alerts as alerts_screen
from oncall_tui.ui.screens.history import HistoryNotice
from tests.ui.desk import Clock, Desk, FakeRooms, at_desk
from tests.ui.rota import HOUR, PAST
from tests.unit.builders import NOW, PAGERDUTY, PROMETHEUS, alert, before, record

PAGED = alert(record(PAGERDUTY, "Q9", title="5xx above 1 %", since=before(5)))
OTHER = alert(record(PAGERDUTY, "Q8", title="p95 above 500 ms", since=before(4)))
UNPAGED = alert(record(PROMETHEUS, "m1", title="memory above 70 %", since=before(3)))


@pytest.fixture(autouse=True)
def no_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alerts_screen, "_REST_S", 0.01)


def rooms(past: History = PAST) -> FakeRooms:
    made = FakeRooms()
    made.past = past
    return made


async def rested(desk: Desk, count: int = 1) -> None:
    """Wait until so many histories were asked for, and are drawn."""
    async with asyncio.timeout(60):
        while len(desk.rooms.asked) < count:
            await desk.pilot.pause(0.01)
    await desk.settle()


async def test_opening_the_details_asks_and_tells_in_a_sentence() -> None:
    async with at_desk(PAGED, OTHER, rooms=rooms(), size=(120, 40)) as desk:
        await desk.press("2")
        assert "HISTORY  H asks when it fired before" in desk.text()
        assert desk.rooms.asked == [], "going through a list asks nothing"
        await desk.press("enter")
        await rested(desk)
        text = " ".join(desk.text().split())
    assert desk.rooms.asked == [("history", "pagerduty/Q9")]
    assert "HISTORY H lists" in text
    assert "fired twice in the 30 days before, last 2 days ago for 14 min, resolved by Ana" in text
    assert "note: rolled back v2.40.8" in text


async def test_while_the_details_are_read_the_row_under_the_cursor_is_asked_about() -> None:
    async with at_desk(PAGED, OTHER, UNPAGED, rooms=rooms()) as desk:
        await desk.press("2", "enter")
        await rested(desk)
        await desk.press("j")
        await rested(desk, 2)
        await desk.press("j", "k", "k")
        await desk.settle()
        await desk.pilot.pause(0.05)
    assert [one for _, one in desk.rooms.asked] == ["pagerduty/Q9", "pagerduty/Q8"], "each once, and only a pager's"


async def test_being_asked_failed_and_the_first_time_are_told_apart() -> None:
    slow = rooms(History(NOW - 720 * HOUR, NOW))
    slow.may_answer.clear()
    slow.vendor_error = TimedOut("pagerduty gave no answer in 10 s.", "Is the VPN up?")
    clock = Clock()
    async with at_desk(PAGED, rooms=slow, clock=clock, size=(120, 40)) as desk:
        await desk.press("2", "enter")
        await rested(desk)
        assert "PagerDuty is asked …" in desk.text()
        await desk.answer()
        failed = " ".join(desk.text().split())
        slow.vendor_error = None
        clock.forward(HOUR)
        await desk.press("enter", "enter")
        await rested(desk, 2)
        first = " ".join(desk.text().split())
    assert "It could not be looked up: pagerduty gave no answer in 10 s. Is the VPN up?" in failed
    assert "Not once in the 30 days before this time." in first
    assert "could not be looked up" not in first


async def test_the_list_on_a_key() -> None:
    slow = rooms()
    slow.may_answer.clear()
    async with at_desk(PAGED, rooms=slow) as desk:
        await desk.press("2", "H")
        assert isinstance(desk.app.screen, HistoryNotice)
        assert "PagerDuty is asked …" in desk.text()
        await desk.answer()
        desk.app.screen.tell_anew()
        await desk.settle()
        text = desk.text()
        assert "fired twice in the 30 days before, 37 min at the median" in text
        assert "Thu 00:14" in text and "resolved by Ana" in text and "#4711" in text
        assert "Ana: rolled back v2.40.8" in text
        assert "resolved by itself" in text
        await desk.press("H")
        assert not isinstance(desk.app.screen, HistoryNotice)


async def test_what_no_pager_holds_has_no_history() -> None:
    async with at_desk(UNPAGED, rooms=rooms(), size=(120, 40)) as desk:
        await desk.press("2", "enter", "H")
        await desk.pilot.pause(0.05)
        text = desk.text()
    assert "HISTORY" not in text
    assert "Only PagerDuty remembers when an alert fired before" in "".join(desk.toasts())
    assert desk.rooms.asked == []


async def test_before_the_sources_are_open_that_is_said() -> None:
    async with at_desk(PAGED, rooms=rooms()) as desk:
        held, desk.app.rooms = desk.app.acting.rooms, None
        desk.app.acting.knowing.ask_history(PAGED)
        assert desk.app.acting.knowing.history(PAGED).trouble == "the sources are still being opened"
        desk.app.rooms = held
        desk.app.acting.knowing.ask_history(PAGED)
        await rested(desk)
        assert desk.app.acting.knowing.history(PAGED).answer == PAST
