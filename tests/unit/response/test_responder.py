"""Every verb: intent, call, result."""

import asyncio
import os
from collections.abc import Sequence
from typing import Any

import pytest

from oncall_tui.domain.action import Acknowledge, Archive, Escalate, Note, Resolve
from oncall_tui.domain.alert import Alert
from oncall_tui.domain.verb import Verb
from oncall_tui.response.owner import is_alive, this_process
from oncall_tui.response.report import ActReport, Outcome
from oncall_tui.sources.actors import ActOutcome, ActResult
from tests.unit.response.helpers import EU, PD, PROM, SENTRY, Desk, FakePager, Follower, alert, paged, record


async def acknowledged(desk: Desk, *alerts: Alert) -> list[tuple[str, Outcome, str]]:
    reports = await desk.responder.acknowledge(alerts)
    return [(one.alert_id, one.outcome, one.reason) for one in reports]


async def test_the_intent_is_on_the_disk_before_the_call_and_the_result_after_it(desk: Desk) -> None:
    gate = desk.pagers[PD].gate = asyncio.Event()
    task = asyncio.create_task(desk.responder.acknowledge([paged("Q1")]))
    await desk.pagers[PD].called.wait()
    before = await desk.kinds("incident:pagerduty:Q1")
    gate.set()
    (report,) = await task
    assert before == ["action_intent"]
    assert await desk.kinds("incident:pagerduty:Q1") == ["action_intent", "action_result confirmed"]
    assert report == ActReport(paged("Q1").id, "Q1 is down", Outcome.CONFIRMED)


async def test_an_intent_names_who_acts_on_what_from_where(desk: Desk) -> None:
    await desk.responder.acknowledge([paged("Q1")])
    intent, result = await desk.journal.read("incident:pagerduty:Q1")
    assert intent.actor == result.actor == "user:alice"
    assert intent.payload == {
        "verb": "acknowledge",
        "request_id": "S1-1",
        "alert": "pagerduty/Q1",
        "title": "Q1 is down",
        "source": "pagerduty",
        "target": "Q1",
        "attempt": 1,
        "host": "laptop",
        "pid": 100,
        "session": "S1",
    }
    assert result.payload["request_id"] == "S1-1"
    assert "host" not in result.payload


async def test_many_alerts_are_one_call_per_source_and_one_report_each_in_order(desk: Desk) -> None:
    desk.pagers[PD].resolved.add("Q2")
    desk.pagers[PD].acknowledged["Q3"] = "Bob"
    desk.pagers[PD].broken["Q4"] = ActResult("Q4", ActOutcome.FAILED, "refused: 403")
    alerts = [paged(name) for name in ("Q1", "Q2", "Q3", "Q4")]
    outcomes = await acknowledged(desk, *alerts, paged("E1", EU), paged("Q1"))
    assert outcomes == [
        ("pagerduty/Q1", Outcome.CONFIRMED, ""),
        ("pagerduty/Q2", Outcome.GONE, "resolved at 03:10, so it was left alone"),
        ("pagerduty/Q3", Outcome.ALREADY, "Bob has it"),
        ("pagerduty/Q4", Outcome.FAILED, "refused: 403"),
        ("pagerduty-eu/E1", Outcome.CONFIRMED, ""),
    ]
    assert desk.pagers[PD].calls == [["Q1", "Q2", "Q3", "Q4"]]
    assert desk.pagers[EU].calls == [["E1"]]
    assert await desk.kinds("incident:pagerduty:Q3") == ["action_intent", "action_result already"]
    assert (await desk.journal.read("incident:pagerduty:Q3"))[1].text("by") == "Bob"


async def test_an_alert_without_a_pager_is_acknowledged_here_only(desk: Desk) -> None:
    (report,) = await desk.responder.acknowledge([alert(record(PROM, "fp1"))])
    assert report.outcome is Outcome.HERE_ONLY
    assert report.reason == "no pager holds it, only this journal knows of the acknowledge"
    assert await desk.kinds("alert:prometheus/fp1") == ["action_intent", "action_result here only"]
    assert desk.pagers[PD].calls == []


async def test_a_pager_that_may_not_be_written_to_is_named(desk: Desk) -> None:
    del desk.pagers[EU]
    (report,) = await desk.responder.acknowledge([paged("E1", EU)])
    assert report.outcome is Outcome.HERE_ONLY
    assert "pagerduty-eu takes no acknowledge from here and goes on paging" in report.reason


