"""Incidents and on-calls of PagerDuty's REST API v2 as records. Pure.

Sources: PagerDuty's API reference, "List incidents", "List all of the on-calls", "Get the current user".
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from oncall_tui.domain.alert import JoinKey, JoinRule, Record, SourceKind, Status
from oncall_tui.domain.ids import SourceName, record_ref
from oncall_tui.domain.severity import Severity, SeverityMap
from oncall_tui.domain.situation import OnCall, Policy
from oncall_tui.sources.annotations import annotations_of
from oncall_tui.sources.labels import cleaned, name_of, runbook_of, service_of, summary_of, uncleaned
from oncall_tui.sources.pagerduty.details import IncidentDetails
from oncall_tui.sources.values import (
    JsonObject,
    block,
    first_line,
    identity,
    line,
    mapping,
    moment,
    number,
    objects,
    web_address,
)

_SERVICE_LABEL = "service"
_ENVIRONMENT_LABELS = ("env", "environment")
_STATUSES = {"triggered": Status.FIRING, "acknowledged": Status.ACKNOWLEDGED}


@dataclass(frozen=True, slots=True)
class Me:
    """The PagerDuty user who sits before this screen."""

    id: str
    name: str
    email: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What an incident is read with."""

    source: SourceName
    severities: SeverityMap
    environment: str = ""
    """The configured one, for incidents that do not say."""
    me: Me | None = None


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """Who looks at an incident, and since when."""

    by: str
    at: datetime | None


def record_of(incident: JsonObject, details: IncidentDetails, reading: Reading) -> Record:
    """One open incident as a record.

    Raises:
        ValueError: without an id or a time of creation it is no incident.
    """
    vendor_id = identity(incident.get("id"))
    since = moment(incident.get("created_at"))
    if since is None:
        raise ValueError("an incident without created_at")
    common = _common([one.labels for one in details.firing])
    labels = cleaned(common)
    annotations, raw_annotations = annotations_of(_common([one.annotations for one in details.firing]))
    runbooks = (runbook_of(one.annotations) for one in details.firing)
    priority, severity = _severity(incident, reading.severities)
    acknowledged = acknowledgement_of(incident)
    assignees = [mapping(one.get("assignee")) for one in objects(incident.get("assignments"))]
    title = first_line(incident.get("title"), incident.get("summary"), incident.get("description"))
    return Record(
        source=reading.source,
        kind=SourceKind.PAGERDUTY,
        id=vendor_id,
        ref=record_ref(reading.source, vendor_id),
        title=title or f"PagerDuty incident {vendor_id}",
        severity=severity,
        status=_STATUSES.get(str(incident.get("status")), Status.FIRING),
        since=since,
        service=service_of(labels, _SERVICE_LABEL) or line(mapping(incident.get("service")).get("summary")),
        environment=first_line(*map(labels.get, _ENVIRONMENT_LABELS), reading.environment),
        name=name_of(labels),
        severity_is_assigned=priority is not None,
        url=web_address(incident.get("html_url")),
        summary=summary_of(annotations) or block(annotations.get("summary")) or block(incident.get("description")),
        labels=labels,
        raw_labels=uncleaned(common, labels),
        annotations=annotations,
        raw_annotations=raw_annotations,
        keys=_keys(incident, details),
        runbook=next((runbook for runbook in runbooks if runbook), None),
        acknowledged_by=acknowledged.by if acknowledged else None,
        acknowledged_at=acknowledged.at if acknowledged else None,
        assigned_to=tuple(dict.fromkeys(name for name in map(_person, assignees) if name)),
        is_mine=reading.me is not None and any(one.get("id") == reading.me.id for one in assignees),
        note=_note(incident),
    )


def acknowledgement_of(incident: JsonObject) -> Acknowledgement | None:
    """The newest acknowledgement of an acknowledged incident; None when nobody acknowledged it."""
    if incident.get("status") != "acknowledged":
        return None
    given = [
        (moment(one.get("at")), _person(mapping(one.get("acknowledger"))))
        for one in objects(incident.get("acknowledgements"))
    ]
    dated = [(at, by) for at, by in given if at is not None]
    if dated:
        at, by = max(dated)
        return Acknowledgement(by or "somebody", at)
    by = next((by for _, by in given if by), "somebody")
    return Acknowledgement(by, moment(incident.get("last_status_change_at")))


