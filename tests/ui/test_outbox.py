"""While a pager is out of reach: what waits is told and shown; large acts are counted while they go on."""

from dataclasses import replace
from datetime import timedelta

import pytest
from textual.widgets import OptionList

from oncall_tui.config.model import read_only
from oncall_tui.domain.action import Acknowledge, Action, Escalate, Note, Resolve, Snooze
from oncall_tui.domain.alert import Alert
from oncall_tui.domain.situation import SourceState
from oncall_tui.domain.verb import Verb
from oncall_tui.journal.errors import JournalError
from oncall_tui.journal.event import ACTION_INTENT, ACTION_WAITS, Event, Payload
from oncall_tui.journal.views import OutboxEntry
from oncall_tui.response.intent import Intent
from oncall_tui.response.report import ActReport, Outcome
from oncall_tui.response.unsent import Unsent
from oncall_tui.ui.acts import Act, ActState
from oncall_tui.ui.present.working import NO_WORK, Part, Work, cut_off_in_words, unanswered_in_words, wordings
from oncall_tui.ui.screens.dialogs import Question
from oncall_tui.ui.screens.outbox_list import OutboxList
from tests.ui.desk import Clock, Desk, FakeRooms, at_desk, config_of, failing
from tests.unit.builders import NOW, PAGERDUTY, alert, before, freshness, record

OFFLINE = "pagerduty: api.pagerduty.com refuses the connection."
ACKNOWLEDGE = Acknowledge()


def alerts(count: int) -> list[Alert]:
    return [alert(record(PAGERDUTY, f"Q{i}", title=f"trouble {i:02}", since=before(60 - i / 10))) for i in range(count)]


def waiting(number: int, minutes: int = 3, action: Action = ACKNOWLEDGE) -> Unsent:
    """The entry of an alert of ``alerts``."""
    one, request_id = alerts(number + 1)[number], f"R{number}-{action.verb}"
    intent = Intent(request_id, action, one.id, one.title, PAGERDUTY, f"Q{number}")
    at = NOW - timedelta(minutes=minutes)
    payload: Payload = {"request_id": request_id}
    begun = Event("E1", intent.stream, 1, at, at, "user:ann", "human", None, ACTION_INTENT, payload, "", "")
    told = {**payload, "reason": OFFLINE}
    waits = Event("E2", intent.stream, 2, at, at, "user:ann", "human", None, ACTION_WAITS, told, "", "")
    return Unsent(OutboxEntry(begun, 0, at, waits), intent, at, is_too_old=False)


def offline(*entries: Unsent) -> FakeRooms:
    """Rooms whose pager nobody reaches."""
    rooms = FakeRooms()
    rooms.outbox.entries = list(entries)
    rooms.answer = lambda asked: [ActReport(one.id, one.title, Outcome.WAITING, OFFLINE) for one in asked]
    return rooms


def top(desk: Desk) -> str:
    return desk.text().splitlines()[0]


async def later(desk: Desk, clock: Clock, seconds: float) -> None:
    """Let time pass, and the screen see it."""
    clock.forward(timedelta(seconds=seconds))
    desk.app._tick()
    await desk.settle()


async def test_an_acknowledge_without_a_network_waits_and_says_so() -> None:
    rooms = offline()
    async with at_desk(*alerts(2), rooms=rooms, size=(260, 40)) as desk:
        rooms.outbox.entries = [waiting(0, minutes=0)]
        await desk.press("2", "a")
        await desk.settle()
        assert "acknowledge waiting" in desk.row("trouble 00")
        assert "waiting for 0 s: pagerduty: api" in desk.row("trouble 00")
        assert any("waits to be sent" in one for one in desk.toasts())
        assert "1 waiting to be sent, oldest 0 s" in top(desk)


async def test_what_waits_is_not_asked_for_twice() -> None:
    rooms, clock = offline(waiting(0)), Clock()
    async with at_desk(*alerts(2), rooms=rooms, clock=clock) as desk:
        await later(desk, clock, 31)
        await desk.press("2", "a")
        assert rooms.sent == []
        assert any("It waits to be sent already: W shows why." in one for one in desk.toasts())
        await desk.press("j", "a")
        assert rooms.ids_sent == [["pagerduty/Q1"]]


async def test_the_top_line_tells_how_many_wait_and_the_age_of_the_oldest() -> None:
    clock = Clock()
    async with at_desk(*alerts(2), rooms=offline(waiting(0), waiting(1, 1)), clock=clock) as desk:
        await later(desk, clock, 31)
        assert "2 waiting to be sent, oldest 3 min" in top(desk)
        assert "acknowledge waiting for 3 min" in desk.row("trouble 00")


