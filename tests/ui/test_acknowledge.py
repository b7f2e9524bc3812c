"""Acknowledge: what was under the cursor at the key press is sent, and every row says what became of it."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from textual import events
from textual.widgets import Static

from oncall_tui.domain.alert import Alert, Status
from oncall_tui.domain.correlate import correlate
from oncall_tui.domain.severity import Severity
from oncall_tui.journal.errors import JournalError
from oncall_tui.response.report import ActReport, Outcome
from oncall_tui.ui.screens.dialogs import Question
from tests.ui.desk import Clock, Desk, FakeRooms, at_desk, failing
from tests.unit.builders import ALERTMANAGER, NOW, PAGERDUTY, alert, before, freshness, key, record


def alerts(count: int) -> list[Alert]:
    """Alerts called ``trouble 00`` and so on, each older than the next."""
    return [alert(record(PAGERDUTY, f"Q{i}", title=f"trouble {i:02}", since=before(60 - i / 10))) for i in range(count)]


def acknowledged(one: Alert, by: str = "Ann") -> Alert:
    records = tuple(replace(each, status=Status.ACKNOWLEDGED, acknowledged_by=by) for each in one.records)
    return replace(
        one, status=Status.ACKNOWLEDGED, records=records, acknowledged_by=by, acknowledged_at=NOW - timedelta(minutes=3)
    )


def dialog(desk: Desk) -> str:
    """What the open dialog says, all of it, seen or not."""
    return str(desk.app.screen.query_one("#dialog-body Static", Static).content)


def slow() -> FakeRooms:
    """Rooms whose pager answers only when the test says so."""
    rooms = FakeRooms()
    rooms.may_answer.clear()
    return rooms


@pytest.mark.parametrize("view", ["1", "2"])
async def test_a_sends_the_alert_under_the_cursor_at_once(view: str) -> None:
    async with at_desk(*alerts(5)) as desk:
        await desk.press("2", view, "j", "j", "a")
        assert desk.rooms.ids_sent == [["pagerduty/Q2"]]
        assert not isinstance(desk.app.screen, Question)


async def test_the_row_tells_pending_then_confirmed_then_what_the_pager_says() -> None:
    rows = alerts(2)
    async with at_desk(*rows, rooms=slow()) as desk:
        await desk.press("2", "a")
        assert "acknowledging" in desk.row("trouble 00")
        assert "acknowledging" not in desk.row("trouble 01")
        await desk.show(*rows)
        assert "acknowledging" in desk.row("trouble 00"), "a poll that is older than the act does not end it"
        await desk.answer()
        assert "acknowledged" in desk.row("trouble 00")
        assert desk.rooms.pagers_asked == 1
        assert desk.rooms.monitor.recomposed == 1
        await desk.show(acknowledged(rows[0]), rows[1])
        assert "Ann, 3 min ago" in desk.row("trouble 00")


async def test_a_failure_stays_on_the_row_with_its_reason_and_a_tries_again() -> None:
    rows = alerts(2)
    rooms = FakeRooms()
    rooms.answer = failing(reason="PagerDuty answered 500")
    async with at_desk(*rows, rooms=rooms, size=(200, 36)) as desk:
        await desk.press("1", "a")
        assert "not acknowledged" in desk.row("✗")
        await desk.press("2")
        assert "not acknowledged" in desk.row("✗")
        assert "Not acknowledged: PagerDuty answered 500" in desk.text()
        assert any("PagerDuty answered 500" in toast for toast in desk.toasts())
        await desk.show(*rows)
        assert "✗" in desk.text(), "a poll does not wash a failure away"
        rooms.answer = FakeRooms().answer
        await desk.press("a")
        assert rooms.ids_sent == [["pagerduty/Q0"], ["pagerduty/Q0"]]
        assert "✗" not in desk.text()


async def test_a_failure_is_forgotten_when_somebody_else_acknowledges() -> None:
    rows = alerts(2)
    rooms = FakeRooms()
    rooms.answer = failing()
    async with at_desk(*rows, rooms=rooms) as desk:
        await desk.press("2", "a")
        await desk.show(acknowledged(rows[0]), rows[1])
        assert "✗" not in desk.text()


async def test_pressed_twice_it_is_sent_once_while_the_pager_thinks() -> None:
    async with at_desk(*alerts(2), rooms=slow()) as desk:
        await desk.press("2", "a", "a", "a")
        assert desk.rooms.ids_sent == [["pagerduty/Q0"]]
        assert any("on its way" in toast for toast in desk.toasts())


async def test_the_target_is_taken_at_the_key_press() -> None:
    rows = alerts(3)
    async with at_desk(*rows) as desk:
        await desk.press("2")
        # In one turn of the loop: the key press, and a picture without the alert that was under the cursor.
        desk.app.action_command("alert.acknowledge")
        desk.view.show(replace(desk.app.situation, alerts=tuple(rows[1:])))
        await desk.settle()
        assert desk.rooms.ids_sent == [["pagerduty/Q0"]]


async def test_the_act_stays_with_the_trouble_when_a_pager_renames_it() -> None:
    fired = record(ALERTMANAGER, "f1", title="latency", keys=(key("f1"),))
    (picked_up,) = correlate([fired, record(PAGERDUTY, "Q7", title="latency", keys=(key("f1"),))])
    rooms = slow()
    async with at_desk(alert(fired), rooms=rooms) as desk:
        await desk.press("2", "space", "a", "y")
        await desk.show(picked_up)
        assert "acknowledging" in desk.row("acknowledging")
        assert desk.alerts.marked == {"pagerduty/Q7"}
        await desk.answer()
        assert rooms.ids_sent == [["alertmanager/f1"]]
        assert desk.alerts.marked == frozenset(), "what is done is not marked any more, under whatever name"


async def test_a_row_that_came_under_the_cursor_by_itself_is_not_acted_on_at_once() -> None:
    rows, clock = alerts(3), Clock()
    async with at_desk(*rows, clock=clock) as desk:
        await desk.press("2", "j")
        await desk.show(rows[0], rows[2])
        await desk.press("a")
        assert desk.rooms.sent == []
        assert any("has just changed to: trouble 02" in toast for toast in desk.toasts())
        clock.forward(timedelta(seconds=1))
        await desk.press("a")
        assert desk.rooms.ids_sent == [["pagerduty/Q2"]]


async def test_nor_is_the_first_row_of_a_list_that_was_empty() -> None:
    clock, answered = Clock(), [freshness(PAGERDUTY)]
    async with at_desk(sources=answered, clock=clock) as desk:
        await desk.press("2")
        await desk.show(*alerts(1), sources=answered)
        await desk.press("a")
        assert desk.rooms.sent == [], "the key was meant for nothing"
        clock.forward(timedelta(seconds=1))
        await desk.press("a")
        assert desk.rooms.ids_sent == [["pagerduty/Q0"]]


async def test_a_clock_that_is_set_back_does_not_make_a_change_of_the_row_new_again() -> None:
    rows, clock = alerts(3), Clock()
    async with at_desk(*rows, clock=clock) as desk:
        await desk.press("2", "j")
        await desk.show(rows[0], rows[2])
        clock.forward(-timedelta(hours=1))
        await desk.press("a")
        assert desk.rooms.ids_sent == [["pagerduty/Q2"]]


@pytest.mark.parametrize(
    ("keys", "sent"),
    [("ja", [["pagerduty/Q1"]]), ("jja", [["pagerduty/Q2"]]), ("Ga", [["pagerduty/Q3"]]), ("Gka", [["pagerduty/Q2"]])],
)
async def test_keys_that_are_typed_fast_are_taken_in_their_order(keys: str, sent: list[list[str]]) -> None:
    async with at_desk(*alerts(4)) as desk:
        await desk.press("2")
        type_at_once(desk, keys)
        await desk.settle()
        assert desk.rooms.ids_sent == sent


async def test_marking_and_acknowledging_typed_fast_asks_about_the_marks() -> None:
    async with at_desk(*alerts(4)) as desk:
        await desk.press("2")
        type_at_once(desk, "Ma")
        await desk.settle()
        assert desk.rooms.sent == []
        assert "Acknowledge these 4 alerts?" in desk.text()


@pytest.mark.parametrize("view", ["1", "2"])
async def test_a_filter_typed_fast_acts_on_nothing(view: str) -> None:
    async with at_desk(*alerts(4)) as desk:
        await desk.press(view)
        type_at_once(desk, "/aaa")
        await desk.settle()
        assert desk.rooms.sent == []


def type_at_once(desk: Desk, keys: str) -> None:
    """Keys that come in one go, as from a fast hand over a slow line."""
    for char in keys:
        desk.app.post_message(events.Key({"/": "slash"}.get(char, char), char))


async def test_a_row_that_was_chosen_after_the_change_is_acted_on_at_once() -> None:
    rows = alerts(4)
    async with at_desk(*rows) as desk:
        await desk.press("2", "j")
        await desk.show(rows[0], *rows[2:])
        await desk.press("j", "a")
        assert desk.rooms.ids_sent == [["pagerduty/Q3"]]


# Several at once


async def test_marks_are_listed_and_asked_about_once() -> None:
    async with at_desk(*alerts(5)) as desk:
        await desk.press("2", "space", "j", "space", "a")
        assert isinstance(desk.app.screen, Question)
        text = desk.text()
        assert "Acknowledge these 2 alerts?" in text
        assert desk.rooms.sent == []
        await desk.press("y")
        assert desk.rooms.ids_sent == [["pagerduty/Q0", "pagerduty/Q2"]]
        assert desk.alerts.marked == frozenset()


@pytest.mark.parametrize("leaving", ["escape", "n", "q"])
async def test_leaving_the_question_leaves_everything(leaving: str) -> None:
    async with at_desk(*alerts(5)) as desk:
        await desk.press("2", "space", "space", "a", leaving)
        assert desk.rooms.sent == []
        assert desk.alerts.marked == {"pagerduty/Q0", "pagerduty/Q1"}
        assert desk.app.is_running
        assert "acknowledging" not in desk.text()


@pytest.mark.parametrize("other", ["enter", "space", "a", "x", "1", "tab"])
async def test_no_other_key_answers_the_question(other: str) -> None:
    async with at_desk(*alerts(5)) as desk:
        await desk.press("2", "space", "a", other)
        assert isinstance(desk.app.screen, Question)
        assert desk.rooms.sent == []


async def test_a_question_about_one_mark_is_about_that_one_and_not_about_the_cursor() -> None:
    async with at_desk(*alerts(5)) as desk:
        await desk.press("2", "space", "G", "a")
        assert "Acknowledge this alert?" in desk.text()
        await desk.press("y")
        assert desk.rooms.ids_sent == [["pagerduty/Q0"]]


async def test_3_of_40_fail_and_stay_marked_with_their_reasons() -> None:
    rooms = FakeRooms()
    rooms.answer = failing("pagerduty/Q3", "pagerduty/Q17", "pagerduty/Q39", reason="it was merged away")
    async with at_desk(*alerts(40), rooms=rooms, size=(120, 60)) as desk:
        await desk.press("2", "M", "a", "y")
        assert [len(call) for call in rooms.sent] == [40]
        assert desk.alerts.marked == {"pagerduty/Q3", "pagerduty/Q17", "pagerduty/Q39"}
        (toast,) = [one for one in desk.toasts() if "not acknowledged" in one]
        assert toast.startswith("3 of 40 not acknowledged")
        assert all(f"trouble {i:02}”" in toast for i in (3, 17, 39))
        assert toast.count("it was merged away") == 1, "said once of all three"
        for i in range(40):
            word = "not acknowledged" if i in (3, 17, 39) else "acknowledged"
            assert word in desk.row(f"trouble {i:02} "), i
            assert ("✗" in desk.row(f"trouble {i:02} ")) is (i in (3, 17, 39)), i
        await desk.press("a")
        assert "Acknowledge these 3 alerts?" in desk.text()


async def test_a_refresh_between_question_and_answer_does_not_change_what_is_sent() -> None:
    rows = alerts(5)
    async with at_desk(*rows) as desk:
        await desk.press("2", "space", "space", "a")
        worse = [replace(one, severity=Severity.P1) for one in reversed(rows[2:])]
        await desk.show(*worse, *rows[:2])
        assert "trouble 04" not in dialog(desk), "the question goes on listing what it asked about"
        assert "trouble 00" in dialog(desk)
        await desk.press("y")
        assert desk.rooms.ids_sent == [["pagerduty/Q0", "pagerduty/Q1"]]


async def test_a_target_that_went_meanwhile_is_told_apart() -> None:
    rows = alerts(3)
    rooms = FakeRooms()
    rooms.answer = lambda asked: [
        ActReport(asked[0].id, asked[0].title, Outcome.GONE, "resolved meanwhile: nothing was sent"),
        ActReport(asked[1].id, asked[1].title, Outcome.ALREADY, by="Ann"),
    ]
    async with at_desk(*rows, rooms=rooms) as desk:
        await desk.press("2", "space", "space", "a")
        await desk.show(acknowledged(rows[1]), rows[2])
        await desk.press("y")
        assert rooms.ids_sent == [["pagerduty/Q0", "pagerduty/Q1"]], "the pager is asked, it knows best"
        (toast,) = desk.toasts()
        assert "trouble 00”: resolved meanwhile" in toast
        assert "trouble 01”: already acknowledged by Ann" in toast


async def test_what_is_the_same_for_many_is_said_once_and_nobody_is_left_out() -> None:
    rooms = FakeRooms()

    def answer(asked: Sequence[Alert]) -> list[ActReport]:
        outcomes = [Outcome.CONFIRMED] * 2 + [Outcome.HERE_ONLY] * 5 + [Outcome.GONE, Outcome.ALREADY]
        reports = [ActReport(one.id, one.title, how, "why") for one, how in zip(asked, outcomes, strict=False)]
        return [*reports, *(ActReport(one.id, one.title, Outcome.GONE, one.id) for one in asked[len(outcomes) :])]

    rooms.answer = answer
    async with at_desk(*alerts(12), rooms=rooms) as desk:
        await desk.press("2", "M", "a", "y")
        (toast,) = desk.toasts()
        assert toast.split("\n") == [
            "2 acknowledged",
            "5 alerts: acknowledged here only: why",
            "“trouble 07”: why",
            "“trouble 08”: already acknowledged by somebody",
            "and 3 more: their rows say why",
        ]


async def test_one_failure_of_one_alert_is_not_counted() -> None:
    rooms = FakeRooms()
    rooms.answer = failing("pagerduty/Q0", reason="no route")
    async with at_desk(*alerts(1), rooms=rooms) as desk:
        await desk.press("2", "a")
        assert desk.toasts()[0].startswith("Not acknowledged")


async def test_an_alert_that_is_acknowledged_already_is_named_in_the_question() -> None:
    rows = alerts(2)
    async with at_desk(acknowledged(rows[0], "Bob"), rows[1]) as desk:
        await desk.press("2", "M", "a")
        assert "already acknowledged by Bob 3 min ago" in desk.text()


async def test_here_only_says_why_and_nothing_of_a_pager_that_it_would_have_told() -> None:
    reason = "only this journal knows of it: pagerduty takes no acknowledge from here and goes on paging"
    rooms = FakeRooms()
    rooms.answer = lambda asked: [ActReport(asked[0].id, asked[0].title, Outcome.HERE_ONLY, reason)]
    async with at_desk(*alerts(1), rooms=rooms) as desk:
        await desk.press("2", "a")
        assert "goes on paging" in desk.toasts()[0]


async def test_marks_of_every_view_are_taken_away_when_it_is_done() -> None:
    async with at_desk(*alerts(3), rooms=slow()) as desk:
        await desk.press("2", "space", "a", "y", "1")
        await desk.answer()
        await desk.press("2")
        assert desk.alerts.marked == frozenset()


# What goes wrong


async def test_nothing_selected_says_so_and_sends_nothing() -> None:
    async with at_desk(sources=[]) as desk:
        for view in ("1", "2", "5"):
            await desk.press(view, "a")
        assert desk.rooms.sent == []
        assert any("No alert is selected" in toast for toast in desk.toasts())


async def test_a_on_a_deployment_sends_nothing() -> None:
    async with at_desk(*alerts(2)) as desk:
        await desk.press("tab", "a")
        assert desk.rooms.sent == []
        assert any("No alert is selected" in toast for toast in desk.toasts())


async def test_a_vendor_that_hangs_stops_neither_keys_nor_quitting() -> None:
    rows = alerts(5)
    async with at_desk(*rows, rooms=slow()) as desk:
        await desk.press("2", "a", "j", "j")
        assert desk.alerts.cursor_id == "pagerduty/Q2"
        await desk.show(*rows[1:])
        await desk.press("5", "2", "slash", "x", "escape")
        async with asyncio.timeout(60):
            await desk.pilot.press("q")
            await desk.pilot.pause()
        assert not desk.app.is_running
    assert desk.rooms.is_closed


async def test_what_nobody_foresaw_is_told_on_the_row() -> None:
    rooms = FakeRooms()

    def break_(_alerts: object) -> list[ActReport]:
        raise RuntimeError("boom")

    rooms.answer = break_
    async with at_desk(*alerts(1), rooms=rooms, size=(160, 36)) as desk:
        await desk.press("2", "a")
        assert "RuntimeError inside oncall-tui" in desk.text()
        assert "not acknowledged" in desk.row("✗")


async def test_the_pagers_yes_is_not_believed_for_ever() -> None:
    clock, rows = Clock(), alerts(1)
    async with at_desk(*rows, clock=clock) as desk:
        await desk.press("2", "a")
        assert "acknowledged" in desk.row("trouble 00 ")
        later = replace(desk.app.situation, generation=2, taken_at=NOW + timedelta(minutes=3))
        await desk.publish(later)
        assert "acknowledged" not in desk.row("trouble 00 ")


async def test_a_journal_that_cannot_be_read_is_told_at_the_start() -> None:
    rooms = FakeRooms()
    rooms.journal_error = JournalError("The journal is locked.", "Close the other one.")
    async with at_desk(*alerts(1), rooms=rooms) as desk:
        assert desk.toasts() == ["Journal\nThe journal is locked. Close the other one."]
