"""A file to a ``Runbook``. Never fails for what is in it: whatever is wrong is a finding."""

import hashlib
import tomllib
from dataclasses import replace
from pathlib import Path

from oncall_tui.runbook.finding import Level
from oncall_tui.runbook.model import Mode, Runbook
from oncall_tui.runbook.reading.front import Front, front_of
from oncall_tui.runbook.reading.judge import Judge
from oncall_tui.runbook.reading.keys import Notes
from oncall_tui.runbook.reading.nodes import BrokenYaml, Place, Scalar, Table, node_of
from oncall_tui.runbook.reading.text import Text, bare, text_of

MARK = "oncall"
"""The key of the front matter that makes a file a native one."""
LARGEST = 2_000_000
"""Bytes of a file that is read; runbooks are hundreds of times shorter."""


def read_file(path: Path, judge: Judge | None = None) -> Runbook:
    """Read a file.

    Raises:
        OSError: when it cannot be read at all, or is no file of a sensible size.
    """
    return read(bytes_of(path), path, judge)


def bytes_of(path: Path) -> bytes:
    """What a file holds. Raises ``OSError`` as ``read_file``."""
    with path.open("rb") as stream:
        data = stream.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise OSError(27, f"larger than {LARGEST:,} bytes: this is no runbook", str(path))
    return data


def read(data: bytes, path: Path, judge: Judge | None = None) -> Runbook:
    """Read the bytes of a file; ``path`` gives the names that the file itself does not say.

    Args:
        judge: the classifier; the one of ``classify`` when none is given.
    """
    # 50 ms of libraries: loaded with the first file.
    from oncall_tui.runbook import classify
    from oncall_tui.runbook.reading.imported import imported
    from oncall_tui.runbook.reading.native import native

    judge = judge or classify.judge
    text = text_of(data)
    front = front_of(text.lines)
    notes = Notes()
    table = _table(front, notes, text)
    digest = hashlib.sha256(data).hexdigest()
    if table is not None and MARK in table.values:
        return native(text, front, table, path, digest, judge, notes)
    if _names_itself_native(front):
        # Its YAML is broken: it is refused as what it wants to be.
        return native(text, front, table or Table({}, {}, Place(1, 1)), path, digest, judge, notes)
    notes.findings = [replace(one, level=Level.WARNING) for one in notes.findings]
    return imported(text, front, front_title(front, table), path, digest, judge, notes)


def mode_of(front: Front, table: Table | None) -> Mode:
    """Whether a file with this front matter is a native one."""
    is_native = (table is not None and MARK in table.values) or _names_itself_native(front)
    return Mode.NATIVE if is_native else Mode.IMPORTED


def front_table(front: Front) -> Table | None:
    """The front matter as a table; ``None`` when it is none or broken."""
    return _table(front, Notes(), None)


def front_title(front: Front, table: Table | None) -> str:
    """The title that a file of any mode gives itself in its front matter."""
    if not front.is_yaml:
        try:
            found = tomllib.loads(front.text).get("title", "")
        except (tomllib.TOMLDecodeError, RecursionError):
            return ""
        return found if isinstance(found, str) else ""
    node = table.values.get("title") if table is not None else None
    return node.value if isinstance(node, Scalar) else ""


def _names_itself_native(front: Front) -> bool:
    return front.is_yaml and any(_is_mark(line) for line in front.text.split("\n"))


def _is_mark(line: str) -> bool:
    return bare(line).partition(":")[0] == MARK and ":" in line


def _table(front: Front, notes: Notes, text: Text | None) -> Table | None:
    if front.is_open and text is not None and any(_is_mark(line) for line in text.lines[1:20]):
        notes.warn("F1", Place(1, 1), "the front matter is not closed by a line `---`: it is read as prose")
    if not front.text or not front.is_yaml:
        return None
    try:
        node = node_of(front.text, Place(front.first, 1))
    except BrokenYaml as error:
        notes.error("F1", error.place, f"the front matter is no YAML: {error.problem}")
        return None
    return node if isinstance(node, Table) else None
