"""The runbooks of a configuration: found for an alert, begun with what the alert tells, taken up again."""

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from oncall_tui.assembly.http_caller import PlainHttp
from oncall_tui.assembly.metric_reader import SourceMetrics
from oncall_tui.assembly.run_secrets import RunSecrets
from oncall_tui.assembly.subjects import known_of
from oncall_tui.config.model import Config, DatabaseSettings
from oncall_tui.config.paths import cache_dir, state_dir
from oncall_tui.config.references import variables_of
from oncall_tui.domain.alert import Alert, SourceKind
from oncall_tui.domain.situation import Situation
from oncall_tui.journal.errors import JournalError
from oncall_tui.journal.keeper import JournalKeeper
from oncall_tui.journal.ulid import Ulids
from oncall_tui.runbook.catalogue.entry import Entry
from oncall_tui.runbook.catalogue.find import Finding, Subject
from oncall_tui.runbook.catalogue.index import Index
from oncall_tui.runbook.catalogue.places import places_of
from oncall_tui.runbook.execution import Executed, Executor, Kind, Prepared
from oncall_tui.runbook.executors.http import HttpExecutor
from oncall_tui.runbook.executors.place import Place
from oncall_tui.runbook.executors.promql import PromqlExecutor
from oncall_tui.runbook.executors.shell import ShellExecutor
from oncall_tui.runbook.executors.sql import Database, SqlExecutor
from oncall_tui.runbook.library import Library
from oncall_tui.runbook.model import Runbook
from oncall_tui.runbook.run.approving import Approvals
from oncall_tui.runbook.run.differing import Difference
from oncall_tui.runbook.run.history import KINDS, PastRun, told_by
from oncall_tui.runbook.run.opening import Resumed, kept_text, open_run, resume_run
from oncall_tui.runbook.run.ports import Desk, Operator
from oncall_tui.runbook.run.run import Run
from oncall_tui.runbook.run.words import STREAM
from oncall_tui.runbook.values.known import Told, flat
from oncall_tui.runbook.values.resolve import Value
from oncall_tui.runbook.values.resolve import resolve as resolve_values
from oncall_tui.sources.base import Clock, Source
from oncall_tui.threads import DaemonThreads

REMEMBERED = timedelta(days=90)
"""How far back runs are listed."""


@dataclass(frozen=True, slots=True)
class Begun:
    """A run that has begun, and what is known of its parameters."""

    run: Run
    values: Mapping[str, Value]
    """By parameter: its value and origin, or why what was found is not used."""


