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
