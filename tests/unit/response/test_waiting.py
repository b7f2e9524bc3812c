"""While a source is out of reach an acknowledge and a note wait, in order, and are dropped once they are not wanted."""

import asyncio
from datetime import timedelta

import pytest

from oncall_tui.domain.action import Acknowledge, Action, Note, Resolve
from oncall_tui.response.report import Outcome
from oncall_tui.response.unsent import Unsent
from tests.unit.journal.helpers import NIGHT
from tests.unit.response.helpers import EU, PD, Desk, Follower, alert, paged, record

OFFLINE = "pagerduty: api.pagerduty.com refuses the connection."
STREAM = "incident:pagerduty:Q1"


async def waiting(desk: Desk) -> tuple[Unsent, ...]:
    return await desk.responder.outbox.waiting(desk.clock())


async def targets(desk: Desk) -> list[str]:
    return [one.intent.target for one in await waiting(desk)]


async def offline(desk: Desk, *ids: str, action: Action | None = None) -> None:
    """An act while nobody answers."""
    desk.pagers[PD].offline = OFFLINE
    reports = await desk.responder.act(action or Acknowledge(), [paged(one) for one in ids])
    assert {one.outcome for one in reports} == {Outcome.WAITING}


async def test_what_cannot_be_sent_waits_with_its_age_and_the_reason(desk: Desk) -> None:
    await offline(desk, "Q1")
    desk.clock.advance(minutes=3)
    (one,) = await waiting(desk)
    assert (one.intent.target, one.at, one.is_waiting, one.reason) == (
        "Q1",
        NIGHT + timedelta(minutes=5),
        True,
        OFFLINE,
    )
    assert await desk.kinds(STREAM) == ["action_intent", "action_waits waiting"]


async def test_it_is_sent_in_order_once_the_source_is_back(desk: Desk) -> None:
    await offline(desk, "Q2")
    desk.clock.advance(seconds=1)
    await offline(desk, "Q2", action=Note("looking"))
    desk.clock.advance(seconds=1)
    await offline(desk, "Q1", "Q3")
    desk.clock.advance(minutes=1)
    desk.pagers[PD].offline = ""
    reports = await desk.responder.outbox.flush()
    assert [(one.alert_id, one.outcome) for one in reports] == [
        ("pagerduty/Q2", Outcome.CONFIRMED),
        ("pagerduty/Q2", Outcome.CONFIRMED),
        ("pagerduty/Q1", Outcome.CONFIRMED),
        ("pagerduty/Q3", Outcome.CONFIRMED),
    ]
    assert reports[0].reason == "it had waited for 1 min"
    assert desk.pagers[PD].calls == [["Q2"], ["Q2"], ["Q1", "Q3"]]
    assert [one.verb for one, _ in desk.pagers[PD].actions] == ["acknowledge", "note", "acknowledge"]
    assert await waiting(desk) == ()
    assert await desk.responder.outbox.flush() == []


async def test_while_nobody_answers_one_is_tried_and_the_others_cost_nothing(desk: Desk) -> None:
    await offline(desk, *(f"Q{number}" for number in range(50)))
    before = desk.pagers[PD].tried
    assert await desk.responder.outbox.flush() == []
    assert desk.pagers[PD].tried == before + 1
    assert len(await waiting(desk)) == 50
    assert await desk.kinds("incident:pagerduty:Q49") == ["action_intent", "action_waits waiting"]


async def test_it_survives_any_number_of_starts_while_it_is_young(desk: Desk) -> None:
    await offline(desk, "Q1")
    for pid in (200, 300, 400):
        desk.clock.advance(minutes=2)
        await desk.restarted(pid=pid, session=f"S{pid}")
        assert await desk.responder.outbox.recover() == []
    desk.pagers[PD].offline = ""
    await desk.restarted(pid=500, session="S500")
    (report,) = await desk.responder.outbox.recover()
    assert (report.outcome, report.reason) == (Outcome.CONFIRMED, "it had waited for 6 min")
    assert desk.pagers[PD].calls == [["Q1"]]


