"""Incidents, alerts, log entries and change events as the account keeps them. Times are epoch seconds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from ..catalogue import Person, Service

Json = dict[str, Any]
IncidentStatus = Literal["triggered", "acknowledged", "resolved"]
OPEN: tuple[IncidentStatus, ...] = ("triggered", "acknowledged")


@dataclass(slots=True)
class Alert:
    """One alert of an incident: what a monitoring tool sent.

    Attributes:
        event: the Events API v2 body of the last trigger or resolve.
    """

    id: str
    alert_key: str
    created_at: float
    event: Mapping[str, Any]
    status: Literal["triggered", "resolved"] = "triggered"
    resolved_at: float | None = None


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One line of an incident's history.

    Attributes:
        kind: `trigger`, `acknowledge`, `unacknowledge`, `resolve`, `snooze`, `annotate`, `assign`, `notify`,
            `escalate`, `priority_change`; the type is `<kind>_log_entry`.
        agent: who did it: a user, or a service when a machine did.
        channel: how: `{"type": "api"}`, `{"type": "note", "content": ...}` and the like.
        user: who was called, of a notify entry.
    """

    id: str
    kind: str
    at: float
    agent: Person | Service
    channel: Mapping[str, Any]
    summary: str
    user: Person | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """A note on an incident."""

    id: str
    at: float
    author: Person
    content: str


@dataclass(slots=True)
class Incident:
    """One incident.

    Attributes:
        details: the body that whoever declared it wrote.
        assigned_via: whether its escalation policy chose who has it, or somebody did.
        merged_into: the incident that it was resolved into.
    """

    id: str
    number: int
    title: str
    service: Service
    created_at: float
    urgency: Literal["high", "low"]
    priority: str | None
    assignees: list[tuple[float, Person]]
    status: IncidentStatus = "triggered"
    key: str = ""
    acknowledgements: list[tuple[float, Person]] = field(default_factory=list)
    changed_at: float = 0.0
    changed_by: Person | Service | None = None
    resolved_at: float | None = None
    snoozed_until: float | None = None
    escalation_level: int = 1
    resolution: str | None = None
    details: str = ""
    assigned_via: Literal["escalation_policy", "direct_assignment"] = "escalation_policy"
    merged_into: Incident | None = None
    alerts: list[Alert] = field(default_factory=list)
    log: list[LogEntry] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        """Whether it is triggered or acknowledged."""
        return self.status in OPEN


@dataclass(frozen=True, slots=True)
class ChangeEvent:
    """Something that changed a service: a deployment."""

    id: str
    summary: str
    at: float
    service: Service
    source: str
    details: Mapping[str, Any]
    link: str
