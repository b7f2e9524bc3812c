"""Acknowledgements that only the journal knows of, laid over a situation."""

from dataclasses import replace
from datetime import datetime, timedelta

from oncall_tui.domain.alert import Alert, Status
from oncall_tui.domain.ids import SourceName
from oncall_tui.journal.views import REMEMBERED, LocalAcknowledgement
from oncall_tui.response.local import with_local_acknowledgements
from tests.unit.journal.helpers import NIGHT
from tests.unit.response.helpers import PD, PROM, Desk, alert, paged, record

NOW = NIGHT + timedelta(hours=1)
ACKED = NIGHT + timedelta(minutes=10)


def ack(*refs: str, at: datetime = ACKED, by: str = "user:alice") -> LocalAcknowledgement:
    return LocalAcknowledgement(frozenset(refs), by, at)


def one(fingerprint: str = "fp1", since: datetime = NIGHT, status: Status = Status.FIRING) -> Alert:
    return alert(record(PROM, fingerprint, since, status))


def test_an_acknowledged_alert_is_marked_and_the_others_are_not() -> None:
    alerts = (one("fp0"), one("fp1"), one("fp2", status=Status.SILENCED))
    marked = with_local_acknowledgements(alerts, [ack("prometheus/fp1"), ack("prometheus/fp2")], NOW)
    assert marked[0] is alerts[0]
    assert marked[1] == replace(
        alerts[1],
        status=Status.ACKNOWLEDGED,
        acknowledged_by="alice",
        acknowledged_at=ACKED,
        is_acknowledged_here_only=True,
    )
    assert marked[2].is_acknowledged_here_only


def test_it_is_void_when_the_trouble_came_back_after_it() -> None:
    (again,) = with_local_acknowledgements([one(since=ACKED + timedelta(seconds=1))], [ack("prometheus/fp1")], NOW)
    assert again.status is Status.FIRING
    (same,) = with_local_acknowledgements([one(since=ACKED)], [ack("prometheus/fp1")], NOW)
    assert same.is_acknowledged_here_only


def test_the_newest_one_counts() -> None:
    acks = [ack("prometheus/fp1", at=ACKED + timedelta(minutes=5), by="user:bob"), ack("prometheus/fp1")]
    (marked,) = with_local_acknowledgements([one(since=ACKED + timedelta(minutes=2))], acks, NOW)
    assert marked.acknowledged_by == "bob"


def test_it_does_not_count_before_its_time() -> None:
    (early,) = with_local_acknowledgements([one()], [ack("prometheus/fp1")], ACKED - timedelta(seconds=1))
    assert early.status is Status.FIRING


def test_it_follows_a_record_to_the_alert_that_now_holds_it() -> None:
    led_by_another = alert(record(SourceName("prometheus"), "fp0"), record(PROM, "fp1"))
    (marked,) = with_local_acknowledgements([led_by_another], [ack("prometheus/fp1")], NOW)
    assert marked.is_acknowledged_here_only


def test_a_pager_that_took_it_up_since_rules() -> None:
    (paging,) = with_local_acknowledgements([paged("Q1")], [ack("prometheus/fp-Q1")], NOW)
    assert paging.status is Status.FIRING, "the pager pages, whatever is said here"
    (known,) = with_local_acknowledgements([paged("Q1")], [ack("prometheus/fp-Q1", "pagerduty/Q1")], NOW)
    assert known.is_acknowledged_here_only


def test_what_the_pager_says_is_left_alone() -> None:
    held = alert(record(PD, "Q1", status=Status.ACKNOWLEDGED))
    assert with_local_acknowledgements([held], [ack("pagerduty/Q1")], NOW) == (held,)


async def test_what_was_acknowledged_here_is_known_after_a_restart(desk: Desk) -> None:
    both = alert(record(PROM, "fp1"), record(SourceName("prometheus"), "fp2"))
    await desk.responder.acknowledge([both, paged("Q1")])
    await desk.restarted()
    (found,) = await desk.responder.local_acknowledgements()
    assert found == LocalAcknowledgement(frozenset({"prometheus/fp1", "prometheus/fp2"}), "user:alice", desk.clock())
    (marked,) = with_local_acknowledgements([both], [found], desk.clock())
    assert marked.is_acknowledged_here_only
    desk.clock.now += REMEMBERED + timedelta(seconds=1)
    assert await desk.responder.local_acknowledgements() == ()
