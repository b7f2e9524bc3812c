"""An act on many records while it goes on: who hears of each result, and what stops the rest."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable

from oncall_tui.sources.results import ActResult

Waiting = Callable[[asyncio.Event, float], Awaitable[None]]
"""Wait for the event, at most so many seconds. Injected, so that tests need not wait."""


async def wait_for_event(event: asyncio.Event, seconds: float) -> None:
    """Return when ``event`` is set or after ``seconds``, whichever comes first."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return


OnResult = Callable[[ActResult], None]


def unheard(_: object) -> None:
    """Nobody listens."""


class Course:
    """What joins an act that takes a while with whoever waits for it."""

    def __init__(
        self,
        on_result: OnResult = unheard,
        on_rest: Callable[[float], None] = unheard,
        wait: Waiting = wait_for_event,
    ) -> None:
        """
        Args:
            on_result: hears of every result as it arrives; a later one for the same id takes its place.
            on_rest: hears that the vendor, or our budget, wants so many seconds to pass before the act goes on.
        """
        self._on_result = on_result
        self._on_rest = on_rest
        self._wait = wait
        self._stopped = asyncio.Event()

    @property
    def is_stopped(self) -> bool:
        """Whether nothing more is to be begun."""
        return self._stopped.is_set()

    def stop(self) -> None:
        """Begin nothing more. What is under way goes on to its answer."""
        self._stopped.set()

    def tell(self, result: ActResult) -> None:
        """One has its result."""
        self._on_result(result)

    def tell_all(self, results: Iterable[ActResult]) -> None:
        """These have their results."""
        for one in results:
            self.tell(one)

    async def rest(self, seconds: float) -> None:
        """Let so many seconds pass; fewer when it is stopped."""
        self._on_rest(seconds)
        await self._wait(self._stopped, seconds)
