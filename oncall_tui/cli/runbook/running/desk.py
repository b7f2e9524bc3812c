"""What every part of a run in a terminal shares."""

from dataclasses import dataclass, field

from oncall_tui.cli.runbook.running.console import Console
from oncall_tui.cli.runbook.running.interrupting import Interrupts
from oncall_tui.cli.runbook.running.teller import Teller
from oncall_tui.runbook.run.run import Run


class Leaves(Exception):
    """The run is left; it stays open unless it was closed. The text says why, empty when somebody wanted it."""


class NeedsTerminal(Exception):
    """What comes next needs somebody who confirms it, and nobody sits there."""


@dataclass(slots=True)
class Desk:
    """A run, and whoever drives it."""

    run: Run
    teller: Teller
    interrupts: Interrupts
    console: Console | None
    """None without a terminal: then only what reads is run."""
    is_read_only: bool = False
    is_dry: bool = False
    environment: str = ""
    """What the configuration calls the environment that is watched; said before anything is changed."""
    proposed: frozenset[str] = frozenset()
    """The severities that the runbook proposed to escalate to at the last look."""
    failed: set[str] = field(default_factory=set)
    """Units that should have been run and were not, or that failed."""

    async def ask(self, prompt: str, *, is_unseen: bool = False) -> str:
        """A line of whoever sits there. Raises ``Leaves`` at the end of the input.

        Args:
            is_unseen: it is not shown while it is typed.
        """
        assert self.console is not None
        line = await (self.console.ask_unseen(prompt) if is_unseen else self.console.ask(prompt))
        if line is None:
            raise Leaves("")
        return line
