"""A step as a cell: state, name, danger, what it would run, what it printed, how long it took, what hinders it."""

from collections.abc import Sequence

from rich.cells import cell_len, set_cell_size
from textual.content import Content

from oncall_tui.domain.clocks import clock
from oncall_tui.domain.text import clean, clean_line
from oncall_tui.runbook.model import Command, Step, StepKind
from oncall_tui.runbook.run.bound import danger_of
from oncall_tui.runbook.run.captured import Table
from oncall_tui.runbook.run.known import level_of
from oncall_tui.runbook.run.record import Unit
from oncall_tui.runbook.run.states import State
from oncall_tui.ui.present.runbook import signs
from oncall_tui.ui.present.runbook.page import who
from oncall_tui.ui.present.runbook.progress import waiting
from oncall_tui.ui.present.runbook.scene import Output, Scene
from oncall_tui.ui.present.runbook.wrapping import lines_of

COMMAND_LINES = 3
OUTPUT_LINES = 4
RUNNING_LINES = 6
_INDENT = "     "
_WIDEST_CELL = 40
"""Cells of a column of a table that another one follows."""
_DANGER = 10
"""Cells of the column of the danger."""


def cell(scene: Scene, step: Step, command: Command | None, width: int) -> list[Content]:
    """The lines of a unit: a command of a step, a check, a manual step or a text."""
    if step.kind is StepKind.TEXT:
        return _text(step)
    if step.kind is StepKind.MANUAL or command is None:
        return [*_manual(scene, step, width), *_objections(scene, step.id, width)]
    if step.kind is StepKind.PROMQL:
        return [*_check(scene, step, command, width), *_objections(scene, command.id, width)]
    return _command(scene, step, command, width)


def _text(step: Step) -> list[Content]:
    lines = clean(step.body.rstrip("\n"), 20_000).expandtabs(4).split("\n")
    return [Content.assemble(("▏ ", "$faint"), (line, "$foreground")) for line in lines]


def _manual(scene: Scene, step: Step, width: int) -> list[Content]:
    unit = scene.run.record.unit(step.id)
    box, style = ("☑", "$health-up") if unit.state is State.DONE else ("☐", "$bright")
    if unit.state is State.SKIPPED:
        box, style = "»", "$dim"
    words = Content.styled(step.body, "$dim" if unit.state.is_settled else "$foreground")
    lines = lines_of(words, width - 4)
    drawn = [Content.assemble((box, style), " ", line) if not at else line.pad_left(2) for at, line in enumerate(lines)]
    return [*drawn, *([Content.styled(f"  {unit.note}", "italic $dim")] if unit.note else [])]