class Runbooks:
    """The door to the runbook room for both front ends. Opened when a runbook is first asked for."""

    def __init__(
        self,
        config: Config,
        sources: Sequence[Source],
        journal: JournalKeeper,
        *,
        environ: Mapping[str, str],
        clock: Clock,
        actor: str,
        wait: Callable[[float], Awaitable[None]] = asyncio.sleep,
        has_terminal: bool | None = None,
    ) -> None:
        """``has_terminal``: whether steps can have the user's terminal; found out when it is not said."""
        self.actor = actor
        """``user:<id>`` of whoever sits here."""
        self._config = config
        self._environ = environ
        self._journal = journal
        self._clock = clock
        self._ulids = Ulids(clock, os.urandom)
        self._threads = DaemonThreads("runbooks", 1)
        self._secrets = RunSecrets(environ, lambda: variables_of(config))
        self._settings = config.runbooks
        self._values = flat(self._settings.values)
        self.place = place_of(config, environ)
        self.library = Library(
            places_of(config, environ), cache_dir(environ) / "runbooks.json", tuple(self._settings.forbid)
        )
        self._texts = state_dir(environ) / "runs"
        operator = Operator(actor, socket.gethostname(), os.getpid(), self._ulids())
        self._desk = Desk(
            journal=journal,
            executors=self._executors(sources),
            clock=clock,
            wait=wait,
            operator=operator,
            find_program=self.place.program,
            config=self._values.get,
            directory=self._settings.directory,
            texts=self._texts,
            approvals=Approvals(self._settings.roles, config.journal.shared),
            in_terminal=self._in_terminal if (is_at_terminal() if has_terminal is None else has_terminal) else None,
        )

    @property
    def desk(self) -> Desk:
        """What runs share; actions of the configuration have the same."""
        return self._desk

    def new_run_id(self) -> str:
        """A name for a run."""
        return self._ulids()

    async def index(self) -> Index:
        """Every runbook."""
        return await self._threads.compute(self.library.index)

    async def fitting(self, subject: Subject) -> Finding:
        """The runbooks that fit an alert, and the rule that knows them."""
        return await self._threads.compute(lambda: self.library.fitting(subject))

    async def search(self, words: str) -> Sequence[Entry]:
        """The runbooks that hold every word."""
        return await self._threads.compute(lambda: self.library.search(words))

    async def read(self, path: Path) -> Runbook:
        """A runbook. Raises ``OSError`` when its file cannot be read."""
        return await self._threads.compute(lambda: self.library.read(path))

    async def difference(self, run: Run) -> Difference | None:
        """How the file of a run differs from the text that is run; None when it does not. Cheap while nothing changes:
        meant to be asked again and again. The run keeps the text that it was begun with, whatever happens to the file;
        what the file says now is read by a new run."""
        return await self._threads.run(lambda: self.library.difference(run.runbook))

    def values_for(
        self,
        runbook: Runbook,
        alert: Alert | None,
        situation: Situation,
        typed: Mapping[str, str] | None = None,
        labels: Mapping[str, str] | None = None,
    ) -> Mapping[str, Value]:
        """What is known of the parameters: from the alert, the configuration, the environment, and what was typed.

        Args:
            labels: as if a record of the alert carried them.
        """
        known = known_of(alert, situation, self._values, self._environ, typed or {})
        if labels:
            known = replace(known, records=(*known.records, Told("command line", labels)))
        return resolve_values(runbook.params, known)

    async def begin(
        self,
        runbook: Runbook,
        alert: Alert | None,
        situation: Situation,
        typed: Mapping[str, str] | None = None,
        on_change: Callable[[], None] = lambda: None,
        labels: Mapping[str, str] | None = None,
    ) -> Begun:
        """Begin a run, with every value that is known.

        Raises:
            JournalError: it cannot be written. Nothing is run without a journal.
        """
        values = dict(self.values_for(runbook, alert, situation, typed, labels))
        links = links_of(alert) if alert is not None else {}
        run = await open_run(runbook, self._desk, self._ulids(), links, on_change)
        for name, value in values.items():
            if value.text is not None and value.origin != "default":
                values[name] = await self._secrets.given(run, value)
        return Begun(run, values)

    async def resume(self, run_id: str, on_change: Callable[[], None] = lambda: None) -> Resumed:
        """Take a run up again, with the text that it was begun with, and with the secrets that it was given.

        Raises:
            JournalError: it cannot be read, or there is no such run.
            OSError: neither its text nor its file can be read.
        """
        events = await self._journal.read(f"{STREAM}{run_id}")
        if not events:
            raise JournalError(f"The journal has no run {run_id}.", "`oncall-tui runbook runs` lists those it has.")
        path, sha256 = Path(events[0].text("path", 4_096)), events[0].text("sha256")

        def text() -> Runbook:
            kept = kept_text(self._texts, sha256)
            return self.library.read_kept(kept, path) if kept is not None else self.library.read(path)

        resumed = await resume_run(await self._threads.compute(text), self._desk, run_id, on_change)
        if resumed.run.record.closed:
            return resumed
        return replace(resumed, values=await self._secrets.recalled(resumed.run, self._values))

    async def past(self) -> tuple[PastRun, ...]:
        """The runs of the last 90 days in which anything was done, the newest first. Raises ``JournalError``."""
        return tuple(one for one in await self._told() if one.is_begun)

    async def unfinished(self, path: str, alert: str) -> tuple[PastRun, ...]:
        """The runs of a file for an alert that are to be gone on with, the newest first. Raises ``JournalError``."""
        now = self._clock()
        found = [one for one in await self._told() if (one.path, one.alert) == (path, alert)]
        return tuple(one for one in found if one.is_offered(self.actor, now))

    def close(self) -> None:
        """Nothing more is read."""
        self._threads.close()
        self._secrets.close()

    async def _told(self) -> tuple[PastRun, ...]:
        since: datetime = self._clock() - REMEMBERED
        return told_by(await self._journal.read_kind(*KINDS, streams=STREAM, since=since))

    async def _in_terminal(
        self, prepared: Prepared, digest: str, typing: int, drawing: int, is_cancelled: Callable[[], bool]
    ) -> Executed:
        from oncall_tui.runbook.executors.terminal import run_in_terminal  # No such module where there is no pty.

        return await run_in_terminal(self.place, prepared, digest, typing, drawing, is_cancelled)

    def _executors(self, sources: Sequence[Source]) -> Mapping[Kind, Executor]:
        return {
            Kind.SHELL: ShellExecutor(self.place),
            Kind.SQL: SqlExecutor(self.place, self._databases()),
            Kind.PROMQL: PromqlExecutor(SourceMetrics(sources, self._settings.metrics)),
            Kind.HTTP: HttpExecutor(PlainHttp()),
        }

    def _databases(self) -> Mapping[str, Database]:
        return {name: self._database(one) for name, one in self._settings.databases.items()}

    def _database(self, one: DatabaseSettings) -> Database:
        reference = one.password
        password = None if reference is None else lambda: self._secrets.read(reference)
        return Database(one.host, one.database, one.user, one.port, password, one.ssl_mode)


def links_of(alert: Alert) -> dict[str, str]:
    """What a run is for: the alert, and the incident that pages somebody about it, where a record of it is one."""
    links = {"alert": str(alert.id), "alert_title": alert.title}
    incident = next((one for one in alert.records if one.kind is SourceKind.PAGERDUTY), None)
    if incident is not None:
        links["incident"] = str(incident.ref)
    return links


def is_at_terminal() -> bool:
    """Whether this program sits at a terminal: not in a browser, a pipe or a service."""
    try:
        return os.isatty(0) and (os.isatty(1) or os.isatty(2))
    except OSError:
        return False


def place_of(config: Config, environ: Mapping[str, str]) -> Place:
    """Where steps run, by ``[runbooks]``."""
    settings = config.runbooks
    own = dict(environ) if settings.inherit_environment else {}
    return Place(
        environ={**own, **settings.environment},
        withheld=variables_of(config),
        outputs=state_dir(environ) / "outputs",
    )