@pytest.mark.parametrize(
    ("how", "outcome", "words"),
    [
        ("resolved", Outcome.GONE, "no longer needed after 2 min, so nothing was sent: resolved at 03:10"),
        ("taken", Outcome.ALREADY, "no longer needed after 2 min, so nothing was sent: Bob has it"),
        ("old", Outcome.EXPIRED, "not sent: it waited for 17 min, and nobody knows whether it is still meant"),
        ("gone", Outcome.FAILED, "not sent: pagerduty is not configured, or takes no acknowledge any more"),
    ],
)
async def test_it_is_dropped_with_the_reason_when_it_is_no_longer_wanted(
    desk: Desk, how: str, outcome: Outcome, words: str
) -> None:
    await offline(desk, "Q1")
    pager = desk.pagers[PD]
    pager.offline = ""
    desk.clock.advance(minutes=2)
    if how == "resolved":
        pager.resolved.add("Q1")
    elif how == "taken":
        pager.acknowledged["Q1"] = "Bob"
    elif how == "old":
        desk.clock.advance(minutes=15)
    else:
        del desk.pagers[PD]
    (report,) = await desk.responder.outbox.flush()
    assert (report.outcome, report.may_have_arrived) == (outcome, False)
    assert report.reason.startswith(words)
    assert (await desk.kinds(STREAM))[-1] == f"action_result {outcome}"
    assert await waiting(desk) == ()
    assert pager.acknowledged.get("Q1") != "Alice"


async def test_other_verbs_fail_at_once_and_do_not_wait(desk: Desk) -> None:
    desk.pagers[PD].offline = OFFLINE
    (report,) = await desk.responder.act(Resolve("fixed"), [paged("Q1")])
    assert report.outcome is Outcome.FAILED
    assert await waiting(desk) == ()
    assert await desk.kinds(STREAM) == ["action_intent", "action_result failed"]


async def test_it_is_tried_when_a_poll_was_answered_and_else_more_and_more_rarely(desk: Desk) -> None:
    await offline(desk, "Q1")
    pager = desk.pagers[PD]
    tries: list[float] = []
    for _ in range(200):
        before = pager.tried
        await desk.responder.outbox.flush({})
        if pager.tried > before:
            tries.append((desk.clock() - NIGHT).total_seconds() - 300)
        desk.clock.advance(seconds=1)
    assert tries == [0, 5, 15, 35, 75, 135, 195]
    heard = {PD: desk.clock()}
    before = pager.tried
    await desk.responder.outbox.flush(heard)
    await desk.responder.outbox.flush(heard)
    assert pager.tried == before + 1, "once for one answer"


async def test_a_vendor_that_asks_to_wait_is_not_tried_before(desk: Desk) -> None:
    desk.pagers[PD].wait_s = 90
    await offline(desk, "Q1")
    await desk.responder.outbox.flush({})
    tried = desk.pagers[PD].tried
    desk.clock.advance(seconds=89)
    await desk.responder.outbox.flush({PD: desk.clock()})
    assert desk.pagers[PD].tried == tried
    desk.clock.advance(seconds=1)
    await desk.responder.outbox.flush({})
    assert desk.pagers[PD].tried == tried + 1


async def test_one_source_that_is_out_of_reach_holds_up_no_other(desk: Desk) -> None:
    desk.pagers[EU].offline = OFFLINE
    await offline(desk, "Q1")
    await desk.responder.acknowledge([paged("E1", EU)])
    desk.pagers[PD].offline = ""
    (report,) = await desk.responder.outbox.flush()
    assert (report.alert_id, report.outcome) == ("pagerduty/Q1", Outcome.CONFIRMED)
    assert await targets(desk) == ["E1"]


async def test_it_can_be_dropped_by_hand_and_is_never_sent_then(desk: Desk) -> None:
    await offline(desk, "Q1", "Q2")
    first = (await waiting(desk))[0].intent.request_id
    report = await desk.responder.outbox.drop(first)
    assert report is not None
    assert (report.alert_id, report.outcome) == ("pagerduty/Q1", Outcome.DROPPED)
    assert await desk.responder.outbox.drop(first) is None, "it waits no more"
    desk.pagers[PD].offline = ""
    await desk.responder.outbox.flush()
    assert desk.pagers[PD].calls == [["Q2"]]
    assert await desk.kinds(STREAM) == ["action_intent", "action_waits waiting", "action_result dropped"]


