"""One poll at a time of one source, each with an end: what a source does against its promise is a failed report."""

import asyncio
import traceback
from datetime import timedelta
from pathlib import Path
from time import monotonic

from oncall_tui.domain.situation import Failure
from oncall_tui.sources.base import Clock, Report, Source

GRACE_S = 1.0
"""How long a poll that is cut may take to end."""


class Attempts:
    """The polls of one source. One that does not end by its own time limits is cut at ``deadline``."""

    def __init__(self, source: Source, clock: Clock, deadline: timedelta) -> None:
        self._source = source
        self._clock = clock
        self._deadline = deadline
        self._running: asyncio.Task[Report] | None = None
        self._is_abandoned = False

    def abandon(self) -> None:
        """Drop the poll that runs, if any: its answer would be from before the machine slept."""
        if self._running is not None and not self._running.done():
            self._is_abandoned = True
            self._running.cancel()

    async def report(self) -> Report | None:
        """The outcome of one poll; None when it was abandoned."""
        if self._running is not None and not self._running.done():
            return self._failed("timed out", "still hangs and cannot be stopped.", "Start oncall-tui again.")
        started, self._is_abandoned = monotonic(), False
        task = self._running = asyncio.create_task(self._source.poll(), name=f"one poll of {self._source.name}")
        task.add_done_callback(_heard)
        try:
            await asyncio.wait({task}, timeout=self._deadline.total_seconds())
            if not task.done():
                task.cancel()
                await asyncio.wait({task}, timeout=GRACE_S)
                return self._cut(monotonic() - started)
        finally:
            task.cancel()
        return self._outcome(task, monotonic() - started)

    def _outcome(self, task: "asyncio.Task[Report]", took: float) -> Report | None:
        if self._is_abandoned:
            return None
        error = asyncio.CancelledError() if task.cancelled() else task.exception()
        if error is None:
            return task.result()
        if not isinstance(error, Exception | asyncio.CancelledError):
            raise error
        return self._faulty(error, took)

    def _cut(self, took: float) -> Report:
        limit = f"{self._deadline.total_seconds():.0f} s"
        hint = "Overloaded? Let this source read less, or raise its `timeout`."
        return self._failed("timed out", f"did not come to an end within {limit}.", hint, took)

    def _faulty(self, error: BaseException, took: float) -> Report:
        """What a source raises. Told are kind and place, not the words, which may quote a request with its token."""
        frames = traceback.extract_tb(error.__traceback__)
        place = f" in {Path(frames[-1].filename).name}, line {frames[-1].lineno}" if frames else ""
        return self._failed(
            "failed",
            f"broke on a fault of oncall-tui, {type(error).__name__}{place}.",
            "What is shown of it is old. Report this line with what `oncall-tui --version` says.",
            took,
        )

    def _failed(self, kind: str, what: str, hint: str, took: float = 0.0) -> Report:
        name = self._source.name
        return Report(
            name, self._source.kind, self._clock(), took, failure=Failure(kind, f"{name}: the poll {what}", hint)
        )


def _heard(task: "asyncio.Task[Report]") -> None:
    """Nobody waits any more for a poll that was cut: what it raises later is no news."""
    if not task.cancelled():
        task.exception()
