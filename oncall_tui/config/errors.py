"""What is wrong with a configuration, all of it at once, with file, line and key."""

from collections.abc import Iterable
from dataclasses import dataclass

from oncall_tui.domain.text import clean_line

_LONGEST = 1_000
"""Characters of what is said of one problem."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong. Never holds the value of a key that may carry a secret."""

    file: str
    """The path of the file as it was given, or the option that took its place."""
    key: str
    """The full key, empty when the file as a whole is meant."""
    line: int | None
    """Counted from 1; None when the problem has no line, as with a file that is missing."""
    problem: str
    expected: str = ""
    """What to write instead."""
    column: int | None = None
    """Counted from 1; only for text that is not TOML."""

    def __post_init__(self) -> None:
        # Whatever is quoted of the file may have been pasted into it, and is told as text and as JSON.
        for name in ("file", "key", "problem", "expected"):
            object.__setattr__(self, name, clean_line(getattr(self, name), _LONGEST))

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)
        words = f"{self.problem}; {self.expected}" if self.expected else self.problem
        return clean_line(": ".join(part for part in (place, self.key, words) if part), _LONGEST)


class ConfigError(Exception):
    """A configuration cannot be used. ``problems`` holds every reason, the text one line for each."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))
