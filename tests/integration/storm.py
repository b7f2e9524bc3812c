"""A page storm: hundreds of incidents at the simulated PagerDuty, on a clock that only moves when somebody waits."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from oncall_tui.config.model import PagerDutySettings
from oncall_tui.domain.ids import SourceName
from oncall_tui.domain.severity import SeverityMap
from oncall_tui.simulator.catalogue import BY_NAME
from oncall_tui.simulator.server import Simulator, SimulatorOptions, running
from oncall_tui.sources.base import Clock
from oncall_tui.sources.credentials import Revealable
from oncall_tui.sources.pagerduty import PagerDuty


class Time:
    """The clock of the world and of the product. Waiting moves it, and takes no time."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 21, 2, 14, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def seconds(self) -> float:
        return self.at.timestamp()

    def forward(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)

    async def wait(self, event: asyncio.Event, seconds: float) -> None:
        """As a screen waits that has nothing else to do: the others come first, then time has passed."""
        if not event.is_set():
            self.forward(seconds)
        await asyncio.sleep(0)


class Token:
    """The token of the simulator."""

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        return self._text


@asynccontextmanager
async def pager_of(simulator: Simulator, clock: Clock, allowance: int = 240) -> AsyncIterator[PagerDuty]:
    """The account of the simulator, as the product sees it, with a budget of ``allowance`` requests a minute."""
    endpoint = simulator.endpoints["pagerduty"]
    token: Revealable = Token(endpoint.token)
    pager = PagerDuty(
        SourceName("pagerduty"),
        PagerDutySettings(url=endpoint.url, budget=allowance),
        token=token,
        headers={},
        severities=SeverityMap(),
        clock=clock,
    )
    try:
        yield pager
    finally:
        await pager.close()


@asynccontextmanager
async def storm(time: Time, incidents: int, limit: int = 960) -> AsyncIterator[tuple[Simulator, list[str]]]:
    """So many incidents within two minutes of simulated time; the account takes ``limit`` requests a minute."""
    options = SimulatorOptions(time.seconds, is_quiet=True, is_ticking=False, history_s=3_600, pagerduty_limit=limit)
    async with running(options) as simulator:
        account = simulator.world.pagerduty
        ids = []
        for number in range(incidents):
            time.forward(120 / incidents)
            ids.append(account.open_incident(f"Host db-{number} is down", BY_NAME["api"], priority="P2").id)
        yield simulator, ids
