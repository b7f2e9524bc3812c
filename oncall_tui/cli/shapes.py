"""The shapes of the JSON that verbs print: docs/json.md describes every key. Keys are only ever added."""

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


class ResultObject(TypedDict):
    target: str
    alert: str
    title: str
    outcome: str
    reason: str
    by: str | None
    may_have_arrived: bool
    made: str | None
    taken_from: list[str]


class ActAnswer(TypedDict):
    results: list[ResultObject]


class PagedObject(TypedDict):
    level: int
    people: list[str]


class CreateAnswer(ActAnswer):
    source: str
    service: str
    service_id: str
    pages: list[PagedObject] | None


class WaitingObject(TypedDict):
    id: str
    verb: str
    alert: str
    title: str
    source: str
    target: str
    since: str
    reason: str


class OutboxAnswer(TypedDict):
    waiting: list[WaitingObject]


class CoveredObject(TypedDict):
    source: str
    id: str
    title: str
    severity: str
    service: str


class SilenceAnswer(ActAnswer):
    matchers: list[str]
    ends_at: str
    covers: list[CoveredObject]


class SilenceObject(TypedDict):
    source: str
    id: str
    state: str
    matchers: list[str]
    starts_at: str
    ends_at: str
    created_by: str
    comment: str


class SilencesAnswer(TypedDict):
    silences: list[SilenceObject]


class ProblemObject(TypedDict):
    file: str
    line: int | None
    column: int | None
    key: str
    problem: str
    expected: str


class ConfigCheckAnswer(TypedDict):
    file: str | None
    is_fine: bool
    problems: list[ProblemObject]


class InitSourceObject(TypedDict):
    name: str
    kind: str
    url: str
    is_checked: bool


class ConfigInitAnswer(TypedDict):
    file: str | None
    backup: str | None
    sources: list[InitSourceObject]
    environment: str
    variables: list[str]
    text: str | None


class RunbookObject(TypedDict):
    file: str
    folder: str
    mode: str
    id: str
    title: str
    owner: str
    severity: str | None
    errors: int
    warnings: int


class RunbooksAnswer(TypedDict):
    runbooks: list[RunbookObject]


class RunbookFindingObject(TypedDict):
    file: str
    rule: str
    level: str
    line: int
    column: int
    problem: str
    advice: str
    step: str | None


class RunbookCandidateObject(TypedDict):
    file: str
    mode: str
    id: str
    title: str
    why: str
    anchor: str | None


class RunbookFindAnswer(TypedDict):
    file: str | None
    rule: str
    why: str
    anchor: str | None
    candidates: list[RunbookCandidateObject]
    refused: list[str]
    search: str | None


RunbookParameterObject = TypedDict(
    "RunbookParameterObject",
    {
        "name": str,
        "type": str,
        "from": list[str],
        "required": bool,
        "value": str | None,
        "origin": str,
        "problem": str,
        "written": str | None,
    },
)


class RunbookStepObject(TypedDict):
    id: str
    kind: str
    lang: str
    body: str
    commands: list[str]
    line: int
    section: str
    phase: str
    danger: str
    runnable: bool
    unresolved: list[str]


class RunbookShowAnswer(TypedDict):
    mode: str
    title: str
    parameters: list[RunbookParameterObject]
    errors: list[RunbookFindingObject]
    steps: list[RunbookStepObject]


class RunbookLintAnswer(TypedDict):
    files: int
    errors: int
    warnings: int
    findings: list[RunbookFindingObject]


class RunbookNewAnswer(TypedDict):
    file: str
    id: str


class FindingObject(TypedDict):
    state: str
    topic: str
    what: str
    advice: str


class AreaObject(TypedDict):
    area: str
    source: str | None
    about: str
    state: str
    findings: list[FindingObject]


class DoctorAnswer(TypedDict):
    taken_at: str
    file: str | None
    state: str
    failures: int
    warnings: int
    areas: list[AreaObject]
