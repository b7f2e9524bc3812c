"""The checks of the runbooks that ship, asked of a real Prometheus that watches the demo's services."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from oncall_tui.runbook.model import StepKind
from oncall_tui.runbook.run.states import State
from oncall_tui.simulator.catalogue import SERVICES
from oncall_tui.simulator.server import SimulatorOptions, running
from tests.integration.demo_site import FIVE, TEN, Demo, before, checked
from tests.integration.servers import start_prometheus

pytestmark = pytest.mark.integration

DEADLINE_S = 60.0
_CONFIG = """\
global: {scrape_interval: 500ms, scrape_timeout: 500ms}
scrape_configs:
"""
_JOB = """\
  - job_name: "%s"
    honor_labels: true
    metrics_path: /metrics/%s
    authorization: {credentials: %s}
    static_configs: [{targets: ["%s"]}]
"""


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Demo]:
    """A quiet world, a real Prometheus that scrapes it, and the rooms that ask that one."""
    options = SimulatorOptions(clock=time.time, is_quiet=True, history_s=10, tick_s=0.4)
    async with running(options) as simulator:
        endpoint = simulator.endpoints["prometheus"]
        address = endpoint.url.removeprefix("http://")
        jobs = "".join(_JOB % (one.name, one.name, endpoint.token, address) for one in SERVICES)
        with start_prometheus(tmp_path, _CONFIG + jobs) as server:
            announcement = {**simulator.announcement(), "prometheus": {"url": server.url, "token": "none"}}
            async with before(simulator, tmp_path, announcement) as made:
                yield made


async def test_every_check_has_one_value(site: Demo) -> None:
    deadline = time.monotonic() + DEADLINE_S
    for name in (*FIVE, *TEN):
        run = (await site.opens(name)).run
        while checked(run) and time.monotonic() < deadline:
            await asyncio.sleep(0.3)
            await run.checks()
        assert checked(run) == [], name
        asked = [one for one in run.runbook.steps if one.kind is StepKind.PROMQL]
        assert asked and all(run.record.unit(one.id).state is State.DONE for one in asked), name
