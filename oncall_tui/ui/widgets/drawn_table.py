"""How a live table is drawn: line by line, so that it costs what is on screen and not what is in it."""

from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar, Generic

from rich.segment import Segment
from textual import events
from textual.content import Content
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.style import Style

from oncall_tui.ui.widgets.columns import GAP, Column, Placed, fit, place
from oncall_tui.ui.widgets.live_rows import LiveRows
from oncall_tui.ui.widgets.sections import Row, Section

HEADER = 1
"""Lines above the first row."""
GUTTER = 2
"""Cells in front of a row."""


class DrawnTable(ScrollView, Generic[Row], can_focus=True):
    """The lines of ``LiveRows`` under a fixed header; ``LiveTable`` adds what may be done with them."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "live-table--cursor",
        "live-table--header",
        "live-table--marked",
        "live-table--empty",
        "live-table--label",
    }
    DEFAULT_CSS = """
    DrawnTable {
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

    def say_when_empty(self, words: Content) -> None:
        """What stands in the place of rows when there are none."""
        self._empty = words

    def label_rows(self, labels: Mapping[str, str]) -> None:
        """Draw labels of at most two letters in front of the rows of these ids, wherever a refresh moves them."""
        if labels != self._labels:
            self._labels = labels
            self.redraw()

    def redraw(self) -> None:
        """Draw again what is on screen: ages have moved, a state has changed."""
        self._lines.clear()
        self.refresh()

    def _scroll_to_cursor(self) -> None:
        visible = max(self.size.height - HEADER, 1)
        top, cursor = round(self.scroll_y), self._held.cursor
        if cursor < top:
            self.scroll_to(y=cursor, animate=False)
        elif cursor >= top + visible:
            self.scroll_to(y=cursor - visible + 1, animate=False)

    @property
    def _body_width(self) -> int:
        return max(self.scrollable_content_region.width - GUTTER, 0)

    def _refresh_row(self, index: int) -> None:
        self._lines.pop((index, True), None)
        self._lines.pop((index, False), None)
        self.refresh(Region(0, index - round(self.scroll_y) + HEADER, self.size.width, 1))

    def _place_columns(self) -> None:
        """Share the width among the columns; those that fit their content are as wide as the rows need."""
        self._placed = place(self._columns, self._body_width, self.needed)

    def on_resize(self, _event: events.Resize) -> None:
        self._place_columns()
        self.virtual_size = Size(self.size.width, len(self._held.lines) + HEADER)
        self._lines.clear()
        self.call_after_refresh(self._scroll_to_cursor)

    def notify_style_update(self) -> None:
        self._lines.clear()
        super().notify_style_update()

    def render_line(self, y: int) -> Strip:
        width = self.scrollable_content_region.width
        if y == 0:
            titles = [fit(self.column_title(one.column), one.width, one.column.align) for one in self._placed]
            line = Content(" " * GUTTER) + Content(" " * GAP).join(titles)
            return self._strip(line, self.get_visual_style("live-table--header"), width)
        index = y - HEADER + round(self.scroll_y)
        if index >= len(self._held.lines):
            line = Content(" " * GUTTER) + self._empty if y == 1 and not self._held.rows else Content("")
            return self._strip(line, self.get_visual_style("live-table--empty"), width)
        key = (index, index == self._held.cursor)
        strip = self._lines.get(key)
        if strip is None or strip.cell_length != width:
            strip = self._lines[key] = self._line_strip(index, width)
        return strip

    def needed(self, column: Column[Row]) -> int:
        """How many cells the widest content of a column needs; 0 for one whose width does not follow its content."""
        return 0

    def column_title(self, column: Column[Row]) -> Content:
        """What stands above a column."""
        return Content(column.title)

    def section_line(self, section: Section[Row], marked: int, width: int) -> Content:
        """What stands above the rows of a section, ``marked`` of which are marked."""
        return Content(section.title)

    def _line_strip(self, index: int, width: int) -> Strip:
        line = self._held.lines[index]
        has_cursor = index == self._held.cursor
        if isinstance(line, Section):
            marked = self._held.marked_in(line)
            content = fit(self.section_line(line, marked, self._body_width), self._body_width)
            is_marked = 0 < marked == len(line.rows)
        else:
            is_marked = self._held.id_of(line) in self._held.marked
            cells = [fit(one.column.cell(line), one.width, one.column.align) for one in self._placed]
            content = Content(" " * GAP).join(cells)
        style = self.get_visual_style("live-table--cursor") if has_cursor else self.visual_style
        return self._strip(self._gutter(self._held.key_of(line), has_cursor, is_marked) + content, style, width)

    def _gutter(self, key: str, has_cursor: bool, is_marked: bool) -> Content:
        """The two cells in front of a line: its label, its mark, or the cursor."""
        label = self._labels.get(key)
        if label is not None:
            style = self.get_visual_style("live-table--label")
            return Content.styled(label, style).pad_right(GUTTER - len(label))
        return Content.styled("┃ " if is_marked else "▌ " if has_cursor and self.has_focus else "  ", "$mark bold")

    def _strip(self, line: Content, style: Style, width: int) -> Strip:
        parts = line.render(self.visual_style + style, end="", parse_style=self.app.stylesheet.parse_style)
        segments = [Segment(text, part.rich_style) for text, part in parts]
        return Strip(segments, line.cell_length).adjust_cell_length(width, (self.visual_style + style).rich_style)

    def on_focus(self) -> None:
        self.redraw()

    def on_blur(self) -> None:
        self.redraw()
