"""What is known of a run. Made by ``replay`` from its events, and by nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from oncall_tui.runbook.run.captured import Captured
from oncall_tui.runbook.run.states import State


@dataclass(frozen=True, slots=True)
class Given:
    """A value of a parameter."""

    value: str
    """Empty for a secret, whose value is in no journal."""
    origin: str
    """Where it came from, in words: ``typed``, ``label service``, ``default``."""
    is_secret: bool = False
    row: Mapping[str, str] = field(default_factory=dict)
    """The whole row that it was picked with."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """Something was about to be started."""

    unit: str
    """The id of the command."""
    step: str
    number: int
    at: datetime
    actor: str
    host: str
    session: str
    danger: str
    digest: str
    values: Mapping[str, str] = field(default_factory=dict)
    """With secrets as ‹secret:name›, redacted."""
    is_dry: bool = False
    undoes: str = ""
    """The unit that it takes back."""
    before: Mapping[str, "Unit"] = field(default_factory=dict, repr=False)
    """Everything as it stood when this began: an undo takes its values from there."""
    given: Mapping[str, Given] = field(default_factory=dict, repr=False)
    """And the parameters."""
    carried: Mapping[str, str] = field(default_factory=dict, repr=False)
    """What earlier steps had left when it began, and what it left itself: an undo has that, whatever came later."""
    carried_from: Mapping[str, str] = field(default_factory=dict, repr=False)
    carried_at: Mapping[str, int] = field(default_factory=dict, repr=False)
    cwd: str = ""
    """Where an earlier step, or it itself, had gone."""


@dataclass(frozen=True, slots=True)
class Result:
    """How it ended."""

    at: datetime
    state: State
    reason: str = ""
    exit: int | None = None
    status: int | None = None
    value: float | None = None
    count: int | None = None
    took_s: float = 0.0
    captures: Mapping[str, Captured] = field(default_factory=dict)
    lost: tuple[str, ...] = ()
    """Captures that the journal does not hold since they were redacted: to be taken again."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A command, a check or a manual step."""

    id: str
    state: State = State.PENDING
    attempts: tuple[Attempt, ...] = ()
    result: Result | None = None
    """Of the newest attempt that has one."""
    note: str = ""
    """Why it was skipped or overridden, or what was written down by hand."""
    undone_by: str = ""

    @property
    def attempt(self) -> Attempt | None:
        """The newest one."""
        return self.attempts[-1] if self.attempts else None


class GuardAnswer(NamedTuple):
    """What a guard of the runbook said."""

    at: datetime
    holds: bool
    reason: str = ""
    """Why it does not hold."""
    where: str = ""
    """The digest of the ``Surroundings`` that it was asked in."""
    target: str = ""
    """The host that it was asked on, ``ssh:host``; empty for this machine."""


@dataclass(frozen=True, slots=True)
class Record:
    """A run."""

    run_id: str
    seq: int = 0
    """The number of its newest event."""
    path: str = ""
    sha256: str = ""
    """Of the file whose text is run."""
    title: str = ""
    opened_at: datetime | None = None
    opened_by: str = ""
    alert: str = ""
    driver: str = ""
    """The session that drives it."""
    driven_by: str = ""
    """Its actor."""
    driven_since: datetime | None = None
    driver_host: str = ""
    driver_pid: int = 0
    """Its process on that host."""
    heard_at: datetime | None = None
    """When the driver wrote last."""
    left_at: datetime | None = None
    """When the driver ended its program; none while it may still be there."""
    params: Mapping[str, Given] = field(default_factory=dict)
    units: Mapping[str, Unit] = field(default_factory=dict)
    carried: Mapping[str, str] = field(default_factory=dict)
    carried_from: Mapping[str, str] = field(default_factory=dict)
    """The unit that left a variable, by its name; also of those whose value was redacted."""
    carried_at: Mapping[str, int] = field(default_factory=dict)
    """The number of the event that told of it: another one is another value, also where the journal holds none."""
    directory: str = ""
    """Where its steps begin; the folder of the file when empty."""
    cwd: str = ""
    """Where an earlier step went."""
    guards: Mapping[str, GuardAnswer] = field(default_factory=dict)
    """By what they say, the newest answer of each."""
    approved: frozenset[tuple[str, str, str]] = frozenset()
    """Digest, actor and role of what was approved."""
    overridden: Mapping[str, str] = field(default_factory=dict)
    """Reasons by what was overridden: ``when:section``, ``needs:unit``."""
    changes: tuple[str, ...] = ()
    """Units that changed something or may have, the newest first, each as often as it ran."""
    notes: tuple[tuple[datetime, str, str], ...] = ()
    closed: str = ""
    """How it was closed; empty while it is open."""
    is_begun: bool = False
    """Whether anything was done or decided in it."""

    def unit(self, unit_id: str) -> Unit:
        """What is known of it."""
        return self.units.get(unit_id, Unit(unit_id))

    @property
    def unknown(self) -> tuple[Unit, ...]:
        """What was begun and has no end: the first thing to look at."""
        return tuple(one for one in self.units.values() if one.state is State.UNKNOWN)
