"""The journal as an event loop uses it: every call in one daemon thread, so that the loop never waits for a disk."""

import asyncio
import contextlib
import os
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from oncall_tui.journal.errors import JournalError, hint_to
from oncall_tui.threads import DaemonThreads

if TYPE_CHECKING:
    from oncall_tui.journal.chain import Broken
    from oncall_tui.journal.event import Event, NewEvent
    from oncall_tui.journal.store import Journal

Result = TypeVar("Result")

PATIENCE = 15.0
"""Seconds after which a journal that does not answer counts as broken: a network file system may hang for ever."""


class JournalKeeper:
    """A ``Journal`` that is opened by the first call and awaited. Calls are carried out one after the other.

    Every coroutine may raise ``JournalError``. A journal that could not be opened is tried again by the next call.
    """

    def __init__(
        self,
        url_or_path: str | Path,
        clock: Callable[[], datetime],
        random: Callable[[int], bytes] = os.urandom,
        busy_timeout: float | None = None,
        patience: float = PATIENCE,
    ) -> None:
        def opened() -> "Journal":
            from oncall_tui.journal.store import BUSY_TIMEOUT, Journal

            return Journal.open(url_or_path, clock, random, BUSY_TIMEOUT if busy_timeout is None else busy_timeout)

        self._open = opened
        self._patience = patience
        self._threads = DaemonThreads("journal", size=1)
        self._journal: Journal | None = None

    async def append(self, stream: str, events: "Sequence[NewEvent]", after: int | None = None) -> "tuple[Event, ...]":
        """``Journal.append``; when it returns, the events are on the disk."""
        return await self._run(lambda journal: journal.append(stream, events, after))

    async def append_all(
        self, events: "Sequence[tuple[str, NewEvent]]", after: Mapping[str, int] | None = None
    ) -> "tuple[Event, ...]":
        """``Journal.append_all``; when it returns, the events are on the disk."""
        return await self._run(lambda journal: journal.append_all(events, after))

    async def read(self, stream: str) -> "tuple[Event, ...]":
        """``Journal.read``."""
        return await self._run(lambda journal: journal.read(stream))

    async def head(self, stream: str) -> int:
        """``Journal.head``."""
        return await self._run(lambda journal: journal.head(stream))

    async def read_kind(self, *kinds: str, streams: str = "", since: datetime | None = None) -> "tuple[Event, ...]":
        """``Journal.read_kind``."""
        return await self._run(lambda journal: journal.read_kind(*kinds, streams=streams, since=since))

    async def verify(self, stream: str | None = None) -> "Broken | None":
        """``Journal.verify``. Takes as long as it takes."""
        return await self._threads.run(lambda: self._opened().verify(stream))

    async def close(self) -> None:
        """Let go of the database, once the call under way has ended; not waited for beyond a moment."""
        with contextlib.suppress(JournalError):  # A journal that hangs is let go of by the end of the process.
            await self._within(1.0, self._close)
        self._threads.close()

    async def _run(self, call: "Callable[[Journal], Result]") -> Result:
        return await self._within(self._patience, lambda: call(self._opened()))

    async def _within(self, seconds: float, call: Callable[[], Result]) -> Result:
        try:
            async with asyncio.timeout(seconds):
                return await self._threads.run(call)
        except TimeoutError:
            place = self._journal.place if self._journal else "that is being opened"
            message = f"The journal {place} has not answered for {seconds:.0f} s; the entry may still be written."
            raise JournalError(message, hint_to("Look at the disk or the database server it is on")) from None

    def _opened(self) -> "Journal":
        """The journal, opened if need be. Runs in the thread."""
        if self._journal is None:
            self._journal = self._open()
        return self._journal

    def _close(self) -> None:
        if self._journal is not None:
            self._journal.close()
            self._journal = None
