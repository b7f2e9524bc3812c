"""Two oncall-tui on one journal at once, and two on one PagerDuty account: nothing doubled, nobody crashes."""

import asyncio
import json
import time
from collections import Counter
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from oncall_tui.domain.action import Acknowledge, Note
from oncall_tui.journal.event import ACTION_INTENT, ACTION_RESULT
from oncall_tui.journal.keeper import JournalKeeper
from oncall_tui.journal.ulid import Ulids
from oncall_tui.response.owner import Owner
from oncall_tui.response.report import Outcome
from oncall_tui.response.responder import Responder
from oncall_tui.simulator.catalogue import BY_NAME
from oncall_tui.simulator.faults import Fault
from oncall_tui.simulator.server import Simulator, SimulatorOptions, running
from tests.integration.mortal_process import PAGER, alert_of, now
from tests.integration.storm import pager_of
from tests.integration.test_kill_every_verb import beginning
from tests.unit.journal.helpers import opened

pytestmark = pytest.mark.integration

OPTIONS = SimulatorOptions(time.time, is_quiet=True, is_ticking=False, history_s=3_600, pagerduty_limit=100_000)


def incidents(simulator: Simulator, count: int) -> list[str]:
    account = simulator.world.pagerduty
    return [account.open_incident(f"Host {n} is down", BY_NAME["api"], priority="P2").id for n in range(count)]


def offline(simulator: Simulator, *, is_off: bool) -> None:
    """Let PagerDuty refuse every request as one that asks to wait, or let it answer again."""
    simulator.wire.faults.clear()
    if is_off:
        simulator.wire.faults["pagerduty"] = Fault(status=429, retry_after_s=600)


async def test_two_processes_act_on_the_same_alerts_through_one_journal(tmp_path: Path) -> None:
    """Each in processes of its own, at the same time: the chain holds, and each note is written once by each."""
    journal = str(tmp_path / "journal.db")
    async with asyncio.timeout(90), running(OPTIONS) as simulator, AsyncExitStack() as stack:
        ids = incidents(simulator, 40)
        programs = [await stack.enter_async_context(beginning(simulator)) for _ in range(2)]
        told: Counter[str] = Counter()
        for verb in ("acknowledge", "note", "acknowledge"):
            lives = await asyncio.gather(*(one.live(journal=journal, verb=verb, ids=ids) for one in programs))
            for life in lives:
                assert not life["is_killed"]
                assert len(life["told"]) == len(ids), "a result for each, whoever else writes"
                told.update(f"{verb} {outcome}" for _, outcome in life["told"])
        account = simulator.world.pagerduty
        assert all(account.incidents[one].status == "acknowledged" for one in ids)
        assert all(len(account.incidents[one].notes) == 2 for one in ids), "two people wrote one each"
    assert set(told) <= {"acknowledge confirmed", "acknowledge already", "note confirmed"}
    with opened(Path(journal)) as kept:
        assert kept.verify() is None
        kinds = Counter(one.kind for one in kept.read_kind(ACTION_INTENT, ACTION_RESULT))
        assert kinds == {ACTION_INTENT: 240, ACTION_RESULT: 240}


async def test_what_waits_is_sent_once_by_whichever_process_is_first(tmp_path: Path) -> None:
    journal = str(tmp_path / "journal.db")
    async with asyncio.timeout(90), running(OPTIONS) as simulator, AsyncExitStack() as stack:
        ids = incidents(simulator, 20)
        programs = [await stack.enter_async_context(beginning(simulator)) for _ in range(2)]
        offline(simulator, is_off=True)
        life = await programs[0].live(journal=journal, verb="note", ids=ids)
        assert {outcome for _, outcome in life["told"]} == {"waiting"}
        offline(simulator, is_off=False)
        lives = await asyncio.gather(*(one.live(journal=journal, verb="recover") for one in programs))
        notes = [len(simulator.world.pagerduty.incidents[one].notes) for one in ids]
    outcomes = [outcome for life in lives for _, outcome in life["told"][:-1]]
    assert outcomes == ["confirmed"] * len(ids), json.dumps(lives)
    assert set(notes) == {1}
    with opened(Path(journal)) as kept:
        assert kept.verify() is None


async def test_two_products_on_one_account_do_not_double_what_waited_in_both(tmp_path: Path) -> None:
    """Each has a journal of its own: only how the incident stands at PagerDuty tells them of each other."""
    async with running(OPTIONS) as simulator, AsyncExitStack() as stack:
        one, other = (Program(simulator, tmp_path / f"{name}.db", name) for name in ("ann", "bob"))
        for program in (one, other):
            await program.open(stack)
        (incident,) = incidents(simulator, 1)
        offline(simulator, is_off=True)
        for program in (one, other):
            (report,) = await program.responder.acknowledge([alert_of(incident)])
            assert report.outcome is Outcome.WAITING
        offline(simulator, is_off=False)
        (first,) = await one.responder.outbox.flush()
        (second,) = await other.responder.outbox.flush()
        assert first.outcome is Outcome.CONFIRMED
        assert (second.outcome, bool(second.by)) == (Outcome.ALREADY, True)
        assert "no longer needed" in second.reason
        puts = [row for row in simulator.wire.received("pagerduty") if row.method == "PUT" and row.status == 200]
        assert len(puts) == 1


async def test_the_second_sees_who_acknowledged(tmp_path: Path) -> None:
    async with running(OPTIONS) as simulator, AsyncExitStack() as stack:
        one, other = (Program(simulator, tmp_path / f"{name}.db", name) for name in ("ann", "bob"))
        for program in (one, other):
            await program.open(stack)
        (incident,) = incidents(simulator, 1)
        await one.responder.act(Acknowledge(), [alert_of(incident)])
        (report,) = await other.responder.act(Acknowledge(), [alert_of(incident)])
        assert report.outcome is Outcome.ALREADY
        assert report.by == "Camille Roche"
        (note,) = await other.responder.act(Note("with you"), [alert_of(incident)])
        assert note.outcome is Outcome.CONFIRMED


class Program:
    """A product with a journal of its own, on the account that all share."""

    def __init__(self, simulator: Simulator, journal: Path, name: str) -> None:
        self._simulator = simulator
        self._journal = JournalKeeper(journal, now)
        self._name = name
        self.responder: Responder

    async def open(self, stack: AsyncExitStack) -> None:
        pager = await stack.enter_async_context(pager_of(self._simulator, now, 10_000))
        stack.push_async_callback(self._journal.close)
        owner = Owner(self._name, 1, self._name)
        ids = Ulids(now, lambda count: b"\x07" * count)
        self.responder = Responder(self._journal, {PAGER: pager}, now, f"user:{self._name}", ids, owner)
