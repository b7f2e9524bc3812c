"""The night of the sketches, for pictures: a release slows the api down, and the points service follows."""

import math
from dataclasses import replace
from datetime import timedelta

from oncall_tui.domain.alert import Alert, Record, Status
from oncall_tui.domain.correlate import correlate
from oncall_tui.domain.deployment import Deployment, DeploymentStatus, suspects_of
from oncall_tui.domain.service import Service
from oncall_tui.domain.severity import Severity
from oncall_tui.domain.situation import Failure, Freshness, OnCall, Situation, SourceState, Trend
from oncall_tui.domain.threshold import Check, Level, Reading, Sample
from oncall_tui.domain.verdict import verdict_of
from tests.unit.builders import (
    ALERTMANAGER,
    NOW,
    PAGERDUTY,
    PROMETHEUS,
    SENTRY,
    before,
    deployment,
    freshness,
    key,
    record,
    service,
)

CALM = ("auth", "banking", "webhook", "qr", "partner", "push", "admin", "site", "worker", "mail")


def night(generation: int = 1) -> Situation:
    """The whole picture at 02:14."""
    alerts, deployments, services = _alerts(), _deployments(), _services()
    sources = _sources()
    return Situation(
        generation,
        NOW,
        verdict_of(alerts, services, sources, NOW),
        services,
        tuple(replace(one, suspects=suspects_of(one, deployments)) for one in alerts),
        deployments,
        (OnCall("Ann", "primary", 1, before(-7 * 60), is_me=True),),
        tuple(_trend(name, base) for name, base in (("p50", 80.0), ("p95", 180.0), ("p99", 260.0))),
        sources,
    )


def _alerts() -> tuple[Alert, ...]:
    return correlate([*_of_the_api(), *_of_others()])


def _of_the_api() -> list[Record]:
    labels = {"alertname": "HighErrorRate", "service": "api", "severity": "critical", "team": "core"}
    errors, slow = (key("errors"),), (key("slow"),)
    return [
        replace(
            record(
                PAGERDUTY, "Q4312", title="api: 5xx above 1 %", severity=Severity.P1, since=before(0.5), keys=errors
            ),
            url="https://rewapp.pagerduty.example/incidents/Q4312",
            assigned_to=("Ann",),
            is_mine=True,
            summary="1.3 % of the requests of the last five minutes failed.",
        ),
        record(PROMETHEUS, "errors", title="5xx above 1 %", since=before(1), labels=labels, keys=errors),
        record(PAGERDUTY, "Q4311", title="api: p95 above 500 ms", since=before(2), keys=slow),
        record(PROMETHEUS, "slow", title="p95 above 500 ms", since=before(3), keys=slow),
    ]


def _of_others() -> list[Record]:
    return [
        record(
            PAGERDUTY,
            "Q4309",
            title="queue above 100",
            service="points",
            status=Status.ACKNOWLEDGED,
            since=before(27),
            acknowledged_by="Ann",
            acknowledged_at=before(25),
        ),
        replace(
            record(ALERTMANAGER, "redis", title="memory above 70 %", service="redis-cache", severity=Severity.P3),
            status=Status.SILENCED,
            since=before(44),
            silenced_by="ops",
            silenced_until=before(-226),
        ),
        record(
            SENTRY,
            "S1",
            title="KeyError: ['iban'] [/api/v1]",
            service="webhook",
            severity=Severity.P3,
            since=before(79),
            note="new, 214 events, 88 users",
        ),
    ]


def _deployments() -> tuple[Deployment, ...]:
    return (
        deployment(id="d3", version="v2.41.0", at=before(12), environment="prod", author="release"),
        deployment(id="d2", service="partner", version="v1.9.4", at=before(103), environment="prod", author="release"),
        deployment(
            id="d1",
            service="worker",
            version="v2.40.7",
            at=before(474),
            environment="prod",
            author="bot",
            status=DeploymentStatus.FAILED,
        ),
    )


def _services() -> tuple[Service, ...]:
    slow = Reading(Check("p95", "api", "ms"), Level.CRITICAL, 640.0, "over 500", before(6))
    errors = Reading(Check("5xx", "api", "%"), Level.CRITICAL, 1.3, "over 1", before(1))
    queue = Reading(Check("queue", "points", "jobs"), Level.WARNING, 140.0, "over 100", before(27))
    return (
        service("api", 3, 3, slow, errors),
        service("points", 2, 2, queue),
        *(service(name) for name in CALM),
    )


def _trend(name: str, base: float) -> Trend:
    samples = []
    for i in range(145):
        rise = max(i - 138, 0) * base * 0.4
        samples.append(Sample(NOW - timedelta(minutes=10 * (144 - i)), base * (1 + 0.2 * math.sin(i / 7)) + rise))
    return Trend(name, "api", "ms", tuple(samples), 500.0 if name == "p95" else None)


def _sources() -> tuple[Freshness, ...]:
    failed = Failure("unreachable", "sentry.example: no route to host", "Is the VPN up?")
    return (
        *(
            replace(freshness(name, fetched_at=before(0.2)), requests_per_minute=12, budget_per_minute=120)
            for name in (PROMETHEUS, ALERTMANAGER, PAGERDUTY)
        ),
        replace(freshness(SENTRY, SourceState.FAILED, fetched_at=before(4)), failing_since=before(3), failure=failed),
    )
