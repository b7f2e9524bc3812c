"""The parts of a runbook in the order of its file: headings, prose and steps. Made once when it opens."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from oncall_tui.runbook.model import Runbook, Section, Step
from oncall_tui.runbook.reading.text import BOM, unix
from oncall_tui.ui.present.runbook.prose import Kind, Prose, prose_of

_UNDERLINE = re.compile(r"\s*(=+|-+)\s*$")
_TIGHT = (Kind.ITEM, Kind.CODE, Kind.TABLE, Kind.QUOTE)
"""What stands below its like without an empty line."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Some prose, and whether an empty line stands above it."""

    prose: Prose
    is_apart: bool


Part = Section | Paragraph | Step


def parts_of(runbook: Runbook) -> list[Part]:
    """Everything that is drawn, in order."""
    return list(_parts(runbook))


def _parts(runbook: Runbook) -> Iterator[Part]:
    lines = unix(runbook.source.removeprefix(BOM)).split("\n")
    front = _end_of_front(lines)
    steps: dict[int, list[Step]] = {}
    for step in runbook.steps:
        steps.setdefault(step.lines.first, []).append(step)
    for section in runbook.sections:
        if section.heading and not (section.level == 1 and section.heading == runbook.title):
            yield section  # The title stands above the page already.
        first = max(section.lines.first + (_heading_lines(lines, section) if section.heading else 0), front + 1)
        yield from _Walk(lines, steps).walk(first, section.lines.last)


class _Walk:
    """Goes through the lines of a section; what belongs to a step is drawn as that step."""

    def __init__(self, lines: list[str], steps: dict[int, list[Step]]) -> None:
        self._lines = lines
        self._steps = steps
        self._text: list[str] = []
        self._after: list[Step] = []
        """Steps from running text: they stand below its paragraph."""

    def walk(self, first: int, last: int) -> Iterator[Part]:
        covered = 0
        for number in range(first, min(last, len(self._lines)) + 1):
            for step in self._steps.get(number, ()):
                if step.is_inline:
                    self._after.append(step)
                    continue
                yield from self._flush()
                yield step
                covered = max(covered, step.lines.last)
            if number <= covered:
                continue
            line = self._lines[number - 1]
            self._text.append(line)
            if self._after and not line.strip():
                yield from self._flush()
        yield from self._flush()

    def _flush(self) -> Iterator[Part]:
        before: Prose | None = None
        for one in prose_of(self._text):
            yield Paragraph(one, is_apart=before is None or not _is_tight(before, one))
            before = one
        yield from self._after
        self._text, self._after = [], []


def _is_tight(before: Prose, one: Prose) -> bool:
    return before.kind is one.kind and one.kind in _TIGHT and before.table is None and one.table is None


def _heading_lines(lines: list[str], section: Section) -> int:
    at = section.lines.first
    is_underlined = not lines[at - 1].lstrip().startswith("#") and at < len(lines) and _UNDERLINE.match(lines[at])
    return 2 if is_underlined else 1


def _end_of_front(lines: list[str]) -> int:
    """The number of the last line of the front matter; 0 without one."""
    if not lines or lines[0].rstrip() != "---":
        return 0
    return next((at + 1 for at, line in enumerate(lines[1:], 1) if line.rstrip() in ("---", "...")), 0)
