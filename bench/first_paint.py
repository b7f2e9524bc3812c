"""Time to first paint: from exec to the 20th printable character after the terminal went to its alternate screen."""

import re
import sys
from collections.abc import Sequence
from tempfile import TemporaryDirectory

from bench.figures import Figure, Target, of_medians
from bench.program import Program

ENOUGH = 20
"""Characters after which a screen counts as painted."""

PATIENCE_S = 30.0
OURS = (sys.executable, "-m", "oncall_tui", "--prometheus", "http://127.0.0.1:9")
BARE = (sys.executable, "-m", "bench.bare")

_ALTERNATE = b"\x1b[?1049h"
# Control sequences (CSI), operating system commands and device control strings up to their end, and the short escapes.
_SEQUENCE = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]P^_X].*?(?:\x07|\x1b\\)|[ -/]*[0-~])", re.DOTALL)


def first_paint(runs: int) -> Figure:
    """Runs of both in turn, after one of each that fills the caches of the disk and writes bytecode."""
    ours: list[float] = []
    bare: list[float] = []
    with TemporaryDirectory(prefix="oncall-tui-bench.") as home:
        for number in range(runs + 1):
            taken = seconds_to_paint(OURS, home), seconds_to_paint(BARE, home)
            if number:
                ours.append(taken[0])
                bare.append(taken[1])
    return of_medians("time to first paint", "bare Textual app, header and footer", ours, bare, Target(ratio=1.25))


def seconds_to_paint(argv: Sequence[str], home: str) -> float:
    """Seconds until a program has painted; it is killed then.

    Raises:
        RuntimeError: it ended, or took too long.
    """
    with Program(argv, home) as program:
        return program.until(has_painted, PATIENCE_S) - program.began


def has_painted(program: Program) -> bool:
    """Whether the program has made its first paint."""
    return is_painted(bytes(program.said))


def is_painted(said: bytes) -> bool:
    """Whether enough is to be seen on the alternate screen."""
    _, switch, after = said.partition(_ALTERNATE)
    if not switch:
        return False
    text = _SEQUENCE.sub(b"", after).decode(errors="ignore")
    return sum(char.isprintable() and not char.isspace() for char in text) >= ENOUGH
