"""Reads beside the one that matters: on-calls beside incidents, releases beside issues.

They may fail, and they may be slow, without keeping an alert from the screen. A read that is not done in time goes on
and is picked up by a later poll; what it read before stays.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

from oncall_tui.sources.errors import SourceError
from oncall_tui.sources.values import WRONG_SHAPE

GRACE_S = 1.0
"""How much longer than the main read they may take before the poll goes on without them."""

Result = TypeVar("Result")

Read = Callable[[], Coroutine[Any, Any, tuple[str, ...]]]
"""Brings something up to date; gives what limits it, in words."""


class Beside:
    """The reads that run beside the main one, each at most once at a time."""

    def __init__(self, grace: float = GRACE_S) -> None:
        self._grace = grace
        self._running: dict[str, asyncio.Task[tuple[str, ...]]] = {}

    def start(self, what: str, read: Read) -> None:
        """Begin to read ``what`` (a noun in the plural), unless an earlier read of it is still going on."""
        if what not in self._running:
            self._running[what] = asyncio.create_task(_told(what, read))

    async def settle(self) -> tuple[str, ...]:
        """Wait for the reads, but not for long; what limits them, in words."""
        if not self._running:
            return ()
        done, _ = await asyncio.wait(self._running.values(), timeout=self._grace)
        warnings: list[str] = []
        for what, task in tuple(self._running.items()):
            if task in done:
                del self._running[what]
                warnings += task.result()
            else:
                warnings.append(f"The {what} are slow to come; what is shown of them is older.")
        return tuple(warnings)

    async def alongside(self, main: Awaitable[Result]) -> tuple[Result, tuple[str, ...]]:
        """The result of the read that matters, and what limits those beside it. Its failure is raised."""
        try:
            try:
                result = await main
            except Exception:
                await self.settle()
                raise
            return result, await self.settle()
        except asyncio.CancelledError:
            self.cancel()
            raise

    def cancel(self) -> None:
        """Give up every read, at once."""
        for task in self._running.values():
            task.cancel()
        self._running.clear()


async def _told(what: str, read: Read) -> tuple[str, ...]:
    """The warnings of a read; its failure is one of them."""
    try:
        return await read()
    except SourceError as error:
        return (f"The {what} could not be read: {error}",)
    except WRONG_SHAPE as error:
        # Python's words may quote the answer, and an answer may quote the token.
        return (f"The {what} came in a shape nobody expected ({type(error).__name__}).",)
