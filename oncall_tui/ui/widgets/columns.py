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
    """One column. ``width`` is in cells; with ``flex`` or ``most`` it is the least."""

    title: str
    cell: Callable[[Row], Content]
    width: int
    flex: int = 0
    """The share of what is left that it gets."""
    align: Literal["left", "right"] = "left"
    from_width: int = 0
    """The column is shown only in a table that is at least so many cells wide."""
    most: int = 0
    """It is as wide as its content needs, up to so many cells; 0 for one whose width does not follow its content."""
    name: str = ""
    """By which it is known to settings and to whoever sorts; the same as that of another with the same content."""


@dataclass(frozen=True, slots=True)
class Placed(Generic[Row]):
    """A column with the width it was given."""

    column: Column[Row]
    width: int


def place(
    columns: Sequence[Column[Row]], width: int, needed: Callable[[Column[Row]], int] = lambda _: 0
) -> tuple[Placed[Row], ...]:
    """Share ``width`` cells among the columns that belong in a table so wide.

    Where not all of them find room, the last ones are left out, those that share what is left before them never.
    ``needed`` tells how many cells the content of a column needs; it gets a fifth of the width at most.
    """
    shown = [column for column in columns if width >= column.from_width]
    while _spare(shown, width) < 0 and any(not one.flex for one in shown):
        shown.remove(next(one for one in reversed(shown) if not one.flex))
    spare = max(_spare(shown, width), 0)
    widths = [one.width for one in shown]
    for number, column in enumerate(shown):
        if column.most:
            wanted = min(needed(column), column.most, max(width // 5, column.width))
            more = max(0, min(wanted - column.width, spare))
            widths[number] += more
            spare -= more
    shares = sum(one.flex for one in shown)
    return tuple(
        Placed(one, cells + (spare * one.flex // shares if shares else 0))
        for one, cells in zip(shown, widths, strict=True)
    )


def _spare(columns: Sequence[Column[Row]], width: int) -> int:
    """What is left of ``width`` when every column has its least; negative when that is too much."""
    return width - sum(one.width for one in columns) - GAP * max(len(columns) - 1, 0)


def at_cell(placed: Sequence[Placed[Row]], cell: int) -> Column[Row] | None:
    """The column that is drawn at a cell, or to the left of the gap there; None beside all of them."""
    end = 0
    for one in placed:
        end += one.width + GAP
        if 0 <= cell < end:
            return one.column
    return None


def fit(content: Content, width: int, align: Literal["left", "right"] = "left") -> Content:
    """``content`` on exactly ``width`` cells: cut with an ellipsis, or padded on the other side of ``align``."""
    line = content.first_line
    if line.cell_length > width:
        line = line.truncate(width, ellipsis=True)
    missing = width - line.cell_length
    if missing <= 0:
        return line
    return line.pad_left(missing) if align == "right" else line.pad_right(missing)
