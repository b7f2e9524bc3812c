"""Acknowledging somebody else's page: it is said before and after, and stops nobody."""

from collections.abc import Sequence
from dataclasses import replace

from textual.widgets import Static

from oncall_tui.domain.alert import Alert
from oncall_tui.domain.situation import OnCall
from oncall_tui.response.report import ActReport, Outcome, with_holders
from tests.ui.desk import FakeRooms, at_desk, confirmed, failing
from tests.unit.builders import PAGERDUTY, alert, before, record


def page(number: int, *names: str, is_mine: bool = False) -> Alert:
    one = record(PAGERDUTY, f"Q{number}", title=f"trouble {number}", since=before(60 - number))
    return alert(replace(one, assigned_to=names, is_mine=is_mine))


ANAS, MINE, BENS = page(1, "Ana"), page(2, "Me", is_mine=True), page(3, "Ben", "Cy")


def rooms(answer: object = confirmed) -> FakeRooms:
    """Rooms that say whose it was, as the real ones do."""
    made = FakeRooms()
    assert callable(answer)

    def told(alerts: Sequence[Alert]) -> list[ActReport]:
        return with_holders(answer(alerts), {one.id: one for one in alerts}.get)

    made.answer = told
    return made


async def test_the_row_and_the_key_line_say_whose_it_is_before() -> None:
    async with at_desk(ANAS, MINE, BENS, rooms=rooms()) as desk:
        await desk.press("2")
        assert "Ana's page" in desk.row("trouble 1")
        assert "page" not in desk.row("trouble 2")
        assert "the page of Ben and Cy" in desk.row("trouble 3")
        assert "a acknowledge Ana's page" in desk.text()
        await desk.press("j")
        assert "a acknowledge   " in desk.text().splitlines()[-1]


async def test_it_is_done_at_once_and_said_after() -> None:
    async with at_desk(ANAS, MINE, rooms=rooms()) as desk:
        await desk.press("2", "a")
        await desk.settle()
        assert desk.rooms.ids_sent == [["pagerduty/Q1"]], "nothing is asked"
        assert desk.toasts() == ["Acknowledged: “trouble 1”. It was Ana's page."]
        assert "acknowledged, it was Ana's page" in desk.row("trouble 1")
        await desk.press("j", "a")
        await desk.settle()
        assert len(desk.toasts()) == 1, "one's own needs no word"


async def test_a_question_about_many_says_it_of_each_and_the_message_of_all() -> None:
    async with at_desk(ANAS, MINE, BENS, rooms=rooms()) as desk:
        await desk.press("2", "space", "space", "space")
        assert "acknowledge, 2 of others" in desk.text()
        await desk.press("a")
        body = str(desk.app.screen.query_one("#dialog-body Static", Static).content)
        assert "trouble 1  Ana's page" in body
        assert "trouble 3  the page of Ben and Cy" in body
        await desk.press("y")
        await desk.settle()
        (toast,) = desk.toasts()
    assert toast == "Acknowledged: 3 alerts. 2 of them were pages of others: Ana, Ben, Cy."


async def test_beside_a_failure_it_is_said_too() -> None:
    async with at_desk(ANAS, BENS, rooms=rooms(failing("pagerduty/Q3"))) as desk:
        await desk.press("2", "space", "space", "a", "y")
        await desk.settle()
        told = "\n".join(desk.toasts())
    assert "1 of 2 not acknowledged" in told
    assert "1 of them was the page of others: Ana." in told


async def test_what_was_acknowledged_before_is_not_taken_from_anybody() -> None:
    def already(alerts: Sequence[Alert]) -> list[ActReport]:
        return [ActReport(one.id, one.title, Outcome.ALREADY, by="Ana") for one in alerts]

    async with at_desk(ANAS, rooms=rooms(already)) as desk:
        await desk.press("2", "a")
        await desk.settle()
        told = "\n".join(desk.toasts())
    assert "already acknowledged by Ana" in told
    assert "It was" not in told


async def test_rows_know_by_the_newest_picture_who_looks_at_them() -> None:
    mine = alert(record(PAGERDUTY, "Q1"))
    async with at_desk(mine) as desk:
        assert desk.view.scene().me == frozenset()
        await desk.show(mine, on_call=(OnCall("Ann", "primary", 1, is_me=True), OnCall("Bob", "primary", 2)))
        scene = desk.view.scene()
        assert (scene.me, scene.retry, scene.again) == (frozenset({"Ann"}), "a", "^t")
        await desk.show(mine)
        assert desk.view.scene().me == frozenset()
