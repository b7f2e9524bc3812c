"""The shapes of the JSON of ``oncall`` and ``history``: docs/json.md describes every key. Keys are only ever added."""

from typing import TypedDict

from oncall_tui.cli.shapes import Picture


class ShiftObject(TypedDict):
    user: str
    me: bool
    policy: str
    level: int
    since: str | None
    until: str | None
    schedule: str


class LevelObject(TypedDict):
    level: int
    now: list[ShiftObject]
    next: list[ShiftObject]
    nobody_from: str | None


class PolicyObject(TypedDict):
    name: str
    used: bool
    nobody: bool
    levels: list[LevelObject]


class MyShiftsObject(TypedDict):
    on_call: bool
    now: list[ShiftObject]
    next: ShiftObject | None


class PageDayObject(TypedDict):
    day: str
    whole: bool
    total: int | None
    nights: int | None
    mine: int | None
    my_nights: int | None


class PagesObject(TypedDict):
    night: str
    total: int
    nights: int
    mine: int | None
    my_nights: int | None
    per_day: float | None
    days: list[PageDayObject]
    trouble: str


class OnCallPicture(Picture):
    read_at: str | None
    me: MyShiftsObject
    policies: list[PolicyObject]
    pages: PagesObject | None


class PastNoteObject(TypedDict):
    text: str
    by: str
    at: str | None


class FiringObject(TypedDict):
    id: str
    number: int | None
    title: str
    url: str | None
    began_at: str
    ended_at: str | None
    lasted_s: float | None
    ending: str
    by: str | None
    note: PastNoteObject | None


class HistoryAnswer(TypedDict):
    alert: str
    title: str
    since: str
    until: str
    same_by: str
    cut: bool
    firings: list[FiringObject]
