"""Text of many lines, of which only those in sight are drawn: the 800 alerts of a page storm that a question is about.

Textual draws all of a text to show some lines of it: 800 took 170 ms, in which no key was heard.
"""

from rich.segment import Segment
from textual.content import Content
from textual.geometry import Size
from textual.strip import Strip
from textual.widgets import Static

LONG = 60
"""Lines from which on a text is a long one: more than most screens have."""


def text_of(content: Content, *, id: str | None = None) -> Static:  # noqa: A002  # as Textual's widgets take it
    """A widget that shows ``content``: short text as Textual does it, which can be selected."""
    return (LongText if content.plain.count("\n") >= LONG else Static)(content, id=id)


class LongText(Static):
    """A ``Static`` that draws line by line. What is too wide goes on in the next line; nothing of it is selected."""

    def __init__(self, content: Content, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(content, id=id)
        self._lines = content.split("\n", allow_blank=True)
        self._placed: tuple[int, list[Content]] = (0, [])

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._at(width))

    def render_line(self, y: int) -> Strip:
        width, style = self.size.width, self.visual_style
        lines = self._at(width)
        line = lines[y] if y < len(lines) else Content()
        parts = line.render(style, end="", parse_style=self.app.stylesheet.parse_style)
        strip = Strip([Segment(text, part.rich_style) for text, part in parts], line.cell_length)
        return strip.adjust_cell_length(width, style.rich_style)

    def _at(self, width: int) -> list[Content]:
        """The lines as they stand on so many cells."""
        if self._placed[0] != width:
            fits = max(width, 1)
            lines = (one for line in self._lines for one in ([line] if line.cell_length <= fits else line.wrap(fits)))
            self._placed = (width, list(lines))
        return self._placed[1]