def on_call_of(entry: JsonObject, me: Me | None) -> OnCall:
    """Who is on call for one level of one escalation policy.

    Raises:
        ValueError: the entry names no user.
    """
    user = mapping(entry.get("user"))
    name = _person(user)
    if not name:
        raise ValueError("an on-call without a user")
    policy = mapping(entry.get("escalation_policy"))
    return OnCall(
        user=name,
        policy=first_line(policy.get("summary"), policy.get("id")),
        level=number(entry.get("escalation_level")) or 1,
        until=moment(entry.get("end")),
        schedule=line(mapping(entry.get("schedule")).get("summary")),
        is_me=me is not None and user.get("id") == me.id,
        since=moment(entry.get("start")),
        policy_id=line(policy.get("id")),
    )


def policy_of(entry: JsonObject) -> Policy:
    """An escalation policy.

    Raises:
        ValueError: it has no id.
    """
    vendor_id = identity(entry.get("id"))
    name = first_line(entry.get("name"), entry.get("summary"), vendor_id)
    return Policy(vendor_id, name, len(objects(entry.get("escalation_rules"))), bool(objects(entry.get("services"))))


def on_calls_in_order(found: Iterable[OnCall]) -> tuple[OnCall, ...]:
    """Each once, by policy, level, begin and name."""
    return tuple(sorted(dict.fromkeys(found), key=_place))


def _place(one: OnCall) -> tuple[str, int, float, str]:
    begin = one.since.timestamp() if one.since is not None else 0.0
    return (one.policy.lower(), one.level, begin, one.user.lower())


def me_of(user: JsonObject) -> Me:
    """The user that PagerDuty tells of.

    Raises:
        ValueError: without an id it is no user.
    """
    vendor_id = identity(user.get("id"))
    return Me(vendor_id, _person(user) or vendor_id, line(user.get("email")))


def _person(user: JsonObject) -> str:
    return first_line(user.get("name"), user.get("summary"), user.get("email"))


def _severity(incident: JsonObject, severities: SeverityMap) -> tuple[str | None, Severity]:
    """The priority's name when a human or a policy set one that means something here, and the severity."""
    priority = mapping(incident.get("priority"))
    name = first_line(priority.get("name"), priority.get("summary"))
    known = name if name.lower() in severities.pagerduty_priority else None
    return known, severities.of_pagerduty(known, line(incident.get("urgency")))


def _keys(incident: JsonObject, details: IncidentDetails) -> frozenset[JoinKey]:
    """Everything that the same trouble may carry in another source."""
    incident_key = incident.get("incident_key")
    dedup = details.dedup_keys | ({incident_key} if isinstance(incident_key, str) and incident_key else frozenset())
    return frozenset(
        [JoinKey(JoinRule.DEDUP_KEY, line(key)) for key in dedup]
        + [JoinKey(JoinRule.RECEIVER_LABELS, mark) for mark in details.fingerprints]
        + [JoinKey(JoinRule.REFERENCE, f"sentry:{issue}") for issue in details.sentry_issues]
    )


def _common(maps: Sequence[Mapping[str, str]]) -> Mapping[str, str]:
    """What all of them say alike: a group of alerts has the labels that its alerts share."""
    if not maps:
        return {}
    first, *rest = maps
    return {name: value for name, value in first.items() if all(one.get(name) == value for one in rest)}


def _note(incident: JsonObject) -> str:
    """The number that people say aloud, and how many alerts are behind it: ``#1234, 3 alerts``."""
    count = number(incident.get("incident_number"))
    alerts = number(mapping(incident.get("alert_counts")).get("all")) or 0
    parts = ([f"#{count}"] if count is not None else []) + ([f"{alerts} alerts"] if alerts > 1 else [])
    return ", ".join(parts)
