"""The bytes that really reach a terminal, read from the other side of it."""

import errno
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import ioctl
from pathlib import Path

import pytest

from tests.nasty.corpus import SEQUENCES

ROOT = Path(__file__).parent.parent.parent
DEADLINE_S = 30.0

HARMFUL = re.compile(
    r"PWNED\x07|\x1b\]0;PWNED|\x1b\]2;PWNED|\x1b\]52|\x1b\]777|\x1b\]8;;https://evil|\x1b\[31;5m|\x1b\[6n|\x1bP\$q"
    r"|\x1bc|\x07|\x08|\x0b|\x0c|[\x80-\x9f]|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029\ufeff]"
)
"""What no screen of ours has a reason to send, whatever it shows."""

POINTER = re.compile(r"\x1b\]22;[a-z-]*\x07")
"""Textual sets the shape of the mouse pointer."""


class Terminal:
    """A program and the terminal that it runs in."""

    def __init__(self, arguments: list[str], size: tuple[int, int] = (120, 36)) -> None:
        self._master, slave = pty.openpty()
        ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
        environ = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", "TEXTUAL_ANIMATIONS": "none"}
        environ["PYTHONPATH"] = str(ROOT)
        self.process = subprocess.Popen(
            [sys.executable, "-m", *arguments],
            cwd=ROOT,
            env=environ,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
        )
        os.close(slave)
        self.received = b""

    @property
    def text(self) -> str:
        """All that has come so far."""
        return self.received.decode("utf-8", "surrogateescape")

    def read_until(self, what: str) -> None:
        """Read until ``what`` has come; fail when it does not come in time."""
        deadline, start = time.monotonic() + DEADLINE_S, len(self.text)
        while what not in self.text[start:]:
            assert time.monotonic() < deadline, f"{what!r} did not come: {self.text[-2_000:]!r}"
            self._read()

    def read_to_the_end(self) -> int:
        """Read until the program has ended; its exit code."""
        deadline = time.monotonic() + DEADLINE_S
        while self.process.poll() is None:
            assert time.monotonic() < deadline, "the program did not end"
            self._read()
        while self._read():
            pass
        return self.process.returncode

    def press(self, keys: str) -> None:
        """Type."""
        os.write(self._master, keys.encode())

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self._master)

    def _read(self) -> bool:
        if not select.select([self._master], [], [], 0.1)[0]:
            return False
        try:
            came = os.read(self._master, 65_536)
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            return False
        self.received += came
        return bool(came)


@contextmanager
def terminal(*arguments: str) -> Iterator[Terminal]:
    """A program in a terminal, ended at the end."""
    opened = Terminal(list(arguments))
    try:
        yield opened
    finally:
        opened.close()


NAMES = [*SEQUENCES, "bidi overrides", "half of a pair"]


@pytest.mark.parametrize("names", [NAMES[i::11] for i in range(11)], ids=" · ".join)
def test_no_foreign_sequence_reaches_the_terminal(names: list[str]) -> None:
    with terminal("tests.ui.hostile_screen", *names) as screen:
        screen.read_until("DEPLOYMENTS")
        for key, sign in (("2", "RECORDS"), ("b", "Sources"), ("\x1b", "RECORDS"), ("Ma", "Acknowledge these")):
            screen.press(key)
            screen.read_until(sign)
        screen.press("y5")
        screen.read_until("told by")
        screen.press("q")
        assert screen.read_to_the_end() == 0
        sent = POINTER.sub("", screen.text)
        assert "\ufffd" in sent, "what was cleaned is shown as such"
        found = HARMFUL.search(sent)
        assert found is None, ascii(sent[max(found.start() - 80, 0) : found.end() + 40])


def test_the_terminal_is_given_back_as_it_was() -> None:
    with terminal("tests.ui.hostile_screen", "brackets") as screen:
        screen.read_until("DEPLOYMENTS")
        screen.press("q")
        assert screen.read_to_the_end() == 0
        tail = screen.text[-400:]
        assert "\x1b[?1049l" in tail
        assert "\x1b[?25h" in tail
