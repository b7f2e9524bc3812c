"""One poller: never two polls at once, an interval with jitter, back-off, pause, and an end that waits for nothing."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oncall_tui.monitor.poller import JITTER, Poller, polled, wait_for_event
from oncall_tui.sources.base import Report
from tests.unit.builders import NOW, PROMETHEUS, failed_report, report
from tests.unit.monitor.fakes import FakeSource, HandClock, HandWait, Outcome, settle

INTERVAL = timedelta(seconds=30)


class Running:
    """A poller that runs, and what it published."""

    def __init__(self, source: FakeSource, random: Callable[[], float]) -> None:
        self.source = source
        self.wait = HandWait()
        self.clock = HandClock()
        self.reports: list[Report] = []
        self.poller = Poller(source, INTERVAL, self.reports.append, clock=self.clock, random=random, wait=self.wait)

    async def next_turn(self) -> None:
        """Let the pause pass."""
        self.wait.let_time_pass()
        await settle()


@asynccontextmanager
async def running(source: FakeSource, random: Callable[[], float] = lambda: 0.5) -> AsyncIterator[Running]:
    """A poller of ``source``, settled, ended afterwards."""
    turns = Running(source, random)
    task = asyncio.create_task(turns.poller.run())
    await settle()
    try:
        yield turns
    finally:
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


def _source(*outcomes: Outcome, is_held: bool = False) -> FakeSource:
    return FakeSource(PROMETHEUS, *outcomes, is_held=is_held)


async def test_it_polls_at_once_and_then_at_its_interval() -> None:
    async with running(_source()) as turns:
        assert (len(turns.reports), turns.wait.asked) == (1, [30.0])
        await turns.next_turn()
        assert (len(turns.reports), turns.wait.asked) == (2, [30.0, 30.0])


@pytest.mark.parametrize(("drawn", "seconds"), [(0.0, 27.0), (0.5, 30.0), (1.0, 33.0)])
async def test_jitter_spreads_polls_by_a_tenth_at_most(drawn: float, seconds: float) -> None:
    async with running(_source(), lambda: drawn) as turns:
        assert turns.wait.asked == [pytest.approx(seconds)]


@given(st.floats(0, 1, exclude_max=True), st.integers(1, 3_600), st.booleans())
def test_no_pause_is_shorter_than_the_interval_less_its_jitter(drawn: float, seconds: int, is_failing: bool) -> None:
    async def pause() -> float:
        wait = HandWait()
        source = _source(failed_report() if is_failing else report())
        poller = Poller(
            source, timedelta(seconds=seconds), lambda _: None, clock=HandClock(), random=lambda: drawn, wait=wait
        )
        task = asyncio.create_task(poller.run())
        await settle()
        task.cancel()
        return wait.asked[0]

    asked = asyncio.run(pause())
    shortest = seconds if is_failing else seconds * (1 - JITTER)
    assert shortest * 0.999 <= asked <= seconds * (1 + JITTER) * 1.001


async def test_back_off_grows_while_it_fails_and_ends_with_the_first_answer() -> None:
    outcomes = [failed_report()] * 5 + [report(), failed_report()]
    async with running(_source(*outcomes), lambda: 0.0) as turns:
        for _ in range(6):
            await turns.next_turn()
        assert turns.wait.asked == [30.0, 60.0, 120.0, 120.0, 120.0, 27.0, 30.0]


@pytest.mark.parametrize(("asked", "seconds"), [(300.0, 300.0), (1.0, 30.0), (90_000.0, 3_600.0)])
async def test_it_waits_as_long_as_the_vendor_asks(asked: float, seconds: float) -> None:
    source = _source(failed_report(kind="rate limited", retry_after=asked))
    async with running(source, lambda: 0.0) as turns:
        assert turns.wait.asked == [seconds]
    async with running(source, lambda: 1.0) as turns:
        assert turns.wait.asked[0] >= seconds, "jitter never shortens what a vendor asked for"


async def test_a_refresh_ends_the_pause() -> None:
    async with running(_source()) as turns:
        assert turns.poller.refresh()
        await settle()
        assert turns.source.polls == 2


LIMITED = failed_report(kind="rate limited", retry_after=300.0)


async def test_a_refresh_does_not_override_what_the_vendor_asked_for() -> None:
    async with running(_source(LIMITED, report()), lambda: 0.0) as turns:
        for seconds, is_asked in ((0, False), (299, False), (300, True)):
            turns.clock.now = NOW + timedelta(seconds=seconds)
            assert turns.poller.refresh() is is_asked
            await settle()
            assert turns.source.polls == 1 + is_asked
        assert turns.poller.refresh(), "the vendor has answered since"


async def test_of_a_vendor_that_asks_for_too_much_only_an_hour_is_believed() -> None:
    async with running(_source(failed_report(retry_after=90_000.0))) as turns:
        turns.clock.now = NOW + timedelta(hours=1)
        assert turns.poller.refresh()


async def test_a_failure_without_a_request_to_wait_can_be_tried_again_at_once() -> None:
    async with running(_source(failed_report())) as turns:
        assert turns.poller.refresh()
        await settle()
        assert turns.source.polls == 2


async def test_a_refresh_during_the_poll_that_is_told_to_wait_is_void() -> None:
    source = _source(LIMITED, report(), is_held=True)
    async with running(source, lambda: 0.0) as turns:
        assert turns.poller.refresh()
        source.release()
        await settle()
        assert (source.polls, turns.wait.asked) == (1, [300.0])
        await turns.next_turn()
        assert source.polls == 2


async def test_resuming_waits_as_long_as_the_vendor_asks() -> None:
    async with running(_source(LIMITED, report())) as turns:
        turns.poller.pause()
        turns.poller.resume()
        await settle()
        assert turns.source.polls == 1
        await turns.next_turn()
        assert turns.source.polls == 2


async def test_refreshes_during_a_poll_start_none_beside_it_and_one_after_it() -> None:
    source = _source(is_held=True)
    async with running(source) as turns:
        for _ in range(3):
            turns.poller.refresh()
            await settle()
        assert (source.polls, source.most_at_once) == (1, 1)
        source.release()
        await settle()
        assert (source.polls, source.most_at_once) == (2, 1)
        assert len(turns.wait.asked) == 2
        await turns.next_turn()
        assert source.polls == 3


async def test_a_pause_begins_no_poll_and_publishes_the_one_that_runs() -> None:
    source = _source(is_held=True)
    async with running(source) as turns:
        turns.poller.pause()
        assert turns.poller.is_paused
        source.release()
        await settle()
        assert len(turns.reports) == 1
        await turns.next_turn()
        assert not turns.poller.refresh()
        await settle()
        assert source.polls == 1


async def test_resuming_polls_at_once() -> None:
    async with running(_source()) as turns:
        turns.poller.pause()
        await settle()
        turns.poller.resume()
        await settle()
        assert not turns.poller.is_paused
        assert (turns.source.polls, len(turns.wait.asked)) == (2, 2)


async def test_resuming_after_the_pause_has_passed_polls_once() -> None:
    async with running(_source()) as turns:
        turns.poller.pause()
        await turns.next_turn()
        turns.poller.resume()
        await settle()
        assert turns.source.polls == 2


async def test_cancelling_ends_a_hanging_poll_at_once() -> None:
    source = _source(is_held=True)
    async with running(source) as turns:
        assert source.running == 1
    assert (source.running, source.cancelled, turns.reports) == (0, 1, [])


async def test_a_poller_that_is_paused_can_be_cancelled() -> None:
    async with running(_source()) as turns:
        turns.poller.pause()
        await turns.next_turn()


async def test_a_source_that_raises_is_a_failure_and_the_poller_goes_on() -> None:
    async with running(_source(RuntimeError("Authorization: Token token=hunter2"), report())) as turns:
        (failed,) = turns.reports
        await turns.next_turn()
        assert turns.reports[1].failure is None
    assert (failed.source, failed.kind, failed.fetched_at, failed.records) == (
        PROMETHEUS,
        turns.source.kind,
        NOW,
        None,
    )
    assert failed.failure is not None
    assert "RuntimeError in fakes.py, line " in failed.failure.message
    assert "prometheus" in failed.failure.message
    assert "--version" in failed.failure.hint
    assert "hunter2" not in repr(failed)


async def test_being_cancelled_is_no_failure() -> None:
    task = asyncio.create_task(polled(_source(is_held=True), HandClock()))
    await settle()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def _ends(waiting: Awaitable[None]) -> bool:
    async with asyncio.timeout(5):
        await waiting
    return True


async def test_waiting_ends_with_its_event_or_with_its_time() -> None:
    event = asyncio.Event()
    assert await _ends(wait_for_event(event, 0.0))
    event.set()
    assert await _ends(wait_for_event(event, 3_600.0))
