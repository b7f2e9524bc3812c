"""The monitor: every source polled, every change published once, whatever one of them does."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from oncall_tui.domain.alert import Alert
from oncall_tui.domain.ids import SourceName
from oncall_tui.domain.service import Health
from oncall_tui.domain.situation import Interruption, Situation, SourceState, Unseen
from oncall_tui.monitor import Monitor
from oncall_tui.monitor.board import Merging
from oncall_tui.monitor.wake import LOOK_EVERY_S
from oncall_tui.sources.base import Records, Report, Spending
from tests.unit.builders import NOW, PAGERDUTY, PROMETHEUS, SENTRY, before, failed_report, record, report, service
from tests.unit.monitor.fakes import FakeSource, HandClock, HandWait, settle

INTERVAL = timedelta(seconds=30)
PATIENCE_S = 10


class Watched:
    """A monitor, and every situation it published."""

    def __init__(
        self,
        *sources: FakeSource,
        merging: Merging | None = None,
        first: Callable[[Situation], None] | None = None,
        deadline: timedelta = timedelta(minutes=1),
    ) -> None:
        self.clock = HandClock()
        self.awake = 0.0
        self.wait = HandWait()
        self.seen: list[Situation] = []
        self.monitor = Monitor(
            sources,
            {one.name: INTERVAL for one in sources},
            merging or Merging(),
            clock=self.clock,
            random=lambda: 0.5,
            deadlines={one.name: deadline for one in sources},
            monotonic=lambda: self.awake,
            wait=self.wait,
        )
        if first is not None:
            self.monitor.subscribe(first)
        self.monitor.subscribe(self._see)
        self._has_seen = asyncio.Event()

    def _see(self, situation: Situation) -> None:
        self.seen.append(situation)
        self._has_seen.set()

    @property
    def waited(self) -> list[float]:
        """Seconds of every wait but those between two looks at the clocks."""
        return [one for one in self.wait.asked if one != LOOK_EVERY_S]

    async def pass_time(self, wall: float, awake: float) -> None:
        """Let both clocks go on, by different spans where the machine sleeps, and every wait end."""
        self.clock.now += timedelta(seconds=wall)
        self.awake += awake
        self.wait.let_time_pass()
        await settle()
        # A picture that is being made: only who waits notices that time passes.
        await self.monitor._composing.run(lambda: None)
        await settle()

    async def until(self, is_so: Callable[[Situation], bool]) -> Situation:
        """The first situation of which it is so."""
        async with asyncio.timeout(PATIENCE_S):
            while (found := next(filter(is_so, self.seen), None)) is None:
                self._has_seen.clear()
                await self._has_seen.wait()
        return found


@asynccontextmanager
async def watching(
    *sources: FakeSource, merging: Merging | None = None, first: Callable[[Situation], None] | None = None
) -> AsyncIterator[Watched]:
    """A monitor that runs, ended afterwards; ``first`` is subscribed before the one that watches."""
    watched = Watched(*sources, merging=merging, first=first)
    task = asyncio.create_task(watched.monitor.run())
    try:
        yield watched
        assert not task.done(), "the monitor ended by itself"
    finally:
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


def _telling(alerts: int = 1, **options: bool) -> FakeSource:
    told = Records(alerts=tuple(record(PAGERDUTY, str(number)) for number in range(alerts)))
    return FakeSource(PAGERDUTY, report(PAGERDUTY, records=told), **options)


def _state(situation: Situation, source: SourceName) -> SourceState:
    said = situation.source(source)
    assert said is not None
    return said.state


def _has_heard(count: int) -> Callable[[Situation], bool]:
    return lambda one: sum(said.state is not SourceState.WAITING for said in one.freshness) == count


async def test_before_anybody_answered_the_situation_says_so() -> None:
    first = Watched(FakeSource()).monitor.situation
    assert (first.generation, first.verdict.health) == (0, Health.UNKNOWN)
    assert [(one.source, one.state, one.budget_per_minute) for one in first.freshness] == [
        (PROMETHEUS, SourceState.WAITING, 60)
    ]


async def test_generations_rise_and_the_last_picture_is_kept() -> None:
    async with watching(FakeSource(), _telling()) as watched:
        await watched.until(_has_heard(2))
        for _ in range(3):
            last = watched.monitor.situation
            watched.monitor.recompose()
            await watched.until(_is_after(last))
    generations = [one.generation for one in watched.seen]
    assert generations == sorted(set(generations))
    assert watched.monitor.situation is watched.seen[-1]


async def test_a_source_that_hangs_holds_up_no_other() -> None:
    slow = FakeSource(SENTRY, is_held=True)
    async with watching(slow, _telling()) as watched:
        first = await watched.until(_has_heard(1))
        assert len(first.alerts) == 1
        assert _state(first, SENTRY) is SourceState.WAITING
        slow.release()
        await watched.until(_has_heard(2))


async def test_a_source_that_breaks_its_promise_stops_nobody() -> None:
    async with watching(FakeSource(SENTRY, RuntimeError("a bug")), _telling()) as watched:
        both = await watched.until(_has_heard(2))
        assert _state(both, SENTRY) is SourceState.FAILED
        assert len(both.alerts) == 1


async def test_what_arrives_while_a_picture_is_made_is_one_further_picture() -> None:
    is_composing, may_go_on = threading.Event(), threading.Event()

    def slow(alerts: Sequence[Alert], _now: datetime) -> Sequence[Alert]:
        is_composing.set()
        assert may_go_on.wait(PATIENCE_S)
        return alerts

    source = _telling()
    async with watching(source, merging=Merging(overlay=slow)) as watched:
        assert await asyncio.to_thread(is_composing.wait, PATIENCE_S)
        for _ in range(20):
            watched.monitor.refresh()
            await settle()
        assert (source.polls, watched.seen) == (21, [])
        may_go_on.set()
        await watched.until(lambda one: one.generation == 2)
        await settle()
        assert [one.generation for one in watched.seen] == [1, 2]


async def test_the_event_loop_is_free_while_a_picture_is_made() -> None:
    threads: list[int] = []

    def overlay(alerts: Sequence[Alert], _now: datetime) -> Sequence[Alert]:
        threads.append(threading.get_ident())
        return alerts

    async with watching(_telling(), merging=Merging(overlay=overlay)) as watched:
        await watched.until(_has_heard(1))
    assert threads
    assert threading.get_ident() not in threads


def _is_after(situation: Situation) -> Callable[[Situation], bool]:
    return lambda one: one.generation > situation.generation


def _complaints() -> list[dict[str, Any]]:
    """What reaches the exception handler of the running loop from now on."""
    heard: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: heard.append(context))
    return heard


async def test_a_subscriber_that_raises_is_told_of_and_harms_nobody() -> None:
    heard, error = _complaints(), ValueError("cannot draw")

    def broken(_: Situation) -> None:
        raise error

    async with watching(_telling(), first=broken) as watched:
        await watched.until(lambda one: one.generation == 1)
        watched.monitor.recompose()
        await watched.until(lambda one: one.generation == 2)
    assert [one["exception"] for one in heard] == [error, error]
    assert heard[0]["message"] == "a subscriber could not take a situation"


async def test_a_picture_that_cannot_be_made_is_unknown_and_keeps_what_was_seen() -> None:
    heard, is_broken = _complaints(), threading.Event()

    def overlay(alerts: Sequence[Alert], _now: datetime) -> Sequence[Alert]:
        if is_broken.is_set():
            raise TypeError("a bug")
        return alerts

    async with watching(_telling(), merging=Merging(overlay=overlay)) as watched:
        good = await watched.until(_has_heard(1))
        is_broken.set()
        watched.monitor.recompose()
        bad = await watched.until(_is_after(good))
        assert bad.verdict.health is Health.UNKNOWN
        assert "TypeError" in bad.verdict.reason
        assert bad.alerts == good.alerts
        is_broken.clear()
        watched.monitor.recompose()
        mended = await watched.until(_is_after(bad))
        assert mended.verdict == good.verdict
    assert [type(one["exception"]) for one in heard] == [TypeError]


async def test_a_pause_says_so_for_what_does_not_fail_and_goes_on_with_a_poll() -> None:
    failing, fine = FakeSource(SENTRY, failed_report(SENTRY)), _telling()
    async with watching(failing, fine) as watched:
        await watched.until(_has_heard(2))
        watched.monitor.pause()
        paused = await watched.until(lambda one: _state(one, PAGERDUTY) is SourceState.PAUSED)
        assert _state(paused, SENTRY) is SourceState.FAILED
        assert len(paused.alerts) == 1
        polls = fine.polls
        was_paused = watched.monitor.is_paused
        watched.monitor.resume()
        assert (was_paused, watched.monitor.is_paused) == (True, False)
        resumed = await watched.until(
            lambda one: one.generation > paused.generation and _state(one, PAGERDUTY) is SourceState.OK
        )
        await settle()
        assert fine.polls > polls
        assert _state(resumed, PAGERDUTY) is SourceState.OK


async def test_while_nobody_reports_the_verdict_still_turns_unknown_with_age() -> None:
    fine = FakeSource(PROMETHEUS, report(records=Records(services=(service(),))))
    async with watching(fine) as watched:
        await watched.until(lambda one: one.verdict.health is Health.UP)
        watched.monitor.pause()
        await watched.until(lambda one: _state(one, PROMETHEUS) is SourceState.PAUSED)
        await settle()
        assert watched.waited[-1] == pytest.approx(3 * 30 + 1)
        for _ in range(4):
            await watched.pass_time(25, 25)
        aged = await watched.until(lambda one: one.verdict.health is Health.UNKNOWN)
        assert aged.verdict.reason == "polling is paused."
        await settle()
        assert watched.waited[-1] > 3_000, "what is stale already is not waited for again"


async def test_one_source_can_be_asked_alone() -> None:
    one, other = FakeSource(SENTRY), _telling()
    async with watching(one, other) as watched:
        await watched.until(_has_heard(2))
        assert watched.monitor.refresh(SENTRY)
        assert not watched.monitor.refresh(SourceName("nobody"))
        await settle()
    assert (one.polls, other.polls) == (2, 1)


async def test_a_refresh_says_whether_anybody_was_asked() -> None:
    limited = FakeSource(SENTRY, failed_report(SENTRY, kind="rate limited", retry_after=300.0))
    async with watching(limited, _telling()) as watched:
        await watched.until(_has_heard(2))
        assert not watched.monitor.refresh(SENTRY)
        assert watched.monitor.refresh()
        watched.monitor.pause()
        assert not watched.monitor.refresh()


async def test_cancelling_ends_at_once_though_every_poll_hangs() -> None:
    hanging = [FakeSource(SENTRY, is_held=True), _telling(is_held=True)]
    async with watching(*hanging):
        await settle()
        assert [one.running for one in hanging] == [1, 1]
    assert [one.cancelled for one in hanging] == [1, 1]


async def test_a_look_asks_every_source_once_and_at_the_same_time() -> None:
    sources = [FakeSource(SENTRY, is_held=True), _telling(3, is_held=True)]
    watched = Watched(*sources)
    looking = asyncio.create_task(watched.monitor.look())
    await settle()
    assert [one.running for one in sources] == [1, 1]
    for one in sources:
        one.release()
    found = await looking
    assert [one.polls for one in sources] == [1, 1]
    assert (len(found.alerts), found.generation) == (3, 1)
    assert watched.monitor.situation is found


@pytest.mark.parametrize("outcome", [failed_report(SENTRY, kind="timed out"), RuntimeError("a bug")])
async def test_a_look_gives_the_others_when_one_hangs_and_then_fails(outcome: Any) -> None:
    failing = FakeSource(SENTRY, outcome, is_held=True)
    looking = asyncio.create_task(Watched(failing, _telling()).monitor.look())
    await settle()
    assert not looking.done()
    failing.release()
    found = await looking
    assert len(found.alerts) == 1
    assert _state(found, SENTRY) is SourceState.FAILED
    assert "sentry does not answer" in found.verdict.reason


async def test_a_source_that_reports_under_another_name_changes_nothing() -> None:
    async with watching(FakeSource(SENTRY, report(PROMETHEUS)), _telling()) as watched:
        told = await watched.until(_has_heard(1))
        assert [one.source for one in told.freshness if one.state is SourceState.WAITING] == [SENTRY]


# Under fault


async def test_a_source_that_never_returns_fails_at_its_deadline() -> None:
    watched = Watched(FakeSource(SENTRY, is_held=True), _telling(), deadline=timedelta(seconds=0.01))
    found = await watched.monitor.look()
    assert _state(found, SENTRY) is SourceState.FAILED
    assert len(found.alerts) == 1


async def test_a_report_that_cannot_be_read_is_a_failure_of_its_source_alone() -> None:
    class Broken(FakeSource):
        @property
        def spending(self) -> Spending:  # type: ignore[override]  # raises where others have a value
            if self.polls:
                raise TypeError("a bug")
            return Spending(0, 60)

    heard = _complaints()
    async with watching(Broken(SENTRY), _telling()) as watched:
        both = await watched.until(_has_heard(2))
        assert _state(both, SENTRY) is SourceState.FAILED
        assert len(both.alerts) == 1
    assert [str(one["exception"]) for one in heard] == ["a bug"]


# After a sleep

NIGHT = timedelta(hours=7, minutes=12)


async def _asleep(watched: Watched, cause: Unseen = Unseen.SLEPT) -> None:
    """Let seven hours and twelve minutes pass unseen."""
    seconds = NIGHT.total_seconds() + LOOK_EVERY_S
    await watched.pass_time(seconds, LOOK_EVERY_S if cause is Unseen.SLEPT else seconds)


@pytest.mark.parametrize("cause", Unseen)
async def test_after_a_sleep_everybody_is_asked_and_the_screen_says_how_long_it_was(cause: Unseen) -> None:
    fine = FakeSource(PROMETHEUS, report(records=Records(services=(service(),))))
    async with watching(fine, _telling()) as watched:
        up = await watched.until(_has_heard(2))
        assert up.interruption is None
        fine.hold()
        await _asleep(watched, cause)
        woken = await watched.until(lambda one: one.interruption is not None)
        assert woken.interruption == Interruption(cause, NIGHT, watched.clock.now)
        assert woken.verdict.health is not Health.UP
        assert fine.polls == 2


async def test_what_was_fetched_before_a_short_sleep_is_not_green_until_it_is_asked_anew() -> None:
    fine = FakeSource(PROMETHEUS, report(records=Records(services=(service(),))), _after_minutes(1))
    async with watching(fine) as watched:
        await watched.until(lambda one: one.verdict.health is Health.UP)
        fine.hold()
        await watched.pass_time(60, 2)
        woken = await watched.until(lambda one: one.interruption is not None)
        assert (woken.verdict.health, woken.verdict.reason) == (Health.UNKNOWN, "the data of prometheus is old.")
        assert [one.is_outdated for one in woken.freshness] == [True]
        fine.release()
        fresh = await watched.until(lambda one: _is_after(woken)(one) and one.verdict.health is Health.UP)
        assert fresh.interruption is None, "every source has answered since"


def _after_minutes(minutes: float) -> Report:
    return report(at=before(-minutes), records=Records(services=(service(),)))


async def test_who_never_answers_after_a_sleep_does_not_keep_the_word_of_it_for_ever() -> None:
    async with watching(FakeSource(SENTRY, report(SENTRY), failed_report(SENTRY, before(-8 * 60)))) as watched:
        await watched.until(_has_heard(1))
        await _asleep(watched)
        woken = await watched.until(lambda one: one.interruption is not None)
        for _ in range(13):
            await watched.pass_time(25, 25)
        later = await watched.until(lambda one: _is_after(woken)(one) and one.interruption is None)
        assert _state(later, SENTRY) is SourceState.FAILED


async def test_while_paused_a_sleep_is_told_and_nobody_is_asked() -> None:
    source = _telling()
    async with watching(source) as watched:
        await watched.until(_has_heard(1))
        watched.monitor.pause()
        await _asleep(watched)
        woken = await watched.until(lambda one: one.interruption is not None)
        assert (_state(woken, PAGERDUTY), source.polls) == (SourceState.PAUSED, 1)


async def test_a_clock_that_is_set_back_changes_no_age() -> None:
    async with watching(_telling(), FakeSource(SENTRY, failed_report(SENTRY, before(10)))) as watched:
        await watched.until(_has_heard(2))
        watched.monitor.pause()
        await watched.pass_time(-3_598, 2)
        told = await watched.until(lambda one: one.freshness[0].fetched_at == before(60))
        paged, sentry = told.freshness
        assert paged.age(watched.clock.now) == timedelta(seconds=2)
        assert not paged.is_stale(watched.clock.now)
        assert sentry.failing_since == before(70)
        assert told.interruption is None


async def test_the_next_poll_and_the_clock_of_the_vendor_are_told() -> None:
    skewed = FakeSource(PROMETHEUS, replace(report(), skew=720.0))
    limited = FakeSource(SENTRY, failed_report(SENTRY, kind="rate limited", retry_after=300.0))
    async with watching(skewed, limited) as watched:
        told = await watched.until(_has_heard(2))
        fine, waiting = told.freshness
        assert (fine.skew, fine.next_poll_at, fine.asked_to_wait_until) == (720.0, NOW + INTERVAL, None)
        assert waiting.asked_to_wait_until == NOW + timedelta(seconds=300)
        watched.monitor.pause()
        stopped = await watched.until(lambda one: _state(one, PROMETHEUS) is SourceState.PAUSED)
        assert [one.next_poll_at for one in stopped.freshness] == [None, None]
