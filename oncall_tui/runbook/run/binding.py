"""What comes of binding a command: what would run, or what is missing."""

from dataclasses import dataclass

from oncall_tui.runbook.execution import Prepared


@dataclass(frozen=True, slots=True)
class BoundValue:
    """A value of a step, as the dialog shows it."""

    name: str
    """As the command names it."""
    shown: str
    """The value; ‹secret:name› for a secret."""
    origin: str
    was: str = ""
    """What it was when the step ran last, and which step has changed it since, in words; for an undo, which has the
    values of its change, what it is by now. Empty for the same."""
    is_carried: bool = False
    """An earlier step left it in the environment."""


@dataclass(frozen=True, slots=True)
class Bound:
    """What would run; nothing while a value is missing."""

    prepared: Prepared | None
    values: tuple[BoundValue, ...]
    missing: tuple[str, ...] = ()
    """Names without a value, with the reason."""
    problem: str = ""
    """Why the values cannot stand where they should."""
    beside: tuple[BoundValue, ...] = ()
    """What earlier steps left and its text does not name: the programs that it starts see that too."""
