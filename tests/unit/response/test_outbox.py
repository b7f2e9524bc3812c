"""What a crash left open is sent again once, or told of; never silently dropped, never sent twice by two."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from oncall_tui.domain.action import Acknowledge, Action, Escalate, Note, Resolve
from oncall_tui.domain.alert import Alert
from oncall_tui.journal.errors import JournalError
from oncall_tui.journal.views import REMEMBERED
from oncall_tui.response.intent import intent_at_vendor, intent_event
from oncall_tui.response.owner import Owner
from oncall_tui.response.report import Outcome
from oncall_tui.sources.actors import ActOutcome, ActResult
from tests.unit.journal.helpers import NIGHT, note
from tests.unit.response.helpers import EU, PD, Desk, alert, paged, record

ACKNOWLEDGE = Acknowledge()


async def begun(
    desk: Desk,
    one: Alert,
    host: str = "laptop",
    pid: int = 100,
    actor: str = "user:alice",
    action: Action = ACKNOWLEDGE,
) -> None:
    """An action that a process had just written down when it ended."""
    for index, held in enumerate(held for held in one.records if held.source in (PD, EU)):
        intent = intent_at_vendor(f"{host}-{pid}-{one.id}-{index}-{action.verb}", action, one, held)
        event = intent_event(intent, actor, desk.clock(), Owner(host, pid, "S0"))
        await desk.journal.append(intent.stream, [event])


async def left_open(desk: Desk) -> list[str]:
    return [one.intent.target for one in await desk.responder.outbox.unsent(desk.clock())]


async def test_what_was_not_sent_is_sent_and_the_result_written(desk: Desk) -> None:
    await begun(desk, paged("Q1"))
    await desk.restarted()
    assert await left_open(desk) == ["Q1"]
    (report,) = await desk.responder.outbox.recover()
    assert (report.alert_id, report.title, report.outcome) == ("pagerduty/Q1", "Q1 is down", Outcome.CONFIRMED)
    assert report.reason == "sent again after the program had ended before the answer"
    assert desk.pagers[PD].calls == [["Q1"]]
    assert await desk.kinds("incident:pagerduty:Q1") == ["action_intent", "action_intent", "action_result confirmed"]
    assert await left_open(desk) == []
    assert await desk.responder.outbox.recover() == []


@pytest.mark.parametrize("is_fault", [True, False], ids=["the client raises", "the source says failed"])
async def test_what_the_end_of_the_program_cuts_off_is_open_at_the_next_start(desk: Desk, is_fault: bool) -> None:
    pager, elsewhere = desk.pagers[PD], desk.pagers[EU]
    pager.gate, elsewhere.gate = asyncio.Event(), asyncio.Event()
    if is_fault:
        pager.fault = ConnectionError("cut off")
    else:
        pager.broken["Q1"] = ActResult("Q1", ActOutcome.FAILED, "no connection", may_have_arrived=True)
    acting = asyncio.create_task(desk.responder.acknowledge([paged("Q1"), paged("Q2", EU)]))
    await pager.called.wait()
    await elsewhere.called.wait()
    desk.responder.let_go()
    pager.gate.set()
    elsewhere.gate.set()
    cut, answered = await acting
    assert (cut.outcome, answered.outcome) == (Outcome.FAILED, Outcome.CONFIRMED)
    assert await desk.kinds("incident:pagerduty-eu:Q2") == ["action_intent", "action_result confirmed"]
    pager.fault, pager.broken = None, {}
    await desk.restarted()
    assert await left_open(desk) == ["Q1"]
    (report,) = await desk.responder.outbox.recover()
    assert report.outcome is Outcome.CONFIRMED
    assert pager.acknowledged == {"Q1": "Alice"}


async def test_what_the_vendor_has_already_done_or_closed_is_final_with_the_reason(desk: Desk) -> None:
    desk.pagers[PD].acknowledged["Q1"] = "Bob"
    desk.pagers[PD].resolved.add("Q2")
    await begun(desk, paged("Q1"))
    await begun(desk, paged("Q2"))
    await desk.restarted()
    reports = await desk.responder.outbox.recover()
    assert [(one.outcome, one.by) for one in reports] == [(Outcome.ALREADY, "Bob"), (Outcome.GONE, None)]
    assert reports[0].reason.endswith(": Bob has it")
    assert reports[1].reason.endswith(": resolved at 03:10, so it was left alone")
    assert desk.pagers[PD].calls == [["Q1", "Q2"]], "one call for all of them"
    assert await left_open(desk) == []


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        (timedelta(minutes=14, seconds=59), Outcome.CONFIRMED),
        (timedelta(minutes=15), Outcome.EXPIRED),
        (timedelta(days=3), Outcome.EXPIRED),
        (timedelta(seconds=-30), Outcome.CONFIRMED),
        (timedelta(hours=-1), Outcome.EXPIRED),
    ],
)
async def test_only_what_is_young_is_sent(desk: Desk, age: timedelta, expected: Outcome) -> None:
    await begun(desk, paged("Q1"))
    await desk.restarted()
    desk.clock.now += age
    (report,) = await desk.responder.outbox.recover()
    assert report.outcome is expected
    assert desk.pagers[PD].calls == ([["Q1"]] if expected is Outcome.CONFIRMED else [])
    assert (await desk.kinds("incident:pagerduty:Q1"))[-1] == f"action_result {expected}"
    assert await left_open(desk) == [], "it is told once"


async def test_an_expired_one_says_what_to_do(desk: Desk) -> None:
    await begun(desk, paged("Q1"))
    desk.clock.advance(minutes=40)
    await desk.restarted()
    (found,) = await desk.responder.outbox.unsent(desk.clock())
    assert (found.is_too_old, found.at) == (True, NIGHT + timedelta(minutes=5))
    (report,) = await desk.responder.outbox.recover()
    assert "the key was pressed 40 min ago and no answer was recorded" in report.reason
    assert "look at it in pagerduty, and acknowledge anew" in report.reason
    assert report.may_have_arrived


async def test_a_clock_that_was_set_back_is_named(desk: Desk) -> None:
    await begun(desk, paged("Q1"))
    desk.clock.advance(hours=-1)
    await desk.restarted()
    (report,) = await desk.responder.outbox.recover()
    assert "the clock was set back since the key was pressed, so its age is unknown" in report.reason


async def test_a_live_process_keeps_its_own(desk: Desk) -> None:
    await begun(desk, paged("Q1"), pid=100)
    await desk.restarted(dead=False)
    assert await left_open(desk) == []
    assert await desk.responder.outbox.recover() == []
    desk.alive.discard(100)
    assert await left_open(desk) == ["Q1"]


async def test_a_process_id_that_lives_long_is_somebody_elses(desk: Desk) -> None:
    await begun(desk, paged("Q1"), pid=100)
    await desk.restarted(dead=False)
    desk.clock.advance(minutes=16)
    (report,) = await desk.responder.outbox.recover()
    assert report.outcome is Outcome.EXPIRED


async def test_a_former_run_with_our_process_id_is_dead(desk: Desk) -> None:
    await begun(desk, paged("Q1"), pid=7)
    await desk.restarted(pid=7)
    assert await left_open(desk) == ["Q1"]


async def test_another_engineer_on_another_machine_sends_what_is_theirs(desk: Desk) -> None:
    await begun(desk, paged("Q1"), host="other", actor="user:bob")
    await begun(desk, paged("Q2"), host="renamed", actor="user:alice")
    await desk.restarted()
    assert await left_open(desk) == ["Q2"]
    desk.clock.advance(minutes=15)
    assert await left_open(desk) == ["Q1", "Q2"], "old ones are told of by whoever comes"


async def test_it_is_not_sent_a_third_time(desk: Desk) -> None:
    await begun(desk, paged("Q1"))
    await desk.restarted()
    gate = desk.pagers[PD].gate = asyncio.Event()
    task = asyncio.create_task(desk.responder.outbox.recover())
    await desk.pagers[PD].called.wait()
    await desk.restarted(pid=300, session="S3")
    (report,) = await desk.responder.outbox.recover()
    assert report.outcome is Outcome.FAILED
    assert "not sent a third time" in report.reason
    assert report.may_have_arrived
    assert desk.pagers[PD].calls == [["Q1"]]
    gate.set()
    await task
    assert await left_open(desk) == []


async def test_two_processes_that_start_at_once_send_it_once(desk: Desk) -> None:
    await begun(desk, paged("Q1"))
    await desk.restarted()
    other = Desk(desk.path, pid=201, session="S3")
    other.pagers.update(desk.pagers)
    desk.alive |= {200, 201}
    other.alive = desk.alive
    reports = await asyncio.gather(desk.responder.outbox.recover(), other.responder.outbox.recover())
    await other.journal.close()
    assert sorted(len(one) for one in reports) == [0, 1]
    assert desk.pagers[PD].calls == [["Q1"]]


@pytest.mark.parametrize("count", [1, 3])
async def test_two_processes_that_start_at_once_close_it_once(desk: Desk, count: int) -> None:
    for number in range(count):
        await begun(desk, paged(f"Q{number}"), action=Resolve())
    await desk.restarted()
    other = Desk(desk.path, pid=201, session="S3")
    desk.alive |= {200, 201}
    other.alive = desk.alive
    told = await asyncio.gather(desk.responder.outbox.recover(), other.responder.outbox.recover())
    await other.journal.close()
    assert sorted(len(one) for one in told) == [0, count]
    for number in range(count):
        assert await desk.kinds(f"incident:pagerduty:Q{number}") == ["action_intent", "action_result unknown"]


async def test_what_cannot_be_closed_for_want_of_a_journal_is_told_of_with_a_warning(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await begun(desk, paged("Q1"), action=Resolve())
    await desk.restarted()

    async def full(*_: object, **__: object) -> None:
        raise JournalError("The disk is full.", "Make room.")

    monkeypatch.setattr(desk.journal, "append", full)
    (report,) = await desk.responder.outbox.recover()
    assert report.outcome is Outcome.UNKNOWN
    assert "the result is not in the journal" in report.reason


async def test_recovering_twice_at_once_in_one_process_sends_it_once(desk: Desk) -> None:
    await begun(desk, paged("Q1"))
    await desk.restarted()
    first, second = await asyncio.gather(desk.responder.outbox.recover(), desk.responder.outbox.recover())
    assert len(first) + len(second) == 1
    assert desk.pagers[PD].calls == [["Q1"]]


async def test_what_is_claimed_but_not_yet_sent_is_in_good_hands(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    await begun(desk, paged("Q1"))
    await desk.restarted()
    write = desk.journal.append
    found: list[object] = []

    async def claimed_then_recovered(*args: Any, **named: Any) -> object:
        events = await write(*args, **named)
        found.append(await desk.responder.outbox.recover())
        return events

    monkeypatch.setattr(desk.journal, "append", claimed_then_recovered)
    (report,) = await desk.responder.outbox.recover()
    assert found == [[]]
    assert report.outcome is Outcome.CONFIRMED
    assert desk.pagers[PD].calls == [["Q1"]]


async def test_the_claim_survives_other_events_on_the_incident(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    await begun(desk, paged("Q1"))
    await desk.restarted()
    meanwhile(desk, monkeypatch, lambda: desk.journal.append("incident:pagerduty:Q1", [note("from a phone")]), times=2)
    (report,) = await desk.responder.outbox.recover()
    assert report.outcome is Outcome.CONFIRMED
    assert desk.pagers[PD].calls == [["Q1"]]


async def test_a_claim_that_never_succeeds_sends_nothing_and_says_so(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await begun(desk, paged("Q1"))
    await desk.restarted()
    meanwhile(desk, monkeypatch, lambda: desk.journal.append("incident:pagerduty:Q1", [note("again")]), times=99)
    (report,) = await desk.responder.outbox.recover()
    assert report.outcome is Outcome.FAILED
    assert "it is tried at the next start" in report.reason
    assert desk.pagers[PD].calls == []
    monkeypatch.undo()
    assert await left_open(desk) == ["Q1"]


def meanwhile(desk: Desk, monkeypatch: pytest.MonkeyPatch, act: Callable[[], Awaitable[object]], times: int) -> None:
    """Let somebody write between each look at a stream and the claim that follows, so many times."""
    read = desk.journal.read
    left = iter(range(times))

    async def watched(stream: str) -> object:
        events = await read(stream)
        if next(left, None) is not None:
            await act()
        return events

    monkeypatch.setattr(desk.journal, "read", watched)


async def test_a_source_that_is_gone_from_the_configuration_is_told_of(desk: Desk) -> None:
    await begun(desk, paged("E1", EU))
    del desk.pagers[EU]
    await desk.restarted()
    (report,) = await desk.responder.outbox.recover()
    assert report.outcome is Outcome.FAILED
    assert "pagerduty-eu is not configured" in report.reason
    assert await left_open(desk) == []


async def test_the_records_of_one_alert_are_one_report(desk: Desk) -> None:
    await begun(desk, alert(record(PD, "Q1"), record(EU, "E1")))
    desk.pagers[EU].acknowledged["E1"] = "Bob"
    await desk.restarted()
    (report,) = await desk.responder.outbox.recover()
    assert (report.alert_id, report.outcome, report.by) == ("pagerduty/Q1", Outcome.CONFIRMED, "Bob")


async def test_what_cannot_be_claimed_for_want_of_a_journal_is_not_sent(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await begun(desk, paged("Q1"))
    await desk.restarted()

    async def full(*_: object, **__: object) -> object:
        raise JournalError("The journal is full.", "Free some space.")

    monkeypatch.setattr(desk.journal, "append", full)
    (report,) = await desk.responder.outbox.recover()
    assert report.outcome is Outcome.FAILED
    assert "not sent again: The journal is full. Free some space." in report.reason
    assert desk.pagers[PD].calls == []
    assert await left_open(desk) == ["Q1"], "it stays open for the next start"


async def test_what_is_not_an_acknowledge_is_left_to_others(desk: Desk) -> None:
    await desk.journal.append("incident:pagerduty:Q1", [note()])
    (event,) = await desk.journal.append("run:1", [note(request_id="R1", verb="note")])
    assert event.payload["verb"] == "note"
    assert await left_open(desk) == []


async def test_a_start_reads_what_is_remembered_and_not_the_whole_history(desk: Desk) -> None:
    await begun(desk, paged("Q1"))
    began = desk.clock.now
    await desk.restarted()
    desk.clock.now = began + REMEMBERED
    assert await left_open(desk) == ["Q1"]
    desk.clock.now = began + REMEMBERED + timedelta(seconds=1)
    assert await left_open(desk) == []


async def test_a_note_is_sent_again_by_a_client_that_looks_for_it_first(desk: Desk) -> None:
    pressed_at = desk.clock()
    await begun(desk, paged("Q1"), action=Note("rolled back"))
    await desk.restarted()
    desk.clock.now += timedelta(minutes=2)
    (report,) = await desk.responder.outbox.recover()
    assert (report.outcome, report.verb) == (Outcome.CONFIRMED, "note")
    assert desk.pagers[PD].actions == [(Note("rolled back"), pressed_at)]


@pytest.mark.parametrize("action", [Resolve("fixed"), Escalate(2)])
async def test_other_verbs_are_told_of_and_never_sent_again(desk: Desk, action: Action) -> None:
    await begun(desk, paged("Q1"), action=action)
    await begun(desk, paged("Q1"))
    await desk.restarted()
    reports = {one.verb: one for one in await desk.responder.outbox.recover()}
    told = reports[action.verb]
    assert (told.outcome, told.may_have_arrived) == (Outcome.UNKNOWN, True)
    assert told.reason == f"the program had ended before the answer to this {action.verb}; " + (
        "look in pagerduty whether it was done"
    )
    assert [one for one, _ in desk.pagers[PD].actions] == [ACKNOWLEDGE]
    assert await left_open(desk) == [], "it is told once"


async def test_an_action_of_another_version_is_left_alone(desk: Desk) -> None:
    intent = intent_at_vendor("R1", ACKNOWLEDGE, paged("Q1"), paged("Q1").records[0])
    event = intent_event(intent, "user:alice", desk.clock(), Owner("laptop", 100, "S0"))
    await desk.journal.append(intent.stream, [replace(event, payload={**event.payload, "verb": "teleport"})])
    await desk.restarted()
    assert await left_open(desk) == []
    assert await desk.responder.outbox.recover() == []
