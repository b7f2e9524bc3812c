"""Rows that are known by id, with a cursor and marks that stay on them through every refresh. Knows no screen.

When the row under the cursor goes, the cursor takes the place it had, never a row of the same number by accident:
whoever acts asks ``cursor_id``. Rows may stand in sections, each below a line of its own, on which the cursor may be:
there is no row under it then.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from typing import Generic

from oncall_tui.ui.widgets.row_marks import RowMarks
from oncall_tui.ui.widgets.sections import Row, Section

Renamed = Callable[[str], str | None]
"""Tells under which id a row of before is known now, None when it is gone."""

_NEAR = 50
"""What is looked for is the line under the cursor, mostly, and has moved by a few lines: all are 10 ms in 10,000."""


class LiveRows(Generic[Row]):
    """The rows of a table."""

    def __init__(self, id_of: Callable[[Row], str]) -> None:
        self.id_of = id_of
        self.rows: tuple[Row, ...] = ()
        """In their order, those of folded sections too."""
        self.lines: tuple[Row | Section[Row], ...] = ()
        """What is drawn: rows, and above those of a section its line."""
        self.marks = RowMarks()
        self.cursor = 0
        """The place of the cursor among the lines."""
        self.cursor_key: str | None = None
        """The id of the row under the cursor, or the key of the section; None when there is no line."""
        self._is_chosen = False
        self._has_sections = False
        self._marked_rows: tuple[tuple[Row, ...], frozenset[str], tuple[Row, ...]] = ((), frozenset(), ())

    # The cursor

    @property
    def cursor_line(self) -> Row | Section[Row] | None:
        """What is under the cursor."""
        return self.lines[self.cursor] if self.lines else None

    @property
    def cursor_row(self) -> Row | None:
        """The row under the cursor; None on the line of a section."""
        line = self.cursor_line
        return None if isinstance(line, Section) else line

    @property
    def cursor_section(self) -> Section[Row] | None:
        """The section whose line is under the cursor."""
        line = self.cursor_line
        return line if isinstance(line, Section) else None

    @property
    def cursor_id(self) -> str | None:
        """The id of the row under the cursor; None where there is no row."""
        row = self.cursor_row
        return None if row is None else self.id_of(row)

    @property
    def section_here(self) -> Section[Row] | None:
        """The section that the cursor is in, on its line or on a row of it."""
        if not self._has_sections:
            return None
        above = range(min(self.cursor, len(self.lines) - 1), -1, -1)
        return next((line for place in above if isinstance(line := self.lines[place], Section)), None)

    def replace(self, rows: Iterable[Row], renamed: Renamed | None = None) -> None:
        """Hold ``rows`` from now on. Until somebody has moved the cursor it stays at the top, whatever comes there.

        Without ``renamed`` a row that is not among them is gone.
        """
        held = tuple(rows)
        self._has_sections = False
        self._hold(held, held, renamed)

    def replace_sections(self, sections: Sequence[Section[Row]], renamed: Renamed | None = None) -> None:
        """Hold the rows of ``sections`` from now on, below lines that tell of them."""
        lines: list[Row | Section[Row]] = []
        for section in sections:
            lines.append(section)
            if not section.is_folded:
                lines.extend(section.rows)
        self._has_sections = bool(sections)
        self._hold(tuple(row for section in sections for row in section.rows), tuple(lines), renamed)

    def _hold(
        self, rows: tuple[Row, ...], lines: tuple[Row | Section[Row], ...], renamed: Renamed | None = None
    ) -> None:
        before, section = self.cursor_key, self.cursor_section
        self.rows, self.lines = rows, lines
        if renamed is None:
            ids = set(map(self.id_of, rows))
            self.marks.rename(lambda row_id: row_id if row_id in ids else None)
        else:
            self.marks.rename(renamed)
        place = None
        if before is not None and self._is_chosen:
            held = before if section is not None or renamed is None else renamed(before)
            place = None if held is None else self.line_of(held)
            if place is None and section is not None and section.rows:
                # Rows stand together otherwise now: where the first of them is.
                place = self.line_of(self.id_of(section.rows[0]))
        self._put_cursor(self._nearest(self.cursor) if place is None else place)

    def place_of(self, key: str) -> int | None:
        """Where the row of this id, or the section of this key, is drawn; None when it is not."""
        near = range(max(self.cursor - _NEAR, 0), min(self.cursor + _NEAR, len(self.lines)))
        for place in chain(near, range(len(self.lines))):
            if self.key_of(self.lines[place]) == key:
                return place
        return None

    def line_of(self, key: str) -> int | None:
        """The same; for a row in a folded section the line of that."""
        place = self.place_of(key)
        section = self.hiding(key) if place is None else None
        return place if section is None else self.place_of(section.key)

    def hiding(self, row_id: str) -> Section[Row] | None:
        """The folded section that the row of this id is in."""
        if not self._has_sections:
            return None
        folded = (line for line in self.lines if isinstance(line, Section) and line.is_folded)
        return next((one for one in folded if any(self.id_of(row) == row_id for row in one.rows)), None)

    def key_of(self, line: Row | Section[Row]) -> str:
        """By what a line is known: the id of a row, the key of a section."""
        return line.key if isinstance(line, Section) else self.id_of(line)

    def move_to(self, place: int) -> bool:
        """Put the cursor on a line, as near as there is one; whether it is another one now."""
        if not self.lines:
            return False
        before, self._is_chosen = self.cursor, True
        self._put_cursor(self._nearest(place))
        return self.cursor != before

    def _put_cursor(self, place: int) -> None:
        self.cursor = place
        self.cursor_key = self.key_of(self.lines[place]) if self.lines else None

    def _nearest(self, place: int) -> int:
        return max(0, min(place, len(self.lines) - 1))

    # The marks

    @property
    def marked(self) -> frozenset[str]:
        """The ids of the marked rows, those included that are not among the rows now."""
        return self.marks.ids

    @property
    def marked_rows(self) -> tuple[Row, ...]:
        """The marked rows that are here, in their order. Asked for by every command at every key, so it is kept."""
        rows, ids, marked = self._marked_rows
        if rows is not self.rows or ids is not self.marks.ids:
            marked = tuple(row for row in self.rows if self.id_of(row) in self.marks.ids) if self.marks.ids else ()
            self._marked_rows = (self.rows, self.marks.ids, marked)
        return marked

    def marked_in(self, section: Section[Row]) -> int:
        """How many rows of a section are marked."""
        return len(self.marks.ids & self._ids(section.rows)) if self.marks.ids else 0

    def toggle_mark(self) -> None:
        """Mark what is under the cursor, or take its mark away: a row, or all rows of a section."""
        line = self.cursor_line
        if line is not None:
            self._is_chosen = True
            rows = line.rows if isinstance(line, Section) else (line,)
            self.marks.toggle(self._ids(rows), at=self.key_of(line))

    def toggle_all_marks(self) -> None:
        """Mark every row that is here; when all are marked, take these marks away."""
        self.marks.toggle(self._ids(self.rows), at=None)

    def invert_marks(self) -> None:
        """Mark the rows that are here and not marked, and no other of them."""
        self.marks.invert(self._ids(self.rows))

    @property
    def can_mark_range(self) -> bool:
        """Whether a mark was set from which a range can go to the cursor."""
        return self.marks.last is not None and self.line_of(self.marks.last) is not None

    def mark_range(self) -> None:
        """Mark what is drawn from the last mark to the cursor, both included; of a folded section all rows."""
        start = None if self.marks.last is None else self.line_of(self.marks.last)
        if start is None or self.cursor_key is None:
            return
        self._is_chosen = True
        first, last = sorted((start, self.cursor))
        ids: set[str] = set()
        for line in self.lines[first : last + 1]:
            if not isinstance(line, Section):
                ids.add(self.id_of(line))
            elif line.is_folded:
                ids |= self._ids(line.rows)
        self.marks.add(ids, at=self.cursor_key)

    def clear_marks(self, only: Iterable[str] | None = None) -> None:
        """Take away all marks, or those of ``only``."""
        self.marks.clear(only)

    def _ids(self, rows: Iterable[Row]) -> frozenset[str]:
        return frozenset(map(self.id_of, rows))
