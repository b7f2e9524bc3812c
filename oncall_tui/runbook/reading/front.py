"""Where the front matter of a file is: between ``---`` as code hosts show it, or ``+++`` as Hugo also takes it."""

from collections.abc import Sequence
from dataclasses import dataclass

from oncall_tui.runbook.reading.text import bare

_MARKS = {"---": ("---", "..."), "+++": ("+++",)}


@dataclass(frozen=True, slots=True)
class Front:
    """The lines of the front matter, without its marks."""

    text: str
    is_yaml: bool
    first: int = 2
    """The line where ``text`` begins, counted from 1."""
    end: int = 0
    """The line of the closing mark; 0 without front matter."""
    is_open: bool = False
    """It has no closing mark: there is none then, and what looks like one is prose."""


def front_of(lines: Sequence[str]) -> Front:
    """The front matter of a file; an empty one where it has none."""
    opening = bare(lines[0]).rstrip() if lines else ""
    closing = _MARKS.get(opening)
    if closing is None:
        return Front("", is_yaml=True)
    for place, line in enumerate(lines[1:], start=1):
        if bare(line).rstrip() in closing:
            return Front("".join(f"{bare(one)}\n" for one in lines[1:place]), opening == "---", end=place + 1)
    return Front("", is_yaml=True, is_open=True)
