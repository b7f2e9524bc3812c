"""What a ``*_test.yml`` says, read and checked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from oncall_tui.runbook.model import Runbook
from oncall_tui.runbook.run.states import State

GUARDS = "guards"
"""Under this name stands what the checks of the guards print."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that is wrong with a test file."""

    file: Path
    line: int
    key: str
    """Where it stands, e.g. ``cases[2].fixtures.cpu``."""
    problem: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.key}: {self.problem}"


@dataclass(frozen=True, slots=True)
class Fixture:
    """What comes of a step in place of running it."""

    stdout: str = ""
    stderr: str = ""
    exit: int = 0
    status: int | None = None
    """Of HTTP; 200 without it."""
    values: tuple[float, ...] = ()
    """Of PromQL: one for each series; none is no data."""


class Verb(StrEnum):
    """What a case does."""

    RUN = "run"
    """Press the run key: only for what just reads."""
    CONFIRM = "confirm"
    """Confirm as strongly as is asked for, and wait for what is verified."""
    SKIP = "skip"
    PICK = "pick"


@dataclass(frozen=True, slots=True)
class Deed:
    """One entry of ``do``."""

    verb: Verb
    step: str
    row: int = 0
    """Of ``pick``, from 0."""

    def __str__(self) -> str:
        return f"{self.verb.value} {self.step}"


@dataclass(frozen=True, slots=True)
class Expected:
    """What must have come of it. ``None`` and empty say nothing."""

    recommended: tuple[str, ...] | None = None
    """The steps that the checks recommend before anything is done; those that only read may be left out."""
    blocked: tuple[str, ...] = ()
    """Steps that cannot be started in the end."""
    env: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """The value of a name in a step, each time that it was started."""
    state: Mapping[str, State] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Case:
    """One case."""

    name: str
    line: int
    labels: Mapping[str, str] = field(default_factory=dict)
    config: Mapping[str, str] = field(default_factory=dict)
    params: Mapping[str, str] = field(default_factory=dict)
    fixtures: Mapping[str, tuple[Fixture, ...]] = field(default_factory=dict)
    """By step; used one after the other, the last one for ever."""
    deeds: tuple[Deed, ...] = ()
    expected: Expected = field(default_factory=Expected)
    fuzz: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A test file."""

    path: Path
    runbook: Runbook | None
    """None when it cannot be read; ``troubles`` says why."""
    cases: tuple[Case, ...] = ()
    troubles: tuple[Trouble, ...] = ()
