"""Steps that take the terminal over: editors, shells, what asks questions. The caller has suspended the screen.

The script runs on a terminal of its own (a PTY); its bytes go to the user's terminal and into the record. What is typed
goes the other way and is recorded only where the program shows it: a password is not.
"""

import contextlib
import fcntl
import os
import pty
import select
import signal
import struct
import termios
import threading
import time
import tty
from collections.abc import Callable, Iterator

from oncall_tui.runbook.execution import Ending, Executed, Prepared, Stream
from oncall_tui.runbook.executors.left_on import LeftOn
from oncall_tui.runbook.executors.place import Place, refuse_altered, secrets_of
from oncall_tui.runbook.executors.shell import Script
from oncall_tui.runbook.process.job import Job
from oncall_tui.runbook.process.keeping import Keeping
from oncall_tui.runbook.process.running import told
from oncall_tui.runbook.process.screening import redactor
from oncall_tui.runbook.process.watch import Ended, Watch
from oncall_tui.threads import DaemonThreads

_LOOK = 0.1
_PIECE = 65_536
_STOP = b"\x1a"
_STOPPED_S = 0.3
"""So long a program has for stopping itself at ctrl+z before it is woken."""


async def run_in_terminal(
    place: Place,
    prepared: Prepared,
    digest: str,
    typing: int,
    drawing: int,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> Executed:
    """Run a step on the user's terminal, to its end. There is no timeout: a person sits before it.

    Args:
        typing: the descriptor of the user's terminal that is read; made raw meanwhile, and restored.
        drawing: the one that is written.
        is_cancelled: asked ten times a second; once it is true the step is ended.

    Raises:
        Altered: what would run is not what was confirmed.
    """
    refuse_altered(prepared, digest)
    if not os.isatty(typing) or not os.isatty(drawing):
        return Executed(Ending.FAILED_TO_START, "nothing was started: there is no terminal here. Do the step yourself")
    threads = DaemonThreads("terminal")
    try:
        return await threads.run(lambda: _run(place, prepared, typing, drawing, is_cancelled))
    finally:
        threads.close()


def _run(place: Place, prepared: Prepared, typing: int, drawing: int, is_cancelled: Callable[[], bool]) -> Executed:
    script = Script(place, prepared)
    job = script.job()
    if isinstance(job, str):
        return Executed(Ending.FAILED_TO_START, job)
    folder = place.outputs if prepared.keeps_output else None
    keeping = Keeping(redactor(secrets_of(prepared)), folder, lambda stream, text: None, place.output_limit)
    ended = _seen_to_its_end(job, typing, drawing, keeping, is_cancelled)
    keeping.finish()
    return script.finish(ended, keeping, told(ended, keeping))


def _seen_to_its_end(job: Job, typing: int, drawing: int, keeping: Keeping, is_cancelled: Callable[[], bool]) -> Ended:
    try:
        master, slave = pty.openpty()
    except OSError as error:
        return Ended(
            Ending.FAILED_TO_START, f"nothing was started: this machine has no terminal left: {error.strerror}"
        )
    try:
        with _raw(typing):
            return _Session(job, master, slave, typing, drawing, keeping).run(is_cancelled)
    except termios.error:
        return Ended(Ending.FAILED_TO_START, "nothing was started: the terminal is gone")
    finally:
        os.close(master)
        os.close(slave)


class _Session:
    """Bytes to and fro between two terminals, until the step has ended."""

    def __init__(self, job: Job, master: int, slave: int, typing: int, drawing: int, keeping: Keeping) -> None:
        self._watch = Watch(_endless(job), lambda stream, data: None, terminal=slave)
        self._master = master
        self._typing: int | None = typing
        self._drawing = drawing
        self._keeping = keeping
        self._size = b""
        self._ended: list[Ended] = []
        self._wake_at: float | None = None
        self._left_on = LeftOn()

    def run(self, is_cancelled: Callable[[], bool]) -> Ended:
        """Until its end."""
        self._follow_size()
        thread = threading.Thread(target=lambda: self._ended.append(self._watch.run()), daemon=True)
        thread.start()
        is_told = False
        while thread.is_alive():
            if is_cancelled() and not is_told:
                is_told = True
                self._watch.cancel()
            self._turn(_LOOK)
            self._go_on()
        while self._turn(0.0):
            pass
        _write(self._drawing, self._left_on.undo())
        return self._ended[0] if self._ended else Ended(Ending.CANCELLED, "its end is not known; effects unknown")

    def _turn(self, seconds: float) -> bool:
        """Whether something was drawn."""
        self._follow_size()
        wanted = [self._master] + ([self._typing] if self._typing is not None else [])
        ready, _, _ = select.select(wanted, [], [], seconds)
        if self._typing in ready and self._typing is not None:
            self._type(self._typing)
        return self._master in ready and self._draw()

    def _type(self, typing: int) -> None:
        data = _read(typing)
        if data:
            _write(self._master, data)
            if _STOP in data:
                self._wake_at = time.monotonic() + _STOPPED_S
        else:
            # The terminal is gone, and with it whoever sat there.
            self._typing = None
            self._watch.cancel()

    def _go_on(self) -> None:
        """Wake what ctrl+z has stopped: there is no shell behind it that could ever do that. The kernel spares those
        that have no handler for it; ``top`` stops itself."""
        if self._wake_at is None or time.monotonic() < self._wake_at:
            return
        self._wake_at = None
        with contextlib.suppress(OSError):  # It has ended meanwhile, or belongs to another user.
            group = os.tcgetpgrp(self._master)
            if group > 0:  # 0 would be our own.
                os.killpg(group, signal.SIGCONT)

    def _draw(self) -> bool:
        data = _read(self._master)
        self._keeping.feed(Stream.OUT, data)
        self._left_on.hear(data)
        _write(self._drawing, data)
        return bool(data)

    def _follow_size(self) -> None:
        with contextlib.suppress(OSError):  # A terminal that is gone has no size.
            size = fcntl.ioctl(self._drawing, termios.TIOCGWINSZ, struct.pack("HHHH", 0, 0, 0, 0))
            if size != self._size:
                self._size = size
                fcntl.ioctl(self._master, termios.TIOCSWINSZ, size)


@contextlib.contextmanager
def _raw(typing: int) -> Iterator[None]:
    """Keys go to the step as they are pressed, ctrl+c among them."""
    before = termios.tcgetattr(typing)
    tty.setraw(typing, termios.TCSANOW)
    try:
        yield
    finally:
        with contextlib.suppress(termios.error):  # A terminal that is gone needs no restoring.
            # What was typed for it and came too late would answer the next question.
            termios.tcsetattr(typing, termios.TCSAFLUSH, before)


def _endless(job: Job) -> Job:
    return Job(job.argv, job.env, job.cwd, timeout=0.0, patience=job.patience)


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, _PIECE)
    except OSError:
        return b""  # The other side of a terminal has closed.


def _write(descriptor: int, data: bytes) -> None:
    with contextlib.suppress(OSError):  # The terminal is gone; reading it tells, and ends the step.
        while data:
            data = data[os.write(descriptor, data) :]
