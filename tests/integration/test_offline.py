"""The whole product without a pager: what is acknowledged waits, survives the end of the program, and is sent once."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web
from msgspec.structs import replace

from oncall_tui.assembly import Rooms, open_rooms
from oncall_tui.cli.demo import write_config
from oncall_tui.config.load import load
from oncall_tui.domain.action import Acknowledge, Action, Note, Reassign, Resolve, SetPriority, Snooze
from oncall_tui.domain.alert import Alert
from oncall_tui.response.report import Outcome
from oncall_tui.response.unsent import LANDING
from oncall_tui.simulator.breakages import BREAKAGES
from oncall_tui.simulator.catalogue import BY_NAME, PEOPLE
from oncall_tui.simulator.faults import Fault
from oncall_tui.simulator.pagerduty.model import Incident
from oncall_tui.simulator.server import Simulator, SimulatorOptions, running

pytestmark = pytest.mark.integration

FAULTS = {
    "gone": Fault(is_off=True),
    "asks to wait": Fault(status=429, retry_after_s=600),
    "fails": Fault(status=500),
    "in maintenance": Fault(status=503, retry_after_s=5),
}

SPOILT = ("reset", "truncated", "empty", "html", "wrong shape")
"""The request arrives and is carried out; its answer says nothing of it."""


class Ahead:
    """The present moment of the program, as far ahead of the world's as a test says."""

    def __init__(self) -> None:
        self.by = timedelta(0)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.by


@asynccontextmanager
async def started(
    simulator: Simulator, folder: Path, clock: Ahead | None = None, patience: str = "10s"
) -> AsyncIterator[Rooms]:
    """One run of the program; the journal stays in the folder."""
    config = load(write_config(folder, simulator.announcement()))
    sources = {name: replace(one, timeout=patience) for name, one in config.sources.items()}
    config = replace(config, sources=sources)
    rooms = await open_rooms(config, environ={}, actor="user:ann", clock=clock or Ahead(), monotonic=None)
    try:
        yield rooms
    finally:
        await rooms.close()


@asynccontextmanager
async def paged() -> AsyncIterator[tuple[Simulator, Incident]]:
    """A pager with one open incident."""
    options = SimulatorOptions(time.time, is_quiet=True, is_ticking=False, history_s=3_600)
    async with running(options) as simulator:
        yield simulator, simulator.world.pagerduty.open_incident("Host is down", BY_NAME["api"], priority="P2")


async def seen(rooms: Rooms, incident: Incident) -> list[Alert]:
    situation = await rooms.look()
    return [one for one in situation.alerts if any(record.id == incident.id for record in one.records)]


def taken(simulator: Simulator, *methods: str) -> int:
    """How many changes PagerDuty has carried out, by its own log."""
    rows = simulator.wire.received("pagerduty")
    return sum(one.method in methods and 200 <= one.status < 300 for one in rows)


@pytest.mark.parametrize("fault", FAULTS)
async def test_an_acknowledge_and_a_note_wait_for_the_pager_over_the_end_of_the_program(
    tmp_path: Path, fault: str
) -> None:
    clock = Ahead()
    async with paged() as (simulator, incident):
        async with started(simulator, tmp_path, clock) as rooms:
            alerts = await seen(rooms, incident)
            simulator.wire.faults["pagerduty"] = FAULTS[fault]
            (waiting,) = await rooms.act_on(Acknowledge(), alerts)
            (failed,) = await rooms.act_on(Resolve("over"), alerts)
            assert (waiting.outcome, failed.outcome) == (Outcome.WAITING, Outcome.FAILED)
            assert waiting.reason
        async with started(simulator, tmp_path, clock) as rooms:
            (note,) = await rooms.act(Note("on it"), [incident.id])
            assert note.outcome is Outcome.WAITING, "named by its bare id, while no list of incidents can be had"
            assert await rooms.recover() == [], "there is nobody to send it to"
            assert [one.intent.action for one in await rooms.outbox.waiting(clock())] == [Acknowledge(), Note("on it")]
        assert str(incident.status) == "triggered"
        simulator.wire.faults.clear()
        clock.by += LANDING
        async with started(simulator, tmp_path, clock) as rooms:
            reports = await rooms.recover()
            assert [(one.verb, one.outcome) for one in reports] == [
                ("acknowledge", Outcome.CONFIRMED),
                ("note", Outcome.CONFIRMED),
            ]
            assert await rooms.unsent() == ()
        assert (taken(simulator, "PUT"), taken(simulator, "POST")) == (1, 1)
    assert str(incident.status) == "acknowledged"
    assert [one.content for one in incident.notes] == ["on it"]


