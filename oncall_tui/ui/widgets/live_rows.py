"""Rows that are known by id, with a cursor and marks that stay on them through every refresh. Knows no screen.

When the row under the cursor goes, the cursor takes the place it had, never a row of the same number by accident:
whoever acts asks ``cursor_id``.
"""

from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

Row = TypeVar("Row")

Renamed = Callable[[str], str | None]
"""Tells under which id a row of before is known now, None when it is gone."""


class LiveRows(Generic[Row]):
    """The rows of a table."""

    def __init__(self, id_of: Callable[[Row], str]) -> None:
        self.id_of = id_of
        self.rows: tuple[Row, ...] = ()
        """In the order in which they are drawn."""
        self.marked: frozenset[str] = frozenset()
        """The ids of the marked rows."""
        self.cursor = 0
        """The place of the cursor."""
        self.cursor_id: str | None = None
        """The id of the row under the cursor; None when there is no row."""
        self._is_chosen = False

    @property
    def cursor_row(self) -> Row | None:
        """The row under the cursor."""
        return self.rows[self.cursor] if self.rows else None

    @property
    def marked_rows(self) -> tuple[Row, ...]:
        """The marked rows, in their order."""
        if not self.marked:
            return ()  # With every key it is asked which commands apply: ten thousand rows would be walked twice.
        return tuple(row for row in self.rows if self.id_of(row) in self.marked)

    def replace(self, rows: Iterable[Row], renamed: Renamed) -> None:
        """Hold ``rows`` from now on. Until somebody has moved the cursor it stays at the top, whatever comes there."""
        before = self.cursor_id
        self.rows = tuple(rows)
        self.marked = self._still_there(renamed)
        held = renamed(before) if before is not None and self._is_chosen else None
        place = self.place_of(held) if held is not None else None
        self._put_cursor(self._nearest(self.cursor) if place is None else place)

    def place_of(self, row_id: str) -> int | None:
        """Where the row of this id is; None when it is not there."""
        return next((place for place, row in enumerate(self.rows) if self.id_of(row) == row_id), None)

    def move_to(self, place: int) -> bool:
        """Put the cursor on a place, as near as there is one; whether it is another one now."""
        if not self.rows:
            return False
        before, self._is_chosen = self.cursor, True
        self._put_cursor(self._nearest(place))
        return self.cursor != before

    def toggle_mark(self) -> None:
        """Mark the row under the cursor, or take its mark away."""
        if self.cursor_id is not None:
            self._is_chosen = True
            self.marked ^= {self.cursor_id}

    def toggle_all_marks(self) -> None:
        """Mark every row; when all are marked, take the marks away."""
        every = frozenset(map(self.id_of, self.rows))
        self.marked = frozenset() if self.marked == every else every

    def clear_marks(self, only: Iterable[str] | None = None) -> None:
        """Take away all marks, or those of ``only``."""
        self.marked = frozenset() if only is None else self.marked - frozenset(only)

    def _put_cursor(self, place: int) -> None:
        self.cursor = place
        self.cursor_id = self.id_of(self.rows[place]) if self.rows else None

    def _nearest(self, place: int) -> int:
        return max(0, min(place, len(self.rows) - 1))

    def _still_there(self, renamed: Renamed) -> frozenset[str]:
        """The marks of rows that are still here, under the ids that they have now."""
        if not self.marked:
            return self.marked
        ids = set(map(self.id_of, self.rows))
        return frozenset(now for old in self.marked if (now := renamed(old)) is not None and now in ids)
