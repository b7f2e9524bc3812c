"""How people and the past become JSON. Pure; ``shapes_past`` holds what each object has, docs/json.md explains it."""

from collections.abc import Sequence
from datetime import datetime

from oncall_tui.cli.schema import moment, picture
from oncall_tui.cli.shapes_past import (
    FiringObject,
    HistoryAnswer,
    LevelObject,
    MyShiftsObject,
    OnCallPicture,
    PageDayObject,
    PagesObject,
    PolicyObject,
    ShiftObject,
)
from oncall_tui.domain.alert import Alert
from oncall_tui.domain.history import Firing, History
from oncall_tui.domain.pages import Night, PageDay, PageLog, a_day, in_total, pages_per_day
from oncall_tui.domain.rota import LevelRota, PolicyRota, my_shifts, rota
from oncall_tui.domain.situation import OnCall, Situation


def oncall_picture(situation: Situation, pages: PagesObject | None) -> OnCallPicture:
    """``oncall --json``."""
    rotas = rota(situation.shifts, situation.policies, situation.taken_at)
    return {
        **picture(situation),
        "read_at": _moment(situation.on_call_at),
        "me": _mine(situation),
        "policies": [_policy(one) for one in rotas],
        "pages": pages,
    }


def pages_object(log: PageLog, days: int, now: datetime, night: Night) -> PagesObject:
    """Pages per day in the time zone of ``now``; without anybody known to sit here nobody's are ``mine``."""
    counted = pages_per_day(log, days, now, night)
    total, mean = in_total(counted), a_day(counted)
    return {
        "night": str(night),
        "total": total.total,
        "nights": total.nights,
        "mine": total.mine if log.is_me_known else None,
        "my_nights": total.my_nights if log.is_me_known else None,
        "per_day": None if mean is None else round(mean, 3),
        "days": [_day(one, is_me_known=log.is_me_known) for one in counted],
        "trouble": log.trouble,
    }


def history_answer(alert: Alert, history: History) -> HistoryAnswer:
    """``history --json``."""
    return {
        "alert": alert.id,
        "title": alert.title,
        "since": moment(history.since),
        "until": moment(history.until),
        "same_by": history.same_by.value,
        "cut": history.is_cut,
        "firings": [_firing(one) for one in history.firings],
    }


def _mine(situation: Situation) -> MyShiftsObject:
    current, coming = my_shifts(situation.shifts, situation.taken_at, situation.my_next)
    return {
        "on_call": bool(current),
        "now": _shifts(current),
        "next": None if coming is None else _shift(coming),
    }


def _policy(one: PolicyRota) -> PolicyObject:
    levels = [_level(level) for level in one.levels]
    return {"name": one.name, "used": one.is_used, "nobody": one.is_nobody, "levels": levels}


def _level(one: LevelRota) -> LevelObject:
    return {
        "level": one.number,
        "now": _shifts(one.now),
        "next": _shifts(one.next),
        "nobody_from": _moment(one.gap_from),
    }


def _shifts(shifts: Sequence[OnCall]) -> list[ShiftObject]:
    return [_shift(one) for one in shifts]


def _shift(one: OnCall) -> ShiftObject:
    return {
        "user": one.user,
        "me": one.is_me,
        "policy": one.policy,
        "level": one.level,
        "since": _moment(one.since),
        "until": _moment(one.until),
        "schedule": one.schedule,
    }


def _day(one: PageDay, *, is_me_known: bool) -> PageDayObject:
    count = one.count
    is_mine_known = count is not None and is_me_known
    return {
        "day": one.day.isoformat(),
        "whole": one.is_whole,
        "total": None if count is None else count.total,
        "nights": None if count is None else count.nights,
        "mine": count.mine if count is not None and is_mine_known else None,
        "my_nights": count.my_nights if count is not None and is_mine_known else None,
    }


def _firing(one: Firing) -> FiringObject:
    lasted = one.lasted
    note = one.note
    return {
        "id": one.id,
        "number": one.number,
        "title": one.title,
        "url": one.url,
        "began_at": moment(one.began_at),
        "ended_at": _moment(one.ended_at),
        "lasted_s": None if lasted is None else round(lasted.total_seconds(), 3),
        "ending": one.ending.value,
        "by": one.by or None,
        "note": None if note is None else {"text": note.text, "by": note.by, "at": _moment(note.at)},
    }


def _moment(at: datetime | None) -> str | None:
    return None if at is None else moment(at)
