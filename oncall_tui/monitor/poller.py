"""One task per source: poll, wait, poll again. Never two polls of one source at once."""

import asyncio
import traceback
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic

from oncall_tui.domain.situation import Failure
from oncall_tui.sources.base import Clock, Report, Source
from oncall_tui.sources.retry import backoff_after

JITTER = 0.1
"""The share of the interval by which polls are spread, so that several laptops do not knock in step."""

Waiting = Callable[[asyncio.Event, float], Awaitable[None]]
"""Wait for the event, at most so many seconds. Injected, so that tests need not wait."""


async def wait_for_event(event: asyncio.Event, seconds: float) -> None:
    """Return when ``event`` is set or after ``seconds``, whichever comes first."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return


async def polled(source: Source, clock: Clock) -> Report:
    """One poll. What a source raises against its promise is a failed report: its fault must not stop the others.

    The report tells the kind and place of the fault, not its words, which may quote a request with its credential.
    """
    started = monotonic()
    try:
        return await source.poll()
    except Exception as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        fault = f"{type(error).__name__} in {Path(place.filename).name}, line {place.lineno}"
        failure = Failure(
            kind="failed",
            message=f"{source.name} could not be polled: a fault of oncall-tui, {fault}.",
            hint="What is shown of it is old. Report this line with what `oncall-tui --version` says.",
        )
        return Report(source.name, source.kind, clock(), monotonic() - started, failure=failure)


class Poller:
    """Polls one source at its interval, with jitter, backs off while it fails, can be paused and told to look now."""

    def __init__(
        self,
        source: Source,
        interval: timedelta,
        publish: Callable[[Report], None],
        *,
        clock: Clock,
        random: Callable[[], float],
        wait: Waiting = wait_for_event,
    ) -> None:
        self.source = source
        self.interval = interval
        self._publish = publish
        self._clock = clock
        self._random = random
        self._wait = wait
        self._wake = asyncio.Event()
        self._resumed = asyncio.Event()
        self._resumed.set()
        self._failures = 0
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

    async def run(self) -> None:
        """Poll until cancelled."""
        while True:
            await self._resumed.wait()
            self._wake.clear()
            report = await polled(self.source, self._clock)
            self._publish(report)
            pause = self._pause_after(report)
            if self._must_wait():
                # A refresh that was asked for before the vendor asked to wait.
                self._wake.clear()
            await self._wait(self._wake, pause)

    def _pause_after(self, report: Report) -> float:
        """Seconds until the next poll: the interval give or take the jitter, longer while the source fails."""
        seconds = self.interval.total_seconds()
        self._not_before = None
        if report.failure is None:
            self._failures = 0
            return seconds * (1 + JITTER * (2 * self._random() - 1))
        self._failures += 1
        wait = backoff_after(self._failures, report.failure, seconds)
        if report.failure.retry_after is not None:
            self._not_before = self._clock() + timedelta(seconds=min(report.failure.retry_after, wait))
        return wait * (1 + JITTER * self._random())

    def _must_wait(self) -> bool:
        return self._not_before is not None and self._clock() < self._not_before
