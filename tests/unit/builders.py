"""Small builders of domain values: whatever a test does not name has a plain default. All at one fixed moment."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from oncall_tui.domain.alert import Alert, JoinKey, JoinRule, Record, SourceKind, Status
from oncall_tui.domain.deployment import Deployment, DeploymentStatus
from oncall_tui.domain.ids import AlertId, DeploymentId, SourceName, record_ref
from oncall_tui.domain.service import Service, Targets
from oncall_tui.domain.severity import Severity
from oncall_tui.domain.situation import Failure, Freshness, SourceState
from oncall_tui.domain.threshold import Check, Level, Reading
from oncall_tui.sources.base import Records, Report

NOW = datetime(2026, 11, 21, 2, 14, tzinfo=UTC)

PAGERDUTY = SourceName("pagerduty")
ALERTMANAGER = SourceName("alertmanager")
PROMETHEUS = SourceName("prometheus")
SENTRY = SourceName("sentry")


def before(minutes: float) -> datetime:
    """So many minutes before ``NOW``."""
    return NOW - timedelta(minutes=minutes)


def kind_of(source: SourceName) -> SourceKind:
    """The kind a source is named after: ``prometheus-eu`` is a Prometheus."""
    return SourceKind(source.partition("-")[0])


def key(value: str, rule: JoinRule = JoinRule.FINGERPRINT) -> JoinKey:
    """A join key."""
    return JoinKey(rule, value)


def record(
    source: SourceName = PROMETHEUS,
    id: str = "1",  # noqa: A002  # the name of the field
    *,
    title: str = "5xx above 1 %",
    severity: Severity = Severity.P2,
    status: Status = Status.FIRING,
    since: datetime = NOW,
    service: str = "api",
    environment: str = "",
    name: str = "",
    severity_is_assigned: bool = False,
    labels: Mapping[str, str] | None = None,
    keys: tuple[JoinKey, ...] = (),
    acknowledged_by: str | None = None,
    acknowledged_at: datetime | None = None,
    note: str = "",
) -> Record:
    """A record of a source."""
    return Record(
        source=source,
        kind=kind_of(source),
        id=id,
        ref=record_ref(source, id),
        title=title,
        severity=severity,
        status=status,
        since=since,
        service=service,
        environment=environment,
        name=name,
        severity_is_assigned=severity_is_assigned,
        labels=labels or {},
        keys=frozenset(keys),
        acknowledged_by=acknowledged_by,
        acknowledged_at=acknowledged_at,
        note=note,
    )


def alert(*records: Record) -> Alert:
    """An alert as its first record tells it, of one plain record when none is given."""
    lead, *_ = held = records or (record(),)
    return Alert(AlertId(lead.ref), lead.title, lead.severity, lead.status, lead.service, lead.since, held)


def reading(level: Level = Level.CRITICAL, severity: Severity = Severity.P2, service: str = "api") -> Reading:
    """A reading of a check that is called ``p95``."""
    check = Check("p95", service, "ms", warning_severity=severity, critical_severity=severity)
    reasons = {Level.OK: "", Level.UNKNOWN: "no data"}
    value = None if level is Level.UNKNOWN else 640.0
    return Reading(check, level, value, reasons.get(level, "over 500"))


def service(name: str = "api", up: int = 3, total: int = 3, *readings: Reading) -> Service:
    """A service with targets."""
    return Service(name, targets=Targets(up, total), readings=readings)


def deployment(
    source: SourceName = PAGERDUTY,
    id: str = "d1",  # noqa: A002  # the name of the field
    *,
    service: str = "api",
    version: str = "2.41.0",
    at: datetime = NOW,
    environment: str = "",
    status: DeploymentStatus = DeploymentStatus.FINISHED,
    author: str = "",
) -> Deployment:
    """A deployment as one source tells it."""
    return Deployment(
        DeploymentId(f"{source}/{id}"),
        source,
        kind_of(source),
        service,
        version,
        at,
        environment=environment,
        status=status,
        author=author,
    )


def freshness(
    source: SourceName = PROMETHEUS,
    state: SourceState = SourceState.OK,
    *,
    fetched_at: datetime | None = NOW,
    interval: timedelta = timedelta(seconds=30),
) -> Freshness:
    """The freshness of a source that answered just now."""
    return Freshness(source, kind_of(source), state, fetched_at=fetched_at, interval=interval)


def report(source: SourceName = PROMETHEUS, at: datetime = NOW, records: Records | None = None) -> Report:
    """A poll that succeeded, with nothing to show unless ``records`` are given."""
    return Report(source, kind_of(source), at, 0.1, records=Records() if records is None else records)


def failed_report(
    source: SourceName = PROMETHEUS, at: datetime = NOW, *, kind: str = "unreachable", retry_after: float | None = None
) -> Report:
    """A poll that failed."""
    failure = Failure(kind, f"{source}: {kind}", "Is the VPN up?", retry_after)
    return Report(source, kind_of(source), at, 0.1, failure=failure)
