"""What changes an issue: its status, who has it, how much it matters.

Source: "Bulk Mutate an Organization's Issues" and "Update an Issue" of Sentry's API reference.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..catalogue import DEMO_USER, PEOPLE, TEAMS
from ..times import sentry_time
from .model import Issue, Json

ARCHIVED = ("archived_until_escalating", "archived_until_condition_met", "archived_forever")
_STATUSES = ("resolved", "unresolved", "ignored", "resolvedInNextRelease")
_PRIORITIES = ("low", "medium", "high")
_ME: Json = {"id": "1", "name": DEMO_USER.name, "email": DEMO_USER.email, "username": DEMO_USER.email}


def update(issue: Issue, body: Mapping[str, Any], now: float) -> None:
    """Apply the fields of a body to one issue; ``now`` in epoch seconds.

    Raises:
        ValueError: an unknown status, priority or assignee.
    """
    if "status" in body:
        _set_status(issue, str(body["status"]), body, now)
    if "assignedTo" in body:
        issue.assigned_to = _assignee(str(body["assignedTo"] or ""))
    if body.get("priority"):
        if body["priority"] not in _PRIORITIES:
            raise ValueError(f'"{body["priority"]}" is not a valid choice.')
        issue.priority = body["priority"]
    if "hasSeen" in body:
        issue.has_seen = bool(body["hasSeen"])


def update_all(issues: Sequence[Issue], body: Mapping[str, Any], now: float) -> Json:
    """Apply a body to several issues, at least one; the answer has the fields that were changed, not the issues.

    Raises:
        ValueError: a value that Sentry refuses, or a next release for several projects.
    """
    if body.get("status") == "resolvedInNextRelease" and len({issue.project.name for issue in issues}) > 1:
        raise ValueError("Cannot set resolved in next release for multiple projects.")
    for issue in issues:
        update(issue, body, now)
    answer: Json = {key: body[key] for key in ("substatus", "priority", "hasSeen") if key in body}
    if "status" in body:
        answer |= {"status": issues[0].status, "statusDetails": dict(issues[0].status_details), "inbox": None}
        if issues[0].substatus == "archived_until_escalating":
            answer["statusDetails"] = {"ignoreUntilEscalating": True}
    if "assignedTo" in body:
        answer["assignedTo"] = issues[0].assigned_to
    return answer


def wake(issue: Issue, now: float) -> None:
    """Bring an archived issue back whose time has come."""
    if issue.ignored_until is not None and now >= issue.ignored_until:
        issue.status, issue.substatus, issue.status_details, issue.ignored_until = "unresolved", "ongoing", {}, None


def team_json(slug: str) -> Json:
    """A team ("Retrieve a Team")."""
    return {"id": str(TEAMS.index(slug) + 1), "slug": slug, "name": slug, "isMember": True, "memberCount": 3}


def _set_status(issue: Issue, status: str, body: Mapping[str, Any], now: float) -> None:
    if status not in _STATUSES:
        raise ValueError(f'"{status}" is not a valid choice.')
    issue.ignored_until = None
    if status == "ignored":
        _archive(issue, body, now)
    elif status == "unresolved":
        issue.status, issue.substatus, issue.status_details = "unresolved", "ongoing", {}
    else:
        details: Json = {"inNextRelease": True, "actor": _ME} if status == "resolvedInNextRelease" else {}
        issue.status, issue.substatus, issue.status_details = "resolved", None, details


def _archive(issue: Issue, body: Mapping[str, Any], now: float) -> None:
    details = dict(body.get("statusDetails") or {})
    minutes = details.get("ignoreDuration")
    if minutes is not None and (not isinstance(minutes, int) or isinstance(minutes, bool)):
        raise ValueError("A valid integer is required.")
    substatus = body.get("substatus") or ("archived_until_condition_met" if details else "archived_until_escalating")
    if substatus not in ARCHIVED:
        raise ValueError(f'"{substatus}" is not a valid choice.')
    issue.status, issue.substatus, issue.status_details = "ignored", substatus, {}
    if substatus == "archived_until_condition_met":
        issue.ignored_until = now + 60 * minutes if minutes else None
        until = sentry_time(issue.ignored_until) if issue.ignored_until else None
        issue.status_details = {"ignoreCount": details.get("ignoreCount"), "ignoreUntil": until, "actor": _ME}


def _assignee(text: str) -> Json | None:
    """`user:<id>`, `team:<id>`, a plain id, a user name or an e-mail address; empty text unassigns."""
    if not text:
        return None
    kind, _, key = text.rpartition(":")
    if kind == "team" and key in map(str, range(1, len(TEAMS) + 1)):
        return {"type": "team", "id": key, "name": TEAMS[int(key) - 1]}
    for index, person in enumerate(PEOPLE, start=1):
        if (kind in ("", "user") and key == str(index)) or text.lower() == person.email:
            return {"type": "user", "id": str(index), "name": person.name, "email": person.email}
    raise ValueError("Unknown actor input")
