"""The shapes of the JSON about a configuration: checked, written, examined. docs/json.md describes every key."""

from typing import TypedDict


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
