"""What a pager is asked before something is done: people, priorities, who is paged next; and a new incident."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can be paged. All text is cleaned."""

    id: str
    """At the pager: what a reassignment is sent with."""
    name: str
    email: str = ""


@dataclass(frozen=True, slots=True)
class Priority:
    """How bad it is, as the account calls it."""

    id: str
    name: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class EscalationLevel:
    """One step of an escalation path."""

    number: int
    """From 1."""
    targets: tuple[str, ...] = ()
    """People and schedules by name, as the path is written."""
    people: tuple[Person, ...] = ()
    """Who would be paged now; empty when nobody is on call."""
    delay: timedelta | None = None
    """How long the level is waited for before the next one is paged."""


@dataclass(frozen=True, slots=True)
class EscalationPath:
    """Who is paged one after the other, the first level first."""

    id: str
    name: str
    levels: tuple[EscalationLevel, ...] = ()

    def level(self, number: int) -> EscalationLevel | None:
        """The level with this number; None when the path has none."""
        return next((one for one in self.levels if one.number == number), None)


@dataclass(frozen=True, slots=True)
class PageableService:
    """A service that an incident can be opened on."""

    id: str
    name: str
    policy: str = ""
    """The id of the escalation policy that pages for it; empty where the pager does not say."""


@dataclass(frozen=True, slots=True)
class NewIncident:
    """An incident that somebody declares."""

    title: str
    service: str
    """The service's id at the pager."""
    key: str
    """Unique, made by who declares it: when an answer is lost the incident is found by it, not opened twice."""
    urgency: str = ""
    """``high`` or ``low``; empty leaves it to the service."""
    priority: str = ""
    """Its name, in any case; empty for none."""
    details: str = ""


def paged_in_words(path: EscalationPath | None) -> str:
    """Whom an incident pages now, and who comes after them: ``Marie Lefort, then Jules Durand (Core)``."""
    if path is None:
        return "whoever is on call for the service"
    steps = [", ".join(person.name for person in one.people) for one in path.levels]
    told = ", then ".join(step or "nobody" for step in steps) if any(steps) else "nobody: no one is on call"
    return f"{told} ({path.name})"
