"""A program and the other side of its terminal: what it sends, byte for byte, and what it leaves behind."""

import errno
import itertools
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from fcntl import ioctl
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent
DEADLINE_S = 120.0

_STRINGS = re.compile(r"\x1b([\]PX^_])(.*?)(\x07|\x1b\\)", re.DOTALL)
"""OSC, DCS, SOS, PM and APC, up to their end."""
_TMUX = re.compile(r"\x1bPtmux;((?:\x1b\x1b|[^\x1b])*)\x1b\\")
_POINTER = re.compile(r"22;[a-z-]*")
"""Textual sets the shape of the mouse pointer."""

MODES = {"the other screen": 1049, "the mouse": 1003, "the mouse's format": 1006, "pasting": 2004, "focus": 1004}
"""Private modes that are on while a screen is shown, and off before and after."""


class PseudoTerminal:
    """A program and the terminal that it runs in."""

    def __init__(self, argv: Sequence[str], environ: Mapping[str, str], size: tuple[int, int] = (120, 36)) -> None:
        self._master, self._slave = pty.openpty()
        ioctl(self._slave, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
        self.settings_before = termios.tcgetattr(self._slave)
        self.process = subprocess.Popen(
            argv,
            cwd=ROOT,
            env=environ,
            stdin=self._slave,
            stdout=self._slave,
            stderr=self._slave,
            start_new_session=True,
        )
        self.received = b""

    @property
    def text(self) -> str:
        """All that has come so far."""
        return self.received.decode("utf-8", "surrogateescape")

    def read_until(self, what: str) -> None:
        """Read until ``what`` has come; fail when it does not come in time."""
        sign = what.encode()
        deadline, start = time.monotonic() + DEADLINE_S, max(len(self.received) - len(sign), 0)
        while sign not in self.received[start:]:
            assert time.monotonic() < deadline, f"{what!r} did not come: {self.text[-2_000:]!r}"
            assert self.process.poll() is None, f"ended before {what!r} came: {self.text[-2_000:]!r}"
            self.read()

    def does(self, keys: str, sign: str, *, again_after: float = 5.0, again: str | None = None) -> None:
        """Press keys; what shows that they have worked must come.

        They, or ``again``, are pressed again if it does not: what is typed while a dialog closes is lost, as it should
        be. Keys that open a field need another way then: in a field that opened late they would be its text.
        """
        start, deadline = len(self.received), time.monotonic() + DEADLINE_S
        while sign.encode() not in self.received[start:]:
            assert time.monotonic() < deadline, f"{keys!r} did not bring {sign!r}: {self.text[-2_000:]!r}"
            self.press(keys)
            keys = keys if again is None else again
            pause = time.monotonic() + again_after
            while time.monotonic() < pause and sign.encode() not in self.received[start:]:
                self.read()

    def settle(self) -> None:
        """Read until nothing more comes for a moment."""
        deadline = time.monotonic() + DEADLINE_S
        while self.read():
            assert time.monotonic() < deadline, "the screen is never quiet"

    def read_to_the_end(self) -> int:
        """Read until the program has ended; its exit code, negative for the signal that killed it."""
        deadline = time.monotonic() + DEADLINE_S
        while self.process.poll() is None:
            assert time.monotonic() < deadline, f"the program did not end: {self.text[-2_000:]!r}"
            self.read()
        while self.read():
            pass
        return self.process.returncode

    def press(self, keys: str) -> None:
        """Type."""
        data = keys.encode()
        while data:
            data = data[os.write(self._master, data) :]

    def resize(self, width: int, height: int) -> None:
        """Drag the corner of the window."""
        ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
        # The kernel tells only programs that have it for their controlling terminal.
        self.process.send_signal(signal.SIGWINCH)

    def fill(self) -> None:
        """Let the screen be drawn again and again and read nothing, until it has waited for a while to write more."""
        deadline, waited, views = time.monotonic() + DEADLINE_S, 0, itertools.cycle("21")
        threads = Path(f"/proc/{self.process.pid}/task")
        while waited < 20:
            assert time.monotonic() < deadline, "the terminal takes everything"
            is_waiting = any(_waits_to_write(one) for one in threads.iterdir())
            waited = waited + 1 if is_waiting else 0
            # One view at a time: where both keys are taken before the screen is drawn, nothing has changed.
            self.press(next(views))
            time.sleep(0.05)

    def hang_up(self) -> None:
        """Close the window: the terminal is gone, and the program is told so as the kernel does it."""
        self.vanish()
        self.process.send_signal(signal.SIGHUP)

    def vanish(self) -> None:
        """Close the window of a program that is in a session of its own: the kernel tells it nothing."""
        os.close(self._slave)
        os.close(self._master)
        self._master = self._slave = -1

    @property
    def settings(self) -> list[Any]:
        """How the terminal reads and echoes now."""
        return termios.tcgetattr(self._slave)

    @settings.setter
    def settings(self, wanted: list[Any]) -> None:
        termios.tcsetattr(self._slave, termios.TCSANOW, wanted)

    def close(self) -> None:
        """End the program if it runs still."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for one in {self._master, self._slave} - {-1}:
            os.close(one)

    def read(self) -> bool:
        """Wait a moment for what comes; whether anything came."""
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
def pseudo_terminal(
    argv: Sequence[str], environ: Mapping[str, str], size: tuple[int, int] = (120, 36)
) -> Iterator[PseudoTerminal]:
    """A program in a terminal, ended at the end."""
    opened = PseudoTerminal(argv, environ, size)
    try:
        yield opened
    finally:
        opened.close()


def _waits_to_write(thread: Path) -> bool:
    try:
        return (thread / "wchan").read_text() == "wait_woken"
    except OSError:  # It has ended meanwhile.
        return False


def strings_in(text: str) -> list[str]:
    """Every control string in its order, the pointer's apart; what is wrapped for tmux begins with ``tmux:``."""
    wrapped = [f"tmux:{found.replace(chr(27) * 2, chr(27))}" for found in _TMUX.findall(text)]
    others = _STRINGS.findall(_TMUX.sub("", text))
    return wrapped + [
        body if kind == "]" else f"{kind}{body}" for kind, body, _ in others if not _POINTER.fullmatch(body)
    ]


def bells_in(text: str) -> int:
    """How often the bell rang; the byte also ends control strings."""
    return _STRINGS.sub("", _TMUX.sub("", text)).count("\a")


def left_on(text: str) -> list[str]:
    """What is on that was off: modes, the alternate screen, a hidden cursor, the keyboard protocol of kitty."""
    on = [name for name, mode in MODES.items() if text.rfind(f"\x1b[?{mode}h") > text.rfind(f"\x1b[?{mode}l")]
    if text.rfind("\x1b[?25l") > text.rfind("\x1b[?25h"):
        on.append("a hidden cursor")
    if len(re.findall(r"\x1b\[>\d+u", text)) > text.count("\x1b[<u"):
        on.append("kitty's keys")
    if text.rfind("\x1b[?7l") > text.rfind("\x1b[?7h"):
        on.append("no wrapping")
    return on
