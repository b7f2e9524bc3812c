"""The shapes of the JSON of listings: docs/json.md describes every key. Keys are only ever added."""

from typing import TypedDict


class ErrorObject(TypedDict):
    kind: str
    message: str
    hint: str


class SourceObject(TypedDict):
    name: str
    kind: str
    state: str
    age_s: float | None
    error: ErrorObject | None
    warnings: list[str]


class RecordObject(TypedDict):
    source: str
    kind: str
    id: str
    url: str | None


class SuspectObject(TypedDict):
    deployment: str
    label: str
    seconds_before: float


class AlertObject(TypedDict):
    id: str
    title: str
    severity: str
    status: str
    service: str
    environment: str
    since: str
    acknowledged_by: str | None
    acknowledged_at: str | None
    acknowledged_here_only: bool
    last_event_at: str | None
    forgotten: bool
    silenced: bool
    silenced_by: str | None
    silenced_until: str | None
    inhibited: bool
    assigned_to: list[str]
    mine: bool
    runbook: str | None
    records: list[RecordObject]
    joined_by: list[str]
    suspects: list[SuspectObject]


class DeploymentObject(TypedDict):
    id: str
    service: str
    version: str
    environment: str
    status: str
    at: str
    started_at: str | None
    author: str
    summary: str
    url: str | None
    source: str
    kind: str
    seen_by: list[str]


class TargetsObject(TypedDict):
    up: int
    total: int


class CheckObject(TypedDict):
    name: str
    level: str
    value: float | None
    unit: str
    direction: str
    warning: float | None
    critical: float | None
    reason: str
    since: str | None


class ServiceObject(TypedDict):
    name: str
    environment: str
    health: str
    severity: str | None
    url: str | None
    targets: TargetsObject | None
    troubles: list[str]
    checks: list[CheckObject]


class Picture(TypedDict):
    taken_at: str
    sources: list[SourceObject]


class AlertsPicture(Picture):
    alerts: list[AlertObject]


class DeploymentsPicture(Picture):
    deployments: list[DeploymentObject]


class ServicesPicture(Picture):
    services: list[ServiceObject]


class StatusPicture(Picture):
    health: str
    reason: str
    alerts_by_severity: dict[str, int]
    services_by_health: dict[str, int]
