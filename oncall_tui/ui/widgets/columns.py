"""Columns of a live table: what they show, how wide they are, and which of them fit."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from textual.content import Content

Row = TypeVar("Row")

GAP = 2
"""Blank cells between two columns."""


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """One column. ``width`` is in cells; with ``flex`` it is the least, and the share of what is left is added."""

    title: str
    cell: Callable[[Row], Content]
    width: int
    flex: int = 0
    align: Literal["left", "right"] = "left"
    from_width: int = 0
    """The column is shown only in a table that is at least so many cells wide."""


@dataclass(frozen=True, slots=True)
class Placed(Generic[Row]):
    """A column with the width it was given."""

    column: Column[Row]
    width: int


def place(columns: Sequence[Column[Row]], width: int) -> tuple[Placed[Row], ...]:
    """Share ``width`` cells among the columns that belong in a table so wide."""
    shown = [column for column in columns if width >= column.from_width]
    spare = max(width - sum(one.width for one in shown) - GAP * (len(shown) - 1), 0)
    shares = sum(one.flex for one in shown)
    placed = [Placed(one, one.width + (spare * one.flex // shares if shares else 0)) for one in shown]
    return tuple(placed)


def fit(content: Content, width: int, align: Literal["left", "right"] = "left") -> Content:
    """``content`` on exactly ``width`` cells: cut with an ellipsis, or padded on the other side of ``align``."""
    line = content.first_line
    if line.cell_length > width:
        line = line.truncate(width, ellipsis=True)
    missing = width - line.cell_length
    if missing <= 0:
        return line
    return line.pad_left(missing) if align == "right" else line.pad_right(missing)
