"""A source whose polls a test holds in its hands, and waiting that lasts until the test says so."""

import asyncio
from collections import deque
from collections.abc import Sequence
from datetime import datetime

from oncall_tui.domain.alert import SourceKind
from oncall_tui.domain.ids import SourceName
from oncall_tui.sources.base import Capability, Finding, Report, Spending
from tests.unit.builders import NOW, PROMETHEUS, kind_of, report

Outcome = Report | Exception


class FakeSource:
    """Answers each poll with the next of ``outcomes``, then with the last for ever; holds polls while ``is_held``."""

    capabilities = frozenset({Capability.ALERTS})
    spending = Spending(3, 60)
    clock_skew: float | None = None

    def __init__(self, name: SourceName = PROMETHEUS, *outcomes: Outcome, is_held: bool = False) -> None:
        self.name = name
        self.polls = 0
        self.running = 0
        self.most_at_once = 0
        self.cancelled = 0
        self._outcomes = deque(outcomes or (report(name),))
        self._open = asyncio.Event()
        if not is_held:
            self._open.set()

    @property
    def kind(self) -> SourceKind:
        return kind_of(self.name)

    def hold(self) -> None:
        """Let the next polls hang."""
        self._open.clear()

    def release(self) -> None:
        """Let polls answer."""
        self._open.set()

    async def poll(self) -> Report:
        self.polls += 1
        self.running += 1
        self.most_at_once = max(self.most_at_once, self.running)
        try:
            await self._open.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        finally:
            self.running -= 1
        outcome = self._outcomes.popleft() if len(self._outcomes) > 1 else self._outcomes[0]
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    async def check(self) -> Sequence[Finding]:
        return ()

    async def close(self) -> None:
        return


class HandWait:
    """Waiting that ends when its event is set, or when the test lets the time pass."""

    def __init__(self) -> None:
        self.asked: list[float] = []
        self._sleepers: set[asyncio.Event] = set()

    async def __call__(self, event: asyncio.Event, seconds: float) -> None:
        self.asked.append(seconds)
        passed = asyncio.Event()
        self._sleepers.add(passed)
        tasks = [asyncio.ensure_future(one.wait()) for one in (passed, event)]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            self._sleepers.discard(passed)

    def let_time_pass(self) -> None:
        """End every wait that is under way."""
        for one in self._sleepers:
            one.set()


class HandClock:
    """A clock that the test turns."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


async def settle() -> None:
    """Let every task run until each waits for something that only the test can give."""
    for _ in range(20):
        await asyncio.sleep(0)
