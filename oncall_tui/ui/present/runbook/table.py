"""A table of markdown, fitted to the width: aligned columns, a rule below the head, long cells on several lines.

No cell is cut: what is left out of a runbook may be its "not". Where the columns have no room for words beside each
other, each row stands as a list of its own: the heads at the left, what belongs to them at the right.

Only heights are computed for the whole table; a row is drawn when one of its lines is on screen.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from rich.cells import cell_len
from textual.content import Content

from oncall_tui.ui.present.runbook.inline import inline, plain_of
from oncall_tui.ui.present.runbook.wrapping import NARROWEST, breaks, lines_of

GAP = 2
_LONG_WORD = 16
"""A word of so many cells at most is kept whole where there is room; addresses and names of resources are broken."""
_BAR = re.compile(r"(?<!\\)\|")
_DASHES = re.compile(r":?-+:?")
_HEAD = "bold $bright"

Row = tuple[str, ...]


def cells_of(line: str) -> list[str]:
    r"""The cells of a line; a bar with a backslash is a character of its cell, in code too (GitHub's markdown)."""
    inner = line.strip().removeprefix("|")
    if "\\" not in inner:
        return [one.strip() for one in inner.removesuffix("|").split("|")]
    if inner.endswith("|") and not inner.endswith("\\|"):
        inner = inner[:-1]
    return [one.strip().replace("\\|", "|") for one in _BAR.split(inner)]


def width_of(line: str) -> int:
    """How many cells a line has."""
    return len(cells_of(line))


def is_delimiter(line: str) -> bool:
    """Whether it is the rule between head and rows, as ``|---|:-:|``."""
    return "-" in line and set(line) <= set("|-: ") and all(_DASHES.fullmatch(one) for one in cells_of(line))


@dataclass(frozen=True, slots=True)
class _Fitted:
    """The table for one width."""

    width: int
    columns: tuple[int, ...]
    rows: tuple[Row, ...]
    """An empty one is a rule."""
    tops: tuple[int, ...]
    """The first line of each row, and the height of all."""
    is_list: bool
    """Whether each row is a list of its own, with the heads at the left."""


class Table:
    """The lines of a table: its head, the rule below it and its rows."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = tuple(lines)
        self._fitted: _Fitted | None = None
        self._drawn: tuple[_Fitted | None, int, list[list[Content]]] = (None, -1, [])
        """The cells of the row that was drawn last: its next line is mostly the next one asked for."""

    def height(self, width: int) -> int:
        """The lines that it takes on ``width`` cells."""
        return self._fit(width).tops[-1]

    def line(self, at: int, width: int) -> Content:
        """One of its lines; an empty one below the last."""
        fitted = self._fit(width)
        place = bisect_right(fitted.tops, at) - 1
        if place >= len(fitted.rows):
            return Content()
        row = fitted.rows[place]
        if not row:
            return Content.styled("─" * (sum(fitted.columns) + GAP * (len(fitted.columns) - 1)), "$faint")
        is_head = place == 0 and not fitted.is_list and any(self._head())
        styles = [_HEAD] * len(row) if is_head else ["$dim", ""] if fitted.is_list else [""] * len(row)
        aligns = [""] * len(row) if fitted.is_list else self._aligns()
        if self._drawn[0] is not fitted or self._drawn[1] != place:
            cells = [lines_of(inline(text), room) for text, room in zip(row, fitted.columns, strict=True)]
            self._drawn = (fitted, place, cells)
        return _drawn(self._drawn[2], at - fitted.tops[place], fitted.columns, aligns, styles)

    def _head(self) -> Row:
        return tuple(cells_of(self._lines[0]))

    def _aligns(self) -> list[str]:
        """Where the text of each column stands: ``>``, ``^``, or nothing for the left."""
        marks = [(one.startswith(":"), one.endswith(":")) for one in cells_of(self._lines[1])]
        return ["^" if left and right else ">" if right else "" for left, right in marks]

    def _fit(self, width: int) -> _Fitted:
        if self._fitted is None or self._fitted.width != width:
            head = self._head()
            # What is too much in a row belongs to no column.
            body = [tuple(cells_of(line)[: len(head)]) for line in self._lines[2:]]
            self._fitted = _beside(head, body, width) or _below(head, body, width)
        return self._fitted


def _beside(head: Row, body: Sequence[Row], width: int) -> _Fitted | None:
    """The columns beside each other; None where there is no room for that."""
    room = width - GAP * (len(head) - 1)
    if room < len(head):
        return None  # Before rows are filled up to thousands of columns.
    rows = tuple(row + ("",) * (len(head) - len(row)) for row in body)
    rows = (head, (), *rows) if any(head) else rows
    told = [_plain(row) for row in rows]
    sizes = [tuple(len(one) if one.isascii() else cell_len(one) for one in row) for row in told]
    columns = most = [max(column) for column in zip(*(row for row in sizes if row), strict=True)]
    if sum(most) > room:
        least = [min(one, NARROWEST) for one in most]
        if sum(least) > room:
            return None
        words = [max(_longest_word(row[at]) for row in told if row) for at in range(len(most))]
        words = [max(low, word) for low, word in zip(least, words, strict=True)]
        columns = _level(words, least, room) if sum(words) > room else _level(most, words, room)
    heights = [_height(row, size, columns) for row, size in zip(told, sizes, strict=True)]
    return _Fitted(width, tuple(columns), rows, _tops(heights), is_list=False)


def _below(head: Row, body: Sequence[Row], width: int) -> _Fitted:
    """Each row as a list, with a rule between two."""
    rows: list[Row] = []
    for row in body or ((),):
        pairs = zip(head, row, strict=False) if row else ((name, "") for name in head)
        told = [(name, value) for name, value in pairs if value or not row]
        rows += [(), *told] if rows and told else told
    names = min(max(cell_len(plain_of(one)) for one in head), max(width // 3, NARROWEST))
    columns = (names, max(width - GAP - names, NARROWEST))
    heights = [_height(row, [cell_len(one) for one in row], columns) for row in map(_plain, rows)]
    return _Fitted(width, columns, tuple(rows), _tops(heights), is_list=True)


def _plain(row: Row) -> Row:
    return tuple(plain_of(one) for one in row)


def _level(most: Sequence[int], least: Sequence[int], room: int) -> list[int]:
    """Columns that fit: the widest give first, down to one level, and none more than to its ``least``."""
    level = room
    while level and sum(max(min(one, level), low) for one, low in zip(most, least, strict=True)) > room:
        level -= 1
    columns = [max(min(one, level), low) for one, low in zip(most, least, strict=True)]
    for at, wanted in enumerate(most):
        # What the last step down has left is for the first that could use it.
        given = min(room - sum(columns), wanted - columns[at])
        columns[at] += given
    return columns


def _longest_word(text: str) -> int:
    return min(max((cell_len(one) for one in text.split()), default=0), _LONG_WORD)


def _height(row: Row, sizes: Sequence[int], columns: Sequence[int]) -> int:
    cells = zip(row, sizes, columns, strict=True) if row else ()
    return max((len(breaks(text, room)) + 1 for text, size, room in cells if size > room), default=1)


def _tops(heights: Sequence[int]) -> tuple[int, ...]:
    return tuple(accumulate(heights, initial=0))


def _drawn(
    cells: Sequence[Sequence[Content]], at: int, columns: Sequence[int], aligns: Sequence[str], styles: Sequence[str]
) -> Content:
    """One line of a row. Each cell is put where its column begins, however wide what stands before it was drawn."""
    line, left = Content(), 0
    for lines, room, align, style in zip(cells, columns, aligns, styles, strict=True):
        if at < len(lines):
            part = lines[at].stylize_before(style)
            spare = max(room - part.cell_length, 0)
            start = left + (spare if align == ">" else spare // 2 if align == "^" else 0)
            line = Content.assemble(line, " " * max(start - line.cell_length, 0), part)
        left += room + GAP
    return line
