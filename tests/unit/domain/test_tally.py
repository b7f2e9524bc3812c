"""What headings count."""

from dataclasses import replace

from oncall_tui.domain.alert import SourceKind, Status
from oncall_tui.domain.situation import Situation
from oncall_tui.domain.tally import Tally, tally_of
from tests.unit.builders import NOW, PAGERDUTY, alert, record

ALERTS = (
    alert(record(id="1")),
    alert(replace(record(PAGERDUTY, "Q1"), is_mine=True), record(id="2")),
    alert(record(id="3", status=Status.ACKNOWLEDGED)),
    alert(record(id="4", status=Status.SILENCED)),
    alert(record(id="5", status=Status.PENDING)),
)


def test_every_alert_is_counted_once_for_each_thing_it_is() -> None:
    assert tally_of(ALERTS) == Tally(active=5, firing=2, silenced=1, mine=1)


def test_of_nothing_there_is_nothing() -> None:
    assert tally_of(()) == Tally()


def test_a_picture_that_was_read_ahead_says_the_same_and_counts_no_more() -> None:
    late, early = Situation(1, NOW, alerts=ALERTS), Situation(1, NOW, alerts=ALERTS).read_ahead()
    assert {"tally", "shouting", "_alerts_by_ref", "has_environments"} <= vars(early).keys()
    assert vars(late).keys().isdisjoint({"tally", "shouting", "_alerts_by_ref"})
    assert (early, early.tally, early.shouting) == (late, late.tally, late.shouting)
    assert early.alert("prometheus/2") is late.alert("pagerduty/Q1")
    assert early.tally is early.tally


def test_a_picture_knows_the_services_of_its_alerts_and_who_sees_them_together() -> None:
    told = alert(record(PAGERDUTY, "Q1", service="api"), record(id="2", service="api"))
    situation = Situation(1, NOW, alerts=(told, alert(record(id="3", service="web")), alert(record(id="4"))))
    assert situation.alerted_services == {"api", "web"}
    assert situation.seen_together == {(SourceKind.PAGERDUTY, SourceKind.PROMETHEUS), (SourceKind.PROMETHEUS,)}
