"""The shapes of the JSON about runbooks: found, shown, examined. docs/json.md describes every key."""

from typing import TypedDict


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
    rule: str | None
    why: str | None


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
    author: str | None
    classifier: str
    danger_reason: str | None
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
