"""A monitor that runs, and the pictures it publishes."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from oncall_tui.domain.ids import SourceName
from oncall_tui.domain.situation import Situation, SourceState
from oncall_tui.monitor import Monitor
from oncall_tui.monitor.board import Merging
from oncall_tui.monitor.wake import LOOK_EVERY_S
from oncall_tui.sources.base import Records
from tests.unit.builders import PAGERDUTY, record, report
from tests.unit.monitor.fakes import FakeSource, HandClock, HandWait, settle

INTERVAL = timedelta(seconds=30)
PATIENCE_S = 60


class Watched:
    """A monitor, and every situation it published."""

    def __init__(
        self,
        *sources: FakeSource,
        merging: Merging | None = None,
        first: Callable[[Situation], None] | None = None,
        deadline: timedelta = timedelta(minutes=1),
    ) -> None:
        self.clock = HandClock()
        self.awake = 0.0
        self.wait = HandWait()
        self.seen: list[Situation] = []
        self.monitor = Monitor(
            sources,
            {one.name: INTERVAL for one in sources},
            merging or Merging(),
            clock=self.clock,
            random=lambda: 0.5,
            deadlines={one.name: deadline for one in sources},
            monotonic=lambda: self.awake,
            wait=self.wait,
        )
        if first is not None:
            self.monitor.subscribe(first)
        self.monitor.subscribe(self._see)
        self._has_seen = asyncio.Event()

    def _see(self, situation: Situation) -> None:
        self.seen.append(situation)
        self._has_seen.set()

    @property
    def waited(self) -> list[float]:
        """Seconds of every wait but those between two looks at the clocks."""
        return [one for one in self.wait.asked if one != LOOK_EVERY_S]

    async def pass_time(self, wall: float, awake: float) -> None:
        """Let both clocks go on, by different spans where the machine sleeps, and every wait end."""
        self.clock.now += timedelta(seconds=wall)
        self.awake += awake
        self.wait.let_time_pass()
        await settle()
        # A picture that is being made: only who waits notices that time passes.
        await self.monitor._composing.run(lambda: None)
        await settle()

    async def until(self, is_so: Callable[[Situation], bool]) -> Situation:
        """The first situation of which it is so."""
        async with asyncio.timeout(PATIENCE_S):
            while (found := next(filter(is_so, self.seen), None)) is None:
                self._has_seen.clear()
                await self._has_seen.wait()
        return found


@asynccontextmanager
async def watching(
    *sources: FakeSource, merging: Merging | None = None, first: Callable[[Situation], None] | None = None
) -> AsyncIterator[Watched]:
    """A monitor that runs, ended afterwards; ``first`` is subscribed before the one that watches."""
    watched = Watched(*sources, merging=merging, first=first)
    task = asyncio.create_task(watched.monitor.run())
    try:
        yield watched
        assert not task.done(), "the monitor ended by itself"
    finally:
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


def telling(alerts: int = 1, **options: bool) -> FakeSource:
    told = Records(alerts=tuple(record(PAGERDUTY, str(number)) for number in range(alerts)))
    return FakeSource(PAGERDUTY, report(PAGERDUTY, records=told), **options)


def state_of(situation: Situation, source: SourceName) -> SourceState:
    said = situation.source(source)
    assert said is not None
    return said.state


def has_heard(count: int) -> Callable[[Situation], bool]:
    return lambda one: sum(said.state is not SourceState.WAITING for said in one.freshness) == count


def is_after(situation: Situation) -> Callable[[Situation], bool]:
    return lambda one: one.generation > situation.generation
