"""The four vendors and the control port on loopback, in one event loop.

async with running(SimulatorOptions(clock=clock)) as simulator:
    simulator.endpoints["pagerduty"].url
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
import socket
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from .alertmanager import alertmanager_app
from .catalogue import DEMO_USER, ORGANIZATION
from .control import VENDORS, control_app
from .crowd import CHANGED_PER_MINUTE
from .pagerduty import pagerduty_app
from .pagerduty.app import DEFAULT_LIMIT_PER_MINUTE
from .prometheus import Target, prometheus_app
from .sentry import sentry_app
from .story import DAY
from .times import Clock
from .wire import Wire
from .world import DEFAULT_TICK_S, World

HOST = "127.0.0.1"
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SimulatorOptions:
    """How the simulator starts.

    Attributes:
        clock: epoch seconds.
        seed: of the world's randomness.
        is_quiet: whether the incident is left out.
        tick_s: seconds between scrapes and rule evaluations.
        is_ticking: whether the world advances by itself; a test with a clock of its own calls `world.advance()`.
        pagerduty_limit: requests a minute before PagerDuty answers 429.
        incidents: further old open incidents in PagerDuty.
        token_prefix: put before each random token.
        history_s: seconds of metrics before the start.
        services: how many services there are in all; those of the story are always there.
        alerts: how many alerts there are beside those of the story, spread over the four vendors.
        churn: part of those that changes in one minute.
        with_past: whether PagerDuty has the pages of the last thirty days.
        with_all: whether database, QR codes and logins have their own incidents, too.
    """

    clock: Clock
    seed: int = 1
    is_quiet: bool = False
    tick_s: float = DEFAULT_TICK_S
    is_ticking: bool = True
    pagerduty_limit: int = DEFAULT_LIMIT_PER_MINUTE
    incidents: int = 0
    token_prefix: str = ""
    history_s: float = DAY
    services: int = 0
    alerts: int = 0
    churn: float = CHANGED_PER_MINUTE
    with_past: bool = False
    with_all: bool = False


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where one vendor listens, and the token it wants."""

    url: str
    token: str


@dataclass(frozen=True, slots=True)
class Simulator:
    """A running simulator.

    Attributes:
        world: what the vendors tell about.
        wire: log of requests, and faults.
        endpoints: by vendor, and `control`.
    """

    world: World
    wire: Wire
    endpoints: dict[str, Endpoint]

    def announcement(self) -> dict[str, dict[str, str]]:
        """Urls, tokens and the identities a client configuration needs: the line printed at the start."""
        extra = {"pagerduty": {"email": DEMO_USER.email}, "sentry": {"organization": ORGANIZATION}}
        return {
            name: {"url": endpoint.url, "token": endpoint.token, **extra.get(name, {})}
            for name, endpoint in self.endpoints.items()
        }


@contextlib.asynccontextmanager
async def running(options: SimulatorOptions) -> AsyncIterator[Simulator]:
    """Start everything on free ports of 127.0.0.1; all of it is closed at the end."""
    async with contextlib.AsyncExitStack() as stack:
        sockets = {name: stack.enter_context(_bound_socket()) for name in (*VENDORS, "control")}
        endpoints = {
            name: Endpoint(f"http://{HOST}:{sock.getsockname()[1]}", options.token_prefix + secrets.token_hex(16))
            for name, sock in sockets.items()
        }
        world = World(
            options.clock,
            seed=options.seed,
            with_incident=not options.is_quiet,
            tick_s=options.tick_s,
            old_incidents=options.incidents,
            history_s=options.history_s,
            services=options.services,
            alerts=options.alerts,
            churn=options.churn,
            with_past=options.with_past,
            with_all=options.with_all,
            prometheus_url=endpoints["prometheus"].url,
            alertmanager_url=endpoints["alertmanager"].url,
        )
        simulator = Simulator(world, Wire(options.clock), endpoints)
        for name, app in _applications(simulator, options).items():
            app.middlewares.insert(0, simulator.wire.middleware(name))
            runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
            await runner.setup()
            stack.push_async_callback(runner.cleanup)
            await web.SockSite(runner, sockets[name]).start()
        if options.is_ticking:
            await stack.enter_async_context(_ticking(world, options.tick_s))
        yield simulator


def targets_of(world: World) -> Sequence[Target]:
    """The scrape targets of Prometheus."""
    return [
        Target(
            service.name,
            service.instance,
            {name: value for name, value in service.labels.items() if name not in ("job", "instance")},
            not world.is_down(service.name),
            world.last_scrape,
            "connection refused" if world.is_down(service.name) else "",
        )
        for service in world.services
    ]


def _applications(simulator: Simulator, options: SimulatorOptions) -> dict[str, web.Application]:
    world, tokens = simulator.world, {name: one.token for name, one in simulator.endpoints.items()}
    return {
        "prometheus": prometheus_app(
            world.store,
            world.engine,
            lambda: targets_of(world),
            world.now,
            tokens["prometheus"],
            alertmanagers=[simulator.endpoints["alertmanager"].url],
        ),
        "alertmanager": alertmanager_app(world.alertmanager, tokens["alertmanager"]),
        "pagerduty": pagerduty_app(world.pagerduty, tokens["pagerduty"], options.pagerduty_limit),
        "sentry": sentry_app(world.sentry, tokens["sentry"]),
        "control": control_app(world, simulator.wire, tokens["control"]),
    }


def _bound_socket() -> socket.socket:
    """Bound before the world begins, because the world writes links to the ports into its alerts."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind((HOST, 0))
    return sock


@contextlib.asynccontextmanager
async def _ticking(world: World, tick_s: float) -> AsyncIterator[None]:
    async def tick() -> None:
        while True:
            await asyncio.sleep(tick_s)
            try:
                world.advance()
            except Exception:
                _LOG.exception("The world could not advance; it is tried again at the next tick")

    task: asyncio.Task[Any] = asyncio.create_task(tick())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
