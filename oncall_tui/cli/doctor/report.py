"""A diagnosis in words, area by area: what is wrong, each with what to do, and what is fine in one paragraph."""

import textwrap

import click

from oncall_tui.cli.doctor.model import Area, Diagnosis, rank
from oncall_tui.cli.output import cells_of, fitted
from oncall_tui.domain.counts import counted
from oncall_tui.domain.text import clean_line
from oncall_tui.sources.base import CheckState, Finding

_MOST = 100
"""Columns of a line that is read."""

_SIGNS = {CheckState.OK: ("✓", "+"), CheckState.WARNING: ("!", "!"), CheckState.FAILED: ("✗", "x")}
_WORDS = {CheckState.OK: "ok", CheckState.WARNING: "warning", CheckState.FAILED: "FAILED"}
_COLOURS = {CheckState.OK: "green", CheckState.WARNING: "yellow", CheckState.FAILED: "red"}
_MARGIN = 12
"""Cells before the words: the sign and the word of the state."""


def lines_of(diagnosis: Diagnosis, *, width: int | None, is_colourful: bool, is_utf8: bool) -> list[str]:
    """The whole diagnosis: fine areas first, the worst last, then the verdict, so that both are still on the screen."""
    page = _Page(min(width or _MOST, _MOST), is_colourful, is_utf8)
    lines: list[str] = []
    for area in sorted(diagnosis.areas, key=lambda one: rank(one.state)):
        lines += [*page.area(area), ""]
    return [*lines, page.verdict(diagnosis)]


class _Page:
    def __init__(self, width: int, is_colourful: bool, is_utf8: bool) -> None:
        self._width = max(width, _MARGIN + 20)
        self._is_colourful = is_colourful
        self._is_utf8 = is_utf8

    def area(self, area: Area) -> list[str]:
        title = clean_line(area.title)
        place = fitted(clean_line(area.about), self._width - cells_of(title) - 2).rstrip() if area.about else ""
        lines = [f"{self._styled(title, bold=True)}  {place}".rstrip()]
        for state in (CheckState.FAILED, CheckState.WARNING):
            for one in area.of(state):
                lines += self._finding(one)
        fine = " ".join(clean_line(one.what, 1_000) for one in area.of(CheckState.OK))
        return lines + (self._paragraph(fine, CheckState.OK) if fine else [])

    def verdict(self, diagnosis: Diagnosis) -> str:
        """What it comes to, and where to look."""
        state = diagnosis.state
        if state is CheckState.OK:
            return self._coloured(state, "Nothing keeps the screen from working.")
        counts = [counted(diagnosis.count(CheckState.FAILED), "failure")] if state is CheckState.FAILED else []
        if diagnosis.count(CheckState.WARNING):
            counts.append(counted(diagnosis.count(CheckState.WARNING), "warning"))
        where = ", ".join(clean_line(area.title) for area in diagnosis.areas if area.state is state)
        meaning = "" if state is CheckState.FAILED else " The screen works."
        return self._coloured(state, f"{' and '.join(counts)}: {where}.{meaning}")

    def _finding(self, finding: Finding) -> list[str]:
        lines = self._paragraph(clean_line(finding.what, 1_000), finding.state)
        if finding.advice:
            arrow = "→ " if self._is_utf8 else "> "
            indent = " " * _MARGIN
            lines += self._wrapped(clean_line(finding.advice, 1_000), indent + arrow, indent + "  ")
        return lines

    def _paragraph(self, text: str, state: CheckState) -> list[str]:
        mark = f"  {_SIGNS[state][0 if self._is_utf8 else 1]} {_WORDS[state]} ".ljust(_MARGIN)
        first, *rest = self._wrapped(text, mark, " " * _MARGIN)
        return [self._coloured(state, first[: len(mark)]) + first[len(mark) :], *rest]

    def _wrapped(self, text: str, first: str, following: str) -> list[str]:
        return textwrap.wrap(
            text,
            self._width,
            initial_indent=first,
            subsequent_indent=following,
            break_on_hyphens=False,
            drop_whitespace=True,
        )

    def _coloured(self, state: CheckState, text: str) -> str:
        is_strong = state is not CheckState.OK
        return click.style(text, fg=_COLOURS[state], bold=is_strong) if self._is_colourful else text

    def _styled(self, text: str, *, bold: bool) -> str:
        return click.style(text, bold=bold) if self._is_colourful else text
