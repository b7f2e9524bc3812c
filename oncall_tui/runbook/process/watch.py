"""Watches one job from a thread of its own: reads, limits, times out, cancels, and tells how it ended.

The event loop is never waited for longer than a moment, and never waits: pieces of output reach it one by one, and
the next is read when it has taken the last, so that a command that prints gigabytes is slowed down by its pipe.
"""

import contextlib
import marshal
import os
import selectors
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from oncall_tui.domain.text import clean_line
from oncall_tui.runbook.execution import Ending, Stream
from oncall_tui.runbook.process.job import Job

MINDER = Path(__file__).with_name("minder.py")
_PIECE = 65_536
_LOOK = 0.2
"""Seconds after which the clock is looked at, whatever happens."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a job ended."""

    ending: Ending
    reason: str = ""
    exit: int | None = None
    signal: int | None = None
    pid: int | None = None
    took_s: float = 0.0
    left: tuple[str, ...] = ()
    """Processes that it started and that go on, with their names."""


class Watch:
    """One job. ``run`` blocks and belongs into a thread; ``cancel`` may be called from anywhere, at any time."""

    def __init__(
        self,
        job: Job,
        hear: Callable[[Stream, bytes], None],
        terminal: int | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._job = job
        self._hear = hear
        self._terminal = terminal
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._control: socket.socket | None = None
        self._is_cancelled = False
        self._is_timed_out = False
        self._pid: int | None = None
        self._unread = b""
        self._last = ""

    def cancel(self) -> None:
        """End it and all that it started. Returns at once."""
        with self._lock:
            self._is_cancelled = True
            self._order_the_end()

    def run(self) -> Ended:
        """Start it and wait for its end."""
        began = self._monotonic()
        if self._job.problem:
            return Ended(Ending.FAILED_TO_START, f"nothing was started: {self._job.problem}")
        if self._is_cancelled:
            return Ended(Ending.CANCELLED, "cancelled before it started: nothing ran")
        try:
            ours, process, out, err = self._begun()
        except OSError as error:
            return Ended(Ending.FAILED_TO_START, _words(f"nothing was started: {error.strerror or error}"))
        try:
            self._hand_over(ours)
            self._read(ours, out, err, began)
        finally:
            with self._lock:
                self._control = None
            ours.close()
            for descriptor in (out, err):
                if descriptor is not None:
                    os.close(descriptor)
            self._wait_for(process)
        return self._told(self._monotonic() - began)

    def _begun(self) -> tuple[socket.socket, subprocess.Popen[bytes], int | None, int | None]:
        """Our end of the control socket, and what ``_started`` gives."""
        ours, theirs = socket.socketpair()
        try:
            return ours, *self._started(theirs)
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()

    def _started(self, control: socket.socket) -> tuple[subprocess.Popen[bytes], int | None, int | None]:
        """The minder, and the read ends of its outputs; none for a terminal, which is read by its owner."""
        if self._terminal is not None:
            return _minder(control, self._terminal, self._terminal), None, None
        out, out_writer = os.pipe()
        err, err_writer = os.pipe()
        try:
            process = _minder(control, out_writer, err_writer)
        except BaseException:
            os.close(out)
            os.close(err)
            raise
        finally:
            os.close(out_writer)
            os.close(err_writer)
        return process, out, err

    def _hand_over(self, control: socket.socket) -> None:
        job = self._job
        data = marshal.dumps(
            {
                "argv": [os.fsencode(one) for one in job.argv],
                "env": {os.fsencode(name): os.fsencode(value) for name, value in job.env.items()},
                "cwd": os.fsencode(job.cwd),
                "feed": job.feed,
                "holds": job.holds_input,
                "terminal": self._terminal is not None,
                "patience": (job.patience.interrupt, job.patience.terminate),
            }
        )
        # A minder that could not start leaves a broken socket, which the reading then meets.
        with contextlib.suppress(OSError):
            control.sendall(f"{len(data):8d}".encode() + data)
        with self._lock:
            self._control = control
            if self._is_cancelled:
                self._order_the_end()

    def _order_the_end(self) -> None:
        """With the lock held."""
        if self._control is not None:
            with contextlib.suppress(OSError):  # The minder has ended by itself meanwhile.
                self._control.send(b"c")

    def _read(self, control: socket.socket, out: int | None, err: int | None, began: float) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(control, selectors.EVENT_READ)
            for descriptor, stream in ((out, Stream.OUT), (err, Stream.ERR)):
                if descriptor is not None:
                    selector.register(descriptor, selectors.EVENT_READ, stream)
            ordered_at = over_at = None
            while selector.get_map():
                now = self._monotonic()
                if ordered_at is None and over_at is None and self._is_to_end(now - began):
                    ordered_at = now
                if self._is_late(now, ordered_at, over_at):
                    return
                for key, _ in selector.select(_LOOK):
                    if key.data is not None:
                        self._read_piece(selector, key.fd, key.data)
                    elif self._is_over(control):
                        selector.unregister(control)
                        over_at = self._monotonic()

    def _is_to_end(self, took: float) -> bool:
        """Whether it has been cancelled, or must be now because its time is over."""
        with self._lock:
            if not self._is_cancelled and self._job.timeout and took >= self._job.timeout:
                self._is_timed_out = True
                self._order_the_end()
            return self._is_cancelled or self._is_timed_out

    def _is_late(self, now: float, ordered_at: float | None, over_at: float | None) -> bool:
        """Whether nothing is waited for any more: the pipes after the end, or the minder after the order to end."""
        if over_at is not None:
            return now >= over_at + self._job.patience.drain
        return ordered_at is not None and now >= ordered_at + self._job.patience.whole

    def _read_piece(self, selector: selectors.BaseSelector, descriptor: int, stream: Stream) -> None:
        data = os.read(descriptor, _PIECE)
        if data:
            self._hear(stream, data)
        else:
            selector.unregister(descriptor)

    def _is_over(self, control: socket.socket) -> bool:
        """Take the minder's lines; whether the last one has come, or none will."""
        try:
            data = control.recv(4096)
        except OSError:
            data = b""
        *lines, self._unread = (self._unread + data).split(b"\n")
        for line in lines:
            text = line.decode("utf-8", "replace")
            if text.startswith("started "):
                self._pid = int(text.split()[1])
            else:
                self._last = text
        return bool(self._last) or not data

    def _wait_for(self, process: subprocess.Popen[bytes]) -> None:
        """For the minder, whose last word this was; one that hangs, or was killed, leaves its work to us."""
        try:
            process.wait(0.0 if not self._last else 5.0)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if not self._last and self._pid is not None:
            with contextlib.suppress(OSError):
                os.killpg(self._pid, signal.SIGKILL)

    def _told(self, took: float) -> Ended:
        word, _, rest = self._last.partition(" ")
        if word == "failed":
            return Ended(Ending.FAILED_TO_START, self._why_not_started(rest), took_s=took)
        left: tuple[str, ...] = ()
        code = number = None
        if word == "ended":
            status, *names = rest.split()
            left = tuple(clean_line(one) for one in names)
            if (waited := int(status)) >= 0:
                code = os.WEXITSTATUS(waited) if os.WIFEXITED(waited) else None
                number = os.WTERMSIG(waited) if os.WIFSIGNALED(waited) else None
        ending, reason = self._why(word, left)
        return Ended(ending, reason, code, number, self._pid, took, left)

    def _why(self, word: str, left: tuple[str, ...]) -> tuple[Ending, str]:
        still = f"; these could not be ended: {', '.join(left)}" if left else ""
        if self._is_timed_out:
            limit = f"{self._job.timeout:g} s"
            return Ending.TIMED_OUT, f"it had not ended after {limit} and was ended; its effects are unknown{still}"
        if self._is_cancelled:
            return Ending.CANCELLED, f"it was ended before its end; its effects are unknown{still}"
        if not word:
            killed = "the process that watches over it was killed, and it with that; its effects are unknown, and what "
            return Ending.CANCELLED, f"{killed}it moved to sessions of its own may go on"
        return Ending.EXITED, f"still running in the background: {', '.join(left)}" if left else ""

    def _why_not_started(self, rest: str) -> str:
        what, _, number = rest.partition(" ")
        words = os.strerror(int(number))
        if what == "chdir":
            return _words(f"nothing was started: the folder {self._job.cwd} cannot be entered: {words}")
        return _words(f"nothing was started: {self._job.argv[0]} cannot be run: {words}")


def _minder(control: socket.socket, out: int, err: int) -> subprocess.Popen[bytes]:
    # In a session of its own: neither ctrl+c nor the end of the terminal reaches it. Its environment is empty, since
    # that of the job goes over the socket: nothing can change how Python starts.
    command = [sys.executable, "-I", "-S", str(MINDER)]
    return subprocess.Popen(command, stdin=control.fileno(), stdout=out, stderr=err, env={}, start_new_session=True)


def _words(text: str) -> str:
    return clean_line(text)
