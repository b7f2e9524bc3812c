"""The shapes of the JSON of ``oncall-tui action``: docs/json.md describes every key. Keys are only ever added."""

from typing import TypedDict


class ActionObject(TypedDict):
    name: str
    id: str
    key: str
    danger: str
    on: str
    command: str
    inputs: list[str]


class ActionsAnswer(TypedDict):
    actions: list[ActionObject]


class ActionAnswer(TypedDict):
    action: str
    alert: str
    title: str
    run: str | None
    danger: str
    state: str
    reason: str
    exit: int | None
    took_s: float
    stdout: str
    stderr: str
    truncated: bool


class ActionResultsAnswer(TypedDict):
    results: list[ActionAnswer]
