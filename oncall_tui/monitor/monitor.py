"""The monitor: pollers on one side, subscribers on the other, the board between them."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from oncall_tui.domain.ids import SourceName
from oncall_tui.domain.situation import Freshness, Situation, SourceState
from oncall_tui.monitor.board import Board, Merging, compose, empty_board, received
from oncall_tui.monitor.poller import Poller, Waiting, wait_for_event
from oncall_tui.sources.base import Clock, Report, Source
from oncall_tui.threads import DaemonThreads

Subscriber = Callable[[Situation], None]
"""Is handed each new situation, on the event loop. Must not block."""


class Monitor:
    """Polls sources and publishes situations, each with a higher generation than the one before."""

    def __init__(
        self,
        sources: Sequence[Source],
        intervals: Mapping[SourceName, timedelta],
        merging: Merging,
        *,
        clock: Clock,
        random: Callable[[], float],
        wait: Waiting = wait_for_event,
    ) -> None:
        self._sources = tuple(sources)
        self._merging = merging
        self._clock = clock
        self._subscribers: list[Subscriber] = []
        self._pollers = [
            Poller(source, intervals[source.name], self._take, random=random, wait=wait) for source in sources
        ]
        self._board: Board = empty_board(
            Freshness(one.name, one.kind, interval=intervals[one.name], budget_per_minute=one.spending.allowed)
            for one in sources
        )
        self._generation = 0
        self._changed = asyncio.Event()
        self._composing = DaemonThreads("compose")
        self.situation = Situation(0, clock(), freshness=tuple(self._board.freshness.values()))

    @property
    def is_paused(self) -> bool:
        """Whether polling is paused."""
        return any(poller.is_paused for poller in self._pollers)

    def subscribe(self, subscriber: Subscriber) -> None:
        """Be handed every situation from now on."""
        self._subscribers.append(subscriber)

    def refresh(self, source: SourceName | None = None) -> None:
        """Look now, at one source or at all."""
        for poller in self._pollers:
            if source is None or poller.source.name == source:
                poller.refresh()

    def recompose(self) -> None:
        """Publish a new picture of what is known, without asking anybody: something of our own has changed."""
        self._changed.set()

    def pause(self) -> None:
        """Begin no new poll."""
        for poller in self._pollers:
            poller.pause()
        self.recompose()

    def resume(self) -> None:
        """Poll again, at once."""
        for poller in self._pollers:
            poller.resume()
        self.recompose()

    async def run(self) -> None:
        """Poll and publish until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._publish_changes(), name="publish")
            for poller in self._pollers:
                tasks.create_task(poller.run(), name=f"poll {poller.source.name}")

    async def look(self) -> Situation:
        """Ask every source once, at the same time, and give the picture: what the command line needs."""
        for report in await asyncio.gather(*(source.poll() for source in self._sources)):
            self._take(report)
        return await self._compose()

    def _take(self, report: Report) -> None:
        source = next(one for one in self._sources if one.name == report.source)
        self._board = received(self._board, report, source.spending)
        self._changed.set()

    async def _publish_changes(self) -> None:
        """Publish once for all that changed while the last picture was made."""
        while True:
            await self._changed.wait()
            self._changed.clear()
            situation = await self._compose()
            for subscriber in self._subscribers:
                subscriber(situation)

    async def _compose(self) -> Situation:
        """Make the next picture in a thread: with 10,000 alerts it takes longer than a frame."""
        self._generation += 1
        board, generation, now = self._board_as_drawn(), self._generation, self._clock()
        self.situation = await self._composing.run(lambda: compose(board, generation, now, self._merging))
        return self.situation

    def _board_as_drawn(self) -> Board:
        """The board, with a paused screen saying so for every source that does not fail."""
        if not self.is_paused:
            return self._board
        paused = {
            name: one if one.state is SourceState.FAILED else replace(one, state=SourceState.PAUSED)
            for name, one in self._board.freshness.items()
        }
        return Board(paused, self._board.records)
