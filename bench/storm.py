"""A page storm, acknowledged in one act on the whole product: what keys and the event loop feel of it."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from time import monotonic

from bench.beat import stalls_of
from bench.figures import NO_TARGET, Figure, Target, percentile
from bench.first_paint import has_painted
from bench.program import Program
from bench.real import DOWN, UP, active, our_cursor, place_of
from bench.worlds import home, servers

INCIDENTS = 800
_STARTING_S = 90.0
_BETWEEN_KEYS_S = 0.02
_READ_S = 0.5
"""What is typed before a question could be read does not answer it."""
_WATCHED_S = 3.0
"""So long at least: the polls that follow the act draw all of them anew."""


def storm(many: int, rounds: int) -> list[Figure]:
    """Every round is a new storm: an acknowledge is for once."""
    acts: list[float] = []
    keys: list[float] = []
    stalls: list[float] = []
    for _ in range(rounds):
        with _product(many) as (program, file):
            began = monotonic()
            acts.append(_acknowledge_all(program, keys))
            stalls.append(max((length for moment, length in stalls_of(file) if moment > began), default=0.0))
    what = f"{many:,} incidents acknowledged in one act"

    def figure(name: str, seconds: float, samples: int, target: Target = NO_TARGET) -> Figure:
        return Figure(name, "", 1_000 * seconds, None, "ms", samples, target)

    return [
        figure(f"{what}: from the answer to the question until all have their result", median(acts), len(acts)),
        figure("key press to repaint meanwhile, p95", percentile(keys, 0.95), len(keys), Target(most=50.0)),
        figure("longest stall of the loop meanwhile", max(stalls), len(stalls), Target(most=50.0)),
    ]


def _acknowledge_all(program: Program, keys: list[float]) -> float:
    """Mark all, acknowledge, and move the cursor until all have their result; how long that took, in seconds."""
    program.press("2")
    program.pump(1.0)
    program.press("M")
    program.until(lambda one: one.screen.shows(" marked"))
    program.press("a")
    program.until(lambda one: one.screen.shows("Acknowledge these"))
    program.pump(_READ_S)
    began, ended = program.press("y"), 0.0
    while not ended or monotonic() - began < _WATCHED_S:
        program.until(lambda one: our_cursor(one) is not None)
        before = our_cursor(program)
        at = program.press(UP if place_of(before) > 12 else DOWN)
        keys.append(program.until_other(our_cursor, before) - at)
        program.pump(_BETWEEN_KEYS_S)
        if not ended and not program.screen.shows(" marked"):
            ended = monotonic()
        if monotonic() - began > _STARTING_S:
            raise RuntimeError("not all of them have a result; the screen shows:\n" + "\n".join(program.screen.lines))
    return ended - began


@contextmanager
def _product(many: int) -> Iterator[tuple[Program, Path]]:
    """The product, once every incident is there."""
    vendors = ("-m", "oncall_tui.simulator", "--exit-with-parent", "--quiet", "--no-past", "--incidents", str(many))
    with servers(vendors) as announced, home(announced, interval="10s") as folder:
        stalls = folder / "stalls.jsonl"
        argv = (sys.executable, "-m", "bench.watched", str(folder / "oncall.toml"), str(stalls))
        with Program(argv, folder) as program:
            program.until(has_painted)
            program.until(lambda one: active(one) >= many, _STARTING_S)
            yield program, stalls
