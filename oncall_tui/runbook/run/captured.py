"""Output becomes a value, or it is told why it does not. It is taken as it was printed, and refused where that could
not be shown as it is: what is picked must be what is seen."""

import csv
import io
import json
import re
from dataclasses import dataclass
from math import isfinite

from oncall_tui.domain.text import clean, clean_line
from oncall_tui.journal.event import Json
from oncall_tui.runbook.execution import Ending, Executed
from oncall_tui.runbook.options import Capture, CaptureKind

MOST_ROWS = 1_000
LONGEST = 64 * 1024
"""Characters of a value that is no table."""
_INT = re.compile(r"[+-]?[0-9]{1,18}")
_FLOAT = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")


class CaptureError(Exception):
    """The output does not hold what the step promises: why, in words."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows to pick from."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    is_truncated: bool = False
    """Then nothing can be picked from it: the row that is meant may be missing."""

    def to_json(self) -> dict[str, Json]:
        """As the journal keeps it."""
        return {"columns": list(self.columns), "rows": [list(row) for row in self.rows], "cut": self.is_truncated}

    @staticmethod
    def from_json(value: Json) -> "Table | None":
        """What the journal kept; None for anything else."""
        if not isinstance(value, dict) or not isinstance(value.get("columns"), list):
            return None
        rows = value.get("rows")
        if not isinstance(rows, list):
            return None
        columns = tuple(str(one) for one in value["columns"])
        cells = tuple(tuple(str(cell) for cell in row) for row in rows if isinstance(row, list))
        return Table(columns, cells, bool(value.get("cut")))


Captured = str | int | float | Table
"""A value that a step leaves. JSON stays the text it is."""


def from_pasted(capture: Capture, text: str) -> Captured:
    """The value of a capture from what somebody pasted.

    Raises:
        CaptureError: it does not convert.
    """
    return captured(capture, Executed(Ending.EXITED, exit=0, plain=text))


def captured(capture: Capture, executed: Executed) -> Captured:
    """The value of a capture.

    Raises:
        CaptureError: the output does not convert.
    """
    if capture.kind in (CaptureKind.TABLE, CaptureKind.TSV, CaptureKind.LINES):
        return _checked(_table(capture, executed))
    text = _text(executed)
    match capture.kind:
        case CaptureKind.INT:
            return int(_number(text, _INT, "whole number"))
        case CaptureKind.FLOAT:
            number = float(_number(text, _FLOAT, "number"))
            if not isfinite(number):
                raise CaptureError(f"{clean_line(text, 60)!r} is too large for a number")
            return number
        case CaptureKind.JSON:
            try:
                json.loads(text)
            except (ValueError, RecursionError) as error:
                raise CaptureError(f"the output is no JSON: {clean_line(str(error), 100)}") from None
    return text


def _text(executed: Executed) -> str:
    if executed.columns:
        text = _only_cell(executed)
    elif executed.plain is None:
        raise CaptureError("the output is longer than 1 MiB or no text")
    else:
        text = executed.plain.removesuffix("\n").removesuffix("\r")
    if len(text) > LONGEST:
        raise CaptureError(f"the output is longer than {LONGEST // 1024} KiB, which is no value")
    if clean(text, LONGEST + 1) != text:
        raise CaptureError("the output holds control or hidden characters")
    return text


def _only_cell(executed: Executed) -> str:
    """The value that a result of SQL is: the one cell of its one row."""
    if len(executed.columns) != 1 or len(executed.rows) != 1:
        rows, columns = len(executed.rows), len(executed.columns)
        raise CaptureError(f"the result has {rows} rows of {columns} columns, and a value is the only cell of one row")
    return executed.rows[0][0]


def _number(text: str, form: re.Pattern[str], what: str) -> str:
    stripped = text.strip(" \t")
    if form.fullmatch(stripped) is None:
        raise CaptureError(f"{clean_line(text, 60)!r} is no {what}")
    return stripped


def _table(capture: Capture, executed: Executed) -> Table:
    if executed.columns:
        return Table(executed.columns, executed.rows[:MOST_ROWS], len(executed.rows) > MOST_ROWS)
    if executed.plain is None:
        raise CaptureError("the output is longer than 1 MiB or no text")
    lines = [line for line in executed.plain.replace("\r\n", "\n").split("\n") if line]
    if capture.kind is CaptureKind.TABLE:
        if not lines:
            raise CaptureError("no table was printed, not even the names of its columns")
        header, *rows = list(csv.reader(io.StringIO("\n".join(lines))))
        columns = tuple(header)
    else:
        rows = [line.split("\t") if capture.kind is CaptureKind.TSV else [line] for line in lines]
        columns = capture.columns or tuple(f"c{at}" for at in range(1, len(rows[0]) + 1 if rows else 2))
    if any(len(row) != len(columns) for row in rows):
        raise CaptureError(f"a line of the output has not the {len(columns)} columns {', '.join(columns)[:200]}")
    return Table(columns, tuple(map(tuple, rows[:MOST_ROWS])), len(rows) > MOST_ROWS)


def _checked(table: Table) -> Table:
    for name in table.columns:
        if clean_line(name) != name:
            raise CaptureError("the name of a column holds control or hidden characters")
    # A cell that is not what it looks like is shown as such, and cannot be picked: cells that stay are clean.
    rows = tuple(tuple(clean(cell, LONGEST) for cell in row) for row in table.rows)
    return Table(table.columns, rows, table.is_truncated)
