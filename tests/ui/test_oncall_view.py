"""The view of who is on call: the reader's own shifts, the table, pages per day; and what is not known of them."""

from dataclasses import replace

import pytest

from oncall_tui.domain.pages import PageLog
from oncall_tui.domain.situation import SourceState
from oncall_tui.sources.errors import TimedOut
from tests.ui.desk import Clock, Desk, FakeRooms, at_desk
from tests.ui.rota import HOUR, log, staffed
from tests.unit.builders import NOW, PAGERDUTY, PROMETHEUS, freshness


def rooms(page_log: PageLog | None = None) -> FakeRooms:
    made = FakeRooms()
    made.page_log = page_log or log()
    return made


async def shown(desk: Desk) -> str:
    await desk.publish(staffed(2))
    await desk.press("7")
    await desk.settle()
    return desk.text()


def line(text: str, what: str) -> str:
    return next(one for one in text.splitlines() if what in one)


@pytest.mark.parametrize("size", [(80, 24), (160, 45)])
async def test_who_is_on_call_now_and_next(size: tuple[int, int]) -> None:
    async with at_desk(size=size, rooms=rooms()) as desk:
        text = await shown(desk)
    assert desk.mode == "oncall"
    assert "ON CALL  3 policies, read 3 min ago" in text
    assert "You are on call for Pay, level 1, until 08:59, 6 h 45 min left." in text
    assert "! Nobody is on call for Partners: its incidents page no one." in text
    assert line(text, " 1  you").split("then")[1].strip() == "Ben"
    assert "until Sun 09:14" in line(text, " 2  Cy")
    assert "! nobody" in line(text, "from 06:14")
    assert "Old  no service pages by it" in text
    assert "Your next shift: Pay, level 1, Mon 07 Dec 18:14 to Fri 11 Dec 22:14" in text


async def test_pages_per_day_with_their_nights() -> None:
    async with at_desk(size=(120, 36), rooms=rooms()) as desk:
        text = await shown(desk)
    assert "4 pages in 14 days, 0.3 a day, 1 at night, 1 yours; most on Thu 19 Nov: 3" in text
    assert line(text, "  all ").split()[-3:] == ["3", "1", "·"]
    assert line(text, "  22-07 ").split()[-3:] == ["1", "·", "·"]
    assert line(text, "  yours ").split()[-3:] == ["1", "·", "·"]
    assert text.count("██") == 4, "three high, and one"


async def test_pages_are_counted_when_the_view_is_shown_and_then_for_a_while_not_again() -> None:
    clock = Clock()
    async with at_desk(rooms=rooms(), clock=clock) as desk:
        await desk.publish(staffed(2))
        assert desk.rooms.asked == []
        await desk.press("7", "1", "7")
        await desk.publish(staffed(3))
        assert desk.rooms.asked == [("pages", (NOW - 15 * 24 * HOUR).isoformat())]
        clock.forward(HOUR)
        await desk.publish(staffed(4))
        await desk.settle()
    assert len(desk.rooms.asked) == 2


async def test_while_they_are_counted_and_when_they_cannot_be() -> None:
    slow, clock = rooms(), Clock()
    slow.may_answer.clear()
    async with at_desk(rooms=slow, clock=clock) as desk:
        assert "PAGES PER DAY  counting …" in await shown(desk)
        slow.vendor_error = TimedOut("pagerduty gave no answer in 10 s.", "Is the VPN up?")
        await desk.answer()
        assert "They could not be counted: pagerduty gave no answer in 10 s. Is the VPN up?" in desk.text()
        await desk.publish(staffed(3))
        assert len(slow.asked) == 1, "not with every picture"
        slow.vendor_error = None
        clock.forward(HOUR)
        await desk.publish(staffed(4))
        await desk.settle()
        text = desk.text()
    assert "could not be counted" not in text
    assert "4 pages in 14 days" in text


async def test_days_of_which_nothing_is_known_are_not_zero() -> None:
    short = log(3, trouble="The budget of 240 requests per minute is spent.", is_me_known=False)
    async with at_desk(rooms=rooms(short)) as desk:
        text = await shown(desk)
    assert "4 pages in 3 days" in text
    assert line(text, "  all ").split()[1] == "?"
    assert "Older days are not known: The budget of 240 requests per minute is spent." in text
    assert "yours" not in text


async def test_a_quiet_time() -> None:
    async with at_desk(rooms=rooms(PageLog(NOW - 20 * 24 * HOUR, NOW))) as desk:
        assert "No page in 14 days." in await shown(desk)


async def test_nothing_known_yet_nobody_to_ask_and_a_pager_that_fails_are_told_apart() -> None:
    async with at_desk(rooms=rooms()) as desk:
        base = replace(staffed(2), on_call_at=None, shifts=(), policies=())
        told = []
        for number, source in enumerate(
            [
                freshness(PAGERDUTY, SourceState.WAITING, fetched_at=None),
                freshness(PROMETHEUS),
                freshness(PAGERDUTY, SourceState.FAILED, fetched_at=None),
                replace(freshness(PAGERDUTY), warnings=("The on-calls could not be read: 403",)),
            ],
            start=2,
        ):
            await desk.publish(replace(base, generation=number, freshness=(source,)))
            await desk.press("7")
            told.append(desk.text())
    assert "Waiting for pagerduty" in told[0]
    assert "No source tells who is on call: PagerDuty does." in told[1]
    assert "Not known: pagerduty never answered." in told[2]
    assert "Not known: The on-calls could not be read: 403" in told[3]


async def test_it_scrolls_by_the_keys_of_lists_and_esc_leaves() -> None:
    async with at_desk(size=(80, 24), rooms=rooms()) as desk:
        await shown(desk)
        pane = desk.view.query_one("#detail")
        await desk.press("G")
        assert pane.scroll_offset.y == pane.max_scroll_y > 0
        await desk.press("g", "j")
        assert pane.scroll_offset.y == 1
        await desk.press("escape")
        assert desk.mode == "overview"


async def test_that_nobody_is_on_call_is_in_the_banner() -> None:
    async with at_desk(size=(80, 24)) as desk:
        await desk.publish(staffed(2))
        assert "! Nobody is on call for Partners: its incidents page no one." in desk.text()
        await desk.publish(replace(staffed(3), unattended=("A", "B", "C")))
        assert "! Nobody is on call for A and 2 more: their incidents page no one." in desk.text()
        await desk.publish(replace(staffed(4), unattended=()))
        assert "Nobody is on call" not in desk.text()


async def test_help_tells_what_the_view_is() -> None:
    async with at_desk(rooms=rooms()) as desk:
        await shown(desk)
        await desk.press("question_mark")
        assert "Help: who is on call" in desk.text()