@pytest.mark.parametrize("answer", SPOILT)
async def test_what_arrived_though_its_answer_was_lost_is_found_and_not_sent_again(tmp_path: Path, answer: str) -> None:
    clock = Ahead()
    async with paged() as (simulator, incident), started(simulator, tmp_path, clock) as rooms:
        alerts = await seen(rooms, incident)
        spoilt = Fault(answer=answer)
        simulator.wire.faults["pagerduty"] = spoilt
        (lost,) = await rooms.act_on(Note("on it"), alerts)
        assert (lost.outcome, lost.may_have_arrived) == (Outcome.WAITING, True)
        clock.by += LANDING
        assert await rooms.outbox.flush() == [], "it cannot be looked for"
        (waiting,) = await rooms.outbox.waiting(clock())
        assert waiting.may_have_arrived, "as before: nobody has looked"
        simulator.wire.faults.clear()
        clock.by += LANDING
        (found,) = await rooms.outbox.flush()
        assert found.outcome is Outcome.ALREADY
        assert found.reason.startswith("looked for after 1 min and found done, so it was not sent again")
        assert [one.content for one in incident.notes] == ["on it"]
        assert taken(simulator, "POST") == 1 or answer == "html", "a proxy says 502 of what was done"


async def test_a_note_that_is_on_its_way_still_is_not_overtaken_by_a_second_one(tmp_path: Path) -> None:
    clock = Ahead()
    async with paged() as (simulator, incident):
        async with started(simulator, tmp_path, clock) as rooms:
            alerts = await seen(rooms, incident)
        simulator.wire.faults["pagerduty"] = Fault(delay_s=2.5)
        async with started(simulator, tmp_path, clock, patience="1s") as rooms:
            (lost,) = await rooms.act_on(Note("on it"), alerts)
        simulator.wire.faults.clear()
        assert (lost.outcome, lost.may_have_arrived) == (Outcome.WAITING, True)
        async with started(simulator, tmp_path, clock) as rooms:
            clock.by += LANDING / 2
            assert await rooms.outbox.flush() == [], "though PagerDuty answers by now"
            async with asyncio.timeout(60):
                while not incident.notes:  # noqa: ASYNC110
                    await asyncio.sleep(0.02)
            clock.by += LANDING
            (found,) = await rooms.outbox.flush()
        assert found.outcome is Outcome.ALREADY
        assert [one.content for one in incident.notes] == ["on it"]


async def unread_change(request: web.Request, answer: web.Response) -> web.StreamResponse:
    """What only reads is answered as ever; what a change says breaks off."""
    return answer if request.method == "GET" else web.Response(body=b"{", content_type="application/json")


AGAIN = (
    Resolve("disk is full"),
    Resolve(),
    Snooze(timedelta(hours=1)),
    SetPriority("P1"),
    Reassign((PEOPLE[3].id,)),
)


@pytest.mark.parametrize("action", AGAIN, ids=lambda one: f"{one.verb} {bool(getattr(one, 'resolution', ''))}")
async def test_what_is_sent_again_by_hand_after_a_lost_answer_is_looked_for_first(
    tmp_path: Path, action: Action, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(BREAKAGES, "unread change", unread_change)
    async with paged() as (simulator, incident), started(simulator, tmp_path) as rooms:
        alerts = await seen(rooms, incident)
        begun_at = datetime.now(UTC)
        simulator.wire.faults["pagerduty"] = Fault(answer="unread change")
        (lost,) = await rooms.act_on(action, alerts)
        simulator.wire.faults.clear()
        assert (lost.outcome, lost.may_have_arrived) == (Outcome.FAILED, True)
        before = taken(simulator, "PUT", "POST")
        (found,) = await rooms.act_on(action, alerts, None, begun_at)
        assert found.outcome is Outcome.ALREADY
        # The note with the resolution comes after the answer, which never came.
        noted = [action.resolution] if isinstance(action, Resolve) and action.resolution else []
        assert [one.content for one in incident.notes] == noted
        assert (before, taken(simulator, "PUT", "POST")) == (1, 1 + len(noted))