def _check(scene: Scene, step: Step, command: Command, width: int) -> list[Content]:
    """``■ cpu   91 %   warn 70  crit 85``; without an answer UNKNOWN, never green."""
    unit = scene.run.record.unit(command.id)
    name = clean_line(signs.title(scene.runbook, step, command), 60)
    room = max(min(width // 3, 26), 10)
    lead = Content(name).truncate(room, ellipsis=True, pad=True)
    lines = [_fitted(Content.assemble(_answer(scene, step, unit, lead)), _when(scene, unit), width)]
    why = unit.result.reason if unit.result is not None and unit.result.value is None else ""
    if why:
        lines += [line.pad_left(len(_INDENT)) for line in lines_of(Content.styled(why, "$warning"), width - 6)]
    if command.id in scene.expanded:
        lines += _lines_of_command(command, None, width)
    return [*lines, *waiting(scene.waiting.get(command.id), step.options.unit, scene.now, width)]


def _answer(scene: Scene, step: Step, unit: Unit, lead: Content) -> Content:
    limits = "  ".join(
        f"{word} {signs.value(limit, step.options.unit)}"
        for word, limit in (("warn", step.options.warn), ("crit", step.options.crit))
        if limit is not None
    )
    if scene.run.state_of(unit.id) is State.RUNNING:
        return Content.assemble(("●", "$mark"), " ", lead, ("  asking …", "$mark"))
    if unit.result is None:
        return Content.assemble(("○", "$dim"), " ", lead, ("  not asked yet  ", "$dim"), (limits, "$dim"))
    level = level_of(step, unit.result.value)
    sign, style = signs.LEVELS.get(level or "", ("?", "bold $health-unknown"))
    told = signs.value(unit.result.value, step.options.unit)
    word = {"warn": "  over warn", "crit": "  over crit"}.get(level or "", "")
    return Content.assemble(
        (sign, style), " ", lead, " ", (f"{told:>9}", style if word or not level else "$bright"), "  ", (limits, "$dim")
    )


def _command(scene: Scene, step: Step, command: Command, width: int) -> list[Content]:
    unit = scene.run.record.unit(command.id)
    state = scene.run.state_of(command.id)
    danger = danger_of(step, command)
    style = "$foreground" if step.options.is_undo_only else "$bright" if state.is_settled else "bold $bright"
    name = Content.styled(signs.title(scene.runbook, step, command), style)
    room = max(min(width // 3, 34), 14)
    lead = Content.assemble(
        signs.state(state),
        " ",
        name.truncate(room, ellipsis=True, pad=True),
        " ",
        signs.danger(danger).pad_right(max(_DANGER - signs.danger(danger).cell_length, 0)),
        " ",
        _words(scene, step, command, state),
    )
    live = scene.run.running.get(command.id)
    lines = [_fitted(lead, Content() if live is not None else _when(scene, unit), width)]
    if step.danger_reason:
        why = Content.styled(clean_line(step.danger_reason), "italic $dim")
        lines += [line.pad_left(len(_INDENT)) for line in lines_of(why, width - len(_INDENT))]
    is_open = command.id in scene.expanded
    lines += _lines_of_command(command, None if is_open else COMMAND_LINES, width)
    lines += _output(scene, command.id, unit, is_open, live is not None, width)
    lines += waiting(scene.waiting.get(command.id), _unit_of_check(scene, step), scene.now, width)
    return [*lines, *_objections(scene, command.id, width)]


def _words(scene: Scene, step: Step, command: Command, state: State) -> Content:
    """What is to know of its state in a few words."""
    if state is State.RUNNING:
        attempt = scene.run.record.unit(command.id).attempt
        if attempt is not None and command.id not in scene.run.running and scene.run.pages.is_read_only:
            ran = signs.span(scene.now - attempt.at)
            return Content.styled(f"running {ran}, started by {who(attempt.actor)}", "bold $mark")
        if command.id not in scene.run.running or attempt is None:
            return Content.styled("verifying", "bold $mark")
        return Content.styled(f"running {signs.span(scene.now - attempt.at)}   ctrl+c cancels", "bold $mark")
    _, words, style = signs.STATES[state]
    unit = scene.run.record.unit(command.id)
    if unit.undone_by:
        return Content.styled("taken back", "$warning")
    if state is State.PENDING:
        missing = [name for name in step.options.needs if not _is_done(scene, name)]
        if step.options.is_undo_only:
            return Content.styled("only to take a change back", "$dim")
        return Content.styled(f"needs {', '.join(missing)}" if missing else "", "$dim")
    reason = unit.result.reason if unit.result is not None and state is not State.DONE else ""
    note = unit.note if state is State.SKIPPED else ""
    told = Content.styled(words + (f": {reason or note}" if reason or note else ""), style)
    picked = clean_line(", ".join(scene.picked(step)), 60)
    return Content.assemble(told, ("   picked ", "$dim"), (picked, "bold $bright")) if picked else told


def _is_done(scene: Scene, name: str) -> bool:
    step = scene.runbook.step(name)
    return step is not None and scene.known.state_of(step) is State.DONE


def _lines_of_command(command: Command, most: int | None, width: int) -> list[Content]:
    lines = clean(command.text.rstrip("\n"), 20_000).expandtabs(4).split("\n")
    wrapped = [part for line in lines for part in lines_of(Content.styled(line, "$mark"), width - len(_INDENT))]
    shown = wrapped if most is None or len(wrapped) <= most + 1 else wrapped[:most]
    drawn = [Content.assemble(("   ▏ ", "$faint"), line) for line in shown]
    left = len(wrapped) - len(shown)
    return [*drawn, Content.styled(f"{_INDENT}… {left} more lines: space shows them", "$dim")] if left else drawn


def _output(scene: Scene, unit_id: str, unit: Unit, is_open: bool, is_live: bool, width: int) -> list[Content]:
    output = scene.outputs.get(unit_id)
    table = _table(unit)
    if table is not None and not is_live:
        return _rows(table, None if is_open else OUTPUT_LINES)
    if output is None or not output.lines:
        return _captured(unit) if not is_live else []
    return tail(output, None if is_open else RUNNING_LINES if is_live else OUTPUT_LINES)


def tail(output: Output, most: int | None) -> list[Content]:
    """The last lines of an output; ``None`` for all that are kept."""
    lines = list(output.lines)
    shown = lines if most is None else lines[-most:]
    hidden = len(lines) - len(shown) + output.dropped
    above = [Content.styled(f"{_INDENT}… {hidden:,} more above: space shows them", "$dim")] if hidden else []
    return [*above, *(Content.styled(f"{_INDENT}{line.expandtabs(4)}", "$foreground") for line in shown)]


def _table(unit: Unit) -> Table | None:
    captures = unit.result.captures.values() if unit.result is not None else ()
    return next((one for one in captures if isinstance(one, Table)), None)


def _captured(unit: Unit) -> list[Content]:
    """What the journal kept of a result whose output is gone: after a restart."""
    if unit.result is None:
        return []
    kept = [(name, one) for name, one in unit.result.captures.items() if not isinstance(one, Table)]
    return [Content.assemble((f"{_INDENT}{name}  ", "$dim"), (clean_line(str(one)), "$bright")) for name, one in kept]


def _rows(table: Table, most: int | None) -> list[Content]:
    shown = table.rows if most is None else table.rows[:most]
    widths = column_widths(table.columns, shown, _WIDEST_CELL)
    lines = [Content.styled(_INDENT + aligned(table.columns, widths), "$dim")]
    lines += [Content.styled(_INDENT + aligned(row, widths), "$bright") for row in shown]
    left = len(table.rows) - len(shown)
    return [*lines, Content.styled(f"{_INDENT}… {left} more rows: space shows them", "$dim")] if left else lines


def column_widths(names: Sequence[str], rows: Sequence[Sequence[str]], most: int) -> list[int]:
    """The cells of each column: what its content takes, ``most`` at most; the last one may go on to the end."""
    needed = [
        max(cell_len(clean_line(cell)) for cell in (name, *(row[at] for row in rows))) for at, name in enumerate(names)
    ]
    return [*(min(one, most) for one in needed[:-1]), *needed[-1:]]


def aligned(cells: Sequence[str], widths: Sequence[int]) -> str:
    """Cells under each other; what is cut ends in an ellipsis."""
    return "  ".join(_cut(clean_line(one), size) for one, size in zip(cells, widths, strict=False)).rstrip()


def _cut(text: str, size: int) -> str:
    return f"{set_cell_size(text, size - 1)}…" if cell_len(text) > size > 0 else set_cell_size(text, size)


def _objections(scene: Scene, unit_id: str, width: int) -> list[Content]:
    """Why the step under the cursor cannot be started; of the others that would be noise."""
    plan = scene.plan
    if plan is None or plan.unit != unit_id or scene.cursor != unit_id or unit_id in scene.run.running:
        return []
    told = [one for one in plan.blocked if "has not been asked" not in one]
    found: list[Content] = []
    for one in told:
        lines = lines_of(Content.styled(clean_line(one, 600), "$warning"), width - len(_INDENT) - 2)
        found += [Content.assemble((f"{_INDENT}┃ ", "$warning"), line) for line in lines]
    return found


def _unit_of_check(scene: Scene, step: Step) -> str:
    verify = step.options.verify
    asked = scene.runbook.step(verify.step) if verify is not None else None
    return asked.options.unit if asked is not None else ""


def _when(scene: Scene, unit: Unit) -> Content:
    if unit.result is None:
        return Content()
    took = f"{unit.result.took_s:.1f} s  " if unit.result.took_s >= 0.05 else ""
    return Content.styled(f"{took}{clock(unit.result.at, scene.now)}", "$dim")


def _fitted(left: Content, right: Content, width: int) -> Content:
    """Both on one line, the right one at its end where there is room for it."""
    gap = width - left.cell_length - right.cell_length
    if gap < 2:
        return left.truncate(width, ellipsis=True)
    return Content.assemble(left, " " * gap, right)
