"""Hundreds of requests of one act: at the vendor's pace and ours, told as they go, stopped when they are to stop."""

import asyncio
from datetime import timedelta

import pytest

from oncall_tui.domain.action import Acknowledge, Note, Resolve, Snooze
from oncall_tui.simulator.catalogue import DEMO_USER
from oncall_tui.sources.actors import ActOutcome, ActResult, Course
from tests.integration.storm import Time, pager_of, storm

pytestmark = pytest.mark.integration


async def test_notes_beyond_every_limit_wait_and_are_all_written() -> None:
    time = Time()
    told: list[ActResult] = []
    rests: list[float] = []
    async with storm(time, 150, 60) as (simulator, ids), pager_of(simulator, time.now, 240) as pager:
        results = await pager.act(Note("rolled back"), ids, None, Course(told.append, rests.append, time.wait))
        assert {one.outcome for one in results.values()} == {ActOutcome.CONFIRMED}
        assert sorted(one.id for one in told) == sorted(ids), "each once"
        assert rests
        assert all(row.status != 429 for row in simulator.wire.received("pagerduty"))
        notes = [len(simulator.world.pagerduty.incidents[one].notes) for one in ids]
        assert set(notes) == {1}


async def test_a_poll_in_the_middle_of_hundreds_is_answered() -> None:
    time = Time()
    async with storm(time, 200, 10_000) as (simulator, ids), pager_of(simulator, time.now, 100) as pager:
        rested = asyncio.Event()
        acting = asyncio.create_task(
            pager.act(Snooze(timedelta(hours=1)), ids, None, Course(on_rest=lambda _: rested.set(), wait=time.wait))
        )
        await rested.wait()
        report = await pager.poll()
        assert report.failure is None
        assert report.records and len(report.records.alerts) >= 200
        results = await acting
        assert {one.outcome for one in results.values()} == {ActOutcome.CONFIRMED}


async def test_what_is_stopped_is_told_as_not_sent() -> None:
    time = Time()
    told: list[ActResult] = []

    def hear(result: ActResult) -> None:
        told.append(result)
        if len(told) == 5:
            course.stop()

    course = Course(hear, wait=time.wait)
    async with storm(time, 20, 120) as (simulator, ids), pager_of(simulator, time.now, 240) as pager:
        results = await pager.act(Note("on it"), ids, None, course)
        written = [one.id for one in simulator.world.pagerduty.incidents.values() if one.notes]
        confirmed = [one.id for one in results.values() if one.outcome is ActOutcome.CONFIRMED]
        assert sorted(written) == sorted(confirmed)
        assert 5 <= len(confirmed) <= 6, "two are sent beside each other"
        left = [one for one in results.values() if one.id not in confirmed]
        assert {one.reason for one in left} == {"Not sent: it was stopped."}
        assert not any(one.may_have_arrived for one in left)


async def test_what_was_resolved_while_it_waited_is_not_reopened() -> None:
    time = Time()
    async with storm(time, 600, 10_000) as (simulator, ids), pager_of(simulator, time.now, 240) as pager:
        account = simulator.world.pagerduty
        last = ids[-1]
        told: list[ActResult] = []

        def hear(result: ActResult) -> None:
            told.append(result)
            if len(told) == 1:
                time.forward(30)  # The next slice comes half a minute later.
                account.resolve(account.incidents[last], DEMO_USER, None)

        results = await pager.act(Acknowledge(), ids, None, Course(hear, wait=time.wait))
        assert results[last].outcome is ActOutcome.GONE
        assert account.incidents[last].status == "resolved"


async def test_few_are_not_kept_waiting() -> None:
    time = Time()
    rests: list[float] = []
    async with storm(time, 10, 2) as (simulator, ids), pager_of(simulator, time.now, 240) as pager:
        results = await pager.act(Resolve(), ids[:2], None, Course(on_rest=rests.append, wait=time.wait))
        held = [one for one in results.values() if one.may_wait]
        assert held and rests == []
        assert held[0].wait_s is not None and 0 < held[0].wait_s <= 60
