"""The monitor: pollers on one side, subscribers on the other, the board between them."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from oncall_tui.domain.ids import SourceName
from oncall_tui.domain.service import Health
from oncall_tui.domain.situation import Freshness, Situation, SourceState, Verdict
from oncall_tui.monitor.board import Board, Merging, compose, empty_board, received
from oncall_tui.monitor.poller import Poller, Waiting, polled, wait_for_event
from oncall_tui.sources.base import Clock, Report, Source
from oncall_tui.threads import DaemonThreads

Subscriber = Callable[[Situation], None]
"""Is handed each new situation, on the event loop. Must not block. What it raises goes to the exception handler of the
loop, as with any callback; the other subscribers and the next situations are not touched."""

_LONGEST_WAIT_S = 3_600.0


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
        self._sources = {source.name: source for source in sources}
        self._merging = merging
        self._clock = clock
        self._wait = wait
        self._subscribers: list[Subscriber] = []
        self._pollers = [
            Poller(source, intervals[source.name], self._take, clock=clock, random=random, wait=wait)
            for source in sources
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

    def refresh(self, source: SourceName | None = None) -> bool:
        """Look now, at one source or at all. False when none is asked: paused, or every vendor asked to wait."""
        asked = [poller.refresh() for poller in self._pollers if source is None or poller.source.name == source]
        return any(asked)

    def recompose(self) -> None:
        """Publish a new picture of what is known, without asking anybody: something of our own has changed."""
        self._changed.set()

    def pause(self) -> None:
        """Begin no new poll."""
        for poller in self._pollers:
            poller.pause()
        self.recompose()

    def resume(self) -> None:
        """Poll again, at once; who asked us to wait is polled when that time is over."""
        for poller in self._pollers:
            poller.resume()
        self.recompose()

    async def run(self) -> None:
        """Poll and publish until cancelled."""
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._publish_changes(), name="publish")
                for poller in self._pollers:
                    tasks.create_task(poller.run(), name=f"poll {poller.source.name}")
        finally:
            self._composing.close()

    async def look(self) -> Situation:
        """Ask every source once, at the same time, and give the picture: what the command line needs.

        Takes as long as the slowest source, which ends by its own time limits.
        """
        for report in await asyncio.gather(*(polled(source, self._clock) for source in self._sources.values())):
            self._take(report)
        return await self._compose()

    def _take(self, report: Report) -> None:
        source = self._sources.get(report.source)
        if source is not None:
            self._board = received(self._board, report, source.spending)
            self._changed.set()

    async def _publish_changes(self) -> None:
        """Publish once for all that changed while the last picture was made, and when something becomes stale."""
        while True:
            await self._wait(self._changed, self._seconds_until_stale())
            self._changed.clear()
            try:
                situation = await self._compose()
            except Exception as error:
                self._complain("a picture could not be made of what the sources said", error)
                situation = self._undrawable(error)
            for subscriber in tuple(self._subscribers):
                try:
                    subscriber(situation)
                except Exception as error:
                    self._complain("a subscriber could not take a situation", error)

    def _seconds_until_stale(self) -> float:
        """When the verdict changes though nobody reports anything: polling is paused, or a source hangs."""
        now = self._clock()
        moments = (one.stale_at for one in self._board.freshness.values())
        waits = ((moment - now).total_seconds() for moment in moments if moment is not None and moment >= now)
        return min(waits, default=_LONGEST_WAIT_S) + 1

    def _undrawable(self, error: Exception) -> Situation:
        """The last picture, saying that it is no longer what the sources say."""
        reason = f"oncall-tui cannot draw what the sources say ({type(error).__name__}); this is the picture of before."
        self.situation = replace(
            self.situation,
            generation=self._generation,
            verdict=Verdict(Health.UNKNOWN, reason),
            freshness=tuple(self._board_as_drawn().freshness.values()),
        )
        return self.situation

    @staticmethod
    def _complain(what: str, error: Exception) -> None:
        asyncio.get_running_loop().call_exception_handler({"message": what, "exception": error})

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
        return replace(self._board, freshness=paused)
