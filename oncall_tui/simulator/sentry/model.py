"""Projects, issues, releases and deploys as the organization keeps them. Times are epoch seconds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..catalogue import Person, Service

Json = dict[str, Any]
Frame = tuple[str, str, int, str]
"""File, function, line number, source line."""


@dataclass(slots=True)
class Issue:
    """A group of events.

    Attributes:
        status: `unresolved`, `resolved` or `ignored`.
        substatus: `new`, `ongoing`, `regressed`, `escalating`, `archived_until_escalating`, `archived_forever`,
            `archived_until_condition_met`; None when resolved.
        count: events so far; grows by `events_per_s` while unresolved.
        first_release: version, `api@2.41.0`.
        ignored_until: epoch seconds; None where it is not archived for a time.
    """

    id: str
    short_id: str
    project: Service
    kind: str
    value: str
    culprit: str
    level: str
    priority: str
    substatus: str | None
    count: float
    users: float
    first_seen: float
    last_seen: float
    first_release: str
    frames: tuple[Frame, ...]
    events_per_s: float = 0.0
    status: str = "unresolved"
    status_details: Mapping[str, Any] = field(default_factory=dict)
    ignored_until: float | None = None
    assigned_to: Json | None = None
    has_seen: bool = False

    @property
    def title(self) -> str:
        """`KeyError: 'iban'`."""
        return f"{self.kind}: {self.value}"


@dataclass(frozen=True, slots=True)
class Deploy:
    """A release brought to an environment."""

    id: str
    environment: str
    started: float
    finished: float
    name: str
    url: str


@dataclass(slots=True)
class Release:
    """A version of one project.

    Attributes:
        version: `api@2.41.0`.
        message: of the last commit.
        deploys: newest first.
    """

    id: int
    version: str
    project: Service
    created: float
    author: Person
    commit: str
    message: str
    deploys: list[Deploy] = field(default_factory=list)
