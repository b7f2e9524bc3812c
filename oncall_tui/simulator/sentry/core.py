"""The state of the organization and what changes it."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

from ..catalogue import BY_NAME, ENVIRONMENT, PEOPLE, Person, Service
from ..times import Clock
from .model import Deploy, Frame, Issue, Json, Release

ARCHIVED = ("archived_until_escalating", "archived_until_condition_met", "archived_forever")
_STATUSES = ("resolved", "unresolved", "ignored", "resolvedInNextRelease")
_FIRST_ISSUE = 6_610_001


class Sentry:
    """Issues and releases.

    Args:
        clock: epoch seconds.
        rng: seeded, for ids.
    """

    def __init__(self, clock: Clock, rng: random.Random) -> None:
        self.clock = clock
        self.projects: tuple[Service, ...] = tuple(one for one in BY_NAME.values() if one.platform)
        self.issues: dict[str, Issue] = {}
        self.releases: dict[str, Release] = {}
        self._rng = rng

    def add_issue(
        self,
        project: Service,
        *,
        kind: str,
        value: str,
        culprit: str,
        level: str,
        priority: str,
        substatus: str,
        events: int,
        users: int,
        first_seen: float,
        last_seen: float,
        first_release: str,
        frames: tuple[Frame, ...],
        events_per_s: float = 0.0,
    ) -> Issue:
        """Record a group of events; times in epoch seconds."""
        number = 1 + sum(issue.project is project for issue in self.issues.values())
        issue = Issue(
            str(_FIRST_ISSUE + len(self.issues)),
            f"{project.name.upper()}-{number:X}",
            project,
            kind,
            value,
            culprit,
            level,
            priority,
            substatus,
            float(events),
            float(users),
            first_seen,
            last_seen,
            first_release,
            frames,
            events_per_s,
        )
        self.issues[issue.id] = issue
        return issue

    def add_deploy(
        self, project: Service, version: str, author: Person, message: str, started: float, finished: float
    ) -> Release:
        """Record that a version reached production, with its release if that is new; times in epoch seconds."""
        name = f"{project.name}@{version}"
        release = self.releases.get(name)
        if release is None:
            commit = f"{self._rng.getrandbits(160):040x}"
            release = Release(801 + len(self.releases), name, project, started, author, commit, message)
            self.releases[name] = release
        deploy_id = str(9001 + sum(len(one.deploys) for one in self.releases.values()))
        url = f"https://ci.rewapp.example/{project.name}/{deploy_id}"
        release.deploys.insert(0, Deploy(deploy_id, ENVIRONMENT, started, finished, f"v{version}", url))
        return release

    def grow(self, dt: float, calm: frozenset[str]) -> None:
        """Let unresolved issues gather events for `dt` seconds; `calm` names projects that have recovered."""
        now = self.clock()
        for issue in self.issues.values():
            if issue.status == "unresolved" and issue.events_per_s and issue.project.name not in calm:
                before = int(issue.count)
                issue.count += issue.events_per_s * dt
                issue.users += issue.events_per_s * dt * 0.4
                if int(issue.count) > before:
                    issue.last_seen = now

    def update(self, issue: Issue, body: Mapping[str, Any]) -> None:
        """Apply the fields of `PUT .../issues/` to one issue.

        Raises:
            ValueError: an unknown status, priority or assignee.
        """
        if "status" in body:
            self._set_status(issue, str(body["status"]), body)
        if "assignedTo" in body:
            issue.assigned_to = _assignee(str(body["assignedTo"] or ""))
        if body.get("priority"):
            if body["priority"] not in ("low", "medium", "high"):
                raise ValueError(f'"{body["priority"]}" is not a valid choice.')
            issue.priority = body["priority"]
        if "hasSeen" in body:
            issue.has_seen = bool(body["hasSeen"])

    def _set_status(self, issue: Issue, status: str, body: Mapping[str, Any]) -> None:
        if status not in _STATUSES:
            raise ValueError(f'"{status}" is not a valid choice.')
        details = dict(body.get("statusDetails") or {})
        if status == "ignored":
            substatus = body.get("substatus") or "archived_until_escalating"
            if substatus not in ARCHIVED:
                raise ValueError(f'"{substatus}" is not a valid choice.')
            issue.status, issue.substatus, issue.status_details = "ignored", substatus, details
        elif status == "unresolved":
            issue.status, issue.substatus, issue.status_details = "unresolved", "ongoing", {}
        else:
            if status == "resolvedInNextRelease":
                details = {"inNextRelease": True}
            issue.status, issue.substatus, issue.status_details = "resolved", None, details


def _assignee(text: str) -> Json | None:
    """`user:<id>`, a user's e-mail or `team:<slug>`; empty text unassigns."""
    if not text:
        return None
    kind, _, key = text.partition(":")
    if kind == "team" and key:
        return {"type": "team", "id": key, "name": key}
    wanted = key if kind == "user" else text
    for index, person in enumerate(PEOPLE, start=1):
        if wanted in (str(index), person.email):
            return {"type": "user", "id": str(index), "name": person.name, "email": person.email}
    raise ValueError("Unknown actor input")
