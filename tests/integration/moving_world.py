"""A small store that moves while a real Prometheus scrapes it, served from a thread of its own."""

from __future__ import annotations

import asyncio
import contextlib
import math
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

from aiohttp import web

from oncall_tui.simulator.prometheus import Target, prometheus_app
from oncall_tui.simulator.rules import RuleEngine
from oncall_tui.simulator.series import SeriesStore

TICK_S = 0.2
JOBS = ("api", "db")
_BUCKETS = (("0.1", 0.35), ("0.5", 0.8), ("1", 0.97), ("+Inf", 1.0))


def write_tick(store: SeriesStore, t: float, tick: int) -> None:
    """Append one sample to every series of the world; *tick* drives the values."""
    for number, instance in enumerate(("a:80", "b:80", "c:80"), start=1):
        base = {"job": "api", "instance": instance}
        for code in ("200", "404", "500"):
            # Instance b restarts every 4 s, so that counters have resets.
            age = tick % 20 if instance == "b:80" else tick
            count = age * number * (1.7 if code == "200" else 0.3)
            store.append({"__name__": "http_requests_total", "code": code, **base}, t, count)
        for bound, share in _BUCKETS:
            count = float(math.floor(tick * number * 3 * share))
            store.append({"__name__": "latency_seconds_bucket", "le": bound, **base}, t, count)
        store.append({"__name__": "latency_seconds_count", **base}, t, tick * number * 3)
        store.append({"__name__": "latency_seconds_sum", **base}, t, tick * number * 0.41)
        temperature = 20 * number + 5 * math.sin(tick / 7 * number)
        store.append({"__name__": "temperature", "zone": "eu" if number < 3 else "us", **base}, t, temperature)
        store.append({"__name__": "build_info", "version": f"1.{number % 2}", **base}, t, 1)
    base = {"job": "db", "instance": "pg:5432"}
    store.append({"__name__": "disk_free_bytes", "mount": "/", **base}, t, 1e12 - tick * 1234567.0)
    store.append({"__name__": "disk_free_bytes", "mount": "/var", **base}, t, 7e-7 * (tick % 5))
    store.append({"__name__": "odd", "kind": "nan", **base}, t, math.nan)
    store.append({"__name__": "odd", "kind": "inf", **base}, t, math.inf)
    store.append({"__name__": "odd", "kind": "negative", **base}, t, -3.5)
    store.append({"__name__": "odd", "kind": "zero", **base}, t, 0.0)
    store.append({"__name__": "connections", "pool": 'q"uo\\te', **base}, t, float(tick // 6 % 4))


@dataclass(frozen=True)
class ServedWorld:
    """Where the store is served."""

    port: int
    store: SeriesStore


@contextlib.contextmanager
def served_world() -> Iterator[ServedWorld]:
    """Serve a moving store on a free loopback port until the block is left."""
    ready: threading.Event = threading.Event()
    world: list[ServedWorld] = []
    stop: list[asyncio.Event] = []
    loop = asyncio.new_event_loop()

    async def serve() -> None:
        stop.append(asyncio.Event())
        store = SeriesStore()
        engine = RuleEngine(store, [], time.time)
        app = prometheus_app(store, engine, lambda: [Target("api", "a:80")], time.time)
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        world.append(ServedWorld(runner.addresses[0][1], store))
        ticker = asyncio.create_task(_tick(store))
        ready.set()
        await stop[0].wait()
        ticker.cancel()
        await asyncio.gather(ticker, return_exceptions=True)
        await runner.cleanup()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()), daemon=True)
    thread.start()
    assert ready.wait(60.0), "the world did not start"
    try:
        yield world[0]
    finally:
        loop.call_soon_threadsafe(stop[0].set)
        thread.join(60.0)
        loop.close()


async def _tick(store: SeriesStore) -> None:
    tick = 0
    while True:
        write_tick(store, time.time(), tick)
        tick += 1
        await asyncio.sleep(TICK_S)
