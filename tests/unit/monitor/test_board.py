"""The board: reports in, one picture out."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from time import thread_time

import pytest

from oncall_tui.domain.alert import Alert, Record, Status
from oncall_tui.domain.ids import SourceName
from oncall_tui.domain.service import Health, Service, Targets
from oncall_tui.domain.severity import Severity
from oncall_tui.domain.situation import OnCall, Policy, Situation, SourceState, Trend
from oncall_tui.domain.threshold import Level
from oncall_tui.monitor.board import STRAGGLING, Board, Merging, compose, empty_board, received
from oncall_tui.sources.base import Records, Report, Spending
from tests.unit.builders import (
    ALERTMANAGER,
    NOW,
    PAGERDUTY,
    PROMETHEUS,
    SENTRY,
    before,
    deployment,
    failed_report,
    freshness,
    key,
    reading,
    record,
    report,
    service,
)

SOURCES = (PAGERDUTY, ALERTMANAGER, PROMETHEUS, SENTRY)
EU = SourceName("prometheus-eu")
SPENDING = Spending(7, 60)
LATER = NOW + timedelta(seconds=30)


def _empty(*sources: SourceName) -> Board:
    return empty_board(freshness(one, SourceState.WAITING, fetched_at=None) for one in sources or SOURCES)


def _board(*reports: Report, sources: Sequence[SourceName] = SOURCES) -> Board:
    board = _empty(*sources)
    for one in reports:
        board = received(board, one, SPENDING)
    return board


def _picture(*reports: Report, merging: Merging | None = None, sources: Sequence[SourceName] = SOURCES) -> Situation:
    return compose(_board(*reports, sources=sources), 1, NOW, merging or Merging())


def test_before_the_first_answer_every_source_waits_and_nothing_is_known() -> None:
    empty = _picture()
    assert {one.state for one in empty.freshness} == {SourceState.WAITING}
    assert empty.verdict.health is Health.UNKNOWN


@pytest.mark.parametrize(
    ("records", "state"),
    [
        (Records(), SourceState.EMPTY),
        (Records(alerts=(record(),)), SourceState.OK),
        (Records(services=(service(),)), SourceState.OK),
    ],
)
def test_data_and_nothing_are_told_apart(records: Records, state: SourceState) -> None:
    said = _board(report(PROMETHEUS, records=records)).freshness[PROMETHEUS]
    assert (said.state, said.fetched_at, said.failure) == (state, NOW, None)
    assert (said.requests_per_minute, said.budget_per_minute) == (7, 60)


def test_a_failure_keeps_the_last_records_and_their_age() -> None:
    told = Records(alerts=(record(),), warnings=("partial response",))
    board = _board(report(PROMETHEUS, before(2), told), failed_report(PROMETHEUS, before(1)))
    said = board.freshness[PROMETHEUS]
    assert board.records[PROMETHEUS] is told
    assert (said.state, said.fetched_at, said.failing_since) == (SourceState.FAILED, before(2), before(1))
    assert said.failure is not None
    assert said.failure.kind == "unreachable"
    assert said.warnings == ("partial response",)
    assert len(compose(board, 1, NOW, Merging()).alerts) == 1


def test_failing_since_is_the_first_failure_and_recovery_clears_it() -> None:
    failed = [failed_report(PROMETHEUS, before(3)), failed_report(PROMETHEUS, before(2), kind="timed out")]
    said = _board(*failed).freshness[PROMETHEUS]
    assert said.failing_since == before(3)
    assert said.failure is not None
    assert said.failure.kind == "timed out"
    recovered = _board(*failed, report(PROMETHEUS, before(1)))
    said = recovered.freshness[PROMETHEUS]
    assert (said.state, said.failing_since, said.failure) == (SourceState.EMPTY, None, None)
    assert received(recovered, failed_report(PROMETHEUS, NOW), SPENDING).freshness[PROMETHEUS].failing_since == NOW


def test_what_a_source_no_longer_tells_is_gone() -> None:
    assert not _picture(report(records=Records(alerts=(record(),))), report(at=LATER)).alerts


def test_one_source_that_fails_touches_no_other() -> None:
    picture = _picture(report(PAGERDUTY, records=Records(alerts=(record(PAGERDUTY),))), failed_report(SENTRY))
    assert [one.id for one in picture.alerts] == ["pagerduty/1"]
    assert picture.verdict.health is Health.DEGRADED
    assert picture.verdict.reason.endswith("sentry does not answer; waiting for alertmanager and prometheus.")


@pytest.mark.parametrize("late", [report(at=before(0.5)), failed_report(at=before(0.5))], ids=["records", "failure"])
def test_a_late_report_is_dropped(late: Report) -> None:
    board = _board(report(records=Records(alerts=(record(),))))
    assert received(board, late, SPENDING) is board


def test_a_report_older_than_a_failure_is_dropped() -> None:
    board = _board(failed_report(at=NOW))
    assert received(board, report(at=before(0.5)), SPENDING) is board


def test_a_report_of_the_same_moment_is_taken() -> None:
    assert _board(failed_report(), report()).freshness[PROMETHEUS].state is SourceState.EMPTY


def test_late_is_judged_for_each_source_alone() -> None:
    board = _board(report(PROMETHEUS), report(PAGERDUTY, before(1)))
    assert board.freshness[PAGERDUTY].fetched_at == before(1)
    assert received(board, report(PROMETHEUS, before(0.5)), SPENDING) is board


def test_a_clock_that_was_set_back_does_not_freeze_the_picture() -> None:
    hour_ago = NOW - timedelta(hours=1)
    assert _board(report(at=NOW), failed_report(at=hour_ago)).freshness[PROMETHEUS].state is SourceState.FAILED
    just_beyond = NOW - STRAGGLING - timedelta(seconds=1)
    assert _board(failed_report(at=NOW), report(at=just_beyond)).freshness[PROMETHEUS].fetched_at == just_beyond


def test_a_source_that_nobody_configured_changes_nothing() -> None:
    board = _empty(PAGERDUTY)
    assert received(board, report(PROMETHEUS), SPENDING) is board


def test_a_board_is_never_changed_in_place() -> None:
    board = _board(report())
    held = (dict(board.freshness), dict(board.records), dict(board.heard_at))
    received(board, failed_report(at=LATER), SPENDING)
    received(board, report(at=LATER, records=Records(alerts=(record(),))), SPENDING)
    assert (board.freshness, board.records, board.heard_at) == held


def _of_two(one: Service, other: Service, merging: Merging | None = None) -> tuple[Service, ...]:
    reports = (report(PROMETHEUS, records=Records(services=(one,))), report(EU, records=Records(services=(other,))))
    return _picture(*reports, merging=merging, sources=(PROMETHEUS, EU)).services


def test_a_service_that_two_servers_watch_is_one() -> None:
    (merged,) = _of_two(service("api", 3, 3, reading(Level.OK)), Service("API", "prod", Targets(1, 2), (reading(),)))
    assert (merged.name, merged.environment, merged.targets) == ("api", "prod", Targets(4, 5))
    assert [one.level for one in merged.readings] == [Level.OK, Level.CRITICAL]


def test_a_service_without_targets_takes_those_of_the_other() -> None:
    (merged,) = _of_two(Service("api", readings=(reading(Level.OK),)), service("api", 3, 3))
    assert merged.targets == Targets(3, 3)
    (merged,) = _of_two(Service("api"), Service("api", url="https://grafana/api"))
    assert (merged.targets, merged.url) == (None, "https://grafana/api")


def test_a_service_in_two_environments_is_two() -> None:
    production, staging = Service("api", "prod", Targets(3, 3)), Service("API", "staging", Targets(0, 2), (reading(),))
    assert _of_two(production, staging) == (staging, production)
    (merged,) = _of_two(production, Service("api", "Production", Targets(1, 1)))
    assert (merged.environment, merged.targets) == ("prod", Targets(4, 4)), "in another spelling it is the same"


def test_what_names_no_environment_stands_for_itself_where_there_are_several() -> None:
    both = Records(services=(Service("api", "prod", Targets(3, 3)), Service("api", "staging", Targets(2, 2))))
    other = Records(services=(Service("api", readings=(reading(),)), Service("web")))
    reports = (report(PROMETHEUS, records=both), report(EU, records=other))
    found = _picture(*reports, sources=(PROMETHEUS, EU)).services
    assert [(one.name, one.environment) for one in found] == [
        ("api", ""),
        ("web", ""),
        ("api", "prod"),
        ("api", "staging"),
    ]


def test_the_worst_service_comes_first() -> None:
    names = [one.name for one in _of_two(service("auth"), service("site", 0, 2))]
    assert names == ["site", "auth"]


def test_aliases_name_a_service_alike_wherever_it_is_told() -> None:
    aliases = {"api backend (prod)": "api", "api-backend": "api"}
    prometheus = Records(services=(service("API-Backend"),), trends=(Trend("p95", "api-backend", "ms", ()),))
    pagerduty = Records(
        alerts=(record(PAGERDUTY, service="API Backend (prod)"),),
        deployments=(deployment(service="Api-Backend", at=before(3)),),
    )
    picture = _picture(
        report(PROMETHEUS, records=prometheus), report(PAGERDUTY, records=pagerduty), merging=Merging(aliases)
    )
    (told,) = picture.alerts
    assert {picture.services[0].name, picture.deployments[0].service, picture.trends[0].service, told.service} == {
        "api"
    }
    assert told.records[0].service == "api"
    assert [(one.label, one.seconds_before) for one in told.suspects] == [("api 2.41.0", 180.0)]


def test_aliases_join_by_name_what_tools_call_differently() -> None:
    picture = _picture(
        report(PAGERDUTY, records=Records(alerts=(record(PAGERDUTY, service="API Backend", name="Slow"),))),
        report(PROMETHEUS, records=Records(alerts=(record(service="api", name="Slow"),))),
        merging=Merging({"api backend": "api"}),
    )
    assert [one.id for one in picture.alerts] == ["pagerduty/1"]


def test_one_deployment_told_by_pagerduty_and_sentry_is_one_suspect() -> None:
    picture = _picture(
        report(PAGERDUTY, records=Records(deployments=(deployment(PAGERDUTY, version="v2.41.0", at=before(13)),))),
        report(SENTRY, records=Records(deployments=(deployment(SENTRY, version="2.41.0", at=before(12)),))),
        report(PROMETHEUS, records=Records(alerts=(record(),))),
    )
    (told,) = picture.deployments
    assert told.seen_by == (SENTRY, PAGERDUTY)
    assert [one.deployment for one in picture.alerts[0].suspects] == [told.id]


def test_suspects_stand_on_the_alerts_of_their_service_the_nearest_first() -> None:
    deployments = tuple(
        deployment(id=name, service=name.rstrip("0123456789"), version=name, at=before(minutes))
        for name, minutes in (("api1", 40), ("api2", 5), ("api3", 61), ("worker1", 1))
    )
    picture = _picture(
        report(PAGERDUTY, records=Records(deployments=deployments)),
        report(PROMETHEUS, records=Records(alerts=(record(id="1"), record(id="2", service="site")))),
    )
    suspects = {one.service: [suspect.deployment for suspect in one.suspects] for one in picture.alerts}
    assert suspects == {"api": ["pagerduty/api2", "pagerduty/api1"], "site": []}


def test_the_suspect_window_can_be_set() -> None:
    told = (report(PAGERDUTY, records=Records(deployments=(deployment(at=before(5)),), alerts=(record(PAGERDUTY),))),)
    assert _picture(*told).alerts[0].suspects
    assert not _picture(*told, merging=Merging(suspect_window=timedelta(minutes=4))).alerts[0].suspects


def test_what_the_screen_knows_by_itself_is_laid_over_and_put_in_its_place() -> None:
    def overlay(alerts: Sequence[Alert], _now: datetime) -> Sequence[Alert]:
        return [replace(one, status=Status.ACKNOWLEDGED) if one.id == "prometheus/old" else one for one in alerts]

    old, new = record(id="old", since=before(9)), record(id="new")
    told = report(records=Records(alerts=(old, new)))
    assert [one.id for one in _picture(told).alerts] == ["prometheus/old", "prometheus/new"]
    found = _picture(told, merging=Merging(overlay=overlay)).alerts
    assert [(one.id, one.status) for one in found] == [
        ("prometheus/new", Status.FIRING),
        ("prometheus/old", Status.ACKNOWLEDGED),
    ]


def test_who_is_on_call_comes_from_every_source_in_their_order() -> None:
    ada, ben = OnCall("ada", "platform", 1), OnCall("ben", "payments", 1)
    second = SourceName("pagerduty-eu")
    picture = _picture(
        report(second, records=Records(on_call=(ben,))),
        report(PAGERDUTY, records=Records(on_call=(ada,))),
        sources=(PAGERDUTY, second),
    )
    assert picture.on_call == (ada, ben)


def test_the_picture_says_its_generation_and_moment() -> None:
    picture = compose(_board(), 41, LATER, Merging())
    assert (picture.generation, picture.taken_at) == (41, LATER)


def _large(troubles: int) -> Board:
    """Four sources that tell of the same troubles, some of them by name alone, with services and deployments."""
    alerts: dict[SourceName, list[Record]] = {source: [] for source in SOURCES}
    for number in range(troubles):
        for place, source in enumerate(SOURCES):
            alerts[source].append(
                record(
                    source,
                    str(number),
                    severity=Severity(1 + number % 5),
                    service=f"service-{number % 100}",
                    name=f"Rule{number % 37}",
                    since=before(number % 97),
                    keys=(key(f"{number}"), key(f"{number if place % 2 else -number}x"), key(f"{number}{place}")),
                )
            )
    reports = [report(source, records=Records(alerts=tuple(alerts[source]))) for source in SOURCES]
    services = tuple(service(f"service-{number}") for number in range(100))
    deployments = tuple(
        deployment(id=str(number), service=f"service-{number % 100}", version=str(number), at=before(number / 2))
        for number in range(200)
    )
    extra = report(SourceName("sentry-eu"), records=Records(services=services, deployments=deployments))
    return _board(*reports, extra, sources=(*SOURCES, SourceName("sentry-eu")))


def test_a_picture_of_ten_thousand_records_costs_less_than_twenty_looks_at_each() -> None:
    """In processor time against a baseline of the same run, because machines and their load differ: every record hashed
    by its keys and put in order."""
    board = _large(2_500)
    records = [one for said in board.records.values() for one in said.alerts]
    assert len(records) == 10_000

    def look() -> None:
        by_key: dict[object, list[Record]] = {}
        for one in records:
            for held in one.keys:
                by_key.setdefault(held, []).append(one)
        sorted(records, key=lambda one: (one.severity, one.since, one.ref))

    def best(call: Callable[[], object]) -> float:
        taken = []
        for _ in range(3):
            started = thread_time()
            call()
            taken.append(thread_time() - started)
        return min(taken)

    assert best(lambda: compose(board, 1, NOW, Merging())) < 20 * best(look)


def test_a_hand_over_is_noticed_without_asking_again() -> None:
    now, then = OnCall("Ann", "Pay", 1, LATER, policy_id="P1"), OnCall("Ben", "Pay", 1, since=LATER, policy_id="P1")
    records = Records(on_call=(now, then), policies=(Policy("P1", "Pay", 1),), on_call_at=NOW)
    board = _board(report(PAGERDUTY, NOW, records))
    first, second = (compose(board, number, at, Merging()) for number, at in ((1, NOW), (2, LATER)))
    assert [one.user for one in first.on_call] == ["Ann"]
    assert [one.user for one in second.on_call] == ["Ben"]
    assert first.shifts == second.shifts == (now, then)
    assert first.on_call_at == NOW


def test_a_policy_for_which_nobody_is_on_call_is_named() -> None:
    coming = OnCall("Ann", "Pay", 1, since=LATER, policy_id="P1")
    policies = (Policy("P1", "Pay", 1), Policy("P2", "Idle", 1, is_used=False))
    records = Records(on_call=(coming,), policies=policies, on_call_at=NOW)
    assert _picture(report(PAGERDUTY, NOW, records)).unattended == ("Pay",)
    assert _picture(report(PAGERDUTY, NOW)).on_call_at is None


def test_the_next_shift_is_the_earliest_that_any_pager_tells() -> None:
    sources = (PAGERDUTY, SourceName("pagerduty-eu"))
    soon, late = (OnCall("Me", "P", 1, since=NOW + timedelta(days=days), is_me=True) for days in (3, 9))
    told = [report(name, NOW, Records(my_next=one)) for name, one in zip(sources, (late, soon), strict=True)]
    assert _picture(*told, sources=sources).my_next == soon
