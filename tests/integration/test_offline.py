"""The whole product without a pager: what is acknowledged waits, survives the end of the program, and is sent."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from oncall_tui.assembly import Rooms, open_rooms
from oncall_tui.cli.demo import write_config
from oncall_tui.config.load import load
from oncall_tui.domain.action import Acknowledge, Note, Resolve
from oncall_tui.response.report import Outcome
from oncall_tui.simulator.catalogue import BY_NAME
from oncall_tui.simulator.faults import Fault
from oncall_tui.simulator.server import Simulator, SimulatorOptions, running

pytestmark = pytest.mark.integration

FAULTS = {
    "gone": Fault(is_off=True),
    "asks to wait": Fault(status=429, retry_after_s=600),
}


@asynccontextmanager
async def started(simulator: Simulator, folder: Path) -> AsyncIterator[Rooms]:
    """One run of the program; the journal stays in the folder."""
    rooms = await open_rooms(load(write_config(folder, simulator.announcement())), environ={}, actor="user:ann")
    try:
        yield rooms
    finally:
        await rooms.close()


@pytest.mark.parametrize("fault", FAULTS)
async def test_an_acknowledge_and_a_note_wait_for_the_pager_over_the_end_of_the_program(
    tmp_path: Path, fault: str
) -> None:
    options = SimulatorOptions(time.time, is_quiet=True, is_ticking=False, history_s=3_600)
    async with running(options) as simulator:
        incident = simulator.world.pagerduty.open_incident("Host is down", BY_NAME["api"], priority="P2")
        async with started(simulator, tmp_path) as rooms:
            situation = await rooms.look()
            alerts = [one for one in situation.alerts if any(record.id == incident.id for record in one.records)]
            simulator.wire.faults["pagerduty"] = FAULTS[fault]
            (waiting,) = await rooms.act_on(Acknowledge(), alerts)
            (failed,) = await rooms.act_on(Resolve("over"), alerts)
            assert (waiting.outcome, failed.outcome) == (Outcome.WAITING, Outcome.FAILED)
        async with started(simulator, tmp_path) as rooms:
            (note,) = await rooms.act(Note("on it"), [incident.id])
            assert note.outcome is (Outcome.WAITING if fault == "asks to wait" else Outcome.FAILED)
            assert await rooms.recover() == [], "there is nobody to send it to"
        assert str(incident.status) == "triggered"
        simulator.wire.faults.clear()
        async with started(simulator, tmp_path) as rooms:
            reports = await rooms.recover()
            assert {one.outcome for one in reports} == {Outcome.CONFIRMED}
            assert await rooms.unsent() == ()
    assert str(incident.status) == "acknowledged"
    assert [one.content for one in incident.notes] == (["on it"] if fault == "asks to wait" else [])
