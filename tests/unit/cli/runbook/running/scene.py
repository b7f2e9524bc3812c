"""A run on a real journal, executors that do what the test says, and somebody who answers in turn."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from oncall_tui.cli.exit_codes import ExitCode
from oncall_tui.cli.runbook.running.desk import Desk
from oncall_tui.cli.runbook.running.drive import drive
from oncall_tui.cli.runbook.running.interrupting import Interrupts
from oncall_tui.cli.runbook.running.teller import Teller
from oncall_tui.runbook.execution import Chunk
from oncall_tui.runbook.run.run import Run
from tests.unit.runbook.run.helpers import Bench


class Answers:
    """A console: the lines are given one after the other, then the terminal is gone."""

    def __init__(self, *lines: str) -> None:
        self.lines = list(lines)
        self.prompts: list[str] = []
        self.unseen: list[str] = []
        """The prompts whose answers nobody saw."""
        self.forgotten = 0

    async def ask(self, prompt: str) -> str | None:
        """``Console.ask``."""
        self.prompts.append(prompt.strip())
        return self.lines.pop(0) if self.lines else None

    async def ask_unseen(self, prompt: str) -> str | None:
        """``Console.ask_unseen``."""
        self.unseen.append(prompt.strip())
        return await self.ask(prompt)

    def forget(self) -> None:
        """``Console.forget``."""
        self.forgotten += 1


@dataclass
class Told(Teller):
    """Keeps what is told."""

    lines: list[str] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)

    def say(self, line: str = "") -> None:
        self.lines.append(line)

    def output(self, step: str, chunk: Chunk) -> None:
        self.lines.append(chunk.text.rstrip("\n"))

    def event(self, event: str, step: str | None = None, **said: Any) -> None:
        self.events.append({"event": event, "step": step, **said})

    def object(self, data: Any) -> None:
        self.events.append(dict(data))

    @property
    def text(self) -> str:
        """Every line."""
        return "\n".join(self.lines)


@dataclass
class Scene:
    """A run and what was said about it."""

    bench: Bench
    told: Told = field(default_factory=Told)
    left: list[str] = field(default_factory=list)

    async def drive(
        self,
        run: Run,
        console: Answers | None = None,
        named: Sequence[str] = (),
        *,
        is_read_only: bool = False,
        is_dry: bool = False,
    ) -> ExitCode:
        """Go through it."""
        interrupts = Interrupts(self.told.say, lambda: self.left.append("left"))
        return await drive(Desk(run, self.told, interrupts, console, is_read_only, is_dry), named)

    def started(self) -> list[str]:
        """The first word and the values of everything that was executed but checks."""
        return [one.body.strip() for one in self.bench.script.started if one.kind.value != "promql"]