async def test_two_programs_on_one_journal_send_it_once(desk: Desk) -> None:
    await offline(desk, *(f"Q{number}" for number in range(20)))
    other = Desk(desk.path, pid=201, session="S3")
    other.pagers, other.alive = desk.pagers, desk.alive
    other._start("laptop", 201, "S3")
    desk.alive |= {201}
    desk.pagers[PD].offline = ""
    mine, theirs = await asyncio.gather(desk.responder.outbox.flush(), other.responder.outbox.flush())
    await other.journal.close()
    assert len(mine) + len(theirs) == 20
    sent = [one for call in desk.pagers[PD].calls for one in call]
    assert sorted(sent) == sorted({f"Q{number}" for number in range(20)}), "each once"


async def test_what_waits_on_another_engineers_laptop_is_theirs(desk: Desk) -> None:
    await offline(desk, "Q1")
    desk.actor = "user:bob"
    await desk.restarted(host="other")
    desk.pagers[PD].offline = ""
    assert await desk.responder.outbox.recover() == []
    assert desk.pagers[PD].calls == []


async def test_a_claim_that_a_crash_cut_off_is_sent_once_more_by_the_next_start(desk: Desk) -> None:
    await offline(desk, "Q1")
    desk.pagers[PD].offline = ""
    gate = desk.pagers[PD].gate = asyncio.Event()
    task = asyncio.create_task(desk.responder.outbox.flush())
    await desk.pagers[PD].called.wait()
    await desk.restarted(pid=300, session="S3")
    gate.set()
    await task
    assert desk.pagers[PD].acknowledged == {"Q1": "Alice"}
    assert await targets(desk) == []


async def test_a_result_for_each_as_it_arrives(desk: Desk) -> None:
    pager, follower = desk.pagers[PD], Follower()
    pager.takes = 3
    acting = asyncio.create_task(desk.responder.acknowledge([paged(f"Q{number}") for number in range(5)], follower))
    await follower.has_rested.wait()
    await follower.has_three.wait()
    assert [one.alert_id for one in follower.heard] == ["pagerduty/Q0", "pagerduty/Q1", "pagerduty/Q2"]
    assert follower.rests == [(PD, 60)]
    assert (await desk.kinds("incident:pagerduty:Q2"))[-1] == "action_result confirmed", "written before it is told"
    assert desk.responder.stop() == 1
    reports = await acting
    assert [one.outcome for one in reports] == [Outcome.CONFIRMED] * 3 + [Outcome.FAILED] * 2
    assert reports[4].reason == "Not sent: it was stopped."
    assert len(follower.heard) == 5
    assert await waiting(desk) == (), "who stops it does not want it later"


@pytest.mark.parametrize(
    ("action", "left"), [(Acknowledge(), "action_waits waiting"), (Resolve("over"), "action_result failed")]
)
async def test_the_end_of_the_program_loses_nothing_of_what_was_not_begun(
    desk: Desk, action: Action, left: str
) -> None:
    desk.pagers[PD].takes = 3
    follower = Follower()
    acting = asyncio.create_task(desk.responder.act(action, [paged(f"Q{number}") for number in range(5)], follower))
    await follower.has_rested.wait()
    await desk.responder.let_go_of(5)
    await acting
    assert (await desk.kinds("incident:pagerduty:Q0"))[-1] == "action_result confirmed"
    assert (await desk.kinds("incident:pagerduty:Q4"))[-1] == left


async def test_an_alert_that_two_pagers_hold_waits_for_the_one_that_is_out_of_reach(desk: Desk) -> None:
    desk.pagers[EU].offline = OFFLINE
    (report,) = await desk.responder.acknowledge([alert(record(PD, "Q1"), record(EU, "E1"))])
    assert report.outcome is Outcome.WAITING
    assert report.reason == f"pagerduty-eu waiting: {OFFLINE}; pagerduty confirmed"
    desk.pagers[EU].offline = ""
    (report,) = await desk.responder.outbox.flush()
    assert report.outcome is Outcome.CONFIRMED
