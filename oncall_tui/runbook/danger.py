"""How much harm a step can do."""

from dataclasses import dataclass
from enum import IntEnum


class Danger(IntEnum):
    """What becomes of the world when it runs; the greater one rules."""

    READ = 0
    """Changes nothing."""
    CHANGE = 1
    """Alters something that can be undone or done again; also whatever cannot be judged."""
    DESTROY = 2
    """Data or connections are lost."""

    @property
    def word(self) -> str:
        """As files and journals write it: ``read``, ``change``, ``destroy``."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a classifier thinks of a body, and why: the reasons are shown to whoever confirms."""

    danger: Danger
    reasons: tuple[str, ...] = ()
    """In words, the worst first: ``kubectl delete deletes``, ``unknown command frobnicate``; empty for what reads."""
    keeps_output: bool = True
    """False for what prints credentials: its output is shown and not kept."""
    needs_terminal: bool = False
    """It opens an editor or a shell, follows a log or asks questions."""
