"""One run of the command line: which configuration, and the rooms that a verb works in."""

import gc
import os
import sys
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import click

from oncall_tui.cli.faults import NoConfiguration
from oncall_tui.clock import utc_now

if TYPE_CHECKING:
    from oncall_tui.assembly.actions import Actions
    from oncall_tui.config.model import Config
    from oncall_tui.domain.action import Action, Create, Silence, Unsilence
    from oncall_tui.domain.alert import Alert
    from oncall_tui.domain.history import History
    from oncall_tui.domain.ids import SourceName
    from oncall_tui.domain.pager import Person
    from oncall_tui.domain.pages import PageLog
    from oncall_tui.domain.situation import Situation
    from oncall_tui.journal.errors import JournalError
    from oncall_tui.response.following import Following
    from oncall_tui.response.outbox import Outbox
    from oncall_tui.response.report import ActReport
    from oncall_tui.sources.actors import Account, Silencer

Result = TypeVar("Result")

READ_ONLY = "Read-only: nothing is sent from here. It is --read-only, or `read_only = true` of the environment."


class Rooms(Protocol):
    """What verbs use of ``assembly.Rooms``."""

    @property
    def journal_trouble(self) -> "JournalError | None": ...

    async def look(self) -> "Situation": ...

    async def history_of(self, alert: "Alert") -> "History": ...

    async def pages_since(self, since: datetime) -> "PageLog": ...

    async def act(
        self, action: "Action", targets: Sequence[str], following: "Following | None" = None
    ) -> "list[ActReport]": ...

    async def people_for(self, targets: Sequence[str]) -> "Mapping[str, Sequence[Person]]": ...

    @property
    def outbox(self) -> "Outbox": ...

    @property
    def custom_actions(self) -> "Actions": ...

    @property
    def accounts(self) -> "Mapping[SourceName, Account]": ...

    async def create(self, source: "SourceName", action: "Create") -> "ActReport": ...

    @property
    def silencers(self) -> "Mapping[SourceName, Silencer]": ...

    async def silence(
        self, source: "SourceName", action: "Silence | Unsilence", silence_id: str = ""
    ) -> "ActReport": ...

    async def close(self) -> None: ...


async def _open_rooms(config: "Config", environ: Mapping[str, str]) -> Rooms:
    from oncall_tui.assembly import open_rooms

    return await open_rooms(config, environ=environ)


