"""One poller: never two polls at once, an interval with jitter, back-off, pause, and an end that waits for nothing."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oncall_tui.monitor.plan import AFTER_WAKING_S, JITTER, Plan
from oncall_tui.monitor.poller import Poller, wait_for_event
from oncall_tui.monitor.wake import Clocks
from oncall_tui.sources.base import Report
from tests.unit.builders import NOW, PROMETHEUS, failed_report, report
from tests.unit.monitor.fakes import FakeSource, HandClock, HandWait, Outcome, settle

INTERVAL = timedelta(seconds=30)
DEADLINE = timedelta(minutes=1)


class Running:
    """A poller that runs, and what it published."""

    def __init__(self, source: FakeSource, random: Callable[[], float]) -> None:
        self.source = source
        self.wait = HandWait()
        self.clock = HandClock()
        self.awake = 0.0
        self.reports: list[Report] = []
        self.plans: list[Plan] = []
        self.poller = Poller(
            source,
            INTERVAL,
            self._publish,
            clock=self.clock,
            random=random,
            deadline=DEADLINE,
            clocks=Clocks(self.clock, lambda: self.awake),
            wait=self.wait,
        )

    def _publish(self, one: Report, plan: Plan) -> None:
        self.reports.append(one)
        self.plans.append(plan)

    def sleep(self, seconds: float) -> None:
        """Let the machine sleep: only the clock on the wall goes on."""
        self.clock.now += timedelta(seconds=seconds)

    async def next_turn(self) -> None:
        """Let the pause pass."""
        self.clock.now += timedelta(seconds=self.wait.asked[-1])
        self.awake += self.wait.asked[-1]
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
            source,
            timedelta(seconds=seconds),
            lambda _report, _plan: None,
            clock=HandClock(),
            random=lambda: drawn,
            deadline=DEADLINE,
            wait=wait,
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
    async with running(_source(RuntimeError("a bug"), report())) as turns:
        await turns.next_turn()
    assert [one.failure is None for one in turns.reports] == [False, True]


# When the next poll is


async def test_every_report_comes_with_the_moment_of_the_next_poll() -> None:
    async with running(_source(report(), failed_report()), lambda: 1.0) as turns:
        assert turns.plans[0].at == NOW + timedelta(seconds=33)
        await turns.next_turn()
        assert turns.plans[1].at == turns.clock.now + timedelta(seconds=33)
        assert turns.plans[1].not_before is None


async def test_what_the_vendor_asked_for_is_told_with_it() -> None:
    async with running(_source(LIMITED), lambda: 0.0) as turns:
        (plan,) = turns.plans
        assert plan.at == plan.not_before == NOW + timedelta(seconds=300)


# After a sleep


async def test_waking_asks_at_once_though_the_back_off_says_later() -> None:
    async with running(_source(*[failed_report()] * 3, report())) as turns:
        for _ in range(2):
            await turns.next_turn()
        assert turns.wait.asked[-1] > 100
        turns.sleep(7 * 3_600)
        turns.poller.wake_up()
        await settle()
        assert turns.source.polls == 4


async def _woken(outcomes: Sequence[Report]) -> Running:
    """A poller whose first poll answered, and which was woken before the others."""
    async with running(_source(report(), *outcomes), lambda: 0.0) as turns:
        turns.poller.wake_up()
        await settle()
        for _ in outcomes:
            await turns.next_turn()
        return turns


async def test_a_connection_that_died_in_the_sleep_is_not_a_failure() -> None:
    turns = await _woken([failed_report(), report()])
    assert [one.failure for one in turns.reports[:2]] == [None, None]


async def test_until_the_network_is_back_it_asks_often_and_then_backs_off() -> None:
    turns = await _woken([failed_report()] * 8)
    assert turns.wait.asked[1:8] == [*AFTER_WAKING_S[1:], 30.0, 60.0, 120.0]


@pytest.mark.parametrize("kind", ["unauthorised", "no secret"])
async def test_what_no_network_can_mend_is_not_asked_often(kind: str) -> None:
    turns = await _woken([failed_report(kind=kind)])
    assert turns.wait.asked[1] == 30.0


async def test_an_answer_ends_the_hurry() -> None:
    turns = await _woken([failed_report(), report(), failed_report()])
    assert 2.0 not in turns.wait.asked


async def test_waking_does_not_override_what_the_vendor_asked_for() -> None:
    async with running(_source(LIMITED, report()), lambda: 0.0) as turns:
        turns.sleep(100)
        turns.poller.wake_up()
        await settle()
        assert (turns.source.polls, turns.wait.asked) == (1, [300.0, 200.0])
        await turns.next_turn()
        assert turns.source.polls == 2


async def test_what_the_vendor_asked_for_is_over_after_a_long_sleep() -> None:
    async with running(_source(LIMITED, report())) as turns:
        turns.sleep(301)
        turns.poller.wake_up()
        await settle()
        assert turns.source.polls == 2


async def test_a_poll_that_was_under_way_is_dropped_and_begun_anew() -> None:
    source = _source(is_held=True)
    async with running(source) as turns:
        turns.poller.wake_up()
        await settle()
        assert (source.polls, source.cancelled, source.most_at_once, turns.reports) == (2, 1, 1, [])


@pytest.mark.parametrize(("slept", "stood_still"), [(7 * 3_600.0, 0.0), (0.0, 7 * 3_600.0)], ids=["sleep", "stop"])
async def test_an_answer_from_before_the_sleep_is_not_taken_for_one_of_now(slept: float, stood_still: float) -> None:
    source = _source(report(), failed_report(), is_held=True)
    async with running(source) as turns:
        turns.sleep(slept + stood_still)
        turns.awake += stood_still
        source.release()
        await settle()
        assert source.polls > 1
        assert [one.failure is None for one in turns.reports] == [False]


async def test_waking_while_paused_asks_nobody_until_polling_goes_on() -> None:
    async with running(_source()) as turns:
        turns.poller.pause()
        turns.poller.wake_up()
        await settle()
        assert turns.source.polls == 1
        turns.poller.resume()
        await settle()
        assert turns.source.polls == 2


async def test_a_clock_that_is_set_back_does_not_lengthen_what_the_vendor_asked_for() -> None:
    async with running(_source(LIMITED)) as turns:
        turns.clock.now -= timedelta(hours=1)
        turns.poller.clock_set_back(timedelta(hours=1))
        turns.clock.now += timedelta(seconds=299)
        assert not turns.poller.refresh()
        turns.clock.now += timedelta(seconds=1)
        assert turns.poller.refresh()


async def _ends(waiting: Awaitable[None]) -> bool:
    async with asyncio.timeout(60):
        await waiting
    return True


async def test_waiting_ends_with_its_event_or_with_its_time() -> None:
    event = asyncio.Event()
    assert await _ends(wait_for_event(event, 0.0))
    event.set()
    assert await _ends(wait_for_event(event, 3_600.0))
