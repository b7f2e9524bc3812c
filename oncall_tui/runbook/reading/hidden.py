"""Characters that make a reader see something else than what runs (rule F4)."""

from collections.abc import Iterator, Sequence

from oncall_tui.domain.text import clean
from oncall_tui.runbook.reading.text import bare


def hidden_in(lines: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """The first hidden character of each line that has any: line and column, both from 0, and its code."""
    for number, line in enumerate(lines):
        text = bare(line)
        if (text.isascii() and text.isprintable()) or (safe := clean(text, len(text) + 1)) == text:
            continue
        column = next((at for at, (one, other) in enumerate(zip(text, safe, strict=False)) if one != other), len(safe))
        yield number, column, f"U+{ord(text[min(column, len(text) - 1)]):04X}"
