"""A table of ``LiveRows``, drawn line by line: its cost is that of the lines on screen, not of the rows.

Textual's ``DataTable`` holds a cell object for everything and rebuilds it on removal (1.2 s for 10,000 rows); here new
rows are one assignment.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message

from oncall_tui.ui.widgets.columns import Column, at_cell
from oncall_tui.ui.widgets.drawn_table import GUTTER, HEADER, DrawnTable
from oncall_tui.ui.widgets.live_rows import Renamed
from oncall_tui.ui.widgets.sections import Row, Section


class LiveTable(DrawnTable[Row], can_focus=True):
    """Rows in columns, in sections if they are handed over so, with a cursor, marks and a fixed header line."""

    # Letters belong to the command registry; a table itself answers only to the keys that every list has.
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "cursor(-1)", show=False),
        Binding("down", "cursor(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("home", "first", show=False),
        Binding("end", "last", show=False),
    ]

    class CursorMoved(Message):
        """The cursor is on another row, or on none."""

        def __init__(self, table: "LiveTable[Any]") -> None:
            super().__init__()
            self.table = table

        @property
        def control(self) -> "LiveTable[Any]":
            return self.table

    class HeadingClicked(Message):
        """Somebody has clicked on the heading of a column."""

        def __init__(self, table: "LiveTable[Any]", column: Column[Any]) -> None:
            super().__init__()
            self.table = table
            self.column = column

    # What is in the table

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows in their order, those of folded sections too."""
        return self._held.rows

    @property
    def cursor_index(self) -> int:
        """The place of the line under the cursor; 0 when there is none."""
        return self._held.cursor

    @property
    def cursor_id(self) -> str | None:
        """The id of the row under the cursor; None where there is no row."""
        return self._held.cursor_id

    @property
    def cursor_key(self) -> str | None:
        """The same, or the key of the section whose line is under the cursor."""
        return self._held.cursor_key

    @property
    def cursor_row(self) -> Row | None:
        """The row under the cursor; None on the line of a section."""
        return self._held.cursor_row

    @property
    def cursor_section(self) -> Section[Row] | None:
        """The section whose line is under the cursor."""
        return self._held.cursor_section

    @property
    def marked(self) -> frozenset[str]:
        """The ids of the marked rows, those included that are not in the table now."""
        return self._held.marked

    @property
    def marked_rows(self) -> tuple[Row, ...]:
        """The marked rows that are in the table, in its order."""
        return self._held.marked_rows

    def show_rows(self, rows: Iterable[Row], renamed: Renamed | None = None) -> None:
        """Draw ``rows``. ``renamed`` tells under which id a row of before is known now, None when it is gone."""
        self._show(lambda: self._held.replace(rows, renamed))

    def show_sections(self, sections: Sequence[Section[Row]], renamed: Renamed | None = None) -> None:
        """Draw the rows of ``sections``, each below a line (``section_line``)."""
        self._show(lambda: self._held.replace_sections(sections, renamed))

    def _show(self, hold: Callable[[], None]) -> None:
        before, was_visible = self.cursor_key, self._is_cursor_visible
        hold()
        self.virtual_size = Size(self.size.width, len(self._held.lines) + HEADER)
        self._place_columns()
        self.redraw()
        if was_visible:
            # Rows that came above must not push the cursor out of sight: a key acts on what is seen. Not before the
            # new height is laid out, below which there is nowhere to scroll to.
            self.call_after_refresh(self._scroll_to_cursor)
        if self.cursor_key != before:
            self.post_message(self.CursorMoved(self))

    @property
    def ids_in_sight(self) -> tuple[str, ...]:
        """The ids of the rows and the keys of the sections that are on screen, from the top."""
        top = round(self.scroll_y)
        return tuple(map(self._held.key_of, self._held.lines[top : top + max(self.size.height - HEADER, 0)]))

    # Cursor and marks

    def move_to(self, index: int) -> None:
        """Put the cursor on a row by its place, as near as there is one."""
        before = self.cursor_index
        if self._held.move_to(index):
            self._refresh_row(before)
            self._refresh_row(self.cursor_index)
            self._scroll_to_cursor()
            self.post_message(self.CursorMoved(self))

    def move_to_id(self, row_id: str) -> bool:
        """Put the cursor on the row of this id, or the section of this key; False when it is not drawn."""
        index = self._held.place_of(row_id)
        if index is not None:
            self.move_to(index)
        return index is not None

    def action_cursor(self, by: int) -> None:
        self.move_to(self.cursor_index + by)

    def action_page(self, by: int) -> None:
        self.move_to(self.cursor_index + by * max(self.size.height - HEADER - 1, 1))

    def action_first(self) -> None:
        self.move_to(0)

    def action_last(self) -> None:
        self.move_to(len(self._held.lines) - 1)

    def toggle_mark(self) -> None:
        """Mark the row under the cursor, or take its mark away, and go on to the next; of a section all rows."""
        self._held.toggle_mark()
        is_section = self.cursor_section is not None
        self._redraw_marks()
        if not is_section:
            self.move_to(self.cursor_index + 1)

    def toggle_all_marks(self) -> None:
        """Mark every row in the table; when all are marked, take these marks away."""
        self._held.toggle_all_marks()
        self.redraw()

    def invert_marks(self) -> None:
        """Mark every row in the table that is not marked, and take away the marks of the others in it."""
        self._held.invert_marks()
        self.redraw()

    @property
    def can_mark_range(self) -> bool:
        """Whether there is a last mark from which a range can go to the cursor."""
        return self._held.can_mark_range

    def mark_range(self) -> None:
        """Mark every row from the last mark to the cursor."""
        self._held.mark_range()
        self.redraw()

    def clear_marks(self, only: Iterable[str] | None = None) -> None:
        """Take away all marks, or those of ``only``."""
        self._held.clear_marks(only)
        self.redraw()

    def _redraw_marks(self) -> None:
        """Draw again what tells of the mark under the cursor; a section counts the marks of its rows."""
        if self._held.section_here is None:
            self._refresh_row(self.cursor_index)
        else:
            self.redraw()

    @property
    def _is_cursor_visible(self) -> bool:
        top = round(self.scroll_y)
        return top <= self.cursor_index < top + max(self.size.height - HEADER, 1)

    def on_click(self, event: events.Click) -> None:
        """A click only moves the cursor, or sorts: nothing is ever acted on by the mouse alone."""
        index = event.y - HEADER + round(self.scroll_y)
        if event.y < HEADER:
            column = at_cell(self._placed, event.x - GUTTER)
            if column is not None:
                self.post_message(self.HeadingClicked(self, column))
        elif index < len(self._held.lines):
            self.move_to(index)
