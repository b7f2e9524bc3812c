"""Incidents, alerts, log entries, notes and change events as the REST API v2 writes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..catalogue import ORGANIZATION, Person, Service
from ..times import pagerduty_time
from .directory import (
    Directory,
    policy_reference,
    priority,
    reference,
    service_reference,
    team_reference,
    user_reference,
)
from .model import Alert, ChangeEvent, Incident, LogEntry, Note

Json = dict[str, Any]
Include = frozenset[str]


def incident_summary(incident: Incident) -> str:
    """`[#4101] title`."""
    return f"[#{incident.number}] {incident.title}"


def incident_reference(incident: Incident) -> Json:
    """Reference to an incident."""
    return reference("incident", incident.id, incident_summary(incident), "incidents")


def agent_reference(agent: Person | Service) -> Json:
    """Reference to who did something."""
    return user_reference(agent) if isinstance(agent, Person) else service_reference(agent)


def incident_json(incident: Incident, directory: Directory, include: Include = frozenset()) -> Json:
    """An incident; `include[]` names what comes in full instead of as a reference."""
    triggered = sum(alert.status == "triggered" for alert in incident.alerts)
    return {
        **incident_reference(incident),
        "type": "incident",
        "incident_number": incident.number,
        "title": incident.title,
        "description": incident.title,
        "created_at": pagerduty_time(incident.created_at),
        "updated_at": pagerduty_time(incident.changed_at),
        "status": incident.status,
        "incident_key": incident.key,
        "service": _service(incident.service, directory, include),
        "assignments": [
            {"at": pagerduty_time(at), "assignee": _user(person, directory, "assignees" in include)}
            for at, person in incident.assignees
        ],
        "assigned_via": incident.assigned_via,
        "last_status_change_at": pagerduty_time(incident.changed_at),
        "last_status_change_by": agent_reference(incident.changed_by or incident.service),
        "resolved_at": None if incident.resolved_at is None else pagerduty_time(incident.resolved_at),
        "first_trigger_log_entry": _first_trigger(incident, include),
        "alert_counts": {
            "all": len(incident.alerts),
            "triggered": triggered,
            "resolved": len(incident.alerts) - triggered,
        },
        "is_mergeable": incident.is_open,
        "incident_type": {"name": "incident_default"},
        "escalation_policy": directory.policies()[0] if "escalation_policies" in include else policy_reference(),
        "teams": [team_reference(incident.service.team)],
        "impacted_services": [service_reference(incident.service)],
        "pending_actions": _pending(incident),
        "acknowledgements": [
            {"at": pagerduty_time(at), "acknowledger": _user(person, directory, "acknowledgers" in include)}
            for at, person in incident.acknowledgements
        ],
        "alert_grouping": None,
        "priority": None if incident.priority is None else priority(incident.priority),
        "resolve_reason": _resolve_reason(incident),
        "urgency": incident.urgency,
    }


def alert_json(alert: Alert, incident: Incident) -> Json:
    """An alert with the event it came from: `body.details`, `body.cef_details` (PD-CEF)."""
    event: Mapping[str, Any] = alert.event
    payload = event["payload"]
    details = payload.get("custom_details", {})
    return {
        **reference("alert", alert.id, str(payload["summary"]), "alerts"),
        "type": "alert",
        "created_at": pagerduty_time(alert.created_at),
        "resolved_at": None if alert.resolved_at is None else pagerduty_time(alert.resolved_at),
        "status": alert.status,
        "alert_key": alert.alert_key,
        "service": service_reference(incident.service),
        "incident": incident_reference(incident),
        "severity": payload.get("severity", "error"),
        "suppressed": False,
        "alert_grouping": None,
        "integration": reference("events_api_v2_inbound_integration", "PINTEG1", "Prometheus", "integrations"),
        "body": {
            "type": "alert_body",
            "contexts": event.get("links", []),
            "details": details,
            "cef_details": {
                "client": event.get("client"),
                "client_url": event.get("client_url"),
                "contexts": [],
                "creation_time": pagerduty_time(alert.created_at),
                "dedup_key": alert.alert_key,
                "description": payload["summary"],
                "details": details,
                "event_class": payload.get("class"),
                "message": payload["summary"],
                "mutations": [],
                "service_group": payload.get("group"),
                "severity": payload.get("severity", "error"),
                "source_component": payload.get("component"),
                "source_origin": payload.get("source"),
                "version": "1.0",
            },
        },
    }


def log_entry_json(entry: LogEntry, incident: Incident, include: Include = frozenset()) -> Json:
    """A log entry; `include[]=channels` brings the channel in full."""
    body = {
        **reference(f"{entry.kind}_log_entry", entry.id, entry.summary, "log_entries"),
        "type": f"{entry.kind}_log_entry",
        "html_url": f"https://{ORGANIZATION}.pagerduty.com/incidents/{incident.id}/log_entries/{entry.id}",
        "created_at": pagerduty_time(entry.at),
        "agent": agent_reference(entry.agent),
        "channel": dict(entry.channel) if "channels" in include else {"type": entry.channel["type"]},
        "service": service_reference(incident.service),
        "incident": incident_json_reference(incident, include),
        "teams": [team_reference(incident.service.team)],
        "contexts": [],
        "event_details": {},
    }
    if entry.user is not None:
        body["user"] = user_reference(entry.user)
    if entry.kind in ("assign", "escalate"):
        body["assignees"] = [user_reference(person) for _, person in incident.assignees]
    return body


def incident_json_reference(incident: Incident, include: Include) -> Json:
    """The incident of a log entry: with title and status when `include[]=incidents` asks for it."""
    if "incidents" not in include:
        return incident_reference(incident)
    return {
        **incident_reference(incident),
        "type": "incident",
        "incident_number": incident.number,
        "title": incident.title,
        "status": incident.status,
        "created_at": pagerduty_time(incident.created_at),
        "urgency": incident.urgency,
    }


def note_json(note: Note) -> Json:
    """A note."""
    return {
        "id": note.id,
        "user": user_reference(note.author),
        "channel": {"summary": "The PagerDuty website or APIs"},
        "content": note.content,
        "created_at": pagerduty_time(note.at),
    }


def change_event_json(change: ChangeEvent) -> Json:
    """A change event."""
    return {
        "id": change.id,
        "type": "change_event",
        "summary": change.summary,
        "self": f"https://api.pagerduty.com/change_events/{change.id}",
        "html_url": f"https://{ORGANIZATION}.pagerduty.com/change_events/{change.id}",
        "timestamp": pagerduty_time(change.at),
        "source": change.source,
        "routing_key": None,
        "integration": reference("change_events_api_inbound_integration", "PINTEG2", "Deployments", "integrations"),
        "services": [service_reference(change.service)],
        "custom_details": dict(change.details),
        "links": [{"href": change.link, "text": "Pipeline"}],
        "images": [],
    }


def _first_trigger(incident: Incident, include: Include) -> Json | None:
    entry = next((entry for entry in incident.log if entry.kind == "trigger"), None)
    if entry is None:
        return None
    if "first_trigger_log_entries" in include:
        return log_entry_json(entry, incident, frozenset({"channels"}))
    return reference("trigger_log_entry", entry.id, entry.summary, "log_entries")


def _pending(incident: Incident) -> list[Json]:
    if incident.snoozed_until is None:
        return []
    return [{"type": "unacknowledge", "at": pagerduty_time(incident.snoozed_until)}]


def _resolve_reason(incident: Incident) -> Json | None:
    """Why it is resolved, where a merge is the reason; PagerDuty tells no other."""
    if incident.merged_into is None:
        return None
    return {"type": "merge_resolve_reason", "incident": incident_reference(incident.merged_into)}


def _service(service: Service, directory: Directory, include: Include) -> Json:
    return directory.full_service(service) if "services" in include else service_reference(service)


def _user(person: Person, directory: Directory, in_full: bool) -> Json:
    return directory.user(person) if in_full else user_reference(person)