async def test_an_alert_at_two_pagers_is_as_good_as_the_worse_answer(desk: Desk) -> None:
    desk.pagers[EU].broken["E1"] = ActResult("E1", ActOutcome.FAILED, "timed out", may_have_arrived=True)
    (report,) = await desk.responder.acknowledge([alert(record(PD, "Q1"), record(EU, "E1"))])
    assert report.outcome is Outcome.FAILED
    assert report.reason == "pagerduty-eu failed: timed out; pagerduty confirmed"
    assert report.may_have_arrived
    desk.pagers[EU].broken.clear()
    desk.pagers[EU].acknowledged["E1"] = "Bob"
    desk.pagers[PD].acknowledged.clear()
    (report,) = await desk.responder.acknowledge([alert(record(PD, "Q1"), record(EU, "E1"))])
    assert (report.outcome, report.by) == (Outcome.CONFIRMED, "Bob")


async def test_progress_is_told_as_each_source_answers(desk: Desk) -> None:
    gate = desk.pagers[EU].gate = asyncio.Event()
    follower = Follower()
    follower.on_two = gate.set

    both = alert(record(PD, "Q2"), record(EU, "E2"))
    alerts = [paged("E1", EU), both, paged("Q1"), alert(record(PROM, "fp1"))]
    reports = await desk.responder.acknowledge(alerts, follower)
    heard = [one.alert_id for one in follower.heard]
    assert heard[:2] == ["prometheus/fp1", "pagerduty/Q1"]
    assert sorted(heard[2:]) == ["pagerduty-eu/E1", "pagerduty/Q2"]
    assert [one.alert_id for one in reports] == [one.id for one in alerts]


async def test_a_listener_that_breaks_costs_no_send_and_no_result(desk: Desk) -> None:
    class Breaking(Follower):
        def hear(self, reports: Sequence[ActReport]) -> None:
            super().hear(reports)
            raise RuntimeError("the row is gone")

    breaking = Breaking()
    with pytest.raises(RuntimeError, match="the row is gone"):
        await desk.responder.acknowledge([alert(record(PROM, "fp1")), paged("Q1"), paged("E1", EU)], breaking)
    assert desk.pagers[PD].calls == [["Q1"]]
    assert desk.pagers[EU].calls == [["E1"]]
    for stream in ("incident:pagerduty:Q1", "incident:pagerduty-eu:E1"):
        assert await desk.kinds(stream) == ["action_intent", "action_result confirmed"]
    assert breaking.batches == 3, "it goes on hearing"


async def test_nothing_is_sent_when_the_intent_cannot_be_written(desk: Desk) -> None:
    desk.journal.failing = frozenset({1})
    reports = await desk.responder.acknowledge([paged("Q1"), alert(record(PROM, "fp1"))])
    assert [one.outcome for one in reports] == [Outcome.FAILED, Outcome.FAILED]
    assert "nothing was sent: The journal j.db cannot be used: the disk is full. Free some space." in reports[0].reason
    assert desk.pagers[PD].calls == []
    assert await desk.kinds("alert:prometheus/fp1") == []
    (again,) = await desk.responder.acknowledge([paged("Q1")])
    assert again.outcome is Outcome.CONFIRMED


async def test_a_confirmed_acknowledge_stays_confirmed_when_its_result_cannot_be_written(desk: Desk) -> None:
    desk.journal.failing = frozenset({2})
    (report,) = await desk.responder.acknowledge([paged("Q1")])
    assert report.outcome is Outcome.CONFIRMED
    assert "the result is not in the journal" in report.reason
    assert [one.intent.target for one in await desk.responder.outbox.unsent(desk.clock())] == ["Q1"]


async def test_an_id_that_the_source_does_not_mention_has_failed(desk: Desk) -> None:
    (report,) = await desk.responder.acknowledge([paged("Q-LOST")])
    assert report.outcome is Outcome.FAILED
    assert report.reason == "pagerduty said nothing about Q-LOST; look at it there"
    assert report.may_have_arrived


async def test_a_fault_in_one_client_leaves_the_others_results(desk: Desk) -> None:
    desk.pagers[PD].fault = TypeError("unexpected \x1b[2J shape of Bearer t0p-s3cret")
    outcomes = await acknowledged(desk, paged("Q1"), paged("E1", EU))
    assert [outcome for _, outcome, _ in outcomes] == [Outcome.FAILED, Outcome.CONFIRMED]
    assert outcomes[0][2] == "the client of pagerduty broke off: TypeError; look at the alert in pagerduty itself"
    assert await desk.kinds("incident:pagerduty:Q1") == ["action_intent", "action_result failed"]


