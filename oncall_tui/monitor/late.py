"""A source that is opened by its first poll: what keeps it from being opened keeps no other source from anything."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from time import monotonic
from typing import TYPE_CHECKING

from oncall_tui.config.references import SecretsError
from oncall_tui.domain.alert import Record, SourceKind
from oncall_tui.domain.ids import SourceName
from oncall_tui.domain.situation import Failure
from oncall_tui.domain.text import clean_line
from oncall_tui.domain.verb import VERBS, Verb
from oncall_tui.sources.actors import Actor, ActOutcome, ActResult, Course, Silencer
from oncall_tui.sources.base import Capability, CheckState, Clock, Finding, Report, Source, Spending
from oncall_tui.sources.errors import Refused, SourceError
from oncall_tui.threads import DaemonThreads

if TYPE_CHECKING:
    from oncall_tui.domain.action import Action
    from oncall_tui.domain.silence import Matcher, Silence

NO_SECRET = "no secret"
"""The kind of the failure of a source whose token cannot be had."""

PATIENCE_S = 15.0
"""How long a poll waits for the source to be opened. A command may take ten seconds, a person for ever."""


class LateSource:
    """Opens a source in a thread of its own when it is first needed, and tries anew with each poll until it is open."""

    def __init__(
        self,
        name: SourceName,
        kind: SourceKind,
        budget: int,
        open_source: Callable[[], Source],
        *,
        clock: Clock,
        renew: Callable[[], None],
        patience_s: float = PATIENCE_S,
    ) -> None:
        """``open_source`` blocks, and raises ``SecretsError`` or a ``SourceError`` when it cannot be opened."""
        self.name = name
        self.kind = kind
        self.renew = renew
        """Somebody wants it now: look again for what may ask for a password."""
        self._budget = budget
        self._open = open_source
        self._clock = clock
        self._patience_s = patience_s
        self._threads = DaemonThreads(f"{name}-open")
        self._opening: asyncio.Task[Source] | None = None
        self._source: Source | None = None

    @property
    def capabilities(self) -> frozenset[Capability]:
        """What it can tell and do; nothing before it is open."""
        return frozenset() if self._source is None else self._source.capabilities

    @property
    def spending(self) -> Spending:
        """What its requests cost."""
        return Spending(0, self._budget) if self._source is None else self._source.spending

    @property
    def clock_skew(self) -> float | None:
        """Seconds that the vendor's clock is ahead of ours."""
        return None if self._source is None else self._source.clock_skew

    async def poll(self) -> Report:
        """Open it if need be, then read everything."""
        started = monotonic()
        opened = await self.opened()
        if isinstance(opened, Failure):
            return Report(self.name, self.kind, self._clock(), monotonic() - started, failure=opened)
        return await opened.poll()

    async def check(self) -> Sequence[Finding]:
        """What the source finds; what keeps it from being opened is the first finding."""
        opened = await self.opened()
        if isinstance(opened, Failure):
            return (Finding(CheckState.FAILED, opened.message, opened.hint),)
        return await opened.check()

    async def close(self) -> None:
        """Let go of connections; nobody is waited for who may be asked for a password."""
        if self._opening is not None:
            self._opening.cancel()
        self._threads.close()
        if self._source is not None:
            await self._source.close()

    async def opened(self) -> Source | Failure:
        """The open source, or why there is none. What is begun goes on, though a poll no longer waits for it."""
        if self._source is not None:
            return self._source
        task = self._opening
        if task is None:
            task = self._opening = asyncio.create_task(self._threads.run(self._open), name=f"open {self.name}")
            task.add_done_callback(_heard)
        await asyncio.wait({task}, timeout=self._patience_s)
        if not task.done():
            return self._still_waiting()
        if self._opening is task:
            self._opening = None
        try:
            self._source = task.result()
        except SecretsError as error:
            return Failure(NO_SECRET, clean_line(str(error), 2_000), error.hint)
        except SourceError as error:
            return error.failure()
        self._threads.close()
        return self._source

    def _still_waiting(self) -> Failure:
        return Failure(
            NO_SECRET,
            f"sources.{self.name}: its secret is still being read after {self._patience_s:.0f} s.",
            "Is a dialog or a command asking for a password? What comes of it is used at the next try.",
        )


class LateActor(LateSource):
    """The same for a source that carries verbs out; while it cannot be opened nothing is sent, and that is said."""

    @property
    def verbs(self) -> frozenset[Verb]:
        """What a source of its kind can do."""
        return VERBS[self.kind]

    async def act(
        self, action: Action, ids: Sequence[str], begun_at: datetime | None = None, course: Course | None = None
    ) -> Mapping[str, ActResult]:
        """Do it to records."""
        opened = await self.opened()
        if isinstance(opened, Actor):
            return await opened.act(action, ids, begun_at, course)
        told = opened if isinstance(opened, Failure) else Failure("refused", f"{self.name} takes no {action.verb}.")
        reason = f"nothing was sent: {told.message} {told.hint}".strip()
        return {one: ActResult(one, ActOutcome.FAILED, reason) for one in ids}


class LateSilencer(LateSource):
    """The same for a source that mutes alerts."""

    async def silences(self) -> Sequence[Silence]:
        """Active and pending silences, the next to end first. Raises ``SourceError``."""
        return await (await self._silencer()).silences()

    async def covered_by(self, matchers: Sequence[Matcher]) -> Sequence[Record]:
        """The active alerts that such a silence would cover now. Raises ``SourceError``."""
        return await (await self._silencer()).covered_by(matchers)

    async def silence(self, wanted: Silence) -> ActResult:
        """Create a silence, or replace one."""
        try:
            return await (await self._silencer()).silence(wanted)
        except SourceError as error:
            return _not_sent(wanted.id, error)

    async def expire(self, silence_id: str) -> ActResult:
        """End a silence now."""
        try:
            return await (await self._silencer()).expire(silence_id)
        except SourceError as error:
            return _not_sent(silence_id, error)

    async def _silencer(self) -> Silencer:
        opened = await self.opened()
        if isinstance(opened, Failure):
            raise Refused(opened.message, opened.hint)
        if not isinstance(opened, Silencer):
            raise Refused(f"{self.name} has no silences.")
        return opened


def _not_sent(silence_id: str, error: SourceError) -> ActResult:
    return ActResult(silence_id, ActOutcome.FAILED, f"nothing was sent: {error} {error.hint}".strip())


def _heard(task: asyncio.Task[Source]) -> None:
    """What is opened too late for the poll that began it is no news for the event loop."""
    if not task.cancelled():
        task.exception()