async def test_it_fits_on_a_narrow_screen() -> None:
    clock, failed = Clock(), freshness(PAGERDUTY, SourceState.FAILED)
    async with at_desk(*alerts(1), rooms=offline(waiting(0)), clock=clock, size=(80, 24), sources=(failed,)) as desk:
        await later(desk, clock, 31)
        assert "1 waiting" in top(desk)


async def test_what_waits_stays_on_its_row_until_the_outbox_says_otherwise() -> None:
    clock, rooms = Clock(), offline(waiting(0))
    async with at_desk(*alerts(2), rooms=rooms, clock=clock) as desk:
        await later(desk, clock, 31)
        await desk.show(*alerts(2))
        clock.forward(timedelta(minutes=5))
        await desk.show(*alerts(2))
        assert "waiting" in desk.row("trouble 00")
        rooms.outbox.ending = [ActReport(alerts(1)[0].id, "trouble 00", Outcome.CONFIRMED, "it had waited for 8 min")]
        await later(desk, clock, 6)
        assert "waiting" not in desk.row("trouble 00")
        assert "acknowledged" in desk.row("trouble 00")
        assert any("Acknowledged" in one and "waited in the outbox" in one for one in desk.toasts())
        assert "waiting" not in top(desk)


async def test_what_is_no_longer_wanted_is_dropped_with_the_reason() -> None:
    clock, rooms = Clock(), offline(waiting(0))
    async with at_desk(*alerts(1), rooms=rooms, clock=clock) as desk:
        await later(desk, clock, 31)
        rooms.outbox.ending = [
            ActReport(alerts(1)[0].id, "trouble 00", Outcome.ALREADY, "no longer needed after 3 min", "Bob")
        ]
        await later(desk, clock, 6)
        assert any("already acknowledged by Bob" in one for one in desk.toasts())


async def test_a_source_that_answers_again_is_told_at_once_what_waits_for_it() -> None:
    clock, rooms = Clock(), offline(waiting(0))
    async with at_desk(*alerts(1), rooms=rooms, clock=clock) as desk:
        await later(desk, clock, 31)
        before_it = len(rooms.outbox.heard)
        clock.forward(timedelta(seconds=1))
        await desk.show(*alerts(1), sources=(freshness(PAGERDUTY, fetched_at=clock()),))
        assert len(rooms.outbox.heard) == before_it + 1
        assert rooms.outbox.heard[-1] == {PAGERDUTY: clock()}


async def test_the_list_tries_and_drops() -> None:
    clock, rooms = Clock(), offline(waiting(0), waiting(1, 1, Note("on it")))
    async with at_desk(*alerts(2), rooms=rooms, clock=clock) as desk:
        await later(desk, clock, 31)
        await desk.press("W")
        assert isinstance(desk.app.screen, OutboxList)
        text = desk.text()
        assert "acknowledge  trouble 00  since" in text
        assert "note  trouble 01" in text
        assert f"{OFFLINE} Unless sent before, it is dropped in 11 min." in text
        await desk.press("r")
        assert rooms.outbox.heard[-1] is None, "its time does not matter"
        await desk.press("j", "x")
        assert rooms.outbox.dropped == ["R1-note"]
        assert desk.app.screen.query_one(OptionList).option_count == 1
        await desk.press("x")
        assert "Nothing waits" in desk.text()
        await desk.press("escape")
        assert "waiting" not in top(desk)
        left = waiting(0, action=Resolve())
        rooms.left_unsent = (replace(left, entry=replace(left.entry, waits=None)),)
        await desk.press("W")
        assert "Nothing waits to be sent." in desk.text()
        assert "Cut off before an answer: it is not sent again" in desk.text()
        await desk.press("x")
        assert rooms.outbox.dropped == ["R1-note", "R0-acknowledge"], "what may have arrived is not dropped"


async def test_read_only_looks_at_no_outbox() -> None:
    clock, rooms = Clock(), offline(waiting(0))
    async with at_desk(*alerts(1), rooms=rooms, clock=clock, config=read_only(config_of())) as desk:
        await later(desk, clock, 31)
        assert rooms.outbox.heard == []
        assert "waiting" not in top(desk)
        await desk.press("W", "x", "r")
        assert rooms.outbox.dropped == []
        assert "Read-only: this screen sends nothing." in desk.text()


async def test_a_journal_that_cannot_be_read_is_told_once() -> None:
    clock, rooms = Clock(), offline()
    async with at_desk(*alerts(1), rooms=rooms, clock=clock) as desk:
        rooms.outbox.error = JournalError("The journal is locked.", "Close it.")
        for _ in range(3):
            await later(desk, clock, 31)
        assert sum("The journal is locked." in one for one in desk.toasts()) == 1


