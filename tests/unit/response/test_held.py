"""What a pager failed at, or what may have arrived, waits, is looked for before it is sent, and holds up no other."""

from dataclasses import replace
from datetime import timedelta

import pytest

from oncall_tui.domain.action import Acknowledge, Action, Create, Escalate, Note, Resolve, Snooze
from oncall_tui.response.intent import can_be_looked_for, intent_of
from oncall_tui.response.report import ActReport, Outcome
from oncall_tui.response.unsent import LANDING, Unsent
from oncall_tui.sources.actors import ActOutcome, ActResult
from tests.unit.response.helpers import PD, Desk, paged

FAULT = "pagerduty: PagerDuty answered 500."
ON_IT = Note("on it")


def failing(vendor_id: str) -> ActResult:
    """The pager is there, and fails at this one."""
    return ActResult(vendor_id, ActOutcome.FAILED, FAULT, held_by=FAULT, is_theirs=True)


def losing(vendor_id: str) -> ActResult:
    """It took the request and said nothing."""
    return ActResult(vendor_id, ActOutcome.FAILED, "no answer", may_have_arrived=True, held_by="no answer")


def written(vendor_id: str) -> ActResult:
    return ActResult(vendor_id, ActOutcome.ALREADY, "The note was written before.", "Alice")


async def act(desk: Desk, action: Action, *ids: str) -> list[ActReport]:
    return await desk.responder.act(action, [paged(one) for one in ids])


async def waiting(desk: Desk) -> list[Unsent]:
    return list(await desk.responder.outbox.waiting(desk.clock()))


async def flushed(desk: Desk) -> list[tuple[str, Outcome]]:
    return [(one.alert_id, one.outcome) for one in await desk.responder.outbox.flush()]


def sent(desk: Desk) -> list[list[str]]:
    """The calls since the last time."""
    calls, desk.pagers[PD].calls = desk.pagers[PD].calls, []
    return calls


@pytest.mark.parametrize("action", [Acknowledge(), ON_IT])
async def test_a_fault_of_the_pager_is_waited_out(desk: Desk, action: Action) -> None:
    pager = desk.pagers[PD]
    pager.broken["Q1"] = failing("Q1")
    (report,) = await act(desk, action, "Q1")
    assert (report.outcome, report.reason, report.may_have_arrived) == (Outcome.WAITING, FAULT, False)
    desk.clock.advance(minutes=2)
    assert await flushed(desk) == []
    (one,) = await waiting(desk)
    assert (one.reason, desk.clock() - one.at) == (FAULT, timedelta(minutes=2))
    pager.broken.clear()
    (report,) = await desk.responder.outbox.flush()
    assert (report.outcome, report.reason) == (Outcome.CONFIRMED, "it had waited for 2 min")
    assert await waiting(desk) == []


async def test_another_verb_that_it_fails_at_does_not_wait(desk: Desk) -> None:
    desk.pagers[PD].broken["Q1"] = failing("Q1")
    (report,) = await act(desk, Resolve(), "Q1")
    assert report.outcome is Outcome.FAILED
    assert await waiting(desk) == []


async def test_a_note_whose_answer_was_lost_waits_and_is_looked_for_from_its_beginning(desk: Desk) -> None:
    pager, begun_at = desk.pagers[PD], desk.clock()
    pager.broken["Q1"] = losing("Q1")
    (report,) = await act(desk, ON_IT, "Q1")
    assert (report.outcome, report.may_have_arrived) == (Outcome.WAITING, True)
    assert await desk.kinds("incident:pagerduty:Q1") == ["action_intent", "action_waits waiting"]
    pager.broken["Q1"] = written("Q1")
    desk.clock.advance(minutes=1)
    (report,) = await desk.responder.outbox.flush()
    assert pager.actions[-1] == (ON_IT, begun_at)
    assert (report.outcome, report.may_have_arrived) == (Outcome.ALREADY, False)
    assert report.reason == (
        "looked for after 1 min and found done, so it was not sent again: The note was written before."
    )


async def test_it_is_not_looked_for_while_it_may_be_on_its_way(desk: Desk) -> None:
    pager = desk.pagers[PD]
    pager.broken["Q1"] = losing("Q1")
    await act(desk, ON_IT, "Q1")
    await act(desk, Acknowledge(), "Q1")
    pager.broken.clear()
    pager.offline = "gone"
    await act(desk, Note("second"), "Q1")
    await act(desk, Note("elsewhere"), "Q2")
    pager.offline = ""
    sent(desk)
    desk.clock.advance(seconds=LANDING.total_seconds() - 1)
    assert await flushed(desk) == [("pagerduty/Q1", Outcome.CONFIRMED), ("pagerduty/Q2", Outcome.CONFIRMED)]
    assert [one for one, _ in pager.actions[-2:]] == [Acknowledge(), Note("elsewhere")]
    desk.clock.advance(seconds=1)
    assert [one.intent.action for one in await waiting(desk)] == [ON_IT, Note("second")], "notes keep their order"
    await flushed(desk)
    assert [one for one, _ in pager.actions[-2:]] == [ON_IT, Note("second")]


