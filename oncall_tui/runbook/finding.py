"""What is wrong or doubtful in a runbook, by the rule that says so."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from oncall_tui.domain.text import clean_line

_LONGEST = 500
"""Characters of what is said of one finding."""


class Level(StrEnum):
    """What a finding does."""

    ERROR = "error"
    """A native file is refused; of an imported one the step cannot run."""
    WARNING = "warn"
    """It is told, and keeps nothing from running."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a rule found, with its place and what to do about it."""

    rule: str
    """The id of the rule, a key of ``RULES``: ``F2``."""
    level: Level
    line: int
    """Counted from 1."""
    problem: str
    """What is wrong: the key, the name, the value that is meant."""
    advice: str = ""
    """What to write instead."""
    column: int = 1
    """Counted from 1."""
    step: str = ""
    """The id of the step it belongs to; empty for the file as a whole."""

    def __post_init__(self) -> None:
        # Whatever is quoted of the file was written elsewhere, and is told as text and as JSON.
        for name in ("problem", "advice", "step"):
            object.__setattr__(self, name, clean_line(getattr(self, name), _LONGEST))

    def __str__(self) -> str:
        words = f"{self.problem}; {self.advice}" if self.advice else self.problem
        return f"{self.line}:{self.column}: {self.level.value} {self.rule}: {words}"


RULES: Mapping[str, str] = {
    "F1": "the file cannot be read, its YAML, grammar or an id is broken, or an id is given twice",
    "F2": "a key that is not known",
    "F3": "a key given twice, or a directive in a place where it says nothing",
    "F4": "hidden control characters or characters that turn the reading order",
    "F5": "the language tag contradicts the content",
    "N1": "a name that nothing defines",
    "N2": "types that cannot be compared",
    "N3": "a name that is refused or taken",
    "N4": "a default that its own pattern, choices, min or max refuse",
    "N5": "names that need each other, or a pick of a column that is not there",
    "N6": "a secret where it would be seen",
    "N7": "a free text in a changing step without a pattern of its own",
    "S1": "{{name}} in a shell fence",
    "S2": "eval or a nested shell with a value in it",
    "S3": "a placeholder that is left, or a script that does not parse",
    "S4": "a reference without quotes",
    "S5": "a download that is piped to a shell, or plain HTTP",
    "S6": "it follows or needs a terminal, and says no tty",
    "Q1": "a raw :name in SQL",
    "Q2": "a backslash outside quotes in SQL",
    "P1": "PromQL that does not parse",
    "P2": "a value outside quotes in PromQL",
    "P3": "several series are possible and nothing reduces them",
    "H1": "a host that nothing vouches for, or a value in a header name",
    "D1": "danger lowered without danger_reason",
    "D2": "change or destroy without undo",
    "D3": "a phrase that is missing or holds no parameter",
    "D4": "a guard whose check does more than read",
    "D5": "change or destroy without verify",
    "D6": "no expect where exit code 0 proves nothing",
    "D7": "a timeout that is shorter than a wait inside",
    "D8": "undo or needs that names no step",
    "X1": "no match or no owner, or two files that match one alert",
    "X2": "a script or a link that is missing, or no test beside the file",
}
"""Every rule by its id, with what it looks for."""


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings in the order of the file, each once."""
    return tuple(sorted(dict.fromkeys(findings), key=lambda one: (one.line, one.column, one.rule)))