def _is_terminal() -> bool:
    """Whether somebody sits there who can be asked: stdout may go elsewhere, questions are put on stderr."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def _has_screen() -> bool:
    """Whether a screen can be drawn here. Textual draws on stderr: sent elsewhere, keys would act on rows unseen."""
    return sys.stdin.isatty() and sys.stdout.isatty() and sys.stderr.isatty()


def _start_screen(config: "Config") -> None:
    is_drawn_elsewhere = "TEXTUAL_DRIVER" in os.environ
    if not is_drawn_elsewhere and not _has_screen():
        raise click.UsageError(
            "The screen needs a terminal, for stderr too. In a pipe use a verb, e.g. `oncall-tui alerts`."
        )
    # A collection looks through every module that is being imported: 20 ms of the first paint. The app ends the pause.
    gc.disable()
    from oncall_tui.ui.start import run

    code = run(config)
    if code:
        raise SystemExit(code)


INTERRUPTED = (
    "Interrupted: what was under way may have arrived or not, look at the vendor. An acknowledge that has no answer is "
    "in the journal, and the next start of the screen sends it if it is still wanted."
)


def _as_typed(url: str) -> str:
    """The address as the wizard takes it: ``localhost:9090``, or a page of Prometheus. Else as it is, to be refused."""
    from oncall_tui.cli.init.addresses import NoAddress, address

    try:
        return address(url)
    except NoAddress:
        return url


@dataclass(frozen=True, slots=True)
class Session:
    """What the options before the verb say, and how to reach the rest of the world."""

    file: Path | None = None
    """``--config``."""
    prometheus: str | None = None
    """``--prometheus``."""
    is_read_only: bool = False
    """``--read-only``."""
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
    open_rooms: Callable[["Config", Mapping[str, str]], Awaitable[Rooms]] = _open_rooms
    start_screen: Callable[["Config"], None] = _start_screen
    is_terminal: Callable[[], bool] = _is_terminal
    has_screen: Callable[[], bool] = _has_screen
    clock: Callable[[], datetime] = utc_now

    def told(self, file: Path | None, prometheus: str | None, *, is_read_only: bool = False) -> "Session":
        """This session with the options of the command line."""
        if file is not None and prometheus is not None:
            raise click.UsageError("--config and --prometheus cannot be combined: the file names its own sources.")
        return replace(self, file=file, prometheus=prometheus, is_read_only=is_read_only)

    def config_file(self) -> Path | None:
        """The file that is read, None when ``--prometheus`` takes its place.

        Raises:
            NoConfiguration: when there is neither.
        """
        if self.prometheus is not None:
            return None
        from oncall_tui.config.load import find_config

        path = find_config(self.file, self.environ)
        if path is None:
            raise NoConfiguration(_how_to_begin(self.environ))
        return path

    def own_file(self) -> Path:
        """Where the configuration is, or would be written."""
        from oncall_tui.config.load import find_config
        from oncall_tui.config.paths import config_file

        return find_config(self.file, self.environ) or config_file(self.environ)

    def config(self) -> "Config":
        """The settings of this run.

        Raises:
            ConfigError: with every problem of the file.
            NoConfiguration: when there is none.
        """
        from oncall_tui.config.load import load, zero_config
        from oncall_tui.config.model import read_only

        path = self.config_file()
        found = zero_config(_as_typed(self.prometheus or "")) if path is None else load(path)
        return read_only(found) if self.is_read_only else found

    def in_rooms(
        self, work: Callable[[Rooms], Coroutine[Any, Any, Result]], *, changes_something: bool = False
    ) -> Result:
        """The result of ``work`` in rooms that are open for as long as it lasts."""
        import asyncio

        config = self.config()
        if changes_something and config.is_read_only:
            raise click.UsageError(READ_ONLY)

        async def visit() -> Result:
            rooms = await self.open_rooms(config, self.environ)
            try:
                return await work(rooms)
            finally:
                await rooms.close()

        try:
            return asyncio.run(visit())
        except KeyboardInterrupt:
            if changes_something:
                from oncall_tui.cli.output import complain

                complain(INTERRUPTED)
            raise

    def look(self) -> "Situation":
        """The situation now: every source is asked once. A journal that cannot be read is told on stderr."""

        async def looked(rooms: Rooms) -> "tuple[Situation, JournalError | None]":
            return await rooms.look(), rooms.journal_trouble

        situation, trouble = self.in_rooms(looked)
        if trouble is not None:
            from oncall_tui.cli.output import complain

            complain(f"{trouble} What was acknowledged here only is not marked. {trouble.hint}")
        return situation


def _how_to_begin(environ: Mapping[str, str]) -> str:
    from oncall_tui.config.load import FILE_VARIABLE
    from oncall_tui.config.paths import config_file

    return f"""\
oncall-tui has no configuration yet. Begin in one of these ways:

  oncall-tui config init
      asks for your Prometheus, PagerDuty and Sentry, and writes the file for you

  oncall-tui demo
      a small world of its own; nothing real is touched

  oncall-tui --prometheus http://localhost:9090
      one Prometheus server, everything else is discovered

  a file {config_file(environ)}
  (or another one, named by --config or {FILE_VARIABLE}):

      [sources.prometheus]
      kind = "prometheus"
      url = "http://localhost:9090"

      [sources.pagerduty]
      kind = "pagerduty"
      token = "env:PAGERDUTY_TOKEN"

`oncall-tui config check` tells what is wrong with it; docs/configuration.md explains every key."""