async def test_a_cancelled_wait_does_not_lose_the_result(desk: Desk) -> None:
    desk.journal.two_written = asyncio.Event()
    gate = desk.pagers[PD].gate = asyncio.Event()
    task = asyncio.create_task(desk.responder.acknowledge([paged("Q1")]))
    await desk.pagers[PD].called.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with asyncio.timeout(60):
        assert await desk.responder.outbox.recover() == [], "it is still under way"
        gate.set()
        await desk.journal.two_written.wait()
    assert await desk.kinds("incident:pagerduty:Q1") == ["action_intent", "action_result confirmed"]
    assert desk.pagers[PD].calls == [["Q1"]]


async def test_the_outbox_leaves_alone_what_is_about_to_be_sent(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    write = desk.journal.append_all
    found: list[list[ActReport]] = []

    async def written_then_recovered(*args: Any) -> object:
        events = await write(*args)
        if not found:
            found.append(await desk.responder.outbox.recover())
        return events

    monkeypatch.setattr(desk.journal, "append_all", written_then_recovered)
    (report,) = await desk.responder.acknowledge([paged("Q1")])
    assert found == [[]]
    assert report.outcome is Outcome.CONFIRMED
    assert desk.pagers[PD].calls == [["Q1"]]


async def test_nothing_to_acknowledge_is_no_call(desk: Desk) -> None:
    assert await desk.responder.acknowledge([]) == []
    assert desk.pagers[PD].calls == []


def test_a_process_knows_whether_another_lives() -> None:
    assert is_alive(os.getpid())
    assert is_alive(1), "of another user or not"
    assert not is_alive(0)
    assert not is_alive(2**22 + 7), "beyond the largest process id of Linux"
    owner = this_process("S")
    assert (owner.pid, owner.session) == (os.getpid(), "S")
    assert owner.host


async def test_a_verb_goes_to_the_first_kind_of_source_that_can_do_it(desk: Desk) -> None:
    desk.pagers[SENTRY] = FakePager(verbs=frozenset({Verb.RESOLVE, Verb.ARCHIVE}))
    desk.pagers[EU].verbs = frozenset({Verb.ACKNOWLEDGE})
    desk.pagers[PD].verbs = frozenset({Verb.ACKNOWLEDGE, Verb.RESOLVE})
    both = alert(record(PD, "Q1"), record(SENTRY, "7"), record(EU, "Q2"))
    (resolved,) = await desk.responder.act(Resolve("fixed"), [both])
    (archived,) = await desk.responder.act(Archive(), [both])
    (acknowledged,) = await desk.responder.acknowledge([both])
    assert [one.outcome for one in (resolved, archived, acknowledged)] == [Outcome.CONFIRMED] * 3
    assert [one.verb for one in (resolved, archived, acknowledged)] == ["resolve", "archive", "acknowledge"]
    assert desk.pagers[PD].actions == [(Resolve("fixed"), None), (Acknowledge(), None)]
    assert desk.pagers[SENTRY].actions == [(Archive(), None)]
    assert desk.pagers[EU].actions == [(Acknowledge(), None)]


async def test_what_no_source_can_do_is_refused_and_the_rest_is_done(desk: Desk) -> None:
    reports = await desk.responder.act(Escalate(2), [alert(record(PROM, "fp")), paged("Q1")])
    assert [one.outcome for one in reports] == [Outcome.FAILED, Outcome.CONFIRMED]
    assert reports[0].reason == "nothing was sent: there is no escalate for an alert of prometheus"
    assert await desk.journal.read("alert:prometheus/fp") == ()


async def test_when_nothing_can_be_done_nothing_is_written(desk: Desk) -> None:
    follower = Follower()
    (report,) = await desk.responder.act(Escalate(2), [alert(record(PROM, "fp"))], follower)
    assert follower.heard == [report]
    assert report.outcome is Outcome.FAILED


async def test_a_note_for_an_alert_without_a_pager_stays_in_the_journal(desk: Desk) -> None:
    (report,) = await desk.responder.act(Note("disk is being moved"), [alert(record(PROM, "fp"))])
    assert report.outcome is Outcome.HERE_ONLY
    assert report.reason == "no pager holds it, only this journal knows of the note"
    (intent, _) = await desk.journal.read("alert:prometheus/fp")
    assert intent.payload["options"] == {"text": "disk is being moved"}
    assert await desk.responder.local_acknowledgements() == (), "a note is no acknowledge"
