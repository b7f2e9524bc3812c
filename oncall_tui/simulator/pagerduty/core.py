"""The state of the account and what changes it."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from ..catalogue import DEMO_USER, SERVICES, Person, Service
from ..times import Clock
from .directory import Directory
from .model import Alert, ChangeEvent, Incident, LogEntry, Note

_PRIORITY_OF_SEVERITY = {"page": "P1", "critical": "P2", "warning": "P3"}
_PRIORITY_OF_ALERT = {"QueueBacklog": "P2"}
_ID_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


def orchestrated_priority(event: Mapping[str, Any]) -> str | None:
    """The priority that the account's event orchestration gives an event, from the labels in its details."""
    firing = str(event.get("payload", {}).get("custom_details", {}).get("firing", ""))
    labels = dict(re.findall(r"^ - (alertname|severity) = (.*)$", firing, re.MULTILINE))
    by_alert = _PRIORITY_OF_ALERT.get(labels.get("alertname", ""))
    return by_alert or _PRIORITY_OF_SEVERITY.get(labels.get("severity", ""))


class PagerDuty:
    """Incidents, their history, and the changes of the services.

    Args:
        clock: epoch seconds.
        rng: seeded, for ids.
        services: those of the account.
    """

    def __init__(self, clock: Clock, rng: random.Random, services: Sequence[Service] = SERVICES) -> None:
        self.clock = clock
        self.directory = Directory(clock, services)
        self.incidents: dict[str, Incident] = {}
        self.changes: list[ChangeEvent] = []
        self.called: Person = DEMO_USER
        """Who is called first about a new incident."""
        self._rng = rng
        self._next_number = 4101

    # -- machines: Events API v2

    def enqueue(self, event: Mapping[str, Any]) -> str:
        """Take a trigger, acknowledge or resolve event; returns its dedup key.

        Raises:
            ValueError: an unknown routing key or action.
        """
        service = self.directory.service(routing_key=str(event.get("routing_key", "")))
        if service is None:
            raise ValueError("Invalid routing key")
        key = str(event.get("dedup_key") or self._id("", 32).lower())
        action = event.get("event_action")
        if action == "trigger":
            self._trigger(service, key, event)
        elif action in ("acknowledge", "resolve"):
            for incident in self._open_with(service, key):
                if action == "acknowledge":
                    self._set_acknowledged(incident, service)
                else:
                    self._resolve_alert(incident, key, event)
        else:
            raise ValueError(f"event_action is invalid: {action!r}")
        return key

    def change(self, service: Service, summary: str, source: str, details: Mapping[str, Any], link: str) -> ChangeEvent:
        """Record a change event, as `/v2/change/enqueue` would."""
        event = ChangeEvent(self._id("01", 26), summary, self.clock(), service, source, dict(details), link)
        self.changes.append(event)
        return event

    # -- people: REST API v2

    def acknowledge(self, incident: Incident, by: Person) -> None:
        """Acknowledge; a resolved incident opens again, as the real one does."""
        self._reopen(incident)
        self._set_acknowledged(incident, by)

    def resolve(self, incident: Incident, by: Person | Service, resolution: str | None = None) -> None:
        """Resolve with all its alerts; nothing happens to a resolved one."""
        if incident.status == "resolved":
            return
        now = self.clock()
        incident.status, incident.resolved_at, incident.resolution = "resolved", now, resolution
        incident.assignees, incident.snoozed_until, incident.acknowledgements = [], None, []
        for alert in incident.alerts:
            alert.status, alert.resolved_at = "resolved", alert.resolved_at or now
        self._changed(incident, by)
        channel = _channel(by) | ({"resolution": resolution} if resolution else {})
        self.log(incident, "resolve", by, channel, f"Resolved by {by.name}.")

    def retrigger(self, incident: Incident, by: Person | Service) -> None:
        """Set an acknowledged incident back to triggered."""
        if incident.status != "acknowledged":
            return
        incident.status, incident.snoozed_until, incident.acknowledgements = "triggered", None, []
        self._changed(incident, by)
        self.log(incident, "unacknowledge", by, _channel(by), f"Unacknowledged by {by.name}.")

    def snooze(self, incident: Incident, by: Person, duration_s: float) -> None:
        """Acknowledge until later."""
        self._set_acknowledged(incident, by)
        incident.snoozed_until = self.clock() + duration_s
        self.log(incident, "snooze", by, _channel(by), f"Snoozed by {by.name} for {duration_s:g} seconds.")

    def note(self, incident: Incident, by: Person, content: str) -> Note:
        """Add a note."""
        note = Note(self._id("P", 7), self.clock(), by, content)
        incident.notes.append(note)
        self.log(
            incident,
            "annotate",
            by,
            {"type": "note", "summary": content, "content": content},
            f"Note added by {by.name}.",
        )
        return note

    def assign(self, incident: Incident, by: Person, assignees: list[Person], level: int | None = None) -> None:
        """Reassign, or escalate when a level is given; an acknowledged or resolved incident is triggered again."""
        now = self.clock()
        self._reopen(incident)
        incident.assignees = [(now, person) for person in assignees]
        incident.assigned_via = "direct_assignment" if level is None else "escalation_policy"
        if level is not None:
            incident.escalation_level = level
        kind = "assign" if level is None else "escalate"
        names = " and ".join(person.name for person in assignees)
        self.log(incident, kind, by, _channel(by), f"{'Assigned' if level is None else 'Escalated'} to {names}.")
        self.retrigger(incident, by)

    def set_priority(self, incident: Incident, by: Person, name: str | None) -> None:
        """Change the priority; None takes it away."""
        incident.priority = name
        self.log(incident, "priority_change", by, _channel(by), f"Priority set to {name} by {by.name}.")

    def merge(self, target: Incident, sources: Sequence[Incident], by: Person) -> None:
        """Move the alerts of the sources to the target; the sources are resolved by it."""
        for source in sources:
            target.alerts += source.alerts
            source.alerts = []
            self.resolve(source, by)
            source.merged_into = target

    def wake(self) -> None:
        """End the snoozes that are over; called on every tick of the world."""
        now = self.clock()
        for incident in self.incidents.values():
            if incident.snoozed_until is not None and incident.snoozed_until <= now:
                self.retrigger(incident, incident.service)

    def declare(
        self,
        title: str,
        service: Service,
        by: Person,
        *,
        key: str,
        priority: str | None,
        urgency: Literal["high", "low"] | None,
        details: str,
    ) -> Incident:
        """Open an incident by hand."""
        incident = self.open_incident(title, service, priority=priority, key=key)
        incident.urgency, incident.details, incident.changed_by = urgency or "high", details, by
        channel = {"type": "web_trigger", "summary": title, "subject": title, "details": details}
        self.log(incident, "trigger", by, channel, f"Triggered by {by.name}.")
        self.log(incident, "assign", service, {"type": "auto"}, f"Assigned to {DEMO_USER.name}.")
        return incident

    def open_incident(self, title: str, service: Service, *, priority: str | None, key: str = "") -> Incident:
        """Create an incident assigned to who is on call."""
        now = self.clock()
        urgency: Literal["high", "low"] = "low" if priority in ("P3", "P4", "P5") else "high"
        incident = Incident(
            self._id("Q", 14),
            self._next_number,
            title,
            service,
            now,
            urgency,
            priority,
            [(now, self.called)],
            key=key or self._id("", 32).lower(),
            changed_at=now,
            changed_by=service,
        )
        self._next_number += 1
        self.incidents[incident.id] = incident
        return incident

    def notify(self, incident: Incident, person: Person) -> None:
        """Call somebody."""
        channel = {"type": "auto", "notification": {"type": "push_notification", "status": "success"}}
        self.log(incident, "notify", incident.service, channel, f"Notified {person.name} by push.", person)

    def log(
        self,
        incident: Incident,
        kind: str,
        agent: Person | Service,
        channel: Mapping[str, Any],
        summary: str,
        user: Person | None = None,
    ) -> None:
        """Write a line of an incident's history."""
        incident.log.append(LogEntry(self._id("R", 26), kind, self.clock(), agent, channel, summary, user))

    def _trigger(self, service: Service, key: str, event: Mapping[str, Any]) -> None:
        for incident in self._open_with(service, key):
            for alert in incident.alerts:
                if alert.alert_key == key:
                    alert.event = event
            return
        summary = str(event["payload"]["summary"])
        incident = self.open_incident(summary, service, priority=orchestrated_priority(event), key=key)
        incident.alerts.append(Alert(self._id("Q", 14), key, self.clock(), event))
        channel = {
            "type": "api",
            "summary": summary,
            "service_key": event.get("routing_key"),
            "incident_key": key,
            "description": summary,
            "details": event["payload"].get("custom_details", {}),
            "client": event.get("client"),
            "client_url": event.get("client_url"),
            "cef_details": {},
        }
        self.log(incident, "trigger", service, channel, "Triggered through the API.")
        self.log(incident, "assign", service, {"type": "auto"}, f"Assigned to {self.called.name}.")
        self.notify(incident, self.called)

    def _resolve_alert(self, incident: Incident, key: str, event: Mapping[str, Any]) -> None:
        for alert in incident.alerts:
            if alert.alert_key == key:
                alert.status, alert.resolved_at = "resolved", self.clock()
        if all(alert.status == "resolved" for alert in incident.alerts):
            self.resolve(incident, incident.service)

    def _set_acknowledged(self, incident: Incident, by: Person | Service) -> None:
        now = self.clock()
        incident.status = "acknowledged"
        if isinstance(by, Person):
            incident.acknowledgements = [one for one in incident.acknowledgements if one[1] is not by] + [(now, by)]
            incident.assignees = [(now, by)]
        self._changed(incident, by)
        self.log(incident, "acknowledge", by, _channel(by), f"Acknowledged by {by.name}.")

    def _reopen(self, incident: Incident) -> None:
        if incident.status != "resolved":
            return
        incident.status, incident.resolved_at, incident.resolution = "triggered", None, None
        for alert in incident.alerts:
            alert.status, alert.resolved_at = "triggered", None

    def _changed(self, incident: Incident, by: Person | Service) -> None:
        incident.changed_at, incident.changed_by = self.clock(), by

    def _open_with(self, service: Service, key: str) -> list[Incident]:
        return [
            incident
            for incident in self.incidents.values()
            if incident.is_open and incident.service is service and any(a.alert_key == key for a in incident.alerts)
        ]

    def _id(self, prefix: str, length: int) -> str:
        return prefix + "".join(self._rng.choices(_ID_ALPHABET, k=length - len(prefix)))


def _channel(by: Person | Service) -> dict[str, Any]:
    return {"type": "api"} if isinstance(by, Service) else {"type": "website"}
