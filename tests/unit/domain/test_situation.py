"""A situation: finding what is in it, and how old it is."""

from dataclasses import replace
from datetime import timedelta

import pytest

from oncall_tui.domain.alert import Suspect
from oncall_tui.domain.ids import DeploymentId, SourceName
from oncall_tui.domain.situation import Situation, SourceState
from tests.unit.builders import ALERTMANAGER, NOW, PAGERDUTY, PROMETHEUS, alert, before, freshness, record


def test_an_alert_is_found_by_its_id_and_by_every_record() -> None:
    both, other = alert(record(PAGERDUTY, "Q1"), record(ALERTMANAGER, "f1")), alert(record(PROMETHEUS, "p1"))
    situation = Situation(1, NOW, alerts=(both, other))
    assert situation.alert("pagerduty/Q1") is both
    assert situation.alert("alertmanager/f1") is both
    assert situation.alert("prometheus/p1") is other
    assert situation.alert("prometheus/gone") is None


def test_a_source_is_found_by_its_name() -> None:
    situation = Situation(1, NOW, freshness=(freshness(PROMETHEUS), freshness(PAGERDUTY)))
    assert situation.source(PAGERDUTY) == freshness(PAGERDUTY)
    assert situation.source(SourceName("gone")) is None


@pytest.mark.parametrize(
    ("state", "seconds_old", "is_stale"),
    [
        (SourceState.OK, 90, False),
        (SourceState.OK, 91, True),
        (SourceState.EMPTY, 91, True),
        (SourceState.PAUSED, 91, True),
        (SourceState.FAILED, 0, True),
        (SourceState.WAITING, None, False),
    ],
)
def test_stale_is_failed_or_older_than_three_intervals(
    state: SourceState, seconds_old: int | None, is_stale: bool
) -> None:
    fetched_at = None if seconds_old is None else NOW - timedelta(seconds=seconds_old)
    assert freshness(state=state, fetched_at=fetched_at).is_stale(NOW) is is_stale


def test_the_age_is_that_of_the_shown_data() -> None:
    assert freshness(fetched_at=before(2)).age(NOW) == timedelta(minutes=2)
    assert freshness(fetched_at=None).age(NOW) is None
    assert freshness(fetched_at=before(-1)).age(NOW) == timedelta(0), "a clock that was set back makes nothing younger"


def test_when_data_becomes_stale() -> None:
    assert freshness(fetched_at=NOW).stale_at == NOW + timedelta(seconds=90)
    assert freshness(fetched_at=None).stale_at is None


def test_what_was_fetched_before_an_interruption_is_stale_however_young_it_is() -> None:
    assert replace(freshness(fetched_at=NOW), is_outdated=True).is_stale(NOW)


def test_what_was_fetched_in_the_future_is_stale_since_nobody_knows_its_age() -> None:
    assert freshness(fetched_at=before(-1)).is_stale(NOW)
    assert not freshness(fetched_at=NOW + timedelta(seconds=29)).is_stale(NOW), "two clocks of one machine may differ"


def test_a_deployment_is_known_with_the_alerts_that_may_come_from_it() -> None:
    first, second = (Suspect(DeploymentId(name), "api 2.41.0", 30.0) for name in ("d1", "d2"))
    one = replace(alert(record(PAGERDUTY, "Q1")), suspects=(first, second))
    other = replace(alert(record(PAGERDUTY, "Q2")), suspects=(second,))
    situation = replace(Situation(1, NOW), alerts=(one, alert(record(PAGERDUTY, "Q3")), other))
    assert situation.suspected == {"d1": [one], "d2": [one, other]}


def test_what_every_picture_is_asked_for_is_found_before_it_is_drawn() -> None:
    asked = {"tally", "shouting", "forgotten", "suspected", "has_environments", "alerted_services", "seen_together"}
    situation = Situation(1, NOW, alerts=(alert(record(PAGERDUTY, "Q1")),))
    assert not asked & vars(situation).keys()
    assert situation.read_ahead() is situation
    assert asked <= vars(situation).keys()
