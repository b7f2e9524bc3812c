"""What a request may change about incidents: validation first, then the changes, so that a bad row changes nothing.

Source: "Manage Incidents", "Update an incident", "Snooze an incident", "Create a note on an incident" and "Merge
incidents" of the REST API v2.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from ..catalogue import Person
from .core import PagerDuty
from .errors import Refusal, invalid, not_found
from .model import Incident

MAX_BULK = 250
MAX_SNOOZE_S = 604_800
MAX_NOTES = 2_000
MAX_ALERTS = 1_000
_STATUSES = ("triggered", "acknowledged", "resolved")


def requester(request: web.Request, core: PagerDuty) -> Person:
    """The user named by the From header.

    Raises:
        Refusal: 400 when there is none, or nobody in the account has that e-mail.
    """
    person = core.directory.person(email=request.headers.get("From", ""))
    if person is None:
        raise Refusal(400, 1008, "Requester User Not Found", "From header must be the email of a valid user")
    return person


def found_incident(core: PagerDuty, incident_id: str) -> Incident:
    """An incident by id or number.

    Raises:
        Refusal: 404.
    """
    incident = core.incidents.get(incident_id)
    if incident is None and incident_id.isdigit():
        incident = next((one for one in core.incidents.values() if one.number == int(incident_id)), None)
    if incident is None:
        raise not_found()
    return incident


def bulk_rows(core: PagerDuty, body: Any) -> list[tuple[Incident, Mapping[str, Any]]]:
    """The rows of `PUT /incidents`, checked.

    Raises:
        Refusal: 413 beyond 250 rows, 400 for a malformed row, 404 for an unknown incident.
    """
    rows = body.get("incidents") if isinstance(body, dict) else None
    if not isinstance(rows, list) or not rows:
        raise invalid("Incidents cannot be empty")
    if len(rows) > MAX_BULK:
        raise Refusal(413, 2001, "Request Entity Too Large", f"At most {MAX_BULK} incidents per request")
    checked: list[tuple[Incident, Mapping[str, Any]]] = []
    for row in rows:
        if not isinstance(row, dict) or not row.get("id") or row.get("type") not in ("incident", "incident_reference"):
            raise invalid("Each incident needs an id and a type of incident or incident_reference")
        check_change(core, row)
        checked.append((found_incident(core, str(row["id"])), row))
    return checked


def check_change(core: PagerDuty, row: Mapping[str, Any]) -> None:
    """Refuse what no incident can become, before anything is changed.

    Raises:
        Refusal: 400.
    """
    if row.get("status", "triggered") not in _STATUSES:
        raise invalid(f"Status is invalid: {row['status']}")
    if row.get("urgency", "high") not in ("high", "low"):
        raise invalid("Urgency must be high or low")
    level = row.get("escalation_level", 1)
    if not isinstance(level, int) or not core.directory.level(level):
        raise invalid("Escalation level is invalid")
    if "priority" in row:
        priority_name(core, row["priority"])
    assignments = row.get("assignments", [])
    if not isinstance(assignments, list):
        raise invalid("Assignments must be an array")
    for one in assignments:
        _assignee(core, one)


def apply_change(core: PagerDuty, incident: Incident, row: Mapping[str, Any], by: Person) -> None:
    """Apply one checked row to an incident."""
    if row.get("title"):
        incident.title = str(row["title"])
    if row.get("urgency"):
        incident.urgency = row["urgency"]
    if "priority" in row:
        core.set_priority(incident, by, priority_name(core, row["priority"]))
    if row.get("assignments"):
        core.assign(incident, by, [_assignee(core, one) for one in row["assignments"]])
    if row.get("escalation_level"):
        level = int(row["escalation_level"])
        core.assign(incident, by, core.directory.level(level), level)
    status = row.get("status")
    if status == "acknowledged":
        core.acknowledge(incident, by)
    elif status == "resolved":
        core.resolve(incident, by, row.get("resolution"))
    elif status == "triggered":
        core.retrigger(incident, by)


def snooze_duration(body: Any) -> int:
    """Seconds of `POST /incidents/{id}/snooze`.

    Raises:
        Refusal: 400 outside 1 second to one week.
    """
    duration = body.get("duration") if isinstance(body, dict) else None
    if not isinstance(duration, int) or not 1 <= duration <= MAX_SNOOZE_S:
        raise invalid(f"Duration must be between 1 and {MAX_SNOOZE_S}")
    return duration


def note_content(incident: Incident, body: Any) -> str:
    """Text of `POST /incidents/{id}/notes`.

    Raises:
        Refusal: 400 when it is missing or empty, or the incident has 2,000 notes.
    """
    if len(incident.notes) >= MAX_NOTES:
        raise invalid(f"An incident can have at most {MAX_NOTES} notes")
    note = body.get("note") if isinstance(body, dict) else None
    content = note.get("content") if isinstance(note, dict) else None
    if not isinstance(content, str) or not content.strip():
        raise invalid("Note content cannot be blank")
    return content


def merge_sources(core: PagerDuty, target: Incident, body: Any) -> list[Incident]:
    """The incidents that `PUT /incidents/{id}/merge` makes part of the target.

    Raises:
        Refusal: 400 when there are none, one is resolved or the target itself, or it would hold over 1,000 alerts; 404
            for an unknown one.
    """
    rows = body.get("source_incidents") if isinstance(body, dict) else None
    if not isinstance(rows, list) or not rows:
        raise invalid("Source incidents cannot be empty")
    if any(not isinstance(row, dict) or row.get("type") not in ("incident", "incident_reference") for row in rows):
        raise invalid("Each source incident needs an id and a type of incident or incident_reference")
    sources = [found_incident(core, str(row.get("id"))) for row in rows]
    if target in sources or not all(one.is_open for one in (target, *sources)):
        raise invalid("Incidents must be open, and others than the target, to be merged")
    if sum(len(one.alerts) for one in (target, *sources)) > MAX_ALERTS:
        raise invalid(f"An incident can have at most {MAX_ALERTS} alerts")
    return sources


def priority_name(core: PagerDuty, raw: Any) -> str | None:
    """The name of the priority that a reference names; None for null.

    Raises:
        Refusal: 400 for one that is not in the account.
    """
    if raw is None:
        return None
    for one in core.directory.priorities():
        if isinstance(raw, dict) and raw.get("id") == one["id"]:
            return str(one["name"])
    raise invalid("Priority not found")


def _assignee(core: PagerDuty, raw: Any) -> Person:
    reference = raw.get("assignee") if isinstance(raw, dict) else None
    person = core.directory.person(user_id=str(reference.get("id"))) if isinstance(reference, dict) else None
    if person is None:
        raise invalid("Assignee not found")
    return person
