"""Entries of lists to choose from: rows to pick, changes to take back, values."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from textual.content import Content

from oncall_tui.domain.clocks import clock
from oncall_tui.domain.text import clean_line
from oncall_tui.runbook.model import Runbook
from oncall_tui.runbook.options import Parameter
from oncall_tui.runbook.run.captured import Table
from oncall_tui.runbook.run.record import Given
from oncall_tui.runbook.run.undoing import Change, step_of
from oncall_tui.runbook.values.resolve import Value
from oncall_tui.ui.present.runbook import signs
from oncall_tui.ui.present.runbook.cell import aligned, column_widths

_WIDEST_VALUE = 30
"""Cells of the column of the values; where one is longer only its own origin stands further right."""

_WIDEST_NAME = 40
"""Cells of the column of the names of what was changed."""


def row_choices(table: Table, width: int) -> tuple[Content, list[Content]]:
    """The names of the columns, and the rows under them."""
    most = max((width - 14) // max(len(table.columns), 1) - 2, 6)
    sizes = column_widths(table.columns, table.rows, max(most, 12))
    head = Content.styled(aligned(table.columns, sizes), "$dim")
    return head, [Content.styled(aligned(row, sizes), "$bright") for row in table.rows]


def change_choices(runbook: Runbook, changes: Sequence[Change], now: datetime) -> list[Content]:
    """What was changed, and how each is taken back."""
    names = [
        Content.styled(_name(runbook, one), "bold $bright").truncate(_WIDEST_NAME, ellipsis=True) for one in changes
    ]
    room = max((name.cell_length for name in names), default=0)
    padded = [name.pad_right(room - name.cell_length) for name in names]
    return [_change(name, one, now) for name, one in zip(padded, changes, strict=True)]


def _name(runbook: Runbook, one: Change) -> str:
    step = step_of(runbook, one.unit)
    name = signs.title(runbook, step, step.commands[0] if step.commands else None) if step is not None else one.unit
    return clean_line(name, 60)


def _change(name: Content, one: Change, now: datetime) -> Content:
    if one.undone_by:
        how, style = f"taken back by {one.undone_by}", "$dim"
    elif one.step:
        how, style = f"undone by {one.step}", "$health-up"
    elif one.manual:
        how, style = f"by hand: {clean_line(one.manual, 200)}", "$warning"
    else:
        how, style = f"cannot be undone: {clean_line(one.none, 200)}", "$error"
    return Content.assemble(
        (f"{clock(one.at, now)}  ", "$dim"),
        signs.state(one.state),
        " ",
        name,
        "   ",
        (how, style),
    )


def value_choices(
    params: Mapping[str, Parameter], given: Mapping[str, Given], values: Mapping[str, Value]
) -> list[Content]:
    """Every parameter: its value and origin, or why it has none."""
    rows = [(name, *_value(one, given.get(name), values.get(name))) for name, one in params.items()]
    names = max((len(name) for name, _, _ in rows), default=0)
    room = min(max((shown.cell_length for _, shown, _ in rows), default=0), _WIDEST_VALUE)
    return [
        Content.assemble(
            (f"{name:<{names}}   ", "$foreground"), shown.pad_right(max(room - shown.cell_length, 0)), "   ", origin
        )
        for name, shown, origin in rows
    ]


def _value(parameter: Parameter, given: Given | None, found: Value | None) -> tuple[Content, Content]:
    """What it is, and where that comes from."""
    unset = Content.styled("not set", "$warning")
    if given is not None:
        shown = f"‹secret:{parameter.name}›" if given.is_secret else given.value
        return Content.styled(clean_line(shown, 80), "bold $bright"), _dim(given.origin)
    if found is not None and found.problem:
        return unset, Content.styled(clean_line(found.problem, 200), "$warning")
    if parameter.default is not None:
        return Content.styled(clean_line(parameter.default, 80), "bold $bright"), _dim("default")
    return unset, _dim(f"picked from {parameter.pick.step}" if parameter.pick is not None else "to be typed")


def _dim(text: str) -> Content:
    return Content.styled(clean_line(text, 80), "$dim")


def rule(parameter: Parameter) -> str:
    """What a value has to be, in words."""
    parts = [parameter.type.value]
    if parameter.choices:
        parts.append("one of " + clean_line(", ".join(parameter.choices), 300))
    if parameter.min is not None:
        parts.append(f"at least {parameter.min:g}")
    if parameter.max is not None:
        parts.append(f"at most {parameter.max:g}")
    if parameter.rule:
        parts.append(f"fits {clean_line(parameter.rule, 200)}")
    return ", ".join(parts)
