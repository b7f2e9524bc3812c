"""What names a step names one that is there (D8), a pick a column that it leaves (N5), and nothing needs itself."""

from collections.abc import Iterator, Mapping

from oncall_tui.runbook.danger import Danger
from oncall_tui.runbook.expressions import ExpressionError, parse
from oncall_tui.runbook.model import Runbook, StepKind
from oncall_tui.runbook.options import CaptureKind, Verify
from oncall_tui.runbook.reading.keys import Notes
from oncall_tui.runbook.reading.nodes import Place

_TABLES = (CaptureKind.TABLE, CaptureKind.TSV, CaptureKind.LINES)


def links(runbook: Runbook, let_places: Mapping[str, Place], notes: Notes) -> None:
    """Every link between steps, parameters and ``let``."""
    for step in runbook.steps:
        place = Place(step.line, 1)
        for name in step.options.needs:
            _must_be(runbook, name, "`needs`", place, step.id, notes)
        if step.options.undo is not None and step.options.undo.step:
            _must_be(runbook, step.options.undo.step, "`undo`", place, step.id, notes)
        _verified(runbook, step.options.verify, place, step.id, notes)
    for section in runbook.sections:
        _verified(runbook, section.verify, Place(section.lines.first, 1), "", notes)
    _picks(runbook, notes)
    lines = {one.id: one.line for one in runbook.steps}
    for name in _in_circles({one.id: list(one.options.needs) for one in runbook.steps}):
        notes.error("N5", Place(lines[name], 1), f"`{name}` needs itself, through others or not", step=name)
    for name in _in_circles({name: _names(text) for name, text in runbook.lets.items()}):
        notes.error("N5", let_places[name], f"`let` {name} is computed from itself")


def _must_be(runbook: Runbook, name: str, where: str, place: Place, step: str, notes: Notes) -> None:
    if runbook.step(name) is None:
        from oncall_tui.config.expected import nearest

        known = tuple(one.id for one in runbook.steps)
        notes.error("D8", place, f"{where} names `{name}`, which is no step", nearest(name, known), step)


def _verified(runbook: Runbook, verify: Verify | None, place: Place, step: str, notes: Notes) -> None:
    if verify is None:
        return
    _must_be(runbook, verify.step, "`verify`", place, step, notes)
    asked = runbook.step(verify.step)
    if asked is not None and (asked.danger is not Danger.READ or asked.kind is StepKind.MANUAL):
        what = f"`verify` asks `{verify.step}` again and again, which does more than read"
        notes.error("D8", place, what, "name a check or another step that reads", step)


def _picks(runbook: Runbook, notes: Notes) -> None:
    for name, parameter in runbook.params.items():
        if parameter.pick is None:
            continue
        place = Place(parameter.line, 1)
        step = runbook.step(parameter.pick.step)
        capture = step.options.capture if step else None
        if step is None:
            _must_be(runbook, parameter.pick.step, f"`pick` of `{name}`", place, "", notes)
        elif capture is None or capture.kind not in _TABLES:
            what = f"`{name}` is picked from `{step.id}`, which leaves no table"
            notes.error("N5", place, what, "give it `capture=name:table`, `name:tsv` or `name:lines`")
        elif capture.columns and parameter.pick.column not in capture.columns:
            what = f"`{step.id}` has no column `{parameter.pick.column}`"
            notes.error("N5", place, what, "known here: " + ", ".join(capture.columns))


def _names(text: str) -> list[str]:
    try:
        return sorted(parse(text).names)
    except ExpressionError:
        return []


def _in_circles(edges: Mapping[str, list[str]]) -> Iterator[str]:
    """The names that lead back to themselves."""
    for start in edges:
        seen: set[str] = set()
        waiting = list(edges[start])
        while waiting:
            name = waiting.pop()
            if name == start:
                yield start
                break
            if name not in seen:
                seen.add(name)
                waiting += edges.get(name, [])
