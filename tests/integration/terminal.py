"""A program on a pseudo terminal of 80 by 24, typed at and read like a person would."""

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from time import monotonic

DEADLINE_S = 60.0
_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]|\r")
_LAUNCH = "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execv(sys.argv[1], sys.argv[1:])"
"""Makes the terminal the controlling one: hidden questions open /dev/tty."""


class Typist:
    """Somebody who waits for a question and types the answer."""

    def __init__(self, handle: int, process: "subprocess.Popen[bytes]") -> None:
        self._handle = handle
        self.process = process
        self._seen = 0
        self._raw = b""
        self.typed = ""

    @property
    def raw(self) -> str:
        """Everything that the terminal was sent."""
        return self._raw.decode("utf-8", "replace")

    @property
    def shown(self) -> str:
        """The same without what moves the cursor or colours."""
        return _ESCAPES.sub("", self.raw)

    def waits_for(self, words: str) -> None:
        """Read until ``words`` stand behind what was awaited before."""
        deadline = monotonic() + DEADLINE_S
        while words not in self.shown[self._seen :]:
            if monotonic() > deadline or not self._read(deadline):
                raise AssertionError(f"never shown: {words!r}\n{self.shown}")
        self._seen = self.shown.index(words, self._seen) + len(words)

    def types(self, line: str, end: str = "\r") -> None:
        """Type a line and Enter. Ctrl+C waits until the program waits: a signal in between is heard a key later."""
        if end == "\x03":
            self._waits_for_sleep()
        self.typed += line + end
        os.write(self._handle, (line + end).encode())

    def answers(self, question: str, line: str = "", end: str = "\r") -> None:
        """Wait for a question, then answer it.

        One that hides what is typed, or takes a single key, switches the echo off and drops what was typed before.
        """
        self.waits_for(question)
        if "not shown" in question or "Press" in question:
            self._waits_for_silence()
        self.types(line, end)

    def leaves(self) -> int:
        """Read to the end; the exit code."""
        deadline = monotonic() + DEADLINE_S
        while monotonic() < deadline and self._read(deadline):
            pass
        return self.process.wait(timeout=DEADLINE_S)

    def _waits_for_sleep(self) -> None:
        """Wait until the process does nothing but wait (proc(5): the state behind the name in brackets)."""
        stat = Path(f"/proc/{self.process.pid}/stat")
        deadline = monotonic() + DEADLINE_S
        while stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "S":
            assert monotonic() < deadline, "the program is never idle"
            select.select([], [], [], 0.01)

    def _waits_for_silence(self) -> None:
        deadline = monotonic() + DEADLINE_S
        while termios.tcgetattr(self._handle)[3] & termios.ECHO:
            assert monotonic() < deadline, "the terminal goes on showing what is typed"
            select.select([], [], [], 0.01)

    def _read(self, deadline: float) -> bool:
        ready, _, _ = select.select([self._handle], [], [], max(0.0, deadline - monotonic()))
        if not ready:
            return False
        try:
            chunk = os.read(self._handle, 65_536)
        except OSError:  # the other end is closed
            return False
        self._raw += chunk
        return bool(chunk)


@contextlib.contextmanager
def typing_at(arguments: Sequence[str], environ: Mapping[str, str]) -> Iterator[Typist]:
    """``python -m oncall_tui`` with ``arguments`` on a terminal of its own; ended when the block is left."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    command = [sys.executable, "-c", _LAUNCH, sys.executable, "-m", "oncall_tui", *arguments]
    process = subprocess.Popen(
        command, stdin=slave, stdout=slave, stderr=slave, env=dict(environ), start_new_session=True
    )
    os.close(slave)
    try:
        yield Typist(master, process)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
        process.wait(timeout=DEADLINE_S)
        os.close(master)
