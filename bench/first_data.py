"""Time to first data: from the start of the process until the first alert can be read."""

import sys
from statistics import median

from bench.figures import Figure, Target
from bench.first_paint import has_painted
from bench.program import Program
from bench.upstreams import TITLES
from bench.worlds import answering_after, home, servers

ANSWER_S = 0.3
"""How long every upstream call takes."""


def first_data(runs: int) -> list[Figure]:
    """The first alert of any vendor, and the last vendor's, against the first paint of the same runs and one call."""
    painted: list[float] = []
    first: list[float] = []
    whole: list[float] = []
    with servers(answering_after(ANSWER_S)) as announced:
        for number in range(runs + 1):
            with home(announced) as folder:
                taken = _one(str(folder))
            if number:
                painted.append(taken[0])
                first.append(taken[1])
                whole.append(taken[2])
    floor = (median(painted) + ANSWER_S) * 1_000
    against = f"first paint + the slowest upstream call ({ANSWER_S * 1_000:.0f} ms)"
    return [
        Figure("time to first data", against, median(first) * 1_000, floor, "ms", runs, Target(ratio=1.15)),
        Figure("the same, until every source is drawn", against, median(whole) * 1_000, floor, "ms", runs),
    ]


def _one(folder: str) -> tuple[float, float, float]:
    """Seconds to the first paint, to the first alert and to the alerts of all sources."""
    argv = (sys.executable, "-m", "oncall_tui", "--config", f"{folder}/oncall.toml")
    with Program(argv, folder) as program:
        painted = program.until(has_painted)
        first = program.until(lambda one: any(one.screen.shows(_seen(title)) for title in TITLES.values()))
        whole = program.until(lambda one: all(one.screen.shows(_seen(title)) for title in TITLES.values()))
        return painted - program.began, first - program.began, whole - program.began


def _seen(title: str) -> str:
    """As much of a title as its column has room for."""
    return title[:12]
