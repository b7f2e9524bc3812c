"""A runbook as it was read: sections and steps in the order of the file, and everything that is wrong with it.

Prose, titles and names are cleaned. Bodies and commands are not: they are what runs, byte for byte. Who draws them
passes them through ``domain.text.clean``; a body that cleaning would alter cannot run (rule F4).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

from oncall_tui.runbook.danger import Danger, Judgement
from oncall_tui.runbook.execution import Kind
from oncall_tui.runbook.finding import Finding, Level
from oncall_tui.runbook.options import NO_OPTIONS, Escalation, Guard, Match, Parameter, StepOptions, Verify


class Mode(StrEnum):
    """How a file is read and run."""

    NATIVE = "native"
    """``oncall: 1`` in its front matter: read strictly."""
    IMPORTED = "imported"
    """Any other markdown: always opens, runs more strictly."""


class Phase(StrEnum):
    """What a section is for, by its heading. Says nothing about safety."""

    NONE = ""
    READ = "read"
    """Meaning, impact."""
    DIAGNOSE = "diagnose"
    MITIGATE = "mitigate"


class StepKind(StrEnum):
    """What a step is: one of the kinds that can be executed, or work for a person."""

    SHELL = "shell"
    SQL = "sql"
    PROMQL = "promql"
    HTTP = "http"
    MANUAL = "manual"
    """Something to do by hand, to be ticked."""
    TEXT = "text"
    """A fence of an imported file that holds no command: shown, never run."""

    @property
    def executable(self) -> Kind | None:
        """The kind of executor that it needs; none for what a person does or reads."""
        return None if self in (StepKind.MANUAL, StepKind.TEXT) else Kind(self.value)


@dataclass(frozen=True, slots=True)
class Lines:
    """A range of lines of the file, counted from 1, both included."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Command:
    """What is started at once: a native step is one command, a pasted block one for each that it holds."""

    id: str
    """Of the step when it has one command, else with a letter: ``s3a``, ``s3b``."""
    text: str
    """As it would run: prompts and output taken out, placeholders turned into references to the environment."""
    line: int
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it, up to the next heading."""

    heading: str
    """Empty for what stands before the first heading."""
    slug: str
    """The anchor that code hosts give it; unique within the file."""
    level: int
    phase: Phase
    lines: Lines
    when: str = ""
    verify: Verify | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """Something to do: run a command, or tick off what was done by hand."""

    id: str
    """Given by the author, else ``s1``, ``s2`` in the order of the file."""
    kind: StepKind
    lang: str
    """The tag of the fence as it is written; empty for manual steps and untagged fences."""
    body: str
    """The fence as in the file, byte for byte; the words of a manual step."""
    commands: tuple[Command, ...]
    """As they would run, in order; none for manual steps and text."""
    lines: Lines
    """Fence marks included."""
    section: int
    """Index into ``Runbook.sections``."""
    author: Danger | None = None
    """What the author says; the classifier may know worse."""
    danger_reason: str = ""
    """Why the author may say less than the classifier."""
    options: StepOptions = NO_OPTIONS
    uses: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """What its commands name, each with the name that it stands for: a parameter, a ``let`` or ``step.capture``. For
    the shell variables of the environment (``oc_pod``, ``POD`` or ``service``), else the name itself."""
    unresolved: tuple[str, ...] = ()
    """The parameters in ``uses`` that have no value yet; ``values.given`` takes them off."""
    blocked: tuple[str, ...] = ()
    """Why it cannot run, whatever values are found."""
    rehearsal: "Step | None" = None
    """Of a step with ``dry_run``: that command as a step of its own, judged by itself and with what it names."""
    is_inline: bool = False
    """A command from running text: offered, never part of "run the next one"."""

    @property
    def line(self) -> int:
        """Where it begins."""
        return self.lines.first

    @property
    def judged(self) -> Danger:
        """What the classifier thinks: the worst of its commands."""
        return max((one.judgement.danger for one in self.commands), default=Danger.READ)

    @property
    def danger(self) -> Danger:
        """What holds: the greater of both, unless the author gives a reason for less."""
        if self.author is None:
            return self.judged
        return self.author if self.danger_reason else max(self.author, self.judged)

    @property
    def is_runnable(self) -> bool:
        """Whether it can run now: nothing is wrong with it, and every name in it has a value."""
        return bool(self.commands) and not self.blocked and not self.unresolved


@dataclass(frozen=True, slots=True)
class Runbook:
    """One file."""

    path: Path
    mode: Mode
    id: str
    title: str
    sections: tuple[Section, ...]
    steps: tuple[Step, ...]
    source: str
    """The text of the file, byte for byte."""
    sha256: str
    """Of the bytes of the file."""
    owner: str = ""
    severity: str = ""
    """``P1`` to ``P5``, empty when nobody says."""
    escalate: tuple[Escalation, ...] = ()
    match: tuple[Match, ...] = ()
    params: Mapping[str, Parameter] = field(default_factory=lambda: MappingProxyType({}))
    lets: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Expressions by the name that they define."""
    guards: tuple[Guard, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that refuse a native file, or block steps of an imported one."""
        return tuple(one for one in self.findings if one.level is Level.ERROR)

    @property
    def is_refused(self) -> bool:
        """Whether it is not to be run at all: a native file with an error. It can still be read."""
        return self.mode is Mode.NATIVE and bool(self.errors)

    def step(self, step_id: str) -> Step | None:
        """The step of that id."""
        return next((one for one in self.steps if one.id == step_id), None)

    def section_of(self, step: Step) -> Section:
        """Where a step stands."""
        return self.sections[step.section]

    def steps_in(self, section: Section) -> tuple[Step, ...]:
        """The steps under a heading, in order."""
        place = self.sections.index(section)
        return tuple(one for one in self.steps if one.section == place)
