"""Ten thousand alerts on a headless screen of 120x36: time to show them, key presses and stalls while they change."""

import asyncio
import gc
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from time import perf_counter

from bench.alerts import changed, first_alerts, situation_of
from bench.figures import Figure, Target, of_medians, percentile
from bench.program import COLUMNS, LINES
from bench.tables import BareTable, GroupedTable, OurTable, Refresh, TableApp
from oncall_tui.domain.alert import Alert

AGAINST = "bare DataTable of 10,000 rows"
BETWEEN_REFRESHES_S = 0.1
BETWEEN_KEYS_S = 0.01
BEAT_S = 0.001


@dataclass
class Taken:
    """Seconds, of every round."""

    shown: list[float] = field(default_factory=list)
    keys: list[float] = field(default_factory=list)
    stalls: list[float] = field(default_factory=list)
    """The longest time for which the loop did nothing else, of each refresh."""


def ten_thousand(rounds: int, keys: int, refreshes: int) -> list[Figure]:
    """The tables in turn, ``rounds`` times."""
    alerts = first_alerts()
    ours, grouped, bare = Taken(), Taken(), Taken()
    for _ in range(rounds):
        for build, taken in ((OurTable, ours), (GroupedTable, grouped), (BareTable, bare)):
            asyncio.run(_round(build, alerts, keys, refreshes, taken))
    return [*_figures("list alone", ours, bare), *_figures("list in groups", grouped, bare)]


def _figures(what: str, ours: Taken, bare: Taken) -> list[Figure]:
    p95 = Figure(
        f"{what}: key press to repaint while refreshing, p95",
        AGAINST,
        percentile(ours.keys, 0.95) * 1_000,
        percentile(bare.keys, 0.95) * 1_000,
        "ms",
        len(ours.keys),
        Target(ratio=1.5, most=50.0),
    )
    stall = Figure(
        f"{what}: longest stall of the loop while 5 % change",
        AGAINST,
        max(ours.stalls) * 1_000,
        max(bare.stalls) * 1_000,
        "ms",
        len(ours.stalls),
        Target(most=50.0),
    )
    usual = of_medians("the same, median of the longest of each refresh", AGAINST, ours.stalls, bare.stalls)
    shown = of_medians(f"{what}: 10,000 alerts, time to show", AGAINST, ours.shown, bare.shown)
    return [shown, p95, stall, usual]


async def _round(
    build: Callable[[], TableApp], alerts: Sequence[Alert], keys: int, refreshes: int, taken: Taken
) -> None:
    coming = _refreshes(alerts, refreshes)
    app = build()
    gc.collect()
    async with app.run_test(size=(COLUMNS, LINES)) as pilot:
        await pilot.pause()
        began = perf_counter()
        app.fill(alerts)
        await app.next_paint()
        taken.shown.append(app.painted_at - began)
        await pilot.pause()
        for one in coming:
            async with _beating() as gaps:
                app.apply(one)
                await app.next_paint()
            taken.stalls.append(max(gaps))
        refreshing = asyncio.create_task(_keep_refreshing(app, coming))
        for _ in range(keys):
            taken.keys.append(await _press(app))
            await asyncio.sleep(BETWEEN_KEYS_S)
        refreshing.cancel()
        await asyncio.wait([refreshing])


async def _press(app: TableApp) -> float:
    """Seconds from a key press to the paint that shows the cursor on the next row."""
    before, began = app.cursor, perf_counter()
    app.simulate_key("down")
    while app.cursor == before:
        await app.next_paint()
    return app.painted_at - began


async def _keep_refreshing(app: TableApp, coming: Sequence[Refresh]) -> None:
    while True:
        for one in coming:
            app.apply(one)
            await asyncio.sleep(BETWEEN_REFRESHES_S)


@asynccontextmanager
async def _beating() -> AsyncIterator[list[float]]:
    """The gaps between turns of the loop, beyond what the beat asks for; at least one is there at the end."""
    gaps: list[float] = []

    async def beat() -> None:
        last = perf_counter()
        while True:
            await asyncio.sleep(BEAT_S)
            now = perf_counter()
            gaps.append(max(now - last - BEAT_S, 0.0))
            last = now

    task = asyncio.create_task(beat())
    await asyncio.sleep(0)
    try:
        yield gaps
        await asyncio.sleep(2 * BEAT_S)
    finally:
        task.cancel()
        await asyncio.wait([task])


def _refreshes(alerts: Sequence[Alert], count: int) -> list[Refresh]:
    """Pictures, each changing 5 % of the one before; made beforehand, since the product makes them in a thread."""
    coming: list[Refresh] = []
    now = list(alerts)
    for number in range(count):
        now, places = changed(now, number)
        coming.append((situation_of(now, number + 2), places))
    return coming
