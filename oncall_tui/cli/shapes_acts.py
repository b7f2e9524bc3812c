"""The shapes of the JSON of what is done: acts, silences, the outbox. docs/json.md describes every key."""

from typing import TypedDict


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
    cut_off: list[WaitingObject]


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
