"""What the screen costs while nothing happens: processor time and wake-ups at a refresh every 30 seconds."""

import sys
from collections.abc import Sequence

from bench.figures import NO_TARGET, Figure, Target
from bench.first_paint import has_painted
from bench.processes import spent
from bench.program import Program
from bench.worlds import QUIET, crowded, home, servers

SETTLING_S = 10.0
"""After the first answers: threads start, rooms are opened, the other sources answer."""


def idle(seconds: float, many: int, settling_s: float = SETTLING_S) -> list[Figure]:
    """The demo's world on a good day, then one with many alerts of which none changes."""
    usual = _measured(QUIET, seconds, settling_s)
    crowd = _measured(crowded(many, churn=0.0), seconds, settling_s)
    share = Target(most=1.0)
    said = f"{seconds:.0f} s, every source asked every 30 s"
    return [
        Figure("CPU when nothing changes, 30 s refresh", said, usual[0], None, "% of a core", 1, share),
        Figure("the same, wake-ups", said, usual[1], None, "a second", 1),
        Figure(f"the same with {many:,} alerts", said, crowd[0], None, "% of a core", 1, NO_TARGET),
    ]


def _measured(world: Sequence[str], seconds: float, settling_s: float) -> tuple[float, float]:
    """Percent of a core and waits per second, once the first answers are drawn."""
    with servers(world) as announced, home(announced, interval="30s") as folder:
        argv = (sys.executable, "-m", "oncall_tui", "--config", str(folder / "oncall.toml"))
        with Program(argv, folder) as program:
            program.until(has_painted)
            program.until(lambda one: one.screen.shows(" active"))
            program.pump(settling_s)
            before = spent(program.pid)
            program.pump(seconds)
            used = spent(program.pid).since(before)
    return 100 * used.cpu_s / seconds, used.waits / seconds
