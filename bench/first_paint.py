"""Time to first paint: from exec to the 20th printable character after the terminal went to its alternate screen."""

import fcntl
import os
import re
import select
import struct
import subprocess
import sys
import termios
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

from bench.figures import Comparison, of_medians

COLUMNS, LINES = 120, 36
ENOUGH = 20
"""Characters after which a screen counts as painted."""

PATIENCE_S = 30.0
OURS = (sys.executable, "-m", "oncall_tui", "--prometheus", "http://127.0.0.1:9")
BARE = (sys.executable, "-m", "bench.bare")

_ALTERNATE = b"\x1b[?1049h"
# Control sequences (CSI), operating system commands and device control strings up to their end, and the short escapes.
_SEQUENCE = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]P^_X].*?(?:\x07|\x1b\\)|[ -/]*[0-~])", re.DOTALL)


def first_paint(runs: int) -> Comparison:
    """Runs of both in turn, after one of each that fills the caches of the disk and writes bytecode."""
    ours: list[float] = []
    bare: list[float] = []
    with TemporaryDirectory(prefix="oncall-tui-bench.") as home:
        for number in range(runs + 1):
            taken = seconds_to_paint(OURS, home), seconds_to_paint(BARE, home)
            if number:
                ours.append(taken[0])
                bare.append(taken[1])
    return of_medians("time to first paint", "bare Textual app, header and footer", ours, bare, target="<= 1.25x")


def seconds_to_paint(argv: Sequence[str], home: str) -> float:
    """Seconds until a program has painted; it is killed then.

    Raises:
        RuntimeError: it ended, or took too long.
    """
    primary, terminal = os.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
    began = monotonic()
    process = subprocess.Popen(
        argv,
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        env=_environment(home),
        cwd=Path(__file__).resolve().parent.parent,
        start_new_session=True,
    )
    os.close(terminal)
    try:
        return _until_painted(primary, began) - began
    finally:
        process.kill()
        process.wait()
        os.close(primary)


def is_painted(said: bytes) -> bool:
    """Whether enough is to be seen on the alternate screen."""
    _, switch, after = said.partition(_ALTERNATE)
    if not switch:
        return False
    text = _SEQUENCE.sub(b"", after).decode(errors="ignore")
    return sum(char.isprintable() and not char.isspace() for char in text) >= ENOUGH


def _until_painted(primary: int, began: float) -> float:
    said = b""
    while monotonic() - began < PATIENCE_S:
        if not select.select([primary], [], [], 0.5)[0]:
            continue
        try:
            said += os.read(primary, 65_536)
        except OSError:  # The program has ended.
            break
        arrived = monotonic()
        if is_painted(said):
            return arrived
    raise RuntimeError(f"nothing was painted; the end of what was said: {said[-500:]!r}")


def _environment(home: str) -> Mapping[str, str]:
    """The environment of a start: a home of its own, bytecode allowed, nothing of the caller's terminal."""
    left_out = ("PYTHONDONTWRITEBYTECODE", "COLUMNS", "LINES", "NO_COLOR", "TEXTUAL_DRIVER")
    kept = {name: value for name, value in os.environ.items() if name not in left_out and not name.startswith("XDG_")}
    return {**kept, "HOME": home, "TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
