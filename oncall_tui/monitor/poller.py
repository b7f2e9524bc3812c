"""One task per source: poll, wait, poll again. Never two polls of one source at once."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from oncall_tui.monitor.attempt import Attempts
from oncall_tui.monitor.plan import Plan, Planner
from oncall_tui.monitor.wake import Clocks
from oncall_tui.sources.base import Clock, Report, Source

Waiting = Callable[[asyncio.Event, float], Awaitable[None]]
"""Wait for the event, at most so many seconds. Injected, so that tests need not wait."""

Publish = Callable[[Report, Plan], None]
"""Takes the outcome of a poll, and when the next one is."""


async def wait_for_event(event: asyncio.Event, seconds: float) -> None:
    """Return when ``event`` is set or after ``seconds``, whichever comes first."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return


class Poller:
    """Polls one source at its interval, with jitter, backs off while it fails, can be paused and told to look now."""

    def __init__(
        self,
        source: Source,
        interval: timedelta,
        publish: Publish,
        *,
        clock: Clock,
        random: Callable[[], float],
        deadline: timedelta,
        clocks: Clocks | None = None,
        wait: Waiting = wait_for_event,
    ) -> None:
        self.source = source
        self.interval = interval
        self._publish = publish
        self._clock = clock
        self._clocks = clocks or Clocks(clock, None)
        self._attempts = Attempts(source, clock, deadline)
        self._deadline_s = deadline.total_seconds()
        self._planner = Planner(interval, random)
        self._wait = wait
        self._wake = asyncio.Event()
        self._resumed = asyncio.Event()
        self._resumed.set()
        self._not_before: datetime | None = None
        """The vendor asked for no request before this moment."""

    @property
    def is_paused(self) -> bool:
        """Whether no new poll is begun."""
        return not self._resumed.is_set()

    def refresh(self) -> bool:
        """Look now. While a poll runs one more follows it, however often it is asked for.

        What runs may have been answered before whatever the refresh is about, an acknowledge for instance. False when
        nothing is asked: polling is paused, or the vendor asked to wait and the time is not over.
        """
        if self.is_paused or self._must_wait():
            return False
        self._wake.set()
        return True

    def pause(self) -> None:
        """Begin no new poll until ``resume``; one that runs is published."""
        self._resumed.clear()

    def resume(self) -> None:
        """Poll again: at once, or when the time is over for which the vendor asked to wait."""
        self._resumed.set()
        self.refresh()

    def wake_up(self) -> None:
        """The machine slept: drop the poll that runs, look at once, and do not back off from what fails now."""
        self._planner.hurry()
        self._attempts.abandon()
        self._wake.set()

    def clock_set_back(self, by: timedelta) -> None:
        """The clock on the wall was set back: moments that lie ahead lie as far ahead as before."""
        if self._not_before is not None:
            self._not_before -= by

    async def look(self) -> Report:
        """One poll, now, for who needs no more than one."""
        while (report := await self._attempts.report()) is None:
            continue
        return report

    async def run(self) -> None:
        """Poll until cancelled."""
        while True:
            await self._resumed.wait()
            self._wake.clear()
            report = await self._poll()
            if report is None:
                continue
            plan = self._planner.after(report, self._clock())
            self._not_before = plan.not_before
            if plan.pause_s > 0:
                self._publish(report, plan)
                await self._rest(plan.pause_s)

    async def _poll(self) -> Report | None:
        """One poll; None when the machine slept in the middle: an answer from before may say that it is of now."""
        began = self._clocks.now()
        report = await self._attempts.report()
        jump = self._clocks.jump_since(began, self._deadline_s)
        if jump is None or jump.cause is None:
            return report
        self._planner.hurry()
        return None

    async def _rest(self, seconds: float) -> None:
        """Wait for the next poll, and longer when something ends the wait before the vendor wants to be asked."""
        if self._must_wait():
            # A refresh that was asked for before the vendor asked to wait.
            self._wake.clear()
        await self._wait(self._wake, seconds)
        while self._not_before is not None and (left := (self._not_before - self._clock()).total_seconds()) > 0:
            self._wake.clear()
            await self._wait(self._wake, left)

    def _must_wait(self) -> bool:
        return self._not_before is not None and self._clock() < self._not_before
