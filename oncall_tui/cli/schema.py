"""How the domain becomes the JSON of every verb. Pure; ``shapes`` holds what each object has, docs/json.md explains it.

Times are UTC in ISO 8601 with ``Z``, spans are seconds, what is not known is null.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from math import isfinite
from typing import TYPE_CHECKING

from oncall_tui.cli.shapes import (
    AlertObject,
    AlertsPicture,
    AreaObject,
    CheckObject,
    CoveredObject,
    CreateAnswer,
    DeploymentObject,
    DeploymentsPicture,
    DoctorAnswer,
    ErrorObject,
    FindingObject,
    OutboxAnswer,
    PagedObject,
    Picture,
    ProblemObject,
    RecordObject,
    ResultObject,
    ServiceObject,
    ServicesPicture,
    SilenceAnswer,
    SilenceObject,
    SourceObject,
    StatusPicture,
    SuspectObject,
)
from oncall_tui.domain.alert import Alert, Record, Suspect
from oncall_tui.domain.deployment import Deployment
from oncall_tui.domain.service import Health, Service
from oncall_tui.domain.severity import Severity
from oncall_tui.domain.situation import Failure, Freshness, Situation
from oncall_tui.domain.text import clean, clean_line
from oncall_tui.domain.threshold import Reading, Threshold

if TYPE_CHECKING:
    from oncall_tui.cli.doctor.model import Area, Diagnosis
    from oncall_tui.config.errors import Problem
    from oncall_tui.domain.action import Silence
    from oncall_tui.domain.pager import EscalationLevel, EscalationPath, PageableService
    from oncall_tui.domain.silence import Silence as Muting
    from oncall_tui.response.outbox import Unsent
    from oncall_tui.response.report import ActReport
    from oncall_tui.sources.base import Finding


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


def act_result(target: str, report: "ActReport") -> ResultObject:
    """One entry of ``ack --json``."""
    return {
        "target": target,
        "alert": report.alert_id,
        "title": report.title,
        "outcome": report.outcome.value,
        "reason": report.reason,
        "by": report.by,
        "may_have_arrived": report.may_have_arrived,
        "made": report.made or None,
        "taken_from": list(report.taken_from),
    }


def create_answer(
    source: str, service: "PageableService", path: "EscalationPath | None", reports: "Sequence[ActReport]"
) -> CreateAnswer:
    """``create --json``."""
    levels = None if path is None else path.levels
    return {
        "source": source,
        "service": service.name,
        "service_id": service.id,
        "pages": None if levels is None else [_paged(one) for one in levels],
        "results": [act_result(source, one) for one in reports],
    }


def _paged(level: "EscalationLevel") -> PagedObject:
    return {"level": level.number, "people": [one.name for one in level.people]}


def outbox_answer(waiting: "Sequence[Unsent]") -> OutboxAnswer:
    """``outbox --json``."""
    return {
        "waiting": [
            {
                "id": one.intent.request_id,
                "verb": one.intent.action.verb.value,
                "alert": one.intent.alert_id,
                "title": one.intent.title,
                "source": one.intent.source,
                "target": one.intent.target,
                "since": moment(one.at),
                "reason": one.reason,
            }
            for one in waiting
        ]
    }


def silence_answer(action: "Silence", covered: "Sequence[Record]", results: list[ResultObject]) -> SilenceAnswer:
    """``silence --json``."""
    return {
        "matchers": [clean(one) for one in action.matchers],
        "ends_at": moment(action.ends_at),
        "covers": [_covered(one) for one in covered],
        "results": results,
    }


def silence_object(source: str, silence: "Muting") -> SilenceObject:
    """One entry of ``silences --json``."""
    return {
        "source": source,
        "id": silence.id,
        "state": silence.state.value,
        "matchers": [str(one) for one in silence.matchers],
        "starts_at": moment(silence.starts_at),
        "ends_at": moment(silence.ends_at),
        "created_by": silence.created_by,
        "comment": silence.comment,
    }


def _covered(record: Record) -> CoveredObject:
    return {
        "source": record.source,
        "id": record.id,
        "title": record.title,
        "severity": record.severity.name,
        "service": record.service,
    }


def problem_object(problem: "Problem") -> ProblemObject:
    """One entry of ``config check --json``."""
    return {
        "file": problem.file,
        "line": problem.line,
        "column": problem.column,
        "key": problem.key,
        "problem": problem.problem,
        "expected": problem.expected,
    }


def doctor_answer(diagnosis: "Diagnosis") -> DoctorAnswer:
    """``doctor --json``."""
    states = [one.state.value for area in diagnosis.areas for one in area.findings]
    return {
        "taken_at": moment(diagnosis.taken_at),
        "file": diagnosis.file,
        "state": diagnosis.state.value,
        "failures": states.count("failed"),
        "warnings": states.count("warning"),
        "areas": [_area(one) for one in diagnosis.areas],
    }


def moment(at: datetime) -> str:
    """A moment in UTC, to the second: ``2026-11-21T02:14:09Z``."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _area(area: "Area") -> AreaObject:
    return {
        "area": area.name,
        "source": area.title if area.name == "source" else None,
        "about": _told(area.about),
        "state": area.state.value,
        "findings": [_finding(one) for one in area.findings],
    }


def _finding(one: "Finding") -> FindingObject:
    return {"state": one.state.value, "topic": one.topic.value, "what": _told(one.what), "advice": _told(one.advice)}


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


def _told(text: str) -> str:
    """What the doctor says, as its text has it: it quotes configurations, themes and the environment."""
    return clean_line(text, 1_000)
