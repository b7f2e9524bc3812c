"""What an engineer does about alerts: one value for each verb, with what the verb needs, whoever carries it out."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from oncall_tui.domain.verb import Verb


@dataclass(frozen=True, slots=True)
class Acknowledge:
    """Say that somebody looks at it."""

    verb: ClassVar[Verb] = Verb.ACKNOWLEDGE


@dataclass(frozen=True, slots=True)
class Resolve:
    """Say that it is over."""

    verb: ClassVar[Verb] = Verb.RESOLVE
    resolution: str = ""
    """What ended it, for the record of the pager."""
    in_next_release: bool = False
    """For Sentry: it counts as resolved until a release after this one shows it again."""


@dataclass(frozen=True, slots=True)
class Snooze:
    """Be told again after a while: an acknowledge with an end."""

    verb: ClassVar[Verb] = Verb.SNOOZE
    duration: timedelta
    """A second to seven days at PagerDuty."""


@dataclass(frozen=True, slots=True)
class Note:
    """Write something down where the others read it."""

    verb: ClassVar[Verb] = Verb.NOTE
    text: str


@dataclass(frozen=True, slots=True)
class SetPriority:
    """Say how bad it is."""

    verb: ClassVar[Verb] = Verb.PRIORITY
    name: str
    """As the pager's account calls it, in any case; empty takes the priority away."""


@dataclass(frozen=True, slots=True)
class Escalate:
    """Page the next ones. The policy stays: a level and a policy are never sent together."""

    verb: ClassVar[Verb] = Verb.ESCALATE
    level: int
    """Of the incident's own escalation policy, from 1."""


@dataclass(frozen=True, slots=True)
class Reassign:
    """Hand it to somebody."""

    verb: ClassVar[Verb] = Verb.REASSIGN
    users: tuple[str, ...]
    """Ids of people at the pager."""


@dataclass(frozen=True, slots=True)
class Merge:
    """Make incidents part of another one, which stays open; they are resolved by it."""

    verb: ClassVar[Verb] = Verb.MERGE
    into: str
    """The id of the incident that stays."""


@dataclass(frozen=True, slots=True)
class Archive:
    """Put a Sentry issue aside."""

    verb: ClassVar[Verb] = Verb.ARCHIVE
    duration: timedelta | None = None
    """For so long; without it until the issue escalates."""


@dataclass(frozen=True, slots=True)
class Assign:
    """Give a Sentry issue to somebody."""

    verb: ClassVar[Verb] = Verb.ASSIGN
    to: str
    """A user name, an e-mail address or ``team:<slug>``; empty takes it from whoever has it."""


@dataclass(frozen=True, slots=True)
class Silence:
    """Mute alerts by their labels. Its target is the silence whose place it takes, or empty for a new one."""

    verb: ClassVar[Verb] = Verb.SILENCE
    matchers: tuple[str, ...]
    """As ``domain.silence.read_matcher`` reads them."""
    starts_at: datetime
    ends_at: datetime
    comment: str


@dataclass(frozen=True, slots=True)
class Unsilence:
    """End a silence, by its id."""

    verb: ClassVar[Verb] = Verb.UNSILENCE


@dataclass(frozen=True, slots=True)
class Create:
    """Declare an incident, which pages whoever is on call for its service."""

    verb: ClassVar[Verb] = Verb.CREATE
    title: str
    service: str
    """The id of the service at the pager."""
    urgency: str = ""
    """``high`` or ``low``; empty leaves it to the service."""
    priority: str = ""
    """Its name, in any case; empty for none."""
    details: str = ""


Action = (
    Acknowledge
    | Resolve
    | Snooze
    | Note
    | SetPriority
    | Escalate
    | Reassign
    | Merge
    | Silence
    | Unsilence
    | Archive
    | Assign
    | Create
)
"""Anything that can be done about records, or silences, by their ids."""
