"""The whole product on a terminal, fed by the simulator with many alerts: key presses, stalls, memory, filter.

Beside it bare Textual on a terminal, with a table of as many rows of which as many change as often.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import monotonic

from bench.beat import stalls_of
from bench.figures import NO_TARGET, Figure, Target, percentile
from bench.first_paint import has_painted
from bench.processes import peak_mib, resident_mib
from bench.program import LINES, Program
from bench.worlds import crowded, home, servers

EVERY_S = 5.0
"""Between two refreshes; the shortest that the configuration allows."""

CHURN = 0.05 * 60.0 / EVERY_S
"""So much changes in a minute that it is 5 % between two refreshes."""

DOWN, UP = "\x1b[B", "\x1b[A"
STEPS = 8
"""Rows that the cursor goes down before it turns back: it stays on the screen."""

_TYPED = ("memory" + 6 * "\x7f") * 4
"""Into the filter, letter by letter, and taken away again."""

_BETWEEN_KEYS_S = 0.05
_STARTING_S = 90.0


def real(many: int, rounds: int, seconds: float, settling_s: float = 2 * EVERY_S) -> list[Figure]:
    """Both in turn; ``seconds`` of refreshes in every round, and some before them that are not measured."""
    ours, bare = _Taken(), _Taken()
    for _ in range(rounds):
        with _product(many) as (program, stalls):
            ours.starts.append(max((length for _, length in stalls_of(stalls)), default=0.0))
            program.pump(settling_s)
            ours.measure(program, stalls, seconds, our_cursor)
            ours.filter(program)
        with _bare(many) as (program, stalls):
            program.pump(settling_s)
            bare.measure(program, stalls, seconds, _bare_cursor)
    return _figures(many, ours, bare)


class _Taken:
    """What was measured of one of the two."""

    def __init__(self) -> None:
        self.keys: list[float] = []
        self.stalls: list[float] = []
        self.starts: list[float] = []
        self.memory: list[float] = []
        self.peak: list[float] = []
        self.filtered: list[float] = []

    def measure(self, program: Program, stalls: Path, seconds: float, cursor: Callable[[Program], object]) -> None:
        """Key presses and stalls while refreshes come, then memory."""
        began = monotonic()
        top, key = place_of(cursor(program)), DOWN
        while monotonic() - began < seconds:
            # While a refresh is drawn there may be none for a moment.
            program.until(lambda one: cursor(one) is not None)
            before = cursor(program)
            # A refresh may have taken the row away and put the cursor at an end, where a key would move nothing.
            if place_of(before) <= top:
                key = DOWN
            elif place_of(before) >= top + STEPS:
                key = UP
            at = program.press(key)
            self.keys.append(program.until_other(cursor, before) - at)
            program.pump(_BETWEEN_KEYS_S)
        ended = monotonic()
        found = [(moment, length) for moment, length in stalls_of(stalls) if began < moment < ended]
        for place in range(max(round(seconds / EVERY_S), 1)):
            start = began + place * EVERY_S
            within = [length for moment, length in found if start <= moment < start + EVERY_S]
            self.stalls.append(max(within, default=0.0))
        self.memory.append(resident_mib(program.pid))
        self.peak.append(peak_mib(program.pid))

    def filter(self, program: Program) -> None:
        """Type into the filter, letter by letter, until the number of rows in the heading has changed."""
        program.press("2")
        program.pump(1.0)
        program.press("/")
        program.pump(1.0)
        for letter in _TYPED:
            before = _heading(program)
            at = program.press(letter)
            self.filtered.append(program.until_other(_heading, before) - at)
            program.pump(0.2)


def _figures(many: int, ours: _Taken, bare: _Taken) -> list[Figure]:
    rows = f"bare Textual, DataTable of {many:,} rows"

    def milliseconds(what: str, own: float, other: float | None, samples: int, target: Target = NO_TARGET) -> Figure:
        baseline = None if other is None else 1_000 * other
        return Figure(what, rows if other is not None else "", 1_000 * own, baseline, "ms", samples, target)

    key = f"whole product, {many:,} alerts: key press to repaint while refreshing"
    own_p95, other_p95 = percentile(ours.keys, 0.95), percentile(bare.keys, 0.95)
    return [
        # The bare app asks nobody and refreshes nothing: its ratio is what that costs. Like for like is the list alone.
        milliseconds(f"{key}, p95", own_p95, other_p95, len(ours.keys), Target(most=50.0)),
        milliseconds("the same, median", median(ours.keys), median(bare.keys), len(ours.keys)),
        milliseconds(
            "whole product: longest stall of the loop while 5 % change",
            max(ours.stalls),
            max(bare.stalls),
            len(ours.stalls),
            Target(most=50.0),
        ),
        milliseconds(
            "the same, median of the longest of each refresh",
            median(ours.stalls),
            median(bare.stalls),
            len(ours.stalls),
        ),
        milliseconds(
            "longest stall from the start until all are drawn",
            max(ours.starts),
            None,
            len(ours.starts),
            Target(most=50.0),
        ),
        milliseconds(
            "a letter of the filter to its repaint, p95",
            percentile(ours.filtered, 0.95),
            None,
            len(ours.filtered),
            Target(most=50.0),
        ),
        _memory(f"memory with {many:,} alerts", rows, ours.memory, bare.memory, Target(ratio=1.5)),
        _memory("the same, at its most", rows, ours.peak, bare.peak),
    ]


def _memory(what: str, against: str, own: list[float], other: list[float], target: Target = NO_TARGET) -> Figure:
    return Figure(what, against, median(own), median(other), "MiB", len(own), target)


@contextmanager
def _product(many: int) -> Iterator[tuple[Program, Path]]:
    """The product, once every alert is there."""
    with servers(crowded(many, CHURN)) as announced, home(announced, interval=f"{EVERY_S:.0f}s") as folder:
        stalls = folder / "stalls.jsonl"
        argv = (sys.executable, "-m", "bench.watched", str(folder / "oncall.toml"), str(stalls))
        with Program(argv, folder) as program:
            program.until(has_painted)
            program.until(lambda one: active(one) >= many * 0.98, _STARTING_S)
            yield program, stalls


@contextmanager
def _bare(many: int) -> Iterator[tuple[Program, Path]]:
    """The table, once it is filled."""
    with TemporaryDirectory(prefix="oncall-tui-bench.") as name:
        folder = Path(name)
        stalls = folder / "stalls.jsonl"
        argv = (sys.executable, "-m", "bench.bare_table", str(many), str(EVERY_S), str(stalls))
        with Program(argv, folder) as program:
            program.until(lambda one: one.screen.shows("host-20"), _STARTING_S)
            yield program, stalls


def active(program: Program) -> int:
    """The number of alerts in the heading; 0 while there is none."""
    line = next((line for line in program.screen.lines if " active" in line), "")
    words = line.partition(" active")[0].replace(",", "").split()
    return int(words[-1]) if words and words[-1].isdigit() else 0


def _heading(program: Program) -> str:
    return next((line for line in program.screen.lines if "ALERTS" in line), "")


def our_cursor(program: Program) -> object:
    """The row under the cursor: where it is, and what it says apart from numbers, which are ages."""
    for place, line in enumerate(program.screen.lines):
        if "▌" in line:
            return place, "".join(char for char in line if not char.isdigit())
    return None


def place_of(cursor: object) -> int:
    """The line of the screen that the cursor is on."""
    place = cursor[0] if isinstance(cursor, tuple) else cursor
    assert isinstance(place, int), "no cursor is on the screen"
    return place


def _bare_cursor(program: Program) -> object:
    """The row that is not styled like the others."""
    styles = [program.screen.style(place, 2) for place in range(1, LINES - 1)]
    return next((place for place, style in enumerate(styles) if styles.count(style) == 1), None)
