"""One file of the catalogue: what finding and listing need of it, without its steps."""

import hashlib
from os.path import splitext
from pathlib import Path

import msgspec

from oncall_tui.domain.text import clean_line
from oncall_tui.runbook.model import Mode
from oncall_tui.runbook.reading.blocks import blocks_of
from oncall_tui.runbook.reading.front import front_of
from oncall_tui.runbook.reading.header import header_of
from oncall_tui.runbook.reading.keys import Notes
from oncall_tui.runbook.reading.outline import sections_of
from oncall_tui.runbook.reading.read import front_table, front_title, mode_of
from oncall_tui.runbook.reading.text import text_of


class Heading(msgspec.Struct, frozen=True, array_like=True):
    """A heading and its anchor."""

    text: str
    slug: str


class Entry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A runbook of the catalogue."""

    path: str
    """Absolute, links resolved."""
    root: str
    """The name of its root."""
    relative: str
    """Its path below the root, with ``/``."""
    mode: Mode
    id: str
    title: str
    sha256: str
    owner: str = ""
    severity: str = ""
    match: tuple[dict[str, str], ...] = ()
    headings: tuple[Heading, ...] = ()

    @property
    def stem(self) -> str:
        """The name of the file without its ending."""
        return splitext(self.relative.rpartition("/")[2])[0]


def entry_of(data: bytes, path: Path, root: str, relative: str) -> Entry:
    """Read what the catalogue keeps of a file."""
    text = text_of(data)
    front = front_of(text.lines)
    table = front_table(front)
    mode = mode_of(front, table)
    sections = sections_of(blocks_of(text.lines, front.end), len(text.lines))
    header = header_of(table, Notes()) if mode is Mode.NATIVE and table is not None else None
    headings = tuple(Heading(one.heading, one.slug) for one in sections if one.heading)
    told = header.title if header else clean_line(front_title(front, table))
    return Entry(
        path=str(path),
        root=root,
        relative=relative,
        mode=mode,
        id=(header.id if header else "") or clean_line(path.stem),
        title=told or (headings[0].text if headings else "") or clean_line(path.stem),
        sha256=hashlib.sha256(data).hexdigest(),
        owner=header.owner if header else "",
        severity=header.severity if header else "",
        match=tuple(dict(one.labels) for one in header.match) if header else (),
        headings=headings,
    )
