"""How the domain becomes the JSON of listings. Pure; ``shapes`` holds what each object has, docs/json.md explains it.

Times are UTC in ISO 8601 with ``Z``, spans are seconds, what is not known is null.
"""

from collections import Counter
from datetime import UTC, datetime
from math import isfinite

from oncall_tui.cli.shapes import (
    AlertObject,
    AlertsPicture,
    CheckObject,
    DeploymentObject,
    DeploymentsPicture,
    ErrorObject,
    Picture,
    RecordObject,
    ServiceObject,
    ServicesPicture,
    SourceObject,
    StatusPicture,
    SuspectObject,
)
from oncall_tui.domain.alert import Alert, Record, Suspect
from oncall_tui.domain.deployment import Deployment
from oncall_tui.domain.muting import is_inhibited, muting_of
from oncall_tui.domain.service import Health, Service
from oncall_tui.domain.severity import Severity
from oncall_tui.domain.situation import Failure, Freshness, Situation
from oncall_tui.domain.threshold import Reading, Threshold


def picture(situation: Situation) -> Picture:
    """What every listing holds: when it was taken, and how each source did."""
    sources = [_source(one, situation.taken_at) for one in situation.freshness]
    return {"taken_at": moment(situation.taken_at), "sources": sources}


def alerts_picture(situation: Situation, alerts: tuple[Alert, ...]) -> AlertsPicture:
    """``alerts --json``."""
    return {**picture(situation), "alerts": [_alert(one) for one in alerts]}


def deployments_picture(situation: Situation) -> DeploymentsPicture:
    """``deployments --json``."""
    return {**picture(situation), "deployments": [_deployment(one) for one in situation.deployments]}


def services_picture(situation: Situation) -> ServicesPicture:
    """``services --json``."""
    return {**picture(situation), "services": [_service(one) for one in situation.services]}


def status_picture(situation: Situation) -> StatusPicture:
    """``status --json``."""
    alerts = Counter(alert.severity for alert in situation.alerts)
    services = Counter(service.health for service in situation.services)
    return {
        **picture(situation),
        "health": situation.verdict.health.value,
        "reason": situation.verdict.reason,
        "alerts_by_severity": {severity.name: alerts[severity] for severity in Severity},
        "services_by_health": {health.value: services[health] for health in Health},
    }


def moment(at: datetime) -> str:
    """A moment in UTC, to the second: ``2026-11-21T02:14:09Z``."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _moment(at: datetime | None) -> str | None:
    return None if at is None else moment(at)


def _number(value: float | None) -> float | None:
    """JSON has no NaN and no infinity: what is not a number is not known."""
    return value if value is not None and isfinite(value) else None


def _source(one: Freshness, now: datetime) -> SourceObject:
    age = one.age(now)
    return {
        "name": one.source,
        "kind": one.kind.value,
        "state": one.state.value,
        "age_s": None if age is None else round(age.total_seconds(), 3),
        "error": None if one.failure is None else _error(one.failure),
        "warnings": list(one.warnings),
    }


def _error(failure: Failure) -> ErrorObject:
    return {"kind": failure.kind, "message": failure.message, "hint": failure.hint}


def _record(record: Record) -> RecordObject:
    return {"source": record.source, "kind": record.kind.value, "id": record.id, "url": record.url}


def _suspect(suspect: Suspect) -> SuspectObject:
    return {
        "deployment": suspect.deployment,
        "label": suspect.label,
        "seconds_before": round(suspect.seconds_before, 3),
    }


def _alert(alert: Alert) -> AlertObject:
    muting = muting_of(alert)
    by_silence = muting if muting is not None and muting.is_whole and muting.is_silenced else None
    return {
        "id": alert.id,
        "title": alert.title,
        "severity": alert.severity.name,
        "status": alert.status.value,
        "service": alert.service,
        "environment": alert.environment,
        "since": moment(alert.since),
        "acknowledged_by": alert.acknowledged_by,
        "acknowledged_at": _moment(alert.acknowledged_at),
        "acknowledged_here_only": alert.is_acknowledged_here_only,
        "last_event_at": _moment(alert.last_event_at),
        "forgotten": alert.is_forgotten,
        "silenced": by_silence is not None,
        "silenced_by": None if by_silence is None else by_silence.by,
        "silenced_until": None if by_silence is None else _moment(by_silence.until),
        "inhibited": is_inhibited(alert),
        "assigned_to": list(dict.fromkeys(name for record in alert.records for name in record.assigned_to)),
        "mine": alert.is_mine,
        "runbook": alert.runbook,
        "records": [_record(one) for one in alert.records],
        "joined_by": [rule.value for rule in alert.joined_by],
        "suspects": [_suspect(one) for one in alert.suspects],
    }


def _deployment(one: Deployment) -> DeploymentObject:
    return {
        "id": one.id,
        "service": one.service,
        "version": one.version,
        "environment": one.environment,
        "status": one.status.value,
        "at": moment(one.at),
        "started_at": _moment(one.started_at),
        "author": one.author,
        "summary": one.summary,
        "url": one.url,
        "source": one.source,
        "kind": one.kind.value,
        "seen_by": list(one.seen_by),
    }


def _service(service: Service) -> ServiceObject:
    targets = service.targets
    return {
        "name": service.name,
        "environment": service.environment,
        "health": service.health.value,
        "severity": None if service.severity is None else service.severity.name,
        "url": service.url,
        "targets": None if targets is None else {"up": targets.up, "total": targets.total},
        "troubles": list(service.troubles),
        "checks": [_check(one) for one in service.readings],
    }


def _check(reading: Reading) -> CheckObject:
    check = reading.check
    return {
        "name": check.name,
        "level": reading.level.value,
        "value": _number(reading.value),
        "unit": check.unit,
        "direction": check.direction.value,
        "warning": _limit(check.warning),
        "critical": _limit(check.critical),
        "reason": reading.reason,
        "since": _moment(reading.since),
    }


def _limit(threshold: Threshold | None) -> float | None:
    return None if threshold is None else _number(threshold.value)
