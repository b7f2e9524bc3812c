"""The tables, made when they are absent. SQLAlchemy is imported by the call, not by the module.

One table of events, which only grows, and one row with the version of the schema. In SQLite triggers refuse every
UPDATE and DELETE of an event, so that not even our own mistake rewrites history.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from oncall_tui.journal.errors import JournalError, hint_to

if TYPE_CHECKING:
    from sqlalchemy import Connection, MetaData, Table
    from sqlalchemy.schema import ExecutableDDLElement

VERSION = 1
"""The schema that this program reads and writes."""

_LOCK = 0x0C4A11
"""The key of the advisory lock under which one PostgreSQL client at a time makes the tables."""


@dataclass(frozen=True)
class Tables:
    """The tables of the journal."""

    metadata: "MetaData"
    event: "Table"
    version: "Table"


@cache
def tables() -> Tables:
    """The definition of the tables, for any database that SQLAlchemy speaks to."""
    from sqlalchemy import Column, Index, Integer, MetaData, String, Table, Text, UniqueConstraint

    metadata = MetaData()
    event = Table(
        "event",
        metadata,
        Column("id", String(26), primary_key=True),
        Column("stream", Text, nullable=False),
        Column("seq", Integer, nullable=False),
        Column("occurred_at", String(27), nullable=False),
        Column("recorded_at", String(27), nullable=False),
        Column("actor", Text, nullable=False),
        Column("source", Text, nullable=False),
        Column("source_id", Text),
        Column("kind", Text, nullable=False),
        Column("payload", Text, nullable=False),
        Column("prev_hash", String(64), nullable=False),
        Column("hash", String(64), nullable=False),
        UniqueConstraint("stream", "seq", name="event_stream_seq"),
        UniqueConstraint("source", "source_id", name="event_source_source_id"),
        Index("event_kind_id", "kind", "id"),
    )
    _refuse_changes(event)
    version = Table("schema_version", metadata, Column("version", Integer, primary_key=True))
    return Tables(metadata, event, version)


def prepare(connection: "Connection", place: str) -> None:
    """Make the tables where they are absent, within the transaction of ``connection``.

    Raises:
        JournalError: a newer program made them; what it added would be misread.
    """
    from sqlalchemy import insert, select, text

    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    all_tables = tables()
    all_tables.metadata.create_all(connection)
    found = connection.execute(select(all_tables.version.c.version)).scalar()
    if found is None:
        connection.execute(insert(all_tables.version).values(version=VERSION))
    elif found > VERSION:
        message = f"The journal {place} was written by a newer oncall-tui (schema {found}, this one knows {VERSION})."
        raise JournalError(message, hint_to("Update oncall-tui, or set another file under [journal] path"))


def queue_for(connection: "Connection", streams: Sequence[str]) -> None:
    """Wait until no other transaction writes to ``streams``, which are sorted.

    Only PostgreSQL needs it: without a queue the slower of two busy writers loses every race for the next number. In
    one order for everybody, so that no two writers wait for each other. SQLite has one writer at a time anyway.
    """
    from sqlalchemy import text

    if connection.dialect.name == "postgresql":
        lock = text("SELECT pg_advisory_xact_lock(hashtextextended(:stream, 0))")
        for stream in streams:
            connection.execute(lock, {"stream": stream})


def _refuse_changes(event: "Table") -> None:
    from sqlalchemy import DDL
    from sqlalchemy.event import listen

    for verb in ("UPDATE", "DELETE"):
        trigger: ExecutableDDLElement = DDL(  # type: ignore[no-untyped-call]  # untyped in SQLAlchemy itself
            f"CREATE TRIGGER event_no_{verb.lower()} BEFORE {verb} ON event "
            "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END"
        )
        listen(event, "after_create", trigger.execute_if(dialect="sqlite"))
