"""The banner: what is bad is said, and what is not known is never UP."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import product

import pytest

from oncall_tui.domain.alert import Alert, Status
from oncall_tui.domain.service import Health, Service, Targets, worst_health
from oncall_tui.domain.severity import Severity
from oncall_tui.domain.shouting import shouting
from oncall_tui.domain.situation import Failure, Freshness, SourceState, Verdict
from oncall_tui.domain.threshold import Level
from oncall_tui.domain.verdict import verdict_of
from tests.unit.builders import (
    NOW,
    PAGERDUTY,
    PROMETHEUS,
    SENTRY,
    alert,
    before,
    freshness,
    reading,
    record,
    service,
)

FINE = (freshness(PROMETHEUS), freshness(PAGERDUTY, SourceState.EMPTY))
FAILED = freshness(SENTRY, SourceState.FAILED)
UNAUTHORISED = replace(FAILED, failure=Failure("unauthorised", "sentry: does not accept the credential (401)."))
WAITING = freshness(SENTRY, SourceState.WAITING, fetched_at=None)
STALE = freshness(SENTRY, fetched_at=before(5))
SILENT = [FAILED, WAITING, STALE, freshness(SENTRY, SourceState.PAUSED, fetched_at=None)]


def _alert(
    severity: Severity = Severity.P2, status: Status = Status.FIRING, title: str = "5xx above 1 %", minutes: float = 0
) -> Alert:
    return alert(record(title=title, severity=severity, status=status, since=before(minutes)))


def _verdict(
    alerts: Sequence[Alert] = (), services: Sequence[Service] = (), sources: Sequence[Freshness] = FINE
) -> Verdict:
    return verdict_of(alerts, services, iter(sources), NOW)


SERVICES = {
    Health.UP: service("auth"),
    Health.UNKNOWN: service("auth", 3, 3, reading(Level.UNKNOWN)),
    Health.DEGRADED: service("auth", 1, 3),
    Health.DOWN: service("auth", 0, 3),
}
ALERTS = {Health.UP: Severity.P4, Health.DEGRADED: Severity.P3, Health.DOWN: Severity.P1}


@pytest.mark.parametrize(("of_service", "of_alert"), product([None, *SERVICES], [None, *ALERTS]))
def test_the_worst_of_services_and_alerts(of_service: Health | None, of_alert: Health | None) -> None:
    services = () if of_service is None else (SERVICES[of_service],)
    alerts = () if of_alert is None else (_alert(ALERTS[of_alert]),)
    worst = worst_health([Health.UP, *(one for one in (of_service, of_alert) if one is not None)])
    assert _verdict(alerts, services).health is worst
    for silent in SILENT:
        told = _verdict(alerts, services, (*FINE, silent))
        assert told.health is (Health.UNKNOWN if worst is Health.UP else worst), "a silent source hides or heals"
        if worst is not Health.UP:
            assert told.reason.startswith(_verdict(alerts, services).reason)
            assert len(told.reason) > len(_verdict(alerts, services).reason)


@pytest.mark.parametrize("status", [Status.SILENCED, Status.PENDING])
def test_what_is_silenced_or_pending_does_not_count(status: Status) -> None:
    assert _verdict([_alert(Severity.P1, status)]) == Verdict(Health.UP, "Nothing is shouting.")


def test_what_somebody_looks_at_is_still_broken() -> None:
    assert _verdict([_alert(Severity.P1, Status.ACKNOWLEDGED)]).health is Health.DOWN


def test_without_any_source_nothing_is_known() -> None:
    assert _verdict(sources=()) == Verdict(Health.UNKNOWN, "no source measures health yet")
    assert _verdict([_alert()], sources=()).health is Health.DEGRADED


@pytest.mark.parametrize(
    ("count", "reason"), [(0, "Nothing is shouting."), (1, "1 service is fine."), (12, "12 services are fine.")]
)
def test_when_all_is_well(count: int, reason: str) -> None:
    assert _verdict(services=[service(f"s{n}") for n in range(count)]).reason == reason


@pytest.mark.parametrize(
    ("count", "reason"), [(1, "1 service is fine.  1 alert below P3."), (3, "1 service is fine.  3 alerts below P3.")]
)
def test_small_alerts_are_not_called_silence(count: int, reason: str) -> None:
    found = _verdict([_alert(Severity.P4)] * count, [service("auth")])
    assert found == Verdict(Health.UP, reason)


@pytest.mark.parametrize(
    ("sources", "reason"),
    [
        ([FAILED], "sentry does not answer."),
        ([FAILED, freshness(PROMETHEUS, SourceState.FAILED)], "sentry and prometheus do not answer."),
        (
            [freshness(one, SourceState.FAILED) for one in (PAGERDUTY, PROMETHEUS, SENTRY)],
            "pagerduty, prometheus and sentry do not answer.",
        ),
        ([UNAUTHORISED], "sentry fails."),
        ([UNAUTHORISED, freshness(PROMETHEUS, SourceState.FAILED)], "sentry and prometheus fail."),
        ([WAITING], "waiting for sentry."),
        ([STALE], "the data of sentry is old."),
        ([freshness(state=SourceState.PAUSED, fetched_at=before(9))], "polling is paused."),
        (
            [freshness(PROMETHEUS, SourceState.FAILED), freshness(PAGERDUTY, fetched_at=before(9)), WAITING],
            "prometheus does not answer; the data of pagerduty is old; waiting for sentry.",
        ),
    ],
)
def test_a_silent_source_is_told_with_what_is_the_matter(sources: Sequence[Freshness], reason: str) -> None:
    assert _verdict(services=[service()], sources=sources) == Verdict(Health.UNKNOWN, reason)


def test_a_pause_says_nothing_while_the_data_is_fresh() -> None:
    paused = [freshness(state=SourceState.PAUSED), freshness(PAGERDUTY, SourceState.PAUSED)]
    assert _verdict(sources=paused) == Verdict(Health.UP, "Nothing is shouting.")


def test_the_alert_comes_first_when_it_is_worse_than_any_service() -> None:
    found = _verdict([_alert(Severity.P1, title="api: Down.")], [service("auth", 1, 3), service("site")])
    assert found.reason == "P1 api: Down.  auth: 2 of 3 targets down.  1 service is fine."


def test_the_service_comes_first_when_it_is_as_bad() -> None:
    found = _verdict([_alert()], [service("api", 1, 3, reading()), service("auth", 0, 3)])
    assert found.health is Health.DOWN
    assert found.reason == "auth: 3 of 3 targets down.  api: 2 of 3 targets down and p95 640 ms (over 500)."


@pytest.mark.parametrize(
    ("count", "rest"),
    [
        (2, ""),
        (3, "  1 more service is not well."),
        (5, "  3 more services are not well."),
    ],
)
def test_two_services_are_named_and_the_others_counted(count: int, rest: str) -> None:
    reason = _verdict(services=[service(f"s{n}", 0, 1) for n in range(count)]).reason
    assert reason == f"s0: 1 of 1 targets down.  s1: 1 of 1 targets down.{rest}"


def test_of_many_alerts_the_worst_that_nobody_looks_at_is_named() -> None:
    alerts = [
        _alert(Severity.P2, title="older and known", minutes=9, status=Status.ACKNOWLEDGED),
        _alert(Severity.P2, title="newer", minutes=1),
        _alert(Severity.P2, title="oldest that nobody has", minutes=5),
        _alert(Severity.P3, title="smaller", minutes=8),
    ]
    assert _verdict(alerts).reason == "P2 api: oldest that nobody has."


def test_a_service_without_words_is_named_by_its_health() -> None:
    assert _verdict(services=[Service("auth")]) == Verdict(Health.UNKNOWN, "auth: unknown.")


def test_an_alert_without_a_service_is_told_by_its_title() -> None:
    assert _verdict([alert(record(service="", title="Watchdog is gone"))]).reason == "P2 Watchdog is gone."


def test_services_that_nobody_measures_now_are_not_called_fine() -> None:
    services = [service("api"), service("web")]
    loud = [alert(record(severity=Severity.P2, service="queue"))]
    assert "2 services are fine." in verdict_of(loud, services, FINE, NOW).reason
    assert "2 services are fine." in verdict_of(loud, services, [*FINE, FAILED], NOW).reason
    told = verdict_of(loud, services, [FINE[1], replace(FINE[0], is_outdated=True)], NOW).reason
    assert "fine" not in told
    assert "the data of prometheus is old" in told


@pytest.mark.parametrize(
    ("severity", "status", "words"),
    [
        (Severity.P1, Status.FIRING, "1 service is fine."),
        (Severity.P2, Status.ACKNOWLEDGED, "1 service is fine."),
        (Severity.P3, Status.FIRING, "2 services are fine."),
        (Severity.P1, Status.SILENCED, "2 services are fine."),
    ],
)
def test_a_service_that_a_page_is_about_is_not_called_fine(severity: Severity, status: Status, words: str) -> None:
    paged = alert(record(service="API", severity=severity, status=status))
    assert _verdict([paged], [service("api"), service("web")]).reason.endswith(words)


def test_of_several_pages_a_service_has_the_worst_and_of_those_the_one_that_fires() -> None:
    def page(title: str, severity: Severity, status: Status = Status.FIRING) -> Alert:
        return alert(record(title=title, service="api", severity=severity, status=status))

    held, worst, lesser = (
        page("held", Severity.P1, Status.ACKNOWLEDGED),
        page("worst", Severity.P1),
        page("lesser", Severity.P2),
    )
    assert shouting([lesser, held, worst, page("other", Severity.P3)], [service("api")]) == {("api", ""): worst}


PRODUCTION, STAGING = Service("api", "production", Targets(3, 3)), Service("API", "staging", Targets(3, 3))


@pytest.mark.parametrize(
    ("environment", "about"),
    [
        ("prod", ["production"]),
        ("Staging", ["staging"]),
        ("", ["production", "staging"]),
        ("prod-eu", ["production"]),
        ("development", []),
        ("blue", ["production", "staging"]),
    ],
)
def test_a_page_is_about_the_service_of_its_environment_and_in_doubt_about_each(
    environment: str, about: list[str]
) -> None:
    paged = alert(record(service="Api", severity=Severity.P1, environment=environment))
    assert sorted(shouting([paged], [PRODUCTION, STAGING])) == [("api", one) for one in about]
    fine = 2 - len(about)
    words = f"{fine} service{'s are' if fine == 2 else ' is'} fine." if fine else ""
    assert _verdict([paged], [PRODUCTION, STAGING]).reason.endswith(words)


def test_what_is_wrong_says_of_which_environment_it_is_only_when_there_are_several() -> None:
    down = replace(STAGING, targets=Targets(0, 3))
    assert _verdict([], [PRODUCTION, down]).reason.startswith("API staging: 3 of 3 targets down.")
    assert _verdict([], [replace(PRODUCTION, environment="stg"), down]).reason.startswith("API: 3 of 3 targets down.")
    paged = alert(record(service="api", title="slow", severity=Severity.P1, environment="prod"))
    assert _verdict([paged], [PRODUCTION, STAGING]).reason.startswith("P1 api prod: slow.")
    assert _verdict([paged], [PRODUCTION]).reason.startswith("P1 api: slow.")
