"""Plain text and JSON on stdout: tables fitted to the terminal, whole when piped; colour only where it is welcome."""

import json
import os
import shutil
import sys
import unicodedata
from collections.abc import Mapping, Sequence

import click

from oncall_tui.domain.text import clean_line

GAP = "  "


def print_json(data: Mapping[str, object]) -> None:
    """One JSON object. Pure ASCII: it survives any terminal, pipe and locale, and holds no control character."""
    click.echo(json.dumps(data, indent=2, allow_nan=False))


def print_lines(lines: Sequence[str]) -> None:
    """Lines as they are; colour is taken out where the output is no terminal."""
    if lines:
        click.echo("\n".join(lines))


def complain(line: str) -> None:
    """A line on stderr."""
    click.echo(clean_line(line, 1_000), err=True)


def terminal_width() -> int | None:
    """The columns of the terminal; None when the output goes elsewhere, where nothing is to be cut."""
    if not sys.stdout.isatty() and "COLUMNS" not in os.environ:
        return None
    return shutil.get_terminal_size().columns


def is_colourful() -> bool:
    """Whether colour may be used (https://no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def table(
    headers: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    gives_way: Mapping[int, int],
    width: int | None,
    colours: Sequence[str | None] = (),
) -> list[str]:
    """Rows under headers, in lines of at most ``width`` cells.

    Args:
        gives_way: the columns that are cut when a line is too long, the first one first, and the cells that each
            keeps.
        colours: the colour of the first cell of each row.
    """
    cells = [[clean_line(cell) for cell in row] for row in rows]
    sizes = [max(cells_of(row[place]) for row in (headers, *cells)) for place in range(len(headers))]
    if width is not None:
        _shrink(sizes, gives_way, width - len(GAP) * (len(sizes) - 1))
    lines = [_line(row, sizes, width) for row in (headers, *cells)]
    for number, colour in enumerate(colours, start=1):
        if colour:
            first = len(fitted(cells[number - 1][0], sizes[0]))
            lines[number] = click.style(lines[number][:first], fg=colour, bold=True) + lines[number][first:]
    return lines


def fitted(text: str, size: int) -> str:
    """``text`` in exactly ``size`` cells: filled with blanks, or cut with an ellipsis."""
    if cells_of(text) > size:
        kept = ""
        for char in text:
            if cells_of(kept + char) >= size:
                break
            kept += char
        text = kept + "…"
    return text + " " * (size - cells_of(text))


def cells_of(text: str) -> int:
    """The cells that a text takes on a terminal: wide East Asian characters take two, combining marks none."""
    if text.isascii():
        return len(text)
    return sum(0 if unicodedata.combining(char) else 2 if _is_wide(char) else 1 for char in text)


def _is_wide(char: str) -> bool:
    return unicodedata.east_asian_width(char) in "WF"


def _shrink(sizes: list[int], gives_way: Mapping[int, int], room: int) -> None:
    for place, least in gives_way.items():
        excess = max(sum(sizes) - room, 0)
        sizes[place] = max(sizes[place] - excess, min(sizes[place], least))


def _line(row: Sequence[str], sizes: Sequence[int], width: int | None) -> str:
    line = GAP.join(fitted(cell, size) for cell, size in zip(row, sizes, strict=True)).rstrip()
    return fitted(line, width).rstrip() if width is not None else line
