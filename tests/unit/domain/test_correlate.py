"""Records become alerts: none lost, none doubled, joined for a reason that is kept."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise
from random import Random
from time import thread_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oncall_tui.domain.alert import Alert, JoinRule, Record, Status
from oncall_tui.domain.correlate import NAME_WINDOW, correlate
from oncall_tui.domain.ids import SourceName
from oncall_tui.domain.severity import Severity
from oncall_tui.domain.situation import Situation
from tests.unit.builders import ALERTMANAGER, NOW, PAGERDUTY, PROMETHEUS, SENTRY, before, key, record

EU, US = SourceName("prometheus-eu"), SourceName("prometheus-us")
KEYED = [rule for rule in JoinRule if rule is not JoinRule.NAME_AND_SERVICE]
_KEYS = st.builds(key, st.sampled_from("abcdef"), st.sampled_from(KEYED))
_RECORDS = st.builds(
    record,
    st.sampled_from([PAGERDUTY, ALERTMANAGER, PROMETHEUS, EU, US, SENTRY]),
    st.uuids().map(str),
    severity=st.sampled_from(Severity),
    status=st.sampled_from(Status),
    since=st.integers(0, 90).map(before),
    service=st.sampled_from(["", "api", "API", "worker"]),
    name=st.sampled_from(["", "HighLatency", "highlatency", "Down"]),
    environment=st.sampled_from(["", "", "prod", "production", "staging"]),
    keys=st.lists(_KEYS, max_size=3).map(tuple),
)
MANY = st.lists(_RECORDS, max_size=25, unique_by=lambda one: one.ref)


def _ids(*alerts: Alert) -> list[set[str]]:
    return [{one.ref for one in alert.records} for alert in alerts]


def _one(*records: Record) -> Alert:
    """The only alert of ``records``."""
    (found,) = correlate(records)
    return found


@given(MANY, st.randoms(use_true_random=False))
def test_the_order_of_the_records_does_not_matter(records: list[Record], random: Random) -> None:
    shuffled = list(records)
    random.shuffle(shuffled)
    assert correlate(shuffled) == correlate(records)


@given(MANY)
def test_every_record_is_in_exactly_one_alert(records: list[Record]) -> None:
    held = Counter(one.ref for alert in correlate(records) for one in alert.records)
    assert held == Counter(one.ref for one in records)


@given(MANY)
def test_every_ref_and_every_id_finds_its_alert(records: list[Record]) -> None:
    situation = Situation(1, NOW, alerts=correlate(records))
    for alert in situation.alerts:
        assert situation.alert(alert.id) is alert
        assert all(situation.alert(one.ref) is alert for one in alert.records)


@given(MANY)
def test_name_alone_never_joins_records_of_one_source(records: list[Record]) -> None:
    keyless = [record(one.source, one.id, since=one.since, service=one.service, name=one.name) for one in records]
    for alert in correlate(keyless):
        assert max(Counter(one.source for one in alert.records).values()) == 1


@given(MANY)
def test_a_rule_is_told_exactly_where_records_are_joined(records: list[Record]) -> None:
    for alert in correlate(records):
        assert bool(alert.joined_by) == (len(alert.records) > 1)
        if JoinRule.NAME_AND_SERVICE in alert.joined_by:
            moments = sorted(one.since for one in alert.records if one.name and one.service)
            assert any(later - earlier <= NAME_WINDOW for earlier, later in pairwise(moments))


@given(MANY)
def test_the_worst_comes_first(records: list[Record]) -> None:
    severities = [alert.severity for alert in correlate(records)]
    assert severities == sorted(severities)


def test_nothing_gives_nothing() -> None:
    assert correlate(()) == ()


@pytest.mark.parametrize("rule", KEYED)
def test_an_equal_key_joins_and_the_rule_is_kept(rule: JoinRule) -> None:
    joined = _one(record(PAGERDUTY, "Q1", keys=(key("k", rule),)), record(SENTRY, "7", keys=(key("k", rule),)))
    assert joined.joined_by == (rule,)
    assert joined.id == "pagerduty/Q1"


def test_an_equal_value_under_another_rule_joins_nothing() -> None:
    one, other = key("k", JoinRule.DEDUP_KEY), key("k", JoinRule.REFERENCE)
    assert len(correlate([record(PAGERDUTY, keys=(one,)), record(SENTRY, keys=(other,))])) == 2


def test_records_are_joined_through_a_third() -> None:
    joined = _one(
        record(PAGERDUTY, keys=(key("a"),)),
        record(PROMETHEUS, keys=(key("b", JoinRule.REFERENCE),)),
        record(ALERTMANAGER, keys=(key("a"), key("b", JoinRule.REFERENCE))),
    )
    assert joined.joined_by == (JoinRule.FINGERPRINT, JoinRule.REFERENCE)
    assert [one.source for one in joined.records] == [PAGERDUTY, ALERTMANAGER, PROMETHEUS]


def test_name_and_service_join_across_sources_within_the_window() -> None:
    first = record(PAGERDUTY, name="Slow", since=before(30))
    assert _one(first, record(PROMETHEUS, name="slow", service="API")).joined_by == (JoinRule.NAME_AND_SERVICE,)
    late = record(PROMETHEUS, name="Slow", since=NOW + timedelta(seconds=1))
    assert len(correlate([first, late])) == 2


@pytest.mark.parametrize(("name", "service"), [("", "api"), ("Slow", "")])
def test_half_a_name_joins_nothing(name: str, service: str) -> None:
    assert len(correlate([record(one, name=name, service=service) for one in (PAGERDUTY, PROMETHEUS)])) == 2


def test_of_several_the_nearest_is_joined() -> None:
    far = record(PROMETHEUS, "far", name="Slow", since=before(20))
    near = record(PROMETHEUS, "near", name="Slow", since=before(2))
    alerts = correlate([far, near, record(PAGERDUTY, "Q1", name="Slow", since=before(1))])
    assert {"pagerduty/Q1", "prometheus/near"} in _ids(*alerts)


def test_of_several_sources_the_nearest_is_joined() -> None:
    far, near = (key("far"),), (key("near"),)
    alerts = correlate(
        [
            record(ALERTMANAGER, "far", name="Slow", since=before(20), keys=far),
            record(EU, "far", name="Slow", since=before(20), keys=far),
            record(US, "near", name="Slow", since=before(2), keys=near),
            record(EU, "near", name="Slow", since=before(2), keys=near),
            record(PAGERDUTY, "Q1", name="Slow", since=before(1)),
        ]
    )
    assert {"pagerduty/Q1", "prometheus-us/near", "prometheus-eu/near"} in _ids(*alerts)


def test_the_rules_of_both_sides_are_kept() -> None:
    keys = (key("k"),)
    joined = _one(
        record(PAGERDUTY, name="Slow", since=before(5)),
        record(PROMETHEUS, name="Slow", keys=keys),
        record(ALERTMANAGER, name="Slow", keys=keys),
    )
    assert joined.joined_by == (JoinRule.FINGERPRINT, JoinRule.NAME_AND_SERVICE)


def test_what_names_no_environment_does_not_tie_two_together() -> None:
    alerts = correlate(
        [
            record(PAGERDUTY, name="Slow", since=before(3)),
            record(PROMETHEUS, name="Slow", since=before(2), environment="prod"),
            record(ALERTMANAGER, name="Slow", since=before(1), environment="staging"),
        ]
    )
    assert sorted(map(len, _ids(*alerts))) == [1, 2]


def test_a_storm_does_not_hide_the_nearest() -> None:
    storm = [record(PROMETHEUS, str(n), name="Slow", since=before(29 - n / 10)) for n in range(200)]
    alerts = correlate([*storm, record(PAGERDUTY, "Q1", name="Slow", since=before(29 - 199 / 10))])
    assert {"pagerduty/Q1", "prometheus/199"} in _ids(*alerts)
    assert len(alerts) == 200


def test_the_same_rule_in_two_environments_is_two_alerts() -> None:
    eu = record(EU, environment="prod", name="Slow", keys=(key("same labels"),))
    us = record(US, environment="staging", name="Slow", keys=(key("same labels"),))
    assert len(correlate([eu, us])) == 2
    assert (
        len(correlate([record(EU, name="Slow", environment="prod"), record(US, name="Slow", environment="staging")]))
        == 2
    )


def test_spelling_and_silence_do_not_make_another_environment() -> None:
    keys = (key("same labels"),)
    _one(record(EU, environment="prod", keys=keys), record(ALERTMANAGER, environment="Production", keys=keys))
    _one(record(EU, environment="prod", keys=keys), record(PAGERDUTY, keys=keys))


def test_a_page_over_two_environments_is_one_page() -> None:
    page = (key("page", JoinRule.DEDUP_KEY),)
    _one(record(PAGERDUTY, environment="prod", keys=page), record(ALERTMANAGER, environment="staging", keys=page))


def test_what_a_source_lists_twice_counts_once_as_told_last() -> None:
    first, second = (record(PAGERDUTY, "Q1", status=status) for status in (Status.FIRING, Status.ACKNOWLEDGED))
    assert _one(first, second).records == (second,)


def test_the_alert_began_with_its_first_record_and_is_titled_by_the_pager() -> None:
    keys = (key("k"),)
    joined = _one(
        record(PROMETHEUS, title="HighLatency", since=before(9), keys=keys),
        record(PAGERDUTY, "Q1", title="api is slow", since=before(5), keys=keys),
    )
    assert (joined.since, joined.title, joined.id) == (before(9), "api is slow", "pagerduty/Q1")


def test_the_service_is_named_as_labels_name_it() -> None:
    keys = (key("k"),)
    joined = _one(
        record(PAGERDUTY, service="API Backend (prod)", keys=keys),
        record(PROMETHEUS, service="api", labels={"job": "api"}, keys=keys),
    )
    assert joined.service == "api"
    assert _one(record(PAGERDUTY, service="API Backend")).service == "API Backend"


def test_a_severity_that_a_human_chose_rules() -> None:
    keys = (key("k"),)
    worse = record(PROMETHEUS, severity=Severity.P1, keys=keys)
    assert _one(record(PAGERDUTY, severity=Severity.P4, severity_is_assigned=True, keys=keys), worse).severity == 4
    assert _one(record(PAGERDUTY, severity=Severity.P4, keys=keys), worse).severity == 1


def _status(*told: tuple[SourceName, Status]) -> Status:
    keys = (key("k"),)
    return _one(*(record(source, str(n), status=status, keys=keys) for n, (source, status) in enumerate(told))).status


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ([(PAGERDUTY, Status.ACKNOWLEDGED), (PROMETHEUS, Status.FIRING)], Status.ACKNOWLEDGED),
        ([(PAGERDUTY, Status.FIRING), (ALERTMANAGER, Status.SILENCED)], Status.FIRING),
        ([(PAGERDUTY, Status.ACKNOWLEDGED), (PAGERDUTY, Status.FIRING)], Status.FIRING),
        ([(ALERTMANAGER, Status.SILENCED), (PROMETHEUS, Status.FIRING)], Status.SILENCED),
        ([(ALERTMANAGER, Status.SILENCED), (SENTRY, Status.FIRING)], Status.FIRING),
        ([(PROMETHEUS, Status.PENDING)], Status.PENDING),
        ([(EU, Status.PENDING), (US, Status.FIRING)], Status.FIRING),
    ],
)
def test_the_pager_has_the_last_word_and_prometheus_knows_no_silence(
    told: Sequence[tuple[SourceName, Status]], expected: Status
) -> None:
    assert _status(*told) is expected


def test_who_acknowledged_is_told_only_while_the_whole_alert_is() -> None:
    keys = (key("k"),)
    taken = record(
        PAGERDUTY, "1", status=Status.ACKNOWLEDGED, acknowledged_by="ada", acknowledged_at=before(3), keys=keys
    )
    alone = _one(taken, record(PROMETHEUS, keys=keys))
    assert (alone.acknowledged_by, alone.acknowledged_at) == ("ada", before(3))
    again = _one(taken, record(PAGERDUTY, "2", keys=keys))
    assert (again.status, again.acknowledged_by, again.acknowledged_at) == (Status.FIRING, None, None)


def _seconds(records: Sequence[Record]) -> float:
    """The best of three: machines are noisy."""
    taken = []
    for _ in range(3):
        started = thread_time()
        correlate(records)
        taken.append(thread_time() - started)
    return min(taken)


def _trouble(number: int, service: str, name: str) -> list[Record]:
    keys = (key(f"{number}"), key(f"{number}", JoinRule.RECEIVER_LABELS), key(f"{number}", JoinRule.DEDUP_KEY))
    sources = (PAGERDUTY, ALERTMANAGER, PROMETHEUS, SENTRY)
    return [
        record(one, str(number), service=service, name=name, since=before(number % 90), keys=keys) for one in sources
    ]


def test_time_grows_with_the_number_of_records_and_not_with_its_square() -> None:
    few = [one for n in range(250) for one in _trouble(n, f"s{n % 20}", f"Rule{n % 7}")]
    many = [one for n in range(2_500) for one in _trouble(n, f"s{n % 20}", f"Rule{n % 7}")]
    assert _seconds(many) < 30 * _seconds(few)


def test_a_storm_of_one_rule_is_linear_too() -> None:
    def storm(size: int) -> list[Record]:
        sources = (EU, US, SENTRY)
        return [record(sources[n % 3], str(n), name="Slow", since=before(n % 25)) for n in range(size)]

    assert _seconds(storm(10_000)) < 40 * _seconds(storm(1_000))
