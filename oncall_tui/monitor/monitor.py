"""The monitor: pollers on one side, subscribers on the other, the board between them."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import NoReturn

from oncall_tui.domain.alert import SourceKind
from oncall_tui.domain.correlation import Correlation
from oncall_tui.domain.ids import SourceName
from oncall_tui.domain.service import Health
from oncall_tui.domain.situation import Failure, Freshness, Interruption, Situation, Verdict
from oncall_tui.monitor.board import Board, Merging, compose, empty_board, interrupted, paused, received, set_back
from oncall_tui.monitor.late import LateSource
from oncall_tui.monitor.plan import Plan
from oncall_tui.monitor.poller import Poller, Waiting, wait_for_event
from oncall_tui.monitor.wake import LOOK_EVERY_S, Clocks, Jump, Monotonic
from oncall_tui.sources.base import Clock, Report, Source, Spending
from oncall_tui.threads import DaemonThreads

Subscriber = Callable[[Situation], None]
"""Is handed each new situation, on the event loop. Must not block. What it raises goes to the exception handler of the
loop, as with any callback; the other subscribers and the next situations are not touched."""

_LONGEST_WAIT_S = 3_600.0

_SOONEST = (SourceKind.ALERTMANAGER, SourceKind.SENTRY, SourceKind.PAGERDUTY, SourceKind.PROMETHEUS)
"""Who is asked first when all are due. Sources are imported by their first polls, one after the other: first those that
take three milliseconds, then the one whose alerts take two answers, at last the one that takes longest."""

DEADLINE = timedelta(minutes=1)
"""When a poll is cut that does not end by its own time limits, unless something else is said for its source."""


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
        deadlines: Mapping[SourceName, timedelta] | None = None,
        monotonic: Monotonic | None = None,
        wait: Waiting = wait_for_event,
    ) -> None:
        """``monotonic`` stands still while the machine sleeps; without it, sleep is not noticed."""
        self._sources = {source.name: source for source in sources}
        self._merging = merging
        self._clock = clock
        self._clocks = Clocks(clock, monotonic)
        self._seen = self._clocks.now()
        self._wait = wait
        self._subscribers: list[Subscriber] = []
        poller = partial(Poller, publish=self._take, clock=clock, random=random, clocks=self._clocks, wait=wait)
        self._pollers = [
            poller(one, intervals[one.name], deadline=(deadlines or {}).get(one.name, DEADLINE))
            for one in sorted(sources, key=lambda one: _SOONEST.index(one.kind))
        ]
        self._board: Board = empty_board(
            Freshness(one.name, one.kind, interval=intervals[one.name], budget_per_minute=one.spending.allowed)
            for one in sources
        )
        self._generation = 0
        self._changed = asyncio.Event()
        self._composing = DaemonThreads("compose")
        self._correlation = Correlation()
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
        meant = [one for one in self._pollers if source is None or one.source.name == source]
        for late in (one.source for one in meant if isinstance(one.source, LateSource)):
            late.renew()
        return any([poller.refresh() for poller in meant])

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
                tasks.create_task(self._watch_clocks(), name="watch the clocks")
                for poller in self._pollers:
                    tasks.create_task(poller.run(), name=f"poll {poller.source.name}")
        finally:
            self._composing.close()

    async def look(self) -> Situation:
        """Ask every source once, at the same time, and give the picture: what the command line needs.

        Takes as long as the slowest source, which ends by its own time limits or is cut.
        """
        reports = await asyncio.gather(*(poller.look() for poller in self._pollers))
        self._seen = self._clocks.now()
        for report in reports:
            self._take(report)
        return await self._compose()

    def _take(self, report: Report, plan: Plan | None = None) -> None:
        source = self._sources.get(report.source)
        if source is None:
            return
        # Before the report, which is of the time after whatever has happened to the clocks.
        self._look_at_clocks()
        try:
            self._board = received(self._board, report, source.spending, plan)
        except Exception as error:
            self._complain(f"a report of {report.source} could not be read", error)
            fault = Failure("failed", f"{report.source}: its report cannot be read ({type(error).__name__}).")
            spent = Spending(0, 0)
            self._board = received(self._board, replace(report, records=None, failure=fault, skew=None), spent, plan)
        self._changed.set()

    async def _watch_clocks(self) -> NoReturn:
        """Look at both clocks every few seconds, for time that passed unseen."""
        never = asyncio.Event()
        self._seen = self._clocks.now()
        while True:
            await self._wait(never, LOOK_EVERY_S)
            self._look_at_clocks()

    def _look_at_clocks(self) -> None:
        jump = self._clocks.jump_since(self._seen, LOOK_EVERY_S)
        self._seen = self._clocks.now()
        if jump is not None:
            self._follow(jump)

    def _follow(self, jump: Jump) -> None:
        """After a sleep ask everybody at once; after the clock was set back let ages be what they were."""
        if jump.cause is None:
            self._board = set_back(self._board, jump.lasted)
            for poller in self._pollers:
                poller.clock_set_back(jump.lasted)
        else:
            self._board = interrupted(self._board, Interruption(jump.cause, jump.lasted, self._clock()))
            for poller in self._pollers:
                poller.wake_up()
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
        """When the picture changes though nobody reports anything: polling is paused, or a source hangs."""
        now = self._clock()
        moments = [one.stale_at for one in self._board.freshness.values()]
        if self._board.interruption is not None:
            moments.append(self._board.interruption.told_until)
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
        correlated = self._correlation.of
        self.situation = await self._composing.compute(
            lambda: compose(board, generation, now, self._merging, correlated)
        )
        return self.situation

    def _board_as_drawn(self) -> Board:
        """The board, with a paused screen saying so."""
        return paused(self._board) if self.is_paused else self._board