async def test_a_bulk_act_is_counted_and_each_row_changes_as_its_result_comes() -> None:
    rooms, rows = FakeRooms(), alerts(4)
    rooms.may_answer.clear()
    async with at_desk(*rows, rooms=rooms, size=(260, 40)) as desk:
        await desk.press("2", "M", "a", "y")
        assert "0 of 4 acknowledged" in top(desk)
        assert rooms.following is not None
        rooms.following.hear([ActReport(rows[0].id, rows[0].title, Outcome.CONFIRMED)])
        rooms.following.hear([ActReport(rows[1].id, rows[1].title, Outcome.FAILED, "PagerDuty answered 500")])
        rooms.following.rest(PAGERDUTY, 20)
        desk.app.redraw_rows()
        await desk.settle()
        assert "1 of 4 acknowledged: pagerduty is busy, goes on in 20 s" in top(desk)
        assert "acknowledging" not in desk.row("trouble 00")
        assert "not acknowledged: PagerDuty answered 500" in desk.row("trouble 01")
        assert "acknowledging" in desk.row("trouble 02")
        assert desk.alerts.marked == {one.id for one in rows[1:]}, "what failed stays marked"
        await desk.press("ctrl+x")
        assert rooms.stopped == 1
        rooms.answer = failing(*(one.id for one in rows[1:]), reason="Not sent: it was stopped.")
        await desk.answer()
        assert "of 4" not in top(desk)
        assert desk.alerts.marked == {one.id for one in rows[1:]}


async def test_stop_is_offered_only_while_many_are_sent() -> None:
    async with at_desk(*alerts(2)) as desk:
        await desk.press("2", "ctrl+x")
        assert desk.rooms.stopped == 0
        assert any("Nothing is being sent to several alerts." in one for one in desk.toasts())


async def test_what_failed_is_sent_again_as_it_was() -> None:
    rooms = FakeRooms()
    rooms.answer = lambda asked: [
        ActReport(one.id, one.title, Outcome.FAILED, "no answer", verb=Verb.RESOLVE) for one in asked
    ]
    async with at_desk(*alerts(2), rooms=rooms, size=(260, 40)) as desk:
        await desk.press("2", "ctrl+t")
        assert rooms.sent == []
        desk.app.acting.start(Resolve("disk is full"), desk.view.selected_alerts())
        await desk.settle()
        assert "not resolved: no answer  ^t tries again" in desk.row("trouble 00")
        await desk.press("ctrl+t")
        assert rooms.actions == [Resolve("disk is full")] * 2
        assert rooms.ids_sent == [["pagerduty/Q0"]] * 2


async def test_what_failed_stays_until_it_is_sent_again_or_dismissed_whatever_else_goes_well() -> None:
    clock, rooms = Clock(), FakeRooms()
    rooms.answer = failing(reason="PagerDuty answered 403")
    async with at_desk(*alerts(2), rooms=rooms, clock=clock, size=(260, 40)) as desk:
        first = desk.app.situation.alerts[0]
        await desk.press("2", "a")
        rooms.answer = lambda asked: [ActReport(one.id, one.title, Outcome.CONFIRMED, verb=Verb.NOTE) for one in asked]
        desk.app.acting.start(Note("on it"), [first])
        await desk.settle()
        assert "noted  not acknowledged: PagerDuty answered 403" in desk.row("trouble 00")
        clock.forward(timedelta(minutes=1))
        await desk.show(*alerts(2), sources=(freshness(PAGERDUTY, fetched_at=clock()),))
        assert "noted" not in desk.row("trouble 00")
        assert "not acknowledged: PagerDuty answered 403" in desk.row("trouble 00")
        await desk.press("W")
        assert "acknowledge  trouble 00" in desk.text()
        assert "Not acknowledged: PagerDuty answered 403" in desk.text()
        rooms.answer = failing(reason="PagerDuty answered 401")
        await desk.press("r")
        assert rooms.actions[-1] == Acknowledge()
        await desk.press("escape", "ctrl+t")
        await desk.settle()
        assert rooms.begun_at == [None, None, NOW, NOW], "looked for from its own beginning on"
        assert "not acknowledged: PagerDuty answered 401" in desk.row("trouble 00")
        await desk.press("W", "x")
        assert "Nothing waits: everything was sent" in desk.text()
        await desk.press("escape", "ctrl+t")
        assert "not acknowledged" not in desk.row("trouble 00")
        assert len(rooms.actions) == 4
        assert any("Nothing that was sent for this alert has failed." in one for one in desk.toasts())


