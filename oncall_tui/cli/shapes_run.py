"""The shapes of the JSON of ``runbook run``, ``runs`` and ``test``: docs/json.md describes every key."""

from typing import TypedDict


class RunbookTroubleObject(TypedDict):
    file: str
    line: int
    key: str
    problem: str


class RunbookCaseObject(TypedDict):
    file: str
    line: int
    name: str
    passed: bool
    problems: list[str]


class RunbookTestAnswer(TypedDict):
    files: int
    failed: int
    cases: list[RunbookCaseObject]
    troubles: list[RunbookTroubleObject]


class RunbookEventObject(TypedDict):
    event: str
    at: str
    step: str | None
    state: str | None
    text: str
    exit: int | None
    value: float | None


class RunbookGivenObject(TypedDict):
    name: str
    value: str
    origin: str


class RunbookUnitObject(TypedDict):
    id: str
    kind: str
    danger: str
    state: str
    reason: str
    exit: int | None
    value: float | None


class RunbookRunAnswer(TypedDict):
    event: str
    run: str
    file: str
    title: str
    alert: str | None
    open: bool
    outcome: str | None
    stopped: str | None
    parameters: list[RunbookGivenObject]
    steps: list[RunbookUnitObject]
    changes: list[str]


class RunbookPastObject(TypedDict):
    run: str
    runbook: str
    file: str
    title: str
    opened_at: str
    actor: str
    alert: str | None
    driven_by: str
    incident: str | None
    started: int
    done: int
    failed: int
    open: bool
    outcome: str | None
    closed_at: str | None


class RunbookRunsAnswer(TypedDict):
    runs: list[RunbookPastObject]
