"""One full refresh: every source asked once and the picture composed, with 20, 60 and 120 checks."""

import asyncio
import gc
from statistics import median
from time import perf_counter

from bench.figures import Figure, Target
from bench.first_data import ANSWER_S
from bench.worlds import answering_after, home, servers
from oncall_tui.assembly import open_rooms
from oncall_tui.config.load import load
from oncall_tui.config.model import Config
from oncall_tui.domain.situation import Situation, SourceState

CHECKS = (60, 20, 120)
"""The first of them has the target; the others show that it does not grow."""


def full_refresh(runs: int) -> list[Figure]:
    """Median times for each number of checks; the first refresh of each opens connections and is not counted."""
    taken: dict[int, list[float]] = {number: [] for number in CHECKS}
    with servers(answering_after(ANSWER_S)) as announced:
        for number, seconds in taken.items():
            with home(announced, checks=number) as folder:
                config = load(folder / "oncall.toml")
                seconds += asyncio.run(_refreshes(config, number, runs))
    against = f"the slowest upstream call ({ANSWER_S * 1_000:.0f} ms; every call takes as long)"
    return [
        Figure(
            f"one full refresh, {number} checks + 4 sources",
            against,
            median(seconds) * 1_000,
            ANSWER_S * 1_000,
            "ms",
            len(seconds),
            Target(ratio=1.3),
        )
        for number, seconds in taken.items()
    ]


async def _refreshes(config: Config, checks: int, runs: int) -> list[float]:
    rooms = await open_rooms(config, environ={})
    taken: list[float] = []
    try:
        for number in range(runs + 1):
            gc.collect()
            began = perf_counter()
            situation = await rooms.monitor.look()
            if number:
                taken.append(perf_counter() - began)
            _require_all(situation, checks)
    finally:
        await rooms.close()
    return taken


def _require_all(situation: Situation, checks: int) -> None:
    """A refresh that left something out must not count as a quick one."""
    readings = sum(len(service.readings) for service in situation.services)
    values = sum(one.value is not None for service in situation.services for one in service.readings)
    failed = [one.source for one in situation.freshness if one.state is not SourceState.OK]
    if failed or readings != checks or values != checks:
        raise RuntimeError(f"{readings} readings with {values} values instead of {checks}; not well: {failed}")
