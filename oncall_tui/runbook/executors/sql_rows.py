"""The output of ``psql --csv`` as a table."""

import csv
import io
import re
from dataclasses import dataclass

_TAG = re.compile(r"(?:INSERT 0|UPDATE|DELETE|MERGE|SELECT|COPY|MOVE|FETCH) (\d+)")
_LONGEST_FIELD = 2 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Table:
    """Rows with the names of their columns; or only how many rows a statement changed."""

    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    count: int | None = None
    """None when nobody says, or several statements were run."""


def table_of(text: str) -> Table:
    """The table in what psql printed: one result, or the tag of one statement; else nothing."""
    tags = text.splitlines()
    if len(tags) == 1 and (tag := _TAG.fullmatch(tags[0])):
        return Table(count=int(tag[1]))
    csv.field_size_limit(_LONGEST_FIELD)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error:
        return Table()
    # A line without a field is a row whose only cell is empty.
    columns, *rows = [tuple(line) or ("",) for line in lines] or [()]
    if not columns or any(len(row) != len(columns) for row in rows):
        return Table()
    return Table(columns, tuple(rows), len(rows))
