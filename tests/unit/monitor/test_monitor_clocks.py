"""Time that passed unseen: the machine slept, the program was stopped, the clock was set back."""

from dataclasses import replace
from datetime import timedelta

import pytest

from oncall_tui.domain.service import Health
from oncall_tui.domain.situation import Interruption, SourceState, Unseen
from oncall_tui.monitor.wake import LOOK_EVERY_S
from oncall_tui.sources.base import Records, Report
from tests.unit.builders import NOW, PAGERDUTY, PROMETHEUS, SENTRY, before, failed_report, report, service
from tests.unit.monitor.fakes import FakeSource
from tests.unit.monitor.watched import INTERVAL, Watched, has_heard, is_after, state_of, telling, watching

NIGHT = timedelta(hours=7, minutes=12)


async def asleep(watched: Watched, cause: Unseen = Unseen.SLEPT) -> None:
    """Let seven hours and twelve minutes pass unseen."""
    seconds = NIGHT.total_seconds() + LOOK_EVERY_S
    await watched.pass_time(seconds, LOOK_EVERY_S if cause is Unseen.SLEPT else seconds)


@pytest.mark.parametrize("cause", Unseen)
async def test_after_a_sleep_everybody_is_asked_and_the_screen_says_how_long_it_was(cause: Unseen) -> None:
    fine = FakeSource(PROMETHEUS, report(records=Records(services=(service(),))))
    async with watching(fine, telling()) as watched:
        up = await watched.until(has_heard(2))
        assert up.interruption is None
        fine.hold()
        await asleep(watched, cause)
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
        fresh = await watched.until(lambda one: is_after(woken)(one) and one.verdict.health is Health.UP)
        assert fresh.interruption is None, "every source has answered since"


def _after_minutes(minutes: float) -> Report:
    return report(at=before(-minutes), records=Records(services=(service(),)))


async def test_who_never_answers_after_a_sleep_does_not_keep_the_word_of_it_for_ever() -> None:
    async with watching(FakeSource(SENTRY, report(SENTRY), failed_report(SENTRY, before(-8 * 60)))) as watched:
        await watched.until(has_heard(1))
        await asleep(watched)
        woken = await watched.until(lambda one: one.interruption is not None)
        for _ in range(13):
            await watched.pass_time(25, 25)
        later = await watched.until(lambda one: is_after(woken)(one) and one.interruption is None)
        assert state_of(later, SENTRY) is SourceState.FAILED


async def test_while_paused_a_sleep_is_told_and_nobody_is_asked() -> None:
    source = telling()
    async with watching(source) as watched:
        await watched.until(has_heard(1))
        watched.monitor.pause()
        await asleep(watched)
        woken = await watched.until(lambda one: one.interruption is not None)
        assert (state_of(woken, PAGERDUTY), source.polls) == (SourceState.PAUSED, 1)


async def test_a_clock_that_is_set_back_changes_no_age() -> None:
    async with watching(telling(), FakeSource(SENTRY, failed_report(SENTRY, before(10)))) as watched:
        await watched.until(has_heard(2))
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
        told = await watched.until(has_heard(2))
        fine, waiting = told.freshness
        assert (fine.skew, fine.next_poll_at, fine.asked_to_wait_until) == (720.0, NOW + INTERVAL, None)
        assert waiting.asked_to_wait_until == NOW + timedelta(seconds=300)
        watched.monitor.pause()
        stopped = await watched.until(lambda one: state_of(one, PROMETHEUS) is SourceState.PAUSED)
        assert [one.next_poll_at for one in stopped.freshness] == [None, None]
