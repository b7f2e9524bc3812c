"""What a step or a runbook may say beyond its text: values of the keys, read and checked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType


class Type(StrEnum):
    """What a parameter may hold."""

    STRING = "string"
    INT = "int"
    FLOAT = "float"
    BOOL = "bool"
    DURATION = "duration"
    SECRET = "secret"


@dataclass(frozen=True, slots=True)
class Pick:
    """``pick: step.column``: a row that is chosen from the table of a step, and stays chosen as a whole."""

    step: str
    column: str


DEFAULT_PATTERN = "[A-Za-z0-9][A-Za-z0-9._-]{0,127}"
"""What a text must look like when nothing else is said.

No ``-`` at the front, which quoting does not keep from being an option; no white space; no ``://``, as some tools load
what a ``file://`` names.
"""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value that steps name, and where it comes from."""

    name: str
    type: Type = Type.STRING
    origins: tuple[str, ...] = ()
    """Where it is looked for, the first one first: ``labels.service``, ``annotations.x``, ``config.x.y``, ``env.X``,
    ``deployment.version``. One in a native file (``from``); an imported placeholder has every spelling of its label."""
    pick: Pick | None = None
    default: str | None = None
    """As text, as an environment variable would hold it."""
    choices: tuple[str, ...] = ()
    pattern: str | None = None
    """A regular expression for the whole value; without one ``DEFAULT_PATTERN`` holds for texts."""
    min: float | None = None
    max: float | None = None
    is_required: bool = True
    help: str = ""
    line: int = 1
    written: str = ""
    """The placeholder as an imported file writes it: ``<my-namespace>``, ``$POD``."""

    @property
    def is_secret(self) -> bool:
        """Whether its value is masked wherever it would be seen."""
        return self.type is Type.SECRET

    @property
    def rule(self) -> str | None:
        """The regular expression that holds for a text, its own or the default one."""
        if self.pattern is not None or self.type is not Type.STRING or self.choices:
            return self.pattern
        return DEFAULT_PATTERN


class CaptureKind(StrEnum):
    """How output becomes a value."""

    STRING = "string"
    INT = "int"
    FLOAT = "float"
    JSON = "json"
    TABLE = "table"
    """Rows of SQL, with the names of its columns."""
    TSV = "tsv"
    LINES = "lines"


@dataclass(frozen=True, slots=True)
class Capture:
    """``capture=name:kind``: the value that a step leaves under ``step.name``."""

    name: str
    kind: CaptureKind = CaptureKind.STRING
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verify:
    """Polls a reading step until an expression holds."""

    step: str
    """The id of the step that is asked, a check or any other that reads."""
    expect: str
    every: timedelta
    within: timedelta


@dataclass(frozen=True, slots=True)
class Confirm:
    """What must be typed, and a sentence that helps to decide."""

    phrase: str = ""
    """With parameters in braces: ``flush {redis_host}``."""
    show: str = ""


@dataclass(frozen=True, slots=True)
class Approve:
    """Somebody else has to agree, when an expression holds."""

    role: str
    when: str = ""
    """Always when empty."""


@dataclass(frozen=True, slots=True)
class Undo:
    """How a change is taken back: exactly one of the three is said."""

    step: str = ""
    manual: str = ""
    """In words, for a person."""
    none: str = ""
    """Why it cannot be taken back."""


class OnFail(StrEnum):
    """What a failure of the step does to the run."""

    STOP = "stop"
    CONTINUE = "continue"


class Reduce(StrEnum):
    """How several series become one value."""

    MAX = "max"
    MIN = "min"
    SUM = "sum"
    AVG = "avg"


@dataclass(frozen=True, slots=True)
class StepOptions:
    """Every key that a step of a native file may carry. Expressions are kept as text."""

    needs: tuple[str, ...] = ()
    """Steps that have to be done before, and must not be stale."""
    guard: str = ""
    """Must be true at confirmation and at start."""
    when: str = ""
    """True: recommended; false: not indicated; unknown: cannot tell."""
    capture: Capture | None = None
    expect: str = ""
    """What counts as success; ``exit == 0`` when empty."""
    verify: Verify | None = None
    timeout: timedelta | None = None
    """``None``: 60 s for what reads, 10 minutes for the rest."""
    max_age: timedelta | None = None
    """How long its result holds."""
    confirm: Confirm | None = None
    approve: Approve | None = None
    undo: Undo | None = None
    is_undo_only: bool = False
    dry_run: str = ""
    """A command that shows what the step would do."""
    db: str = ""
    """A database of the configuration."""
    ssh: str = ""
    """Where it runs, when not here: the parameter that holds the host, or ``config.x`` for a value of the
    configuration. Never the host itself."""
    has_terminal: bool = False
    """``tty``: it takes over the terminal."""
    cwd: str = ""
    env: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Constants for the environment of the step."""
    reduce: Reduce | None = None
    unit: str = ""
    warn: float | None = None
    crit: float | None = None
    on_fail: OnFail = OnFail.STOP


NO_OPTIONS = StepOptions()
"""Of a step that says nothing."""


@dataclass(frozen=True, slots=True)
class Escalation:
    """Proposes another severity when an expression holds."""

    to: str
    """``P1`` to ``P5``."""
    when: str
    line: int = 1


@dataclass(frozen=True, slots=True)
class Match:
    """One entry of ``match``: all its labels have to fit."""

    labels: Mapping[str, str]
    """A value that begins with ``~`` is a regular expression for the whole label."""
    line: int = 1


@dataclass(frozen=True, slots=True)
class Guard:
    """What has to hold before the first step that does more than read: programs, or the answer to a check."""

    require: tuple[str, ...] = ()
    """Programs that have to be found."""
    check: str = ""
    """A shell command that reads."""
    equals: str = ""
    """What it has to print: ``config.x`` for a value of the configuration, else the text itself."""
    line: int = 1
    is_here: bool = False
    """The check is one for this machine, also before a step over ssh; else it is asked where the step runs."""
