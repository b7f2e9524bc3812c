"""The user's program that is told of alerts: one call at a time, and one for everything that came up meanwhile."""

import asyncio
import os
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC
from functools import partial
from pathlib import Path
from typing import Protocol

from oncall_tui.config.model import CommandSettings, Config
from oncall_tui.config.references import variables_of
from oncall_tui.config.severities import parse_threshold
from oncall_tui.domain.alert import Alert
from oncall_tui.domain.durations import parse_duration
from oncall_tui.domain.situation import Situation
from oncall_tui.domain.text import clean_line
from oncall_tui.threads import DaemonThreads
from oncall_tui.ui.notify_text import in_words

PREFIX = "ONCALL_ALERT_"
_LONGEST = 400
_LONGEST_URL = 2_000


class Runs(Protocol):
    """Runs a program (``notify_program.Program``)."""

    def run(self, argv: Sequence[str], environ: Mapping[bytes, bytes], timeout: float) -> str:
        """Run to the end; what went wrong in words, empty when nothing did. Blocks."""

    def stop(self) -> None:
        """Tell what runs to end. Returns at once."""


class Hook:
    """Tells the program. It never gets a secret: the variables that hold one are taken out of its environment."""

    def __init__(self, settings: CommandSettings, environ: Mapping[str, str], program: Runs) -> None:
        name, *arguments = settings.run
        self._argv = (str(Path(name).expanduser()), *arguments)
        self._timeout = parse_duration(settings.timeout).total_seconds()
        self._environ = {os.fsencode(one): os.fsencode(value) for one, value in environ.items()}
        self._program = program
        self._threads = DaemonThreads("notify")
        self._waiting: dict[str, Alert] = {}
        self._is_again = True
        self._of_quiet_hours: tuple[Sequence[Alert], str] | None = None
        self._task: asyncio.Task[None] | None = None
        self._told_failure = ""
        self.severity = parse_threshold(settings.severity)
        """The least severity that it is told of; None for none."""

    def tell(
        self, alerts: Sequence[Alert], fail: Callable[[str], None], *, environment: str = "", is_again: bool = False
    ) -> None:
        """Have the program told, now or with everything else that waits as soon as it has ended.

        Args:
            fail: is told once what goes wrong, until it goes well again.
            environment: of the screen, for alerts that name none.
            is_again: they were told before, and nobody has answered them.
        """
        self._waiting |= {one.id: one for one in alerts}
        self._is_again = self._is_again and is_again
        self._begin(fail, environment)

    def tell_of_quiet_hours(
        self, alerts: Sequence[Alert], situation: Situation, fail: Callable[[str], None], *, environment: str = ""
    ) -> None:
        """Have the program told, in one call of its own, what quiet hours held back; otherwise as ``tell``."""
        from oncall_tui.ui.notify_quiet import as_they_are, summary

        self._of_quiet_hours = (as_they_are(alerts, situation), summary(alerts, situation))
        self._begin(fail, environment)

    def _begin(self, fail: Callable[[str], None], environment: str) -> None:
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._tell_all(fail, environment), name="notify")

    async def _tell_all(self, fail: Callable[[str], None], environment: str) -> None:
        while self._waiting or self._of_quiet_hours is not None:
            if self._of_quiet_hours is not None:
                alerts, words = self._of_quiet_hours
                own = variables(alerts, environment, event="quiet", words=words)
                self._of_quiet_hours = None
            else:
                alerts = sorted(self._waiting.values(), key=lambda one: one.severity)
                words = in_words(alerts, is_again=self._is_again)
                own = variables(alerts, environment, event="again" if self._is_again else "new", words=words)
                self._waiting, self._is_again = {}, True
            call = partial(self._program.run, self._argv, {**self._environ, **own}, self._timeout)
            failure = await self._threads.run(call)
            if failure and failure != self._told_failure:
                fail(f"{clean_line(self._argv[0], 200)} {failure}. Alerts may not reach you by it: try it by hand.")
            self._told_failure = failure

    def close(self) -> None:
        """End what runs: nobody would look after it."""
        if self._task is not None:
            self._task.cancel()
        self._program.stop()
        self._threads.close()


def hook_of(config: Config, environ: Mapping[str, str]) -> Hook | None:
    """The hook of a configuration, with the environment it may see; None without one."""
    if config.notify.command is None:
        return None
    from oncall_tui.ui.notify_program import Program

    return Hook(config.notify.command, without_secrets(config, environ), Program())


def without_secrets(config: Config, environ: Mapping[str, str]) -> Mapping[str, str]:
    """An environment without the variables that the configuration takes secrets from, and without any of ours."""
    withheld = variables_of(config)
    return {name: one for name, one in environ.items() if name not in withheld and not name.startswith(PREFIX)}


def variables(
    alerts: Sequence[Alert], environment: str = "", *, event: str = "new", words: str = ""
) -> Mapping[bytes, bytes]:
    """What the program is told: the first alert, and how many there are. One line each, of bounded length, in UTF-8."""
    first = alerts[0]
    told = {
        "COUNT": str(len(alerts)),
        "EVENT": event,
        "TEXT": words or in_words(alerts),
        "ID": first.id,
        "TITLE": first.title,
        "SEVERITY": first.severity.name,
        "STATUS": first.status.value,
        "SERVICE": first.service,
        "ENVIRONMENT": first.environment or environment,
        "NAME": next((one.name for one in first.records if one.name), ""),
        "SINCE": first.since.astimezone(UTC).isoformat(timespec="seconds"),
        "SOURCES": " ".join(dict.fromkeys(one.source for one in first.records)),
        "URL": first.url or "",
    }
    return {
        f"{PREFIX}{name}".encode(): clean_line(value, _LONGEST_URL if name == "URL" else _LONGEST).encode()
        for name, value in told.items()
    }
