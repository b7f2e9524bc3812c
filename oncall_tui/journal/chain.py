"""The hash chain: why nobody can change an event afterwards without it being seen.

Each row carries the SHA-256 of its own columns, exactly as they are stored, and of the hash of the row before it in the
stream. Changing, inserting or removing a row breaks the chain there. What a chain cannot show by itself is that the
newest rows of a stream were cut off: compare the heads with a copy for that.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from oncall_tui.domain.text import clean_line
from oncall_tui.journal.event import Event, NewEvent, Payload, time_from_text, time_to_text

NO_HASH = "0" * 64
"""What stands in place of the former hash on the first row of a stream."""


class Row(NamedTuple):
    """An event as the database holds it, column by column."""

    id: str
    stream: str
    seq: int
    occurred_at: str
    recorded_at: str
    actor: str
    source: str
    source_id: str | None
    kind: str
    payload: str
    prev_hash: str
    hash: str


class Head(NamedTuple):
    """The newest row of a stream, as far as the next one must know it; number 0 before the first."""

    stream: str
    seq: int = 0
    hash: str = NO_HASH


@dataclass(frozen=True, slots=True)
class Broken:
    """The first row at which a chain does not hold, and why."""

    stream: str
    seq: int
    id: str
    reason: str

    def __str__(self) -> str:
        return f"{self.stream} row {self.seq} ({self.id}): {self.reason}"


def payload_to_text(payload: Payload) -> str:
    """The canonical form of a payload: JSON in ASCII, keys sorted, no blanks, finite numbers only.

    ASCII, because PostgreSQL refuses NUL and SQLite lone surrogates in text; their escapes pass everywhere.
    """
    return json.dumps(payload, sort_keys=True, separators=(",", ":"), allow_nan=False, default=_plain)


def row_of(new: NewEvent, payload: Payload, head: Head, event_id: str, recorded_at: datetime) -> Row:
    """The row of a new event that follows ``head``. ``payload`` is the redacted one of ``new``."""
    row = Row(
        id=event_id,
        stream=head.stream,
        seq=head.seq + 1,
        occurred_at=time_to_text(new.occurred_at),
        recorded_at=time_to_text(recorded_at),
        actor=new.actor,
        source=new.source,
        source_id=new.source_id,
        kind=new.kind,
        payload=payload_to_text(payload),
        prev_hash=head.hash,
        hash="",
    )
    return row._replace(hash=row_hash(row))


def row_hash(row: Row) -> str:
    """SHA-256, in hexadecimal, over the columns of a row but its own hash; ``prev_hash`` is one of them."""
    columns = [{"bytes": one.hex()} if isinstance(one, bytes) else one for one in row[:-1]]
    return hashlib.sha256(json.dumps(columns, separators=(",", ":")).encode("ascii")).hexdigest()


def event_of(row: Row) -> Event:
    """The event that a row holds.

    Raises:
        ValueError: the row was altered so that it is no event any more.
    """
    payload = json.loads(row.payload)
    if not isinstance(payload, dict):
        raise ValueError("the payload is not a JSON object")
    return Event(
        id=row.id,
        stream=row.stream,
        seq=row.seq,
        occurred_at=time_from_text(row.occurred_at),
        recorded_at=time_from_text(row.recorded_at),
        actor=clean_line(str(row.actor)),
        source=row.source,
        source_id=row.source_id,
        kind=row.kind,
        payload=payload,
        prev_hash=row.prev_hash,
        hash=row.hash,
    )


def first_broken(rows: Iterable[Row]) -> Broken | None:
    """The first row that breaks the chain of its stream, None when all hold.

    ``rows`` come stream by stream, each in the order of its numbers.
    """
    stream: str | None = None
    seq, former = 0, NO_HASH
    for row in rows:
        if row.stream != stream:
            stream, seq, former = row.stream, 0, NO_HASH
        seq += 1
        if reason := _fault(row, seq, former):
            return Broken(str(row.stream), row.seq, str(row.id), reason)
        former = row.hash
    return None


def _fault(row: Row, seq: int, former: str) -> str:
    """What is wrong with a row that should have number ``seq`` and follow the hash ``former``; empty if nothing."""
    if row.seq != seq:
        return f"row {seq} is missing before it"
    if row_hash(row) != row.hash:
        return "its content is not what was written"
    if row.prev_hash != former:
        return "it does not follow from the row before it"
    return ""


def _plain(value: object) -> object:
    """Mappings that are no dict, as plain ones."""
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"a payload cannot hold {type(value).__name__}")
