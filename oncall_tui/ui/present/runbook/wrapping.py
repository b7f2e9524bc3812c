"""Where lines are broken: offsets only, so that a long runbook is laid out without drawing what is not on screen."""

from rich.cells import cell_len
from textual.content import Content

NARROWEST = 8
"""No line is broken for less room than that."""


def breaks(text: str, width: int) -> list[int]:
    """The offsets at which each line but the first begins; blanks are the places to break, long words are cut."""
    width = max(width, NARROWEST)
    if len(text) <= width and (text.isascii() or cell_len(text) <= width):
        return []
    found: list[int] = []
    start = 0
    while start < len(text):
        end = _end_of(text, start, width)
        if end >= len(text):
            break
        blank = text.rfind(" ", start + 1, end + 1)
        end = blank + 1 if blank > start else end
        if end >= len(text):
            break
        found.append(end)
        start = end
    return found


def _end_of(text: str, start: int, width: int) -> int:
    """The offset after the last character that fits; a blank that does not fit any more is let go."""
    end = min(start + width, len(text))
    if not text.isascii():
        while end > start + 1 and cell_len(text[start:end]) > width:
            end -= 1
    return end


def lines_of(content: Content, width: int) -> list[Content]:
    """A paragraph on as many lines as it needs."""
    places = breaks(content.plain, width)
    return [one.rstrip() for one in content.divide(places)] if places else [content]
