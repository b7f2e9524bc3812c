"""The journal itself: append, read, verify. Calls block; ``keeper`` makes them from an event loop."""

import contextlib
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from oncall_tui.domain.text import clean
from oncall_tui.journal import engine as engines
from oncall_tui.journal.chain import Broken, Head, Row, event_of, first_broken, row_of
from oncall_tui.journal.errors import JournalError, SequenceTaken, database_error, file_error, hint_to
from oncall_tui.journal.event import Event, NewEvent, time_to_text
from oncall_tui.journal.redact import redacted
from oncall_tui.journal.schema import prepare, queue_for, tables
from oncall_tui.journal.ulid import Ulids

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine, Select

BUSY_TIMEOUT = 5.0
"""Seconds that a call waits while another process writes to an SQLite journal."""

_ATTEMPTS = 20
"""How often a write is tried while others take its numbers; each loss means that somebody else made progress."""

_PAGE = 1_000


class Journal:
    """An append-only record of events in streams, each a hash chain. Nothing in it is ever updated or deleted.

    Every method may raise ``JournalError``; then nothing of that call was recorded.
    """

    def __init__(self, engine: "Engine", place: str, clock: Callable[[], datetime], new_id: Callable[[], str]) -> None:
        self._engine = engine
        self._place = place
        self._clock = clock
        self._new_id = new_id
        self._identity: tuple[int, int] | None = None

    @classmethod
    def open(
        cls,
        url_or_path: str | Path,
        clock: Callable[[], datetime],
        random: Callable[[int], bytes] = os.urandom,
        busy_timeout: float = BUSY_TIMEOUT,
    ) -> "Journal":
        """The journal at ``url_or_path``, made when it is absent.

        Args:
            url_or_path: the path of an SQLite file, or an SQLAlchemy address of a shared database.
            clock: the present moment, aware.
            random: gives as many random bytes as it is asked for.
            busy_timeout: seconds to wait while another process writes to an SQLite file.
        """
        place = engines.place_of(url_or_path)
        journal = cls(engines.engine_of(url_or_path, busy_timeout), place, clock, Ulids(clock, random))
        try:
            with journal._connected(is_writing=True) as connection:
                prepare(connection, place)
        except JournalError:
            journal.close()
            raise
        journal._identity = _identity_of(engines.sqlite_path(url_or_path))
        return journal

    @property
    def place(self) -> str:
        """Where it is, without any password."""
        return self._place

    def append(self, stream: str, events: Sequence[NewEvent], after: int | None = None) -> tuple[Event, ...]:
        """Write ``events`` to the end of ``stream``, all or none, and give them as they were kept.

        One whose (source, source_id) is known already is left out. With ``after``, only if the stream's newest
        number still is that one.

        Raises:
            SequenceTaken: the stream has grown beyond ``after``.
        """
        return self.append_all([(stream, event) for event in events], {} if after is None else {stream: after})

    def append_all(
        self, events: Sequence[tuple[str, NewEvent]], after: Mapping[str, int] | None = None
    ) -> tuple[Event, ...]:
        """``append`` for several streams in one transaction: all events or none. ``after`` by stream.

        Within a stream the order of ``events`` is kept; what is given back is ordered by stream.
        """
        from sqlalchemy.exc import IntegrityError

        self._refuse_a_lost_file()
        for stream, event in events:
            _refuse_unclean(stream, event)
        for _ in range(_ATTEMPTS):
            try:
                with self._connected(is_writing=True) as connection:
                    return self._written(connection, events, after or {})
            except IntegrityError:
                continue  # Another process took a number between our look and our write: look again.
        message = f"The journal {self._place} is written to by so many others that no place was left for this entry."
        raise SequenceTaken(message, hint_to("Try again"))

    def read(self, stream: str) -> tuple[Event, ...]:
        """The events of one stream in the order they were written."""
        from sqlalchemy import select

        event = tables().event
        return self._events(select(event).where(event.c.stream == stream).order_by(event.c.seq))

    def head(self, stream: str) -> int:
        """The number of the newest event of a stream; 0 when it has none."""
        with self._connected() as connection:
            return self._head(connection, stream).seq

    def read_kind(self, *kinds: str, streams: str = "", since: datetime | None = None) -> tuple[Event, ...]:
        """The events of these kinds in the order of their ids, from streams that begin with ``streams``.

        Args:
            since: only what was recorded at or after this moment.
        """
        from sqlalchemy import select

        event = tables().event
        query = select(event).where(event.c.kind.in_(kinds)).order_by(event.c.id)
        if streams:
            query = query.where(event.c.stream.startswith(streams, autoescape=True))
        if since is not None:
            query = query.where(event.c.recorded_at >= time_to_text(since))
        return self._events(query)

    def verify(self, stream: str | None = None) -> Broken | None:
        """The first row whose chain does not hold, of one stream or of all; None when everything holds."""
        from sqlalchemy import select

        event = tables().event
        query = select(event).order_by(event.c.stream, event.c.seq)
        if stream is not None:
            query = query.where(event.c.stream == stream)
        with self._connected() as connection:
            rows = connection.execution_options(yield_per=_PAGE).execute(query)
            return first_broken(Row(*row) for row in rows)

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def _written(
        self, connection: "Connection", events: Sequence[tuple[str, NewEvent]], after: Mapping[str, int]
    ) -> tuple[Event, ...]:
        from sqlalchemy import insert

        streams = sorted({stream for stream, _ in events})
        queue_for(connection, streams)
        heads = {stream: self._head(connection, stream) for stream in streams}
        for stream, expected in after.items():
            if heads[stream].seq != expected:
                raise SequenceTaken(f"{stream} was written to by somebody else; look at it again.")
        rows: list[Row] = []
        told: set[tuple[str, str]] = set()
        for stream, new in sorted(events, key=lambda one: one[0]):
            if new.source_id is not None:
                if (new.source, new.source_id) in told or self._is_known(connection, new.source, new.source_id):
                    continue
                told.add((new.source, new.source_id))
            row = row_of(new, redacted(new.payload), heads[stream], self._new_id(), self._clock())
            heads[stream] = Head(stream, row.seq, row.hash)
            rows.append(row)
        if rows:
            connection.execute(insert(tables().event), [row._asdict() for row in rows])
        return tuple(event_of(row) for row in rows)

    def _head(self, connection: "Connection", stream: str) -> Head:
        from sqlalchemy import select

        event = tables().event
        query = select(event.c.seq, event.c.hash).where(event.c.stream == stream).order_by(event.c.seq.desc()).limit(1)
        newest = connection.execute(query).first()
        return Head(stream) if newest is None else Head(stream, newest.seq, newest.hash)

    def _is_known(self, connection: "Connection", source: str, source_id: str) -> bool:
        from sqlalchemy import select

        event = tables().event
        query = select(event.c.id).where(event.c.source == source, event.c.source_id == source_id)
        return connection.execute(query).first() is not None

    def _events(self, query: "Select[Any]") -> tuple[Event, ...]:
        with self._connected() as connection:
            rows = [Row(*row) for row in connection.execute(query)]
        try:
            return tuple(event_of(row) for row in rows)
        except (ValueError, TypeError) as error:
            message = f"The journal {self._place} holds a row that was altered: {error}."
            raise JournalError(
                message, hint_to("Keep it as it is for whoever looks into it, and move it away to begin a new one")
            ) from error

    @contextlib.contextmanager
    def _connected(self, is_writing: bool = False) -> Iterator["Connection"]:
        """A transaction that is committed at the end of the block, undone when it is left by an error."""
        from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError

        options: dict[str, Any] = engines.WRITING if is_writing else {}
        try:
            with self._engine.connect() as plain, plain.execution_options(**options) as connection, connection.begin():
                yield connection
        except IntegrityError:
            raise
        except DBAPIError as error:
            raise database_error(self._place, error.orig or error) from error
        except SQLAlchemyError as error:
            raise database_error(self._place, error) from error

    def _refuse_a_lost_file(self) -> None:
        """An SQLite file that was moved away would still take our writes, and lose them when we end."""
        if self._identity is not None and _identity_of(Path(self._place)) != self._identity:
            message = f"The journal {self._place} was moved away or replaced while it was in use."
            raise JournalError(message, hint_to("Put it back, or start oncall-tui again"))


def _refuse_unclean(stream: str, event: NewEvent) -> None:
    """Names with control characters or lone surrogates: some databases cannot hold them, no screen should show them."""
    for name in (stream, event.kind, event.actor, event.source, event.source_id or "-"):
        if not name or clean(name) != name:
            message = f"An event of kind {event.kind} has a name that cannot be recorded: {name!r}."
            raise JournalError(message, "Report this line with what `oncall-tui --version` says.")


def _identity_of(path: Path | None) -> tuple[int, int] | None:
    """What tells a file from another that takes its name; None for a journal that is no file."""
    if path is None:
        return None
    try:
        status = path.stat()
    except FileNotFoundError:
        return (0, 0)
    except OSError as error:
        raise file_error(str(path), error) from error
    return (status.st_dev, status.st_ino)
