"""The columns that a list of alerts can have, as the configuration names them: ``service``, ``label:team@120``."""

from dataclasses import dataclass

from oncall_tui.domain.parts import LABEL, PARTS

COLUMNS = ("severity", "status", "since", "age", *PARTS, "remark")
"""The names of all columns but labels."""

WIDEST = 500


class BadColumn(ValueError):
    """A column that there is none of; the message says why and what would do."""


@dataclass(frozen=True, slots=True)
class NamedColumn:
    """A column as it is written."""

    name: str
    from_width: int | None = None
    """It is shown only in a list that is at least so many cells wide; None leaves that to the column."""


def read_column(written: str) -> NamedColumn:
    """The column that is written ``name`` or ``name@width``.

    Raises:
        BadColumn: when there is none of the name, or the width is no number.
    """
    name, at, width = written.strip().rpartition("@") if "@" in written else (written.strip(), "", "")
    if name not in COLUMNS and not (name.startswith(LABEL) and name != LABEL):
        raise BadColumn(f"columns are {', '.join(COLUMNS)} and {LABEL}NAME")
    if not at:
        return NamedColumn(name)
    if not (width.isascii() and width.isdigit() and int(width) <= WIDEST):
        raise BadColumn(f"behind @ stands from how many cells on it is shown, e.g. {name}@100")
    return NamedColumn(name, int(width))
