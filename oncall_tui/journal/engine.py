"""The way to the database: an SQLite file of one's own, or the address of a database that a team shares."""

import errno
import os
import stat
from pathlib import Path
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any

from oncall_tui.journal.errors import JournalError, file_error, hint_to
from oncall_tui.threads import IMPORTING

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

_PAUSE = 0.01
"""Seconds between two attempts to switch a file to WAL."""

WRITING = {"oncall_writes": True}
"""Execution options of a connection that is going to write."""


def place_of(url_or_path: str | Path) -> str:
    """How a journal is named in messages: its path, or its address without the password.

    Raises:
        JournalError: the address cannot be read.
    """
    if path := sqlite_path(url_or_path):
        return str(path)
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        return make_url(str(url_or_path)).render_as_string(hide_password=True)
    except ArgumentError:
        # The text is not repeated: it may hold a password.
        message = "The address of the journal cannot be read."
        raise JournalError(message, hint_to("Write it as postgresql+psycopg://user@host/database")) from None


def sqlite_path(url_or_path: str | Path) -> Path | None:
    """The file of an SQLite journal, given as a path or as ``sqlite:///path``; None for another database."""
    text = str(url_or_path)
    if "://" not in text:
        return Path(text).expanduser()
    scheme, _, rest = text.partition("://")
    return Path(rest.removeprefix("/")) if scheme.partition("+")[0] == "sqlite" else None


def engine_of(url_or_path: str | Path, busy_timeout: float) -> "Engine":
    """An engine, for SQLite with the file made and nobody else let in. Nothing is connected to yet.

    Args:
        url_or_path: a path, or an SQLAlchemy address such as ``postgresql+psycopg://host/database``.
        busy_timeout: seconds that SQLite waits while another process writes.
    """
    path = sqlite_path(url_or_path)
    if path is None:
        return _server_engine(str(url_or_path))
    with IMPORTING:
        from sqlalchemy import create_engine
        from sqlalchemy.engine import URL

    _make_private(path)
    url = URL.create("sqlite+pysqlite", database=str(path))
    engine = create_engine(url, connect_args={"timeout": busy_timeout}, hide_parameters=True)
    _speak_sqlite(engine, busy_timeout)
    return engine


def _server_engine(url: str) -> "Engine":
    from sqlalchemy import create_engine
    from sqlalchemy.exc import ArgumentError

    place = place_of(url)
    try:
        return create_engine(url, hide_parameters=True, pool_pre_ping=True)
    except (ImportError, ArgumentError) as error:
        message = f"The journal {place} needs a database driver that is not there: {error}"
        raise JournalError(
            message, hint_to("Install it beside oncall-tui, e.g. `pip install psycopg[binary]`")
        ) from None


def _make_private(path: Path) -> None:
    """Make the folder (0700) and the file (0600) before SQLite does, which would let others read them."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
        except FileExistsError:
            # Not opened: closing it would let go of every lock that this process holds on it (POSIX).
            mode = path.stat().st_mode
            if not stat.S_ISREG(mode):
                raise IsADirectoryError(errno.EISDIR, "it is no ordinary file") from None
            if mode & 0o077:
                path.chmod(0o600)
    except OSError as error:
        raise file_error(str(path), error) from error


def _speak_sqlite(engine: "Engine", busy_timeout: float) -> None:
    """WAL so that reading never waits for writing; FULL so that what is committed survives a power cut."""
    from sqlalchemy import event

    @event.listens_for(engine, "connect")
    def connected(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        _write_ahead(connection, busy_timeout)
        connection.execute("PRAGMA synchronous=FULL")

    @event.listens_for(engine, "begin")
    def begun(connection: "Connection") -> None:
        # A transaction that reads the newest number and then writes must hold the lock from its first statement:
        # a deferred one fails at once, whatever the timeout, when somebody wrote in between (SQLITE_BUSY_SNAPSHOT).
        is_writing = connection.get_execution_options().get("oncall_writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing else "BEGIN")


def _write_ahead(connection: Any, busy_timeout: float) -> None:
    """Switch to WAL. While several processes make a new file, SQLite refuses this at once instead of waiting."""
    from sqlite3 import OperationalError

    deadline = monotonic() + busy_timeout
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL").fetchone()
        except OperationalError as error:
            if not error.sqlite_errorname.startswith("SQLITE_BUSY") or monotonic() > deadline:
                raise
            sleep(_PAUSE)
        else:
            return
