"""Runbooks written in a test, read as files are."""

from pathlib import Path

from oncall_tui.runbook.model import Runbook, Step
from oncall_tui.runbook.reading.judge import Judge
from oncall_tui.runbook.reading.read import read

HEAD = "---\noncall: 1\n---\n"
EXAMPLE = Path(__file__).parents[2] / "data" / "runbooks" / "api-latency-high.md"
"""The full example of the format: every kind of step, most keys."""


def book(text: str | bytes, judge: Judge | None = None, name: str = "book.md") -> Runbook:
    """A file of this text."""
    data = text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape")
    return read(data, Path(name), judge)


def native(body: str, front: str = "") -> Runbook:
    """A native file; the front matter ends in line 3 plus the lines of ``front``."""
    return book(f"---\noncall: 1\n{front}---\n{body}")


def fenced(body: str, info: str = "bash") -> str:
    """A fence."""
    return f"```{info}\n{body}\n```\n"


def only(runbook: Runbook) -> Step:
    """The one step of a runbook."""
    assert len(runbook.steps) == 1, [one.id for one in runbook.steps]
    return runbook.steps[0]


def told(runbook: Runbook) -> list[tuple[str, int]]:
    """Rule and line of every finding."""
    return [(one.rule, one.line) for one in runbook.findings]


def texts(step: Step) -> list[str]:
    """The commands as they would run."""
    return [one.text for one in step.commands]