async def test_that_it_may_have_arrived_is_not_forgotten_while_nobody_can_look(desk: Desk) -> None:
    pager = desk.pagers[PD]
    pager.broken["Q1"] = losing("Q1")
    await act(desk, ON_IT, "Q1")
    pager.offline = "gone"
    for _ in range(3):
        desk.clock.advance(minutes=1)
        assert await flushed(desk) == []
        await desk.restarted()
    (one,) = await waiting(desk)
    assert one.may_have_arrived
    assert one.reason == "gone It may have arrived, and is looked for before it is sent again."
    desk.clock.advance(minutes=12)
    (report,) = await desk.responder.outbox.recover()
    assert (report.outcome, report.may_have_arrived) == (Outcome.EXPIRED, True)
    assert report.reason.startswith("not sent again: it waited for 15 min")


async def test_nor_is_it_when_the_look_is_refused_or_it_is_dropped(desk: Desk) -> None:
    pager = desk.pagers[PD]
    pager.broken |= {"Q1": losing("Q1"), "Q2": losing("Q2")}
    await act(desk, ON_IT, "Q1", "Q2")
    desk.clock.advance(minutes=1)
    dropped = await desk.responder.outbox.drop((await waiting(desk))[1].intent.request_id)
    assert dropped is not None
    assert (dropped.outcome, dropped.may_have_arrived) == (Outcome.DROPPED, True)
    assert "it may have arrived all the same" in dropped.reason
    pager.broken["Q1"] = ActResult("Q1", ActOutcome.FAILED, "403")
    (report,) = await desk.responder.outbox.flush()
    assert (report.outcome, report.may_have_arrived) == (Outcome.FAILED, True)


async def test_an_incident_that_the_pager_fails_at_holds_up_no_other(desk: Desk) -> None:
    pager = desk.pagers[PD]
    pager.offline = "gone"
    await act(desk, ON_IT, "Q1")
    await act(desk, Acknowledge(), "Q1", "Q2", "Q3")
    pager.offline = ""
    pager.broken["Q1"] = failing("Q1")
    assert await flushed(desk) == [("pagerduty/Q2", Outcome.CONFIRMED), ("pagerduty/Q3", Outcome.CONFIRMED)]
    assert sent(desk) == [["Q1"], ["Q1"], ["Q2"], ["Q3"]]
    assert [one.intent.target for one in await waiting(desk)] == ["Q1", "Q1"]


async def test_a_pager_that_fails_at_everything_is_asked_for_two(desk: Desk) -> None:
    pager, ids = desk.pagers[PD], [f"Q{number}" for number in range(9)]
    pager.broken |= {one: failing(one) for one in ids}
    await act(desk, Acknowledge(), *ids)
    sent(desk)
    assert await flushed(desk) == []
    assert sent(desk) == [["Q0"], ["Q1"]]


async def test_notes_that_are_alike_are_each_looked_for_from_their_own_beginning(desk: Desk) -> None:
    pager = desk.pagers[PD]
    pager.offline = "gone"
    first = desk.clock()
    await act(desk, ON_IT, "Q1", "Q2")
    desk.clock.advance(minutes=5)
    await act(desk, ON_IT, "Q1")
    pager.offline = ""
    await flushed(desk)
    assert pager.actions == [(ON_IT, first), (ON_IT, first), (ON_IT, first + timedelta(minutes=5))]
    assert sent(desk) == [["Q1"], ["Q2"], ["Q1"]]


async def test_a_fault_of_ours_is_not_waited_out(desk: Desk) -> None:
    pager = desk.pagers[PD]
    pager.fault = RuntimeError("of ours")
    (report,) = await act(desk, ON_IT, "Q1")
    assert (report.outcome, report.may_have_arrived) == (Outcome.FAILED, True), "it would fail for ever"
    assert await waiting(desk) == []


async def test_what_is_asked_for_anew_after_a_lost_answer_is_looked_for_over_a_crash(desk: Desk) -> None:
    pager, begun_at = desk.pagers[PD], desk.clock()
    desk.clock.advance(minutes=3)
    await desk.responder.act(Resolve("over"), [paged("Q1")], begun_at=begun_at)
    assert pager.actions == [(Resolve("over"), begun_at)]
    pager.offline = "gone"
    await desk.responder.act(ON_IT, [paged("Q1")], begun_at=begun_at)
    await desk.restarted()
    pager.offline = ""
    desk.clock.advance(minutes=1)
    await desk.responder.outbox.recover()
    assert pager.actions[-1] == (ON_IT, begun_at), "from the first attempt on"


async def test_a_beginning_that_nobody_can_read_is_left_out(desk: Desk) -> None:
    pager = desk.pagers[PD]
    pager.offline = "gone"
    begun_at = desk.clock()
    await desk.responder.act(ON_IT, [paged("Q1")], begun_at=begun_at - timedelta(minutes=3))
    (event, *_) = await desk.journal.read("incident:pagerduty:Q1")
    intent = intent_of(replace(event, payload={**event.payload, "first_begun_at": "yesterday"}), 1, begun_at)
    assert intent is not None
    assert intent.begun_at == begun_at


def test_what_can_be_told_from_what_came_by_itself() -> None:
    assert can_be_looked_for(Snooze(timedelta(hours=1)))
    assert can_be_looked_for(Create("t", "s"))
    assert not can_be_looked_for(Escalate(2))
