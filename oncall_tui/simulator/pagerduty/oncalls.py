"""`GET /oncalls`: the computed shifts of the account.

Source: "List all of the on-calls" of the REST API v2: what overlaps `since` to `until` comes with its begin and end,
both default to now, and shifts are computed for 90 days.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from aiohttp import web

from ..catalogue import PEOPLE, Person
from ..times import Clock, last_at_hour, next_monday_nine, pagerduty_time, parse_time
from .directory import Directory, partners_reference, policy_reference, reference, user_reference
from .errors import invalid
from .paging import page, values

Json = dict[str, Any]
DAY_S = 86_400.0
WEEK_S = 7 * DAY_S
AHEAD_S = 90 * DAY_S
_OPENS, _OFFICE_S = 7, 11 * 3600.0
"""Partner support begins at 07:00 UTC and ends at 18:00: at night nobody has it."""

Shift = tuple[float, float, int, Person, Json, Json]
"""Begin, end, level, who, the reference of the policy, that of the schedule."""


def oncalls_handler(directory: Directory, clock: Clock) -> Callable[[web.Request], Any]:
    """The handler of the route."""

    async def oncalls(request: web.Request) -> web.Response:
        now = clock()
        since, until = _moment(request, "since", now), _moment(request, "until", now)
        if until < since:
            raise invalid("until cannot be before since")
        found = [one for one in _shifts(directory, now) if one[0] <= min(until, now + AHEAD_S) and one[1] > since]
        if request.query.get("earliest") == "true":
            found = _earliest(found)
        include = values(request, "include")
        rows = [_json(one, directory, include) for one in found]
        for name, key in (("user_ids", "user"), ("escalation_policy_ids", "escalation_policy")):
            wanted = values(request, name)
            rows = [one for one in rows if not wanted or one[key]["id"] in wanted]
        return page(request, "oncalls", rows, dict)

    return oncalls


def _shifts(directory: Directory, now: float) -> Iterator[Shift]:
    """The weekly rotation of production, and the office hours of partner support, from now on."""
    ends = next_monday_nine(now)
    weekly = reference("schedule", "PSCHED1", "Production, weekly", "schedules")
    for week in range(14):
        end = ends + week * WEEK_S
        for level, person in enumerate(directory.rotation(week), start=1):
            yield end - WEEK_S, end, level, person, policy_reference(), weekly
    office = reference("schedule", "PSCHED2", "Partner support, office hours", "schedules")
    for day in range(91):
        begin = last_at_hour(now, _OPENS) + day * DAY_S
        yield begin, begin + _OFFICE_S, 1, PEOPLE[1 + day % 2], partners_reference(), office


def _earliest(shifts: list[Shift]) -> list[Shift]:
    """The first of each policy, level and user."""
    first: dict[tuple[str, int, str], Shift] = {}
    for one in sorted(shifts, key=lambda one: one[0]):
        first.setdefault((one[4]["id"], one[2], one[3].id), one)
    return sorted(first.values(), key=lambda one: (one[4]["id"], one[2], one[0]))


def _json(shift: Shift, directory: Directory, include: frozenset[str]) -> Json:
    begin, end, level, person, policy, schedule = shift
    if "escalation_policies" in include:
        policy = next(one for one in directory.policies() if one["id"] == policy["id"])
    return {
        "escalation_policy": policy,
        "escalation_level": level,
        "schedule": schedule,
        "user": directory.user(person) if "users" in include else user_reference(person),
        "start": pagerduty_time(begin),
        "end": pagerduty_time(end),
    }


def _moment(request: web.Request, name: str, default: float) -> float:
    text = request.query.get(name)
    if not text:
        return default
    try:
        return parse_time(text)
    except ValueError:
        raise invalid(f"{name} is not a valid ISO 8601 date") from None
