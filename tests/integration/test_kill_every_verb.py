"""SIGKILL at every point of every verb, against the log of a simulated PagerDuty: none is lost, none is doubled."""

import asyncio
import json
import random
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from oncall_tui.simulator.catalogue import BY_NAME
from oncall_tui.simulator.pagerduty.model import Incident
from oncall_tui.simulator.server import Simulator, SimulatorOptions, running
from tests.integration.mortal_process import AFTER_RESULT, ANY_TIME, BEFORE_INTENT, POINTS
from tests.unit.journal.helpers import opened

pytestmark = pytest.mark.integration

ROUNDS = 13
"""Each with one life for every point and verb: 52 kills at each point, over the four verbs."""

DEADLINE_S = 900
ROOT = Path(__file__).parents[2]


class Lives:
    """The process that forks children."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def live(self, **life: object) -> Any:
        """One life; what was told in it."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(life).encode() + b"\n")
        return json.loads(await self._process.stdout.readline())


@asynccontextmanager
async def beginning(simulator: Simulator) -> AsyncIterator[Lives]:
    command = [sys.executable, "-m", "tests.integration.mortal_process", json.dumps(simulator.announcement())]
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdin=pipe, stdout=pipe)
    try:
        yield Lives(process)
    finally:
        process.kill()
        await process.communicate()


def changes(simulator: Simulator, verb: str, incident: Incident) -> int:
    """How often the vendor was told to do it to this incident, by its own log."""
    received = [one for one in simulator.wire.received("pagerduty") if one.method != "GET" and one.status < 300]
    if verb in ("acknowledge", "resolve"):
        return sum(one.method == "PUT" and incident.id in one.body for one in received)
    path = f"/incidents/{incident.id}/{'notes' if verb == 'note' else verb}"
    return sum(one.path == path for one in received)


def is_done(verb: str, incident: Incident) -> bool:
    """Whether it is so at the vendor."""
    if verb == "note":
        return bool(incident.notes)
    if verb == "resolve":
        return incident.status == "resolved"
    return incident.status == "acknowledged"


@pytest.mark.parametrize("verb", ["acknowledge", "note", "resolve", "snooze"])
async def test_a_kill_at_any_point_loses_nothing_that_was_confirmed_and_doubles_nothing(
    tmp_path: Path, verb: str
) -> None:
    journal, chance = str(tmp_path / "journal.db"), random.Random(verb)
    options = SimulatorOptions(time.time, is_quiet=True, is_ticking=False, history_s=3_600, pagerduty_limit=100_000)
    async with asyncio.timeout(DEADLINE_S), running(options) as simulator, beginning(simulator) as lives:
        account = simulator.world.pagerduty
        incidents: dict[str, Incident] = {}
        points: dict[str, str] = {}
        said: dict[str, list[str]] = {}
        kills: Counter[str] = Counter()
        for number in range(ROUNDS):
            for point in POINTS:
                opened_now = account.open_incident(f"Host {number} is down", BY_NAME["api"], priority="P2")
                one = opened_now.id
                incidents[one], points[one], said[one] = opened_now, point, []
                life = await lives.live(
                    journal=journal, verb=verb, ids=[one], point=point, after_ms=chance.uniform(1, 80)
                )
                kills[point] += life["is_killed"]
                for vendor_id, outcome in life["told"]:
                    said[vendor_id].append(outcome)
            next_start = await lives.live(journal=journal, verb="recover")
            assert next_start["told"][-1] == ["open", 0], "each is told of once"
            for vendor_id, outcome in next_start["told"][:-1]:
                said[vendor_id].append(outcome)
    assert all(kills[one] == ROUNDS for one in POINTS if one != ANY_TIME), kills
    for one, incident in incidents.items():
        told, sent, context = said[one], changes(simulator, verb, incident), (points[one], said[one])
        assert sent <= 1, f"doubled: {context}"
        if verb in ("note", "resolve"):
            assert len(incident.notes) <= 1, f"its note is doubled: {context}"
        if {"confirmed", "already"} & set(told):
            assert is_done(verb, incident), f"lost: {context}"
        if points[one] == BEFORE_INTENT:
            assert (told, sent) == ([], 0), "nothing was promised, nothing was done"
        elif points[one] == AFTER_RESULT:
            assert is_done(verb, incident), context
        elif points[one] != ANY_TIME:
            assert told, f"nothing is told of it: {context}"
        if verb in ("acknowledge", "note") and points[one] not in (BEFORE_INTENT, ANY_TIME):
            assert is_done(verb, incident), f"wanted, young, and not sent: {context}"
        if verb in ("resolve", "snooze"):
            assert set(told) <= {"confirmed", "unknown"}, context
    with opened(Path(journal)) as kept:
        assert kept.verify() is None
