"""A job as the event loop sees it: output comes as chunks, its end is awaited, its cancel returns at once."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

from oncall_tui.domain.text import clean_line
from oncall_tui.runbook.execution import Chunk, Ending, Executed, Stream
from oncall_tui.runbook.process.job import Job
from oncall_tui.runbook.process.keeping import FILE_LIMIT, Keeping
from oncall_tui.runbook.process.screening import Redact
from oncall_tui.runbook.process.watch import Ended, Watch

_PIECES_UNDERWAY = 4
_LONGEST_STALL = 1.0
"""Seconds that a loop which takes no piece holds up the reading; then pieces are left out of the screen."""

Prepare = Callable[[], "Job | str"]
"""Makes the job, in the thread, since it writes files; or says why there is none."""
Finish = Callable[[Ended, Keeping, Executed], Executed]
"""Adds to what is told what only the executor can know, and clears up."""


@dataclass(frozen=True, slots=True)
class Keeps:
    """How output is kept."""

    redact: Redact
    folder: Path | None
    limit: int = FILE_LIMIT


class ProcessRunning:
    """An execution that goes on in a process; ``Running`` of the contract."""

    def __init__(
        self, prepare: Prepare, finish: Finish, keeps: Keeps, hear: Callable[[Chunk], None], name: str = "step"
    ) -> None:
        self._prepare = prepare
        self._finish = finish
        self._keeps = keeps
        self._pieces = _Pieces(asyncio.get_running_loop(), hear)
        self._watch: Watch | None = None
        self._is_cancelled = False
        self._lock = threading.Lock()
        self._outcome: Future[Executed] = Future()
        # Nobody waits for this thread at the end of the program: the minder ends the job when we are gone.
        threading.Thread(target=self._run, name=name, daemon=True).start()

    async def ended(self) -> Executed:
        """Wait for its end."""
        return await asyncio.shield(asyncio.wrap_future(self._outcome))

    def cancel(self) -> None:
        """End it, and everything that it started."""
        with self._lock:
            self._is_cancelled = True
            if self._watch is not None:
                self._watch.cancel()

    def _run(self) -> None:
        try:
            outcome = self._executed()
        except BaseException as error:
            self._outcome.set_exception(error)
        else:
            self._outcome.set_result(outcome)

    def _executed(self) -> Executed:
        job = self._prepare()
        if isinstance(job, str):
            return Executed(Ending.FAILED_TO_START, job)
        keeping = Keeping(self._keeps.redact, self._keeps.folder, self._pieces.hand_over, self._keeps.limit)
        with self._lock:
            self._watch = Watch(job, keeping.feed)
            if self._is_cancelled:
                self._watch.cancel()
        try:
            ended = self._watch.run()
        except OSError as error:
            # No descriptor is left, say. The minder has ended the job: who ran it is told, and it is cleared up.
            what = clean_line(error.strerror or str(error), 300)
            ended = Ended(Ending.CANCELLED, f"it could not be watched any more ({what}) and was ended; effects unknown")
        keeping.finish()
        return self._finish(ended, keeping, told(ended, keeping))


def told(ended: Ended, keeping: Keeping) -> Executed:
    """What is left of a job and its output."""
    reason = "; ".join(one for one in (ended.reason, keeping.trouble) if one)
    return Executed(
        ending=ended.ending,
        reason=reason,
        exit=ended.exit,
        signal=ended.signal,
        stdout=keeping.text(Stream.OUT),
        stderr=keeping.text(Stream.ERR),
        plain=None if ended.ending is Ending.FAILED_TO_START else keeping.plain,
        is_truncated=keeping.is_truncated,
        output_bytes=keeping.count,
        output_sha256=keeping.sha256,
        output_file=keeping.file,
        took_s=ended.took_s,
        pid=ended.pid,
        still_running=ended.left if ended.ending is Ending.EXITED else (),
    )


class _Pieces:
    """Hands pieces from the thread to the loop, a few at a time."""

    def __init__(self, loop: asyncio.AbstractEventLoop, hear: Callable[[Chunk], None]) -> None:
        self._loop = loop
        self._hear = hear
        self._room = threading.Semaphore(_PIECES_UNDERWAY)
        self._has_skipped = False

    def hand_over(self, stream: Stream, text: str) -> None:
        """In the thread. A loop that is stalled or closed loses the piece for the screen, and nothing else."""
        if not self._room.acquire(timeout=_LONGEST_STALL):
            self._has_skipped = True
            return
        if self._has_skipped:
            self._has_skipped = False
            text = f"\n[… output was left out here: the screen did not keep up …]\n{text}"
        try:
            self._loop.call_soon_threadsafe(self._take, Chunk(stream, text))
        except RuntimeError:
            self._room.release()

    def _take(self, chunk: Chunk) -> None:
        try:
            self._hear(chunk)
        finally:
            self._room.release()
