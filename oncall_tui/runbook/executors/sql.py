"""SQL steps: ``psql`` of the user's own, the statement on its standard input, values as variables of psql.

``psql -c`` does not interpolate variables, hence the standard input; without ``ON_ERROR_STOP`` a script that failed
ends with 0 (both measured with psql 15). The password stands in the environment of that one process.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from oncall_tui.domain.text import clean_line
from oncall_tui.runbook.execution import Chunk, Executed, Prepared, Running
from oncall_tui.runbook.executors.place import Place, Refused, refuse_altered
from oncall_tui.runbook.executors.sql_rows import table_of
from oncall_tui.runbook.executors.sql_text import refusal
from oncall_tui.runbook.process.environment import inherited, is_name
from oncall_tui.runbook.process.job import Job
from oncall_tui.runbook.process.keeping import Keeping
from oncall_tui.runbook.process.running import Keeps, ProcessRunning
from oncall_tui.runbook.process.screening import redactor
from oncall_tui.runbook.process.watch import Ended

_LONGEST_VALUE = 64 * 1024
"""Characters of one value: it is an argument of psql, of which the kernel takes no longer one than 128 KiB."""
_KEPT = ("PGPASSFILE", "PGSERVICEFILE", "PGSYSCONFDIR", "PGSSLROOTCERT", "PGSSLCERT", "PGSSLKEY", "PGSSLMODE")


@dataclass(frozen=True, slots=True)
class Database:
    """A PostgreSQL database of the configuration."""

    host: str
    """A name, an address, or the folder of a Unix socket."""
    name: str
    user: str
    port: int = 5432
    password: Callable[[], str] | None = None
    """Fetches it; may block, and is called in a thread. Without one, psql looks into ``~/.pgpass``."""
    ssl_mode: str = ""
    connect_timeout_s: int = 10


class SqlExecutor:
    """Runs statements with psql.

    Args:
        databases: by the names that runbooks use.
    """

    def __init__(self, place: Place, databases: Mapping[str, Database]) -> None:
        self._place = place
        self._databases = databases

    async def start(self, prepared: Prepared, digest: str, hear: Callable[[Chunk], None]) -> Running:
        """``Executor.start``."""
        refuse_altered(prepared, digest)
        database = self._databases.get(prepared.target)
        if database is None:
            known = ", ".join(sorted(self._databases)) or "none"
            return Refused(
                f"nothing was started: the configuration has no database {prepared.target!r} (it has: {known}). "
                "Add it, or change the step's `db`"
            )
        if problem := _refused(prepared):
            return Refused(f"nothing was started: {problem}")
        session = _Session(self._place, prepared, database)
        folder = self._place.outputs if prepared.keeps_output else None
        keeps = Keeps(session.redact, folder, self._place.output_limit)
        return ProcessRunning(session.job, session.finish, keeps, hear, "sql")


def _refused(prepared: Prepared) -> str:
    """Why this must not be handed to psql, in words; empty when it may."""
    for name, value in prepared.values.items():
        if not is_name(name) or not name.isascii():
            return f"{name!r} cannot be the name of a variable of psql"
        if name in prepared.secrets:
            return f"{name} is a secret, and a value of SQL can be read in the list of processes"
        if "\0" in value or len(value) > _LONGEST_VALUE:
            return f"the value of {name} holds a byte 0 or is longer than {_LONGEST_VALUE} characters"
        if any("\ud800" <= char <= "\udfff" for char in value):
            return f"the value of {name} is no valid Unicode text, which the database could not hold"
    return refusal(prepared.body)


class _Session:
    """One run of psql. Its methods block; they are called in the thread that watches."""

    def __init__(self, place: Place, prepared: Prepared, database: Database) -> None:
        self._place = place
        self._prepared = prepared
        self._database = database
        self._home: Path | None = None
        self._redact = redactor(())

    def redact(self, text: str) -> str:
        """Without the password, once it is known."""
        return self._redact(text)

    def job(self) -> Job | str:
        """psql with all that it gets, or why it cannot run."""
        psql = self._place.program("psql")
        if psql is None:
            return (
                "nothing was started: there is no psql on this machine's PATH. Install PostgreSQL's client, or do the "
                "step yourself"
            )
        try:
            env = self._environment()
        except Exception as error:  # Whatever keeps secrets may fail in its own way; none of them quotes a secret.
            return f"nothing was started: the password of {self._prepared.target} cannot be had: {error}"
        try:
            self._home = Path(tempfile.mkdtemp(prefix="oncall-sql-", dir=self._place.scratch_folder()))
        except OSError as error:
            return f"nothing was started: there is no room for a private folder: {clean_line(str(error), 300)}"
        values = [one for name, value in self._prepared.values.items() for one in ("-v", f"{name}={value}")]
        argv = [psql, "-X", "--csv", "--no-password", "-v", "ON_ERROR_STOP=1", *values]
        feed = (self._prepared.body + "\n").encode("utf-8")
        timeout = self._prepared.timeout.total_seconds()
        return Job(argv, env, str(self._home), feed=feed, timeout=timeout + 1.0, patience=self._place.patience)

    def finish(self, ended: Ended, keeping: Keeping, executed: Executed) -> Executed:
        """With its rows."""
        if self._home is not None:
            shutil.rmtree(self._home, ignore_errors=True)
        if executed.plain is None or executed.exit != 0:
            return executed
        table = table_of(executed.plain)
        return replace(executed, columns=table.columns, rows=table.rows, count=table.count)

    def _environment(self) -> dict[str, str]:
        database, prepared = self._database, self._prepared
        env = {
            name: value
            for name, value in inherited(self._place.environ, self._place.withheld).items()
            if not name.startswith(("PG", "PSQL")) or name in _KEPT
        }
        # The server's limit first: it says why in its own words. Ours follows a second later.
        options = [
            f"-c statement_timeout={int(prepared.timeout.total_seconds() * 1000)}",
            # So that psql and the server agree with us on where a text ends.
            "-c standard_conforming_strings=on",
        ]
        if prepared.is_reading:
            # A seat belt: it refuses CREATE TABLE, and not pg_terminate_backend.
            options.append("-c default_transaction_read_only=on")
        env |= {
            "PGHOST": database.host,
            "PGPORT": str(database.port),
            "PGDATABASE": database.name,
            "PGUSER": database.user,
            "PGAPPNAME": f"oncall-tui {os.getpid()}",
            "PGCONNECT_TIMEOUT": str(database.connect_timeout_s),
            "PGCLIENTENCODING": "UTF8",
            "PGOPTIONS": " ".join(options),
        }
        if database.ssl_mode:
            env["PGSSLMODE"] = database.ssl_mode
        if database.password is not None:
            env["PGPASSWORD"] = database.password()
            self._redact = redactor([env["PGPASSWORD"]])
        return env
