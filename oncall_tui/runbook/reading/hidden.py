"""Characters that make a reader see something else than what runs (rule F4)."""

from collections.abc import Iterator, Sequence

from oncall_tui.domain.text import clean
from oncall_tui.runbook.reading.text import bare

_BYTES = (0xDC80, 0xDCFF)
"""What stands for the bytes 80 to FF where they are no UTF-8."""


def hidden_in(lines: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """The first hidden character of each line that has any: line and column, both from 0, and what it is."""
    for number, line in enumerate(lines):
        text = bare(line)
        if (text.isascii() and text.isprintable()) or (safe := clean(text, len(text) + 1)) == text:
            continue
        column = next((at for at, (one, other) in enumerate(zip(text, safe, strict=False)) if one != other), len(safe))
        yield number, column, _named(ord(text[min(column, len(text) - 1)]))


def _named(code: int) -> str:
    if _BYTES[0] <= code <= _BYTES[1]:
        return f"the byte {code - _BYTES[0] + 0x80:02X}, which is no UTF-8: save the file as UTF-8"
    return f"the hidden character U+{code:04X}"
