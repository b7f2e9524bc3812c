"""What a run is drawn from: the run itself, and what only this screen knows of it."""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from oncall_tui.runbook.execution import Chunk
from oncall_tui.runbook.model import Runbook, Section, Step
from oncall_tui.runbook.run.known import Known
from oncall_tui.runbook.run.live import Verifying
from oncall_tui.runbook.run.plan import Plan
from oncall_tui.runbook.run.run import Run

LINES_KEPT = 2_000
LONGEST_LINE = 2_000


class Output:
    """The last lines that a command printed, bounded whatever it prints; the whole is in its file."""

    def __init__(self) -> None:
        self.lines: deque[str] = deque(maxlen=LINES_KEPT)
        self.version = 0
        self.dropped = 0
        self._is_open = False

    def hear(self, chunk: Chunk) -> None:
        """Take a piece; the last line may go on with the next one."""
        self.version += 1
        pieces = chunk.text.replace("\r", "\n").split("\n")
        if self._is_open and self.lines and pieces[0]:
            self.lines[-1] = (self.lines[-1] + pieces[0])[:LONGEST_LINE]
            pieces = pieces[1:]
        elif self._is_open and not pieces[0]:
            pieces = pieces[1:]
        self._is_open = bool(pieces[-1]) if pieces else self._is_open
        self._extend(pieces[:-1] if pieces and not pieces[-1] else pieces)

    def _extend(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.dropped += len(self.lines) == LINES_KEPT
            self.lines.append(line[:LONGEST_LINE])


@dataclass(slots=True)
class Waiting:
    """The answers of a verification so far."""

    expect: str
    values: list[float] = field(default_factory=list)
    latest: Verifying | None = None
    next_at: datetime | None = None
    """When it is asked again."""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Scene:
    """A moment of a run."""

    run: Run
    known: Known
    now: datetime
    """In the time zone of the screen."""
    cursor: str = ""
    opened: frozenset[str] = frozenset()
    """Slugs of sections that were opened although they are not indicated."""
    expanded: frozenset[str] = frozenset()
    """Units whose text and output are shown in full."""
    outputs: Mapping[str, Output] = field(default_factory=dict)
    waiting: Mapping[str, Waiting] = field(default_factory=dict)
    plan: Plan | None = None
    """Of the step under the cursor."""
    is_wide: bool = True

    @property
    def runbook(self) -> Runbook:
        """What is run."""
        return self.run.runbook

    def advice(self, section: Section) -> tuple[str, bool]:
        """What the condition of a section says, and whether it is false."""
        if not section.when:
            return "", False
        decision = self.known.decide(section.when)
        word = {"true": "recommended", "false": "not indicated"}.get(str(decision.truth.value), "cannot tell")
        return f"{word}: {decision.because}", word == "not indicated"

    def is_folded(self, section: Section) -> bool:
        """Whether only its heading is drawn. What the cursor stands in stays open, whatever a check says meanwhile."""
        if section.slug in self.opened or f"when:{section.slug}" in self.run.record.overridden:
            return False
        is_false = self.advice(section)[1]
        steps = self.runbook.steps_in(section) if is_false else ()
        return is_false and not any(self._is_touched(one) or self._is_at(one) for one in steps)

    def picked(self, step: Step) -> tuple[str, ...]:
        """The values that were picked from what a step printed, as they stand."""
        given, origin = self.run.record.params, f"picked from {step.id}"
        return tuple(one.value for one in given.values() if one.origin == origin)

    def _is_at(self, step: Step) -> bool:
        return self.cursor == step.id or any(one.id == self.cursor for one in step.commands)

    def _is_touched(self, step: Step) -> bool:
        return any(one.id in self.run.record.units or one.id in self.run.running for one in step.commands)
