"""A situation in which every text that somebody else writes is the same hostile one."""

from collections.abc import Callable
from datetime import timedelta

from oncall_tui.domain.alert import Alert, JoinRule, Record, SourceKind, Status, Suspect
from oncall_tui.domain.deployment import Deployment, DeploymentStatus
from oncall_tui.domain.ids import AlertId, DeploymentId, SourceName, record_ref
from oncall_tui.domain.service import Health, Service, Targets
from oncall_tui.domain.severity import Severity
from oncall_tui.domain.situation import Failure, Freshness, OnCall, Situation, SourceState, Trend, Verdict
from oncall_tui.domain.text import clean, clean_line
from oncall_tui.domain.threshold import Check, Level, Reading, Sample
from tests.unit.builders import NOW, before

Text = Callable[[str], str]


def as_sources_do(text: str) -> tuple[str, str]:
    """A text as sources hand it on: on one line, and as a paragraph."""
    return clean_line(text), clean(text)


def situation_of_nothing_but(text: str, generation: int = 1) -> Situation:
    """Alerts in every state, services, deployments, people, trends and sources, all called ``text``."""
    line, paragraph = as_sources_do(text)
    alerts = tuple(_alert(line, paragraph, number, status) for number, status in enumerate(Status))
    return Situation(
        generation,
        NOW,
        Verdict(Health.DOWN, line),
        services=tuple(_service(line, level) for level in Level),
        alerts=alerts,
        deployments=tuple(_deployment(line, number, status) for number, status in enumerate(DeploymentStatus)),
        on_call=(OnCall(line, line, 1, before(-60), line, is_me=True), OnCall(line, line, 2)),
        trends=tuple(Trend(line, line, line, tuple(Sample(before(9 - i), i) for i in range(9)), 5.0) for _ in range(3)),
        freshness=tuple(_source(line, paragraph, state) for state in SourceState),
    )


def _alert(line: str, paragraph: str, number: int, status: Status) -> Alert:
    record = Record(
        source=SourceName(line or "pagerduty"),
        kind=SourceKind.PAGERDUTY,
        id=f"{line}{number}",
        ref=record_ref(SourceName(line), f"{line}{number}"),
        title=line,
        severity=Severity(number + 1),
        status=status,
        since=before(number),
        service=line,
        environment=line,
        name=line,
        url=f"https://w.example/{line}",
        summary=paragraph + " ",
        labels={line: line, f"{line} too": paragraph},
        runbook=line,
        acknowledged_by=line,
        acknowledged_at=before(1),
        assigned_to=(line, line),
        is_mine=True,
        silenced_by=line,
        silenced_until=before(-30) if number % 2 else None,
        note=line,
    )
    return Alert(
        AlertId(record.ref),
        line,
        record.severity,
        status,
        line,
        record.since,
        (record,),
        joined_by=(JoinRule.FINGERPRINT,),
        suspects=(Suspect(DeploymentId("d0"), line, 60),) if number % 2 else (),
        acknowledged_by=line if status is Status.ACKNOWLEDGED else None,
        acknowledged_at=before(1) if status is Status.ACKNOWLEDGED else None,
    )


def _service(line: str, level: Level) -> Service:
    return Service(line, line, Targets(1, 2), (Reading(Check(line, line, line), level, 1.0, line),), f"https://{line}")


def _deployment(line: str, number: int, status: DeploymentStatus) -> Deployment:
    source = SourceName(line)
    identity = DeploymentId(f"d{number}")
    url = f"https://w.example/{line}"
    return Deployment(
        identity,
        source,
        SourceKind.SENTRY,
        line,
        line,
        before(5),
        line,
        status,
        line,
        line,
        url,
        None,
        (source, source),
    )


def _source(line: str, paragraph: str, state: SourceState) -> Freshness:
    return Freshness(
        SourceName(line),
        SourceKind.PROMETHEUS,
        state,
        before(3),
        before(2) if state is SourceState.FAILED else None,
        Failure(line, paragraph, paragraph) if state is SourceState.FAILED else None,
        (line, paragraph),
        interval=timedelta(seconds=30),
    )
