"""A run as one long page: what stands on which line, drawn only when that line is on screen."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from textual.content import Content

from oncall_tui.runbook.model import Command, Runbook, Section, Step, StepKind
from oncall_tui.runbook.run.states import State
from oncall_tui.ui.present.runbook import signs
from oncall_tui.ui.present.runbook.cell import cell
from oncall_tui.ui.present.runbook.layout import Paragraph, parts_of
from oncall_tui.ui.present.runbook.page import heading
from oncall_tui.ui.present.runbook.prose import Prose
from oncall_tui.ui.present.runbook.scene import Scene

SECTION = "section:"
"""In front of the slug of a heading that the cursor can stand on."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Something drawn on one line or more."""

    top: int
    height: int
    of: Prose | tuple[Content, ...]
    target: str = ""
    """Where the cursor can stand: the id of a unit, or ``section:slug``."""


@dataclass(frozen=True, slots=True)
class Laid:
    """The page for one width."""

    entries: tuple[Entry, ...]
    height: int
    tops: tuple[int, ...] = field(repr=False, default=())

    @property
    def targets(self) -> tuple[Entry, ...]:
        """The places for the cursor, from the top."""
        return tuple(one for one in self.entries if one.target)

    def line(self, at: int, width: int) -> tuple[Content, Entry | None]:
        """What stands on a line, and the entry that it belongs to."""
        place = bisect_right(self.tops, at) - 1
        if place < 0:
            return Content(), None
        entry = self.entries[place]
        within = at - entry.top
        if within >= entry.height:
            return Content(), None
        if isinstance(entry.of, Prose):
            return entry.of.line(within, width), entry
        return (entry.of[within], entry) if within < len(entry.of) else (Content(), entry)

    def entry_of(self, target: str) -> Entry | None:
        """Where a place for the cursor is."""
        return next((one for one in self.entries if one.target == target), None)


class Document:
    """The parts of a runbook, laid out anew whenever something about the run has changed."""

    def __init__(self, runbook: Runbook) -> None:
        self._parts = parts_of(runbook)
        self._heights: dict[int, int] = {}
        self._width = -1
        self._cells: dict[str, tuple[object, tuple[Content, ...]]] = {}
        self._headings: dict[tuple[str, str, bool], tuple[Content, ...]] = {}
        """By slug, advice and whether it is folded: all that a heading is drawn from."""

    def lay_out(self, scene: Scene, width: int) -> Laid:
        """Where everything stands on ``width`` cells."""
        if width != self._width:
            self._width, self._heights, self._cells, self._headings = width, {}, {}, {}
        entries: list[Entry] = []
        top = 0
        before: str = "start"
        for kind, of, height, target in self._drawn(scene, width):
            top += _gap(before, kind)
            entries.append(Entry(top, height, of, target))
            top += height
            before = kind
        return Laid(tuple(entries), top, tuple(one.top for one in entries))

    def _drawn(self, scene: Scene, width: int) -> Iterator[tuple[str, Prose | tuple[Content, ...], int, str]]:
        is_folded = False
        for place, part in enumerate(self._parts):
            if isinstance(part, Section):
                is_folded = scene.is_folded(part)
                lines = self._heading(scene, part, width, is_folded) + tuple(_promise(scene, part, width))
                target = f"{SECTION}{part.slug}"
                if not (is_folded or part.verify is not None or part.slug in scene.opened or scene.cursor == target):
                    target = ""
                yield "folded" if is_folded else "heading", lines, len(lines), target
            elif is_folded:
                continue
            elif isinstance(part, Paragraph):
                height = self._heights.get(place)
                if height is None:
                    height = self._heights[place] = part.prose.height(width)
                yield "apart" if part.is_apart else "tight", part.prose, height, ""
            else:
                yield from self._step(scene, part, width)

    def _heading(self, scene: Scene, section: Section, width: int, is_folded: bool) -> tuple[Content, ...]:
        key = (section.slug, scene.advice(section)[0], is_folded)
        if key not in self._headings:
            self._headings[key] = tuple(heading(scene, section, width))
        return self._headings[key]

    def _step(self, scene: Scene, step: Step, width: int) -> Iterator[tuple[str, tuple[Content, ...], int, str]]:
        kind = "line" if step.kind in (StepKind.PROMQL, StepKind.MANUAL) else "block"
        for command in step.commands or (None,):
            unit = command.id if command is not None else step.id
            lines = self._cell(scene, step, command, unit, width)
            yield kind, lines, len(lines), "" if step.kind is StepKind.TEXT else unit

    def _cell(self, scene: Scene, step: Step, command: Command | None, unit: str, width: int) -> tuple[Content, ...]:
        signature = _signature(scene, step, unit)
        known = self._cells.get(unit)
        if known is not None and signature is not None and known[0] == signature:
            return known[1]
        lines = tuple(cell(scene, step, command, width))
        self._cells[unit] = (signature, lines)
        return lines


def _signature(scene: Scene, step: Step, unit: str) -> object:
    """What a cell is drawn from; None for one that changes with the clock or that stands under the cursor."""
    if scene.run.state_of(unit) is State.RUNNING or unit in scene.waiting or unit == scene.cursor or step.options.needs:
        return None
    output = scene.outputs.get(unit)
    record = scene.run.record.unit(unit)
    version = output.version if output is not None else 0
    return (
        id(record) if record.attempts or record.result else "",
        record.state,
        record.note,
        record.undone_by,
        scene.picked(step),
        version,
        (unit in scene.expanded, scene.run.state_of(unit), scene.now.date()),
    )


def _promise(scene: Scene, section: Section, width: int) -> list[Content]:
    """What a section says has to be so at its end."""
    if section.verify is None or scene.is_folded(section):
        return []
    from oncall_tui.ui.present.runbook.progress import waiting

    asked = scene.runbook.step(section.verify.step)
    unit = asked.options.unit if asked else ""
    going_on = waiting(scene.waiting.get(section.slug), unit, scene.now, width)
    if going_on:
        return going_on
    told = f"     enter asks until {signs.wanted(section.verify.expect, unit)}"
    return [Content.styled(told, "$dim").truncate(width, ellipsis=True)]


def _gap(before: str, kind: str) -> int:
    """The empty lines between two parts."""
    if before == "start" or (before == kind and kind in ("line", "folded")) or kind == "tight":
        return 0
    if before == "heading" and kind in ("line", "block"):
        return 0
    return 1
