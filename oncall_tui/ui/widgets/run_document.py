"""The page of a run: scrolls, has a cursor that goes from step to step, and draws only what is on screen."""

from typing import ClassVar

from rich.segment import Segment
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from oncall_tui.ui.present.runbook.document import Document, Laid
from oncall_tui.ui.present.runbook.scene import Scene

GUTTER = 2


class RunDocument(ScrollView, can_focus=True):
    """Lines of a ``Document``."""

    class CursorMoved(Message):
        """The cursor stands on another step."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"run-document--cursor"}
    DEFAULT_CSS = """
    RunDocument {
        height: 1fr;
        background: $background;
        overflow-x: hidden;
        scrollbar-size-vertical: 1;
        & > .run-document--cursor { background: $selection; }
    }
    """

    def __init__(self) -> None:
        super().__init__(id="document")
        self._document: Document | None = None
        self._laid = Laid((), 0)
        self._strips: dict[tuple[int, bool], Strip] = {}
        self.cursor = ""

    def show(self, document: Document, scene: Scene) -> None:
        """Draw a moment of a run; what is at the top stays there while things above grow."""
        self._document = document
        width = self._body
        if width <= 0:
            return
        held, offset = self._held()
        before = self._laid.entry_of(self.cursor) if held else None
        self._laid = document.lay_out(scene, width)
        self._strips.clear()
        self.virtual_size = Size(self.size.width, self._laid.height)
        now = self._laid.entry_of(held) if held else None
        if now is not None and now.top - offset != round(self.scroll_y):
            self.scroll_to(y=now.top - offset, animate=False)
        elif now is not None and before is not None and now.height > before.height:
            # Output that comes in is what is looked at: its last line stays in sight.
            self.reveal()
        self.refresh()

    @property
    def _body(self) -> int:
        return max(self.size.width - GUTTER - 2, 0)

    @property
    def targets(self) -> list[str]:
        """The places for the cursor, from the top."""
        return [one.target for one in self._laid.targets]

    def _held(self) -> tuple[str, int]:
        """The place of the cursor while it is on screen, and how far below the top of the screen it stands."""
        entry = self._laid.entry_of(self.cursor) if self.cursor else None
        if entry is None:
            return "", 0
        offset = entry.top - round(self.scroll_y)
        return (self.cursor, offset) if 0 <= offset < self.size.height else ("", 0)

    # The cursor

    def move(self, by: int) -> None:
        """To the next step, or the one before; a long stretch of prose between is scrolled through first."""
        targets = self._laid.targets
        if not targets:
            self.scroll_relative(y=by * 3, animate=False)
            return
        names = [one.target for one in targets]
        if self.cursor not in names:
            self.move_to(names[0])
            return
        wanted = min(max(names.index(self.cursor) + by, 0), len(names) - 1)
        entry, top = targets[wanted], round(self.scroll_y)
        if by > 0 and entry.top >= top + 2 * self.size.height:
            self.scroll_relative(y=self.size.height - 2, animate=False)
        elif by < 0 and entry.top + entry.height < top - self.size.height:
            self.scroll_relative(y=2 - self.size.height, animate=False)
        elif names[wanted] == self.cursor:
            self.scroll_relative(y=by * 3, animate=False)
        else:
            self.move_to(names[wanted])

    def move_to(self, target: str) -> None:
        """Put the cursor on a step, and that on screen."""
        if target != self.cursor:
            self.cursor = target
            self._strips.clear()
            self.post_message(self.CursorMoved())
            self.refresh()
        self.reveal()

    @property
    def is_cursor_shown(self) -> bool:
        """Whether any line of the step under the cursor is on screen."""
        entry, top = self._laid.entry_of(self.cursor), round(self.scroll_y)
        return entry is not None and entry.top < top + self.size.height and top < entry.top + entry.height

    def reveal(self) -> None:
        """Scroll until the step under the cursor is on screen, with what stands above it."""
        entry = self._laid.entry_of(self.cursor)
        if entry is None:
            return
        height, top = max(self.size.height, 1), round(self.scroll_y)
        if entry.top < top + 1:
            self.scroll_to(y=max(entry.top - 2, 0), animate=False)
        elif entry.top + entry.height > top + height:
            wanted = entry.top - 2 if entry.height >= height - 3 else entry.top + entry.height - height + 1
            self.scroll_to(y=wanted, animate=False)

    # Drawing

    def render_line(self, y: int) -> Strip:
        at = round(self.scroll_y) + y
        width = self.size.width
        content, entry = self._laid.line(at, self._body)
        has_cursor = entry is not None and bool(entry.target) and entry.target == self.cursor
        key = (at, has_cursor)
        strip = self._strips.get(key)
        if strip is None:
            is_head = has_cursor and entry is not None and at == entry.top
            strip = self._strips[key] = self._strip(content, is_head, has_cursor, width)
        return strip

    def _strip(self, line: Content, is_head: bool, has_cursor: bool, width: int) -> Strip:
        gutter = Content.styled("▸ " if is_head else "▏ " if has_cursor else "  ", "$mark bold")
        style = self.visual_style
        if is_head:
            style = style + self.get_visual_style("run-document--cursor")
        content = Content.assemble(gutter, line.truncate(max(width - GUTTER - 1, 1), ellipsis=True))
        parts = content.render(style, end="", parse_style=self.app.stylesheet.parse_style)
        segments = [Segment(text, part.rich_style) for text, part in parts]
        return Strip(segments, content.cell_length).adjust_cell_length(width, style.rich_style)

    def target_at(self, y: int) -> str:
        """The place for the cursor that is drawn on a line of the widget; empty where there is none."""
        _, entry = self._laid.line(round(self.scroll_y) + y, self._body)
        return entry.target if entry is not None else ""

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        self.refresh(Region(0, 0, self.size.width, self.size.height))