async def test_what_cannot_be_looked_for_is_asked_about_before_it_is_sent_again() -> None:
    rooms = FakeRooms()
    rooms.answer = lambda asked: [
        ActReport(one.id, one.title, Outcome.FAILED, "no answer", may_have_arrived=True, verb=Verb.ESCALATE)
        for one in asked
    ]
    async with at_desk(*alerts(12), rooms=rooms, size=(260, 40)) as desk:
        desk.app.acting.start(Escalate(2), desk.app.situation.alerts)
        await desk.settle()
        await desk.press("2", "M", "ctrl+t")
        assert isinstance(desk.app.screen, Question)
        assert "Escalate these 12 alerts again?" in desk.text()
        assert "the same people are paged once more" in desk.text()
        assert "and 2 more" in desk.text()
        await desk.press("escape")
        assert len(rooms.actions) == 1
        await desk.press("ctrl+t", "y")
        await desk.settle()
        assert rooms.actions == [Escalate(2)] * 2
        assert rooms.begun_at == [None, NOW]


async def test_a_silence_that_failed_is_not_sent_again_from_its_row_and_says_so() -> None:
    async with at_desk(*alerts(1)) as desk:
        acts, one = desk.app.acting.acts, desk.app.situation.alerts[0]
        acts.set([record.ref for record in one.records], Act(ActState.FAILED, NOW, "no answer", Verb.SILENCE))
        await desk.press("2", "ctrl+t")
        assert desk.rooms.sent == []
        assert any("a silence is not sent again from here" in one for one in desk.toasts())


async def test_what_is_told_late_can_be_sent_again_too() -> None:
    clock, rooms = Clock(), offline(waiting(0, action=Note("on it")))
    async with at_desk(*alerts(1), rooms=rooms, clock=clock, size=(260, 40)) as desk:
        await later(desk, clock, 31)
        one, begun_at = alerts(1)[0], before(3)
        rooms.outbox.ending = [
            ActReport(
                one.id, one.title, Outcome.EXPIRED, "it waited", verb=Verb.NOTE, action=Note("on it"), begun_at=begun_at
            )
        ]
        await later(desk, clock, 6)
        assert "not noted: it waited  ^t tries again" in desk.row("trouble 00")
        await desk.press("2", "ctrl+t")
        assert (rooms.actions, rooms.begun_at) == ([Note("on it")], [begun_at])


async def test_quitting_in_the_middle_says_what_becomes_of_the_rest() -> None:
    rooms, clock = offline(waiting(0)), Clock()
    rooms.may_answer.clear()
    async with at_desk(*alerts(3), rooms=rooms, clock=clock) as desk:
        await later(desk, clock, 31)
        await desk.press("2", "M", "z")
        desk.app.acting.start(Resolve(), alerts(3)[1:])
        desk.app.acting.start(Snooze(timedelta(hours=1)), alerts(1))
        await desk.settle()
        words = desk.app.acting.words_at_the_end
    assert words == (
        "oncall-tui ended when 0 of 2 were resolved; what was not begun is not sent. "
        "oncall-tui ended before the snooze was answered. The next start tells what is known of it, and "
        "`oncall-tui outbox` does so now. "
        "1 waiting to be sent: the next start sends what is younger than 15 min by then."
    )


@pytest.mark.parametrize("verb", [Verb.ACKNOWLEDGE, Verb.NOTE])
def test_what_the_next_start_sends_is_not_called_unsent(verb: Verb) -> None:
    words = cut_off_in_words(Part(verb, 1, 6))
    assert words.startswith("oncall-tui ended when 1 of 6 were ")
    assert "the next start sends the others" in words and "not sent" not in words


def test_what_becomes_of_single_acts_is_said_by_their_verbs() -> None:
    assert unanswered_in_words([]) == ""
    safe = "The next start looks at them and sends them if still wanted."
    assert unanswered_in_words([Verb.ACKNOWLEDGE, Verb.NOTE]) == f"oncall-tui ended before 2 acts were answered. {safe}"
    assert "sends" not in unanswered_in_words([Verb.ACKNOWLEDGE, Verb.ESCALATE])


def test_the_words_get_fewer() -> None:
    work = Work((Part(ACKNOWLEDGE.verb, 312, 800, "pagerduty", NOW + timedelta(seconds=20)),), 2, before(3))
    assert [one.plain for one in wordings(work, NOW)] == [
        "312 of 800 acknowledged: pagerduty is busy, goes on in 20 s  2 waiting to be sent, oldest 3 min",
        "312 of 800 busy  2 waiting, oldest 3m",
        "312/800 busy  2 waiting",
    ]
    assert [one.plain for one in wordings(NO_WORK, NOW)] == [""]
