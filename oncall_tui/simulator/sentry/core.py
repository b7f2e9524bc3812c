"""The state of the organization and what changes it."""

from __future__ import annotations

import random

from ..catalogue import BY_NAME, ENVIRONMENT, Person, Service
from ..times import Clock
from .changes import wake
from .model import Deploy, Frame, Issue, Release

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
            wake(issue, now)
            if issue.status == "unresolved" and issue.events_per_s and issue.project.name not in calm:
                before = int(issue.count)
                issue.count += issue.events_per_s * dt
                issue.users += issue.events_per_s * dt * 0.4
                if int(issue.count) > before:
                    issue.last_seen = now
