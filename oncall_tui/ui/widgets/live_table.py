"""A table of ``LiveRows``, drawn line by line: its cost is that of the lines on screen, not of the rows.

Textual's ``DataTable`` holds a cell object for everything and rebuilds it on removal (1.2 s for 10,000 rows); here new
rows are one assignment.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar, Generic

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.style import Style

from oncall_tui.ui.widgets.columns import GAP, Column, Placed, fit, place
from oncall_tui.ui.widgets.live_rows import LiveRows, Renamed, Row

_HEADER = 1
_GUTTER = 2


class LiveTable(ScrollView, Generic[Row], can_focus=True):
    """Rows in columns with a cursor, marks and a fixed header line."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "live-table--cursor",
        "live-table--header",
        "live-table--marked",
        "live-table--empty",
        "live-table--label",
    }
    DEFAULT_CSS = """
    LiveTable {
        background: $background;
        overflow-x: hidden;
        scrollbar-size-vertical: 1;
        & > .live-table--header { color: $dim; }
        & > .live-table--empty { color: $dim; }
        & > .live-table--label { color: $background; background: $accent; text-style: bold; }
        & > .live-table--marked { color: $mark; text-style: bold; }
        & > .live-table--cursor { background: $surface; }
        &:focus > .live-table--cursor { background: $selection; }
    }
    """
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

    def __init__(
        self,
        columns: Sequence[Column[Row]],
        id_of: Callable[[Row], str],
        *,
        id: str | None = None,  # noqa: A002  # Textual's name for it
    ) -> None:
        super().__init__(id=id)
        self._columns = tuple(columns)
        self._held = LiveRows(id_of)
        self._empty = Content("Nothing here.")
        self._labels: Mapping[str, str] = {}
        self._lines: dict[tuple[int, bool], Strip] = {}
        self._placed: tuple[Placed[Row], ...] = ()

    # What is in the table

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows in the order in which they are drawn."""
        return self._held.rows

    @property
    def cursor_index(self) -> int:
        """The place of the row under the cursor; 0 when there is no row."""
        return self._held.cursor

    @property
    def cursor_id(self) -> str | None:
        """The id of the row under the cursor; None when there is no row."""
        return self._held.cursor_id

    @property
    def cursor_row(self) -> Row | None:
        """The row under the cursor."""
        return self._held.cursor_row

    @property
    def marked(self) -> frozenset[str]:
        """The ids of the marked rows."""
        return self._held.marked

    @property
    def marked_rows(self) -> tuple[Row, ...]:
        """The marked rows, in the order of the table."""
        return self._held.marked_rows

    def show_rows(self, rows: Iterable[Row], renamed: Renamed = lambda row_id: row_id) -> None:
        """Draw ``rows``. ``renamed`` tells under which id a row of before is known now, None when it is gone."""
        before, was_visible = self.cursor_id, self._is_cursor_visible
        self._held.replace(rows, renamed)
        self.virtual_size = Size(self.size.width, len(self.rows) + _HEADER)
        self.redraw()
        if was_visible:
            # Rows that came above must not push the cursor out of sight: a key acts on what is seen. Not before the
            # new height is laid out, below which there is nowhere to scroll to.
            self.call_after_refresh(self._scroll_to_cursor)
        if self.cursor_id != before:
            self.post_message(self.CursorMoved(self))

    def say_when_empty(self, words: Content) -> None:
        """What stands in the place of rows when there are none."""
        self._empty = words

    @property
    def ids_in_sight(self) -> tuple[str, ...]:
        """The ids of the rows that are on screen, from the top."""
        top = round(self.scroll_y)
        return tuple(self._held.id_of(row) for row in self.rows[top : top + max(self.size.height - _HEADER, 0)])

    def label_rows(self, labels: Mapping[str, str]) -> None:
        """Draw labels of at most two letters in front of the rows of these ids, wherever a refresh moves them."""
        if labels != self._labels:
            self._labels = labels
            self.redraw()

    def redraw(self) -> None:
        """Draw again what is on screen: ages have moved, a state has changed."""
        self._lines.clear()
        self.refresh()

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
        """Put the cursor on the row of this id; False when it is not there."""
        index = self._held.place_of(row_id)
        if index is not None:
            self.move_to(index)
        return index is not None

    def action_cursor(self, by: int) -> None:
        self.move_to(self.cursor_index + by)

    def action_page(self, by: int) -> None:
        self.move_to(self.cursor_index + by * max(self.size.height - _HEADER - 1, 1))

    def action_first(self) -> None:
        self.move_to(0)

    def action_last(self) -> None:
        self.move_to(len(self.rows) - 1)

    def toggle_mark(self) -> None:
        """Mark the row under the cursor, or take its mark away, and go on to the next."""
        self._held.toggle_mark()
        self._refresh_row(self.cursor_index)
        self.move_to(self.cursor_index + 1)

    def toggle_all_marks(self) -> None:
        """Mark every row; when all are marked, take the marks away."""
        self._held.toggle_all_marks()
        self.redraw()

    def clear_marks(self, only: Iterable[str] | None = None) -> None:
        """Take away all marks, or those of ``only``."""
        self._held.clear_marks(only)
        self.redraw()

    @property
    def _is_cursor_visible(self) -> bool:
        top = round(self.scroll_y)
        return top <= self.cursor_index < top + max(self.size.height - _HEADER, 1)

    def _scroll_to_cursor(self) -> None:
        visible = max(self.size.height - _HEADER, 1)
        top = round(self.scroll_y)
        if self.cursor_index < top:
            self.scroll_to(y=self.cursor_index, animate=False)
        elif self.cursor_index >= top + visible:
            self.scroll_to(y=self.cursor_index - visible + 1, animate=False)

    # Drawing

    @property
    def _body_width(self) -> int:
        return max(self.scrollable_content_region.width - _GUTTER, 0)

    def _refresh_row(self, index: int) -> None:
        self._lines.pop((index, True), None)
        self._lines.pop((index, False), None)
        self.refresh(Region(0, index - round(self.scroll_y) + _HEADER, self.size.width, 1))

    def on_resize(self, _event: events.Resize) -> None:
        self._placed = place(self._columns, self._body_width)
        self.virtual_size = Size(self.size.width, len(self.rows) + _HEADER)
        self._lines.clear()
        self.call_after_refresh(self._scroll_to_cursor)

    def notify_style_update(self) -> None:
        self._lines.clear()
        super().notify_style_update()

    def render_line(self, y: int) -> Strip:
        width = self.scrollable_content_region.width
        if y == 0:
            titles = [fit(Content(one.column.title), one.width, one.column.align) for one in self._placed]
            line = Content(" " * _GUTTER) + Content(" " * GAP).join(titles)
            return self._strip(line, self.get_visual_style("live-table--header"), width)
        index = y - _HEADER + round(self.scroll_y)
        if index >= len(self.rows):
            line = Content(" " * _GUTTER) + self._empty if y == 1 and not self.rows else Content("")
            return self._strip(line, self.get_visual_style("live-table--empty"), width)
        key = (index, index == self.cursor_index)
        strip = self._lines.get(key)
        if strip is None or strip.cell_length != width:
            strip = self._lines[key] = self._row_strip(index, width)
        return strip

    def _row_strip(self, index: int, width: int) -> Strip:
        row = self.rows[index]
        has_cursor, is_marked = index == self.cursor_index, self._held.id_of(row) in self.marked
        cells = [fit(one.column.cell(row), one.width, one.column.align) for one in self._placed]
        line = self._gutter(row, has_cursor, is_marked) + Content(" " * GAP).join(cells)
        name = "live-table--cursor" if has_cursor else None
        return self._strip(line, self.get_visual_style(name) if name else self.visual_style, width)

    def _gutter(self, row: Row, has_cursor: bool, is_marked: bool) -> Content:
        """The two cells in front of a row: its label, its mark, or the cursor."""
        label = self._labels.get(self._held.id_of(row))
        if label is not None:
            style = self.get_visual_style("live-table--label")
            return Content.styled(label, style).pad_right(_GUTTER - len(label))
        return Content.styled("┃ " if is_marked else "▌ " if has_cursor and self.has_focus else "  ", "$mark bold")

    def _strip(self, line: Content, style: Style, width: int) -> Strip:
        parts = line.render(self.visual_style + style, end="", parse_style=self.app.stylesheet.parse_style)
        segments = [Segment(text, part.rich_style) for text, part in parts]
        return Strip(segments, line.cell_length).adjust_cell_length(width, (self.visual_style + style).rich_style)

    def on_focus(self) -> None:
        self.redraw()

    def on_blur(self) -> None:
        self.redraw()

    def on_click(self, event: events.Click) -> None:
        """A click only moves the cursor: nothing is ever acted on by the mouse alone."""
        index = event.y - _HEADER + round(self.scroll_y)
        if event.y >= _HEADER and index < len(self.rows):
            self.move_to(index)
