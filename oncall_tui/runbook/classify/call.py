"""One simple command as rules see it, and what they may ask back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from oncall_tui.runbook.classify.verdict import Unjudged
from oncall_tui.runbook.classify.words import Word
from oncall_tui.runbook.danger import Judgement


class Inner(Protocol):
    """Judges what a command starts: ``sudo`` another command, ``bash -c`` a script."""

    def command(self, words: Sequence[Word]) -> Judgement:
        """A command with its arguments, no shell between."""
        ...

    def script(self, text: str, is_bash: bool = True) -> Judgement:
        """Text that a shell reads; when it is not bash, only what every shell reads alike is judged."""
        ...


@dataclass(frozen=True, slots=True)
class Call:
    """A command whose name is a plain word."""

    name: str
    words: tuple[Word, ...]
    """The arguments."""
    inner: Inner

    def literals(self, what: str = "its arguments") -> list[str]:
        """The arguments where all of them are known.

        Raises:
            Unjudged: one is not.
        """
        if not all(word.is_literal for word in self.words):
            raise Unjudged(f"{self.name}: {what} are only known when it runs")
        return [word.text for word in self.words]


Rule = Callable[[Call], Judgement]
"""Judges the calls of one command; what it raises as ``Unjudged`` becomes ``change``."""
