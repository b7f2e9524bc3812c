"""A program on a pseudo terminal: started, watched, typed to, and ended."""

import fcntl
import os
import select
import signal
import struct
import subprocess
import termios
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from time import monotonic
from types import TracebackType

from bench.screen import Screen

COLUMNS, LINES = 120, 36
PATIENCE_S = 60.0
ROOT = Path(__file__).resolve().parent.parent
_AT_ONCE = 65_536


class Program:
    """One run of a program; killed when the block is left."""

    def __init__(self, argv: Sequence[str], home: str | Path) -> None:
        self._primary, terminal = os.openpty()
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
        self.screen = Screen(COLUMNS, LINES)
        self.said = bytearray()
        """The first bytes it wrote: enough to see a paint in, and to tell of it when it ends by itself."""
        self.began = monotonic()
        self._process = subprocess.Popen(
            argv,
            stdin=terminal,
            stdout=terminal,
            stderr=terminal,
            env=environment(home),
            cwd=ROOT,
            start_new_session=True,
        )
        os.close(terminal)

    def __enter__(self) -> "Program":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._primary)

    @property
    def pid(self) -> int:
        return self._process.pid

    def press(self, keys: str) -> float:
        """Type; when it was typed (``monotonic``)."""
        at = monotonic()
        os.write(self._primary, keys.encode())
        return at

    def until(self, is_there: Callable[["Program"], bool], patience_s: float = PATIENCE_S) -> float:
        """Read until something is to be seen; when the bytes that show it arrived (``monotonic``).

        Raises:
            RuntimeError: it ended, or took too long.
        """
        if is_there(self):
            return monotonic()
        limit = monotonic() + patience_s
        while monotonic() < limit:
            arrived = self._read(0.5)
            if arrived is None:
                break
            if arrived and is_there(self):
                return arrived
        shown = "\n".join(line.rstrip() for line in self.screen.lines if line.strip())
        raise RuntimeError(f"what was waited for did not come; the screen shows:\n{shown or bytes(self.said[-500:])!r}")

    def until_other(self, look: Callable[["Program"], object], before: object) -> float:
        """Read until ``look`` gives something else than ``before``; see ``until``."""
        return self.until(lambda one: look(one) != before)

    def pump(self, seconds: float) -> None:
        """Only read for a while."""
        limit = monotonic() + seconds
        while (left := limit - monotonic()) > 0 and self._read(left) is not None:
            pass

    def end(self, patience_s: float = 10.0) -> None:
        """Ask it to end (SIGTERM) and read until it has."""
        os.kill(self.pid, signal.SIGTERM)
        limit = monotonic() + patience_s
        while self._process.poll() is None and monotonic() < limit and self._read(0.2) is not None:
            pass

    def _read(self, seconds: float) -> float | None:
        """Read what there is within a time: when it arrived, 0 for nothing, None when the program has ended."""
        if not select.select([self._primary], [], [], seconds)[0]:
            return 0.0
        try:
            said = os.read(self._primary, _AT_ONCE)
        except OSError:
            return None
        arrived = monotonic()
        if len(self.said) < _AT_ONCE:
            self.said += said
        self.screen.feed(said)
        return arrived


def environment(home: str | Path) -> Mapping[str, str]:
    """The environment of a start: a home of its own, bytecode allowed, nothing of the caller's terminal."""
    left_out = ("PYTHONDONTWRITEBYTECODE", "COLUMNS", "LINES", "NO_COLOR", "TEXTUAL_DRIVER")
    kept = {name: value for name, value in os.environ.items() if name not in left_out and not name.startswith("XDG_")}
    return {**kept, "HOME": str(home), "TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
