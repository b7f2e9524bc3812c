"""The monitor: every source polled, every change published once, whatever one of them does."""

import asyncio
import threading
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from oncall_tui.domain.alert import Alert
from oncall_tui.domain.ids import SourceName
from oncall_tui.domain.service import Health
from oncall_tui.domain.situation import Situation, SourceState
from oncall_tui.monitor.board import Merging
from oncall_tui.sources.base import Records, Report, Spending
from tests.unit.builders import ALERTMANAGER, PAGERDUTY, PROMETHEUS, SENTRY, failed_report, report, service
from tests.unit.monitor.fakes import FakeSource, settle
from tests.unit.monitor.watched import PATIENCE_S, Watched, has_heard, is_after, state_of, telling, watching


async def test_before_anybody_answered_the_situation_says_so() -> None:
    first = Watched(FakeSource()).monitor.situation
    assert (first.generation, first.verdict.health) == (0, Health.UNKNOWN)
    assert [(one.source, one.state, one.budget_per_minute) for one in first.freshness] == [
        (PROMETHEUS, SourceState.WAITING, 60)
    ]


async def test_generations_rise_and_the_last_picture_is_kept() -> None:
    async with watching(FakeSource(), telling()) as watched:
        await watched.until(has_heard(2))
        for _ in range(3):
            last = watched.monitor.situation
            watched.monitor.recompose()
            await watched.until(is_after(last))
    generations = [one.generation for one in watched.seen]
    assert generations == sorted(set(generations))
    assert watched.monitor.situation is watched.seen[-1]


async def test_an_alert_of_which_nothing_has_changed_is_the_same_one_in_the_next_picture() -> None:
    async with watching(FakeSource(), telling()) as watched:
        first = await watched.until(has_heard(2))
        watched.monitor.recompose()
        second = await watched.until(is_after(first))
    assert second is not first
    assert [id(one) for one in second.alerts] == [id(one) for one in first.alerts]
    assert second.alerts


async def test_a_source_that_hangs_holds_up_no_other() -> None:
    slow = FakeSource(SENTRY, is_held=True)
    async with watching(slow, telling()) as watched:
        first = await watched.until(has_heard(1))
        assert len(first.alerts) == 1
        assert state_of(first, SENTRY) is SourceState.WAITING
        slow.release()
        await watched.until(has_heard(2))


async def test_who_can_answer_soonest_is_asked_first_and_the_screen_keeps_the_order_of_the_configuration() -> None:
    asked: list[SourceName] = []

    class Asked(FakeSource):
        async def poll(self) -> Report:
            asked.append(self.name)
            return await super().poll()

    names = [PROMETHEUS, PAGERDUTY, SENTRY, ALERTMANAGER]
    async with watching(*(Asked(one) for one in names)) as watched:
        last = await watched.until(has_heard(4))
    assert asked == [ALERTMANAGER, SENTRY, PAGERDUTY, PROMETHEUS]
    assert [one.source for one in last.freshness] == names


async def test_a_source_that_breaks_its_promise_stops_nobody() -> None:
    async with watching(FakeSource(SENTRY, RuntimeError("a bug")), telling()) as watched:
        both = await watched.until(has_heard(2))
        assert state_of(both, SENTRY) is SourceState.FAILED
        assert len(both.alerts) == 1


async def test_what_arrives_while_a_picture_is_made_is_one_further_picture() -> None:
    is_composing, may_go_on = threading.Event(), threading.Event()

    def slow(alerts: Sequence[Alert], _now: datetime) -> Sequence[Alert]:
        is_composing.set()
        assert may_go_on.wait(PATIENCE_S)
        return alerts

    source = telling()
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

    async with watching(telling(), merging=Merging(overlay=overlay)) as watched:
        await watched.until(has_heard(1))
    assert threads
    assert threading.get_ident() not in threads


def _complaints() -> list[dict[str, Any]]:
    """What reaches the exception handler of the running loop from now on."""
    heard: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: heard.append(context))
    return heard


async def test_a_subscriber_that_raises_is_told_of_and_harms_nobody() -> None:
    heard, error = _complaints(), ValueError("cannot draw")

    def broken(_: Situation) -> None:
        raise error

    async with watching(telling(), first=broken) as watched:
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

    async with watching(telling(), merging=Merging(overlay=overlay)) as watched:
        good = await watched.until(has_heard(1))
        is_broken.set()
        watched.monitor.recompose()
        bad = await watched.until(is_after(good))
        assert bad.verdict.health is Health.UNKNOWN
        assert "TypeError" in bad.verdict.reason
        assert bad.alerts == good.alerts
        is_broken.clear()
        watched.monitor.recompose()
        mended = await watched.until(is_after(bad))
        assert mended.verdict == good.verdict
    assert [type(one["exception"]) for one in heard] == [TypeError]


async def test_a_pause_says_so_for_what_does_not_fail_and_goes_on_with_a_poll() -> None:
    failing, fine = FakeSource(SENTRY, failed_report(SENTRY)), telling()
    async with watching(failing, fine) as watched:
        await watched.until(has_heard(2))
        watched.monitor.pause()
        paused = await watched.until(lambda one: state_of(one, PAGERDUTY) is SourceState.PAUSED)
        assert state_of(paused, SENTRY) is SourceState.FAILED
        assert len(paused.alerts) == 1
        polls = fine.polls
        was_paused = watched.monitor.is_paused
        watched.monitor.resume()
        assert (was_paused, watched.monitor.is_paused) == (True, False)
        resumed = await watched.until(
            lambda one: one.generation > paused.generation and state_of(one, PAGERDUTY) is SourceState.OK
        )
        await settle()
        assert fine.polls > polls
        assert state_of(resumed, PAGERDUTY) is SourceState.OK


async def test_while_nobody_reports_the_verdict_still_turns_unknown_with_age() -> None:
    fine = FakeSource(PROMETHEUS, report(records=Records(services=(service(),))))
    async with watching(fine) as watched:
        await watched.until(lambda one: one.verdict.health is Health.UP)
        watched.monitor.pause()
        await watched.until(lambda one: state_of(one, PROMETHEUS) is SourceState.PAUSED)
        await settle()
        assert watched.waited[-1] == pytest.approx(3 * 30 + 1)
        for _ in range(4):
            await watched.pass_time(25, 25)
        aged = await watched.until(lambda one: one.verdict.health is Health.UNKNOWN)
        assert aged.verdict.reason == "polling is paused."
        await settle()
        assert watched.waited[-1] > 3_000, "what is stale already is not waited for again"


async def test_one_source_can_be_asked_alone() -> None:
    one, other = FakeSource(SENTRY), telling()
    async with watching(one, other) as watched:
        await watched.until(has_heard(2))
        assert watched.monitor.refresh(SENTRY)
        assert not watched.monitor.refresh(SourceName("nobody"))
        await settle()
    assert (one.polls, other.polls) == (2, 1)


async def test_a_refresh_says_whether_anybody_was_asked() -> None:
    limited = FakeSource(SENTRY, failed_report(SENTRY, kind="rate limited", retry_after=300.0))
    async with watching(limited, telling()) as watched:
        await watched.until(has_heard(2))
        assert not watched.monitor.refresh(SENTRY)
        assert watched.monitor.refresh()
        watched.monitor.pause()
        assert not watched.monitor.refresh()


async def test_cancelling_ends_at_once_though_every_poll_hangs() -> None:
    hanging = [FakeSource(SENTRY, is_held=True), telling(is_held=True)]
    async with watching(*hanging):
        await settle()
        assert [one.running for one in hanging] == [1, 1]
    assert [one.cancelled for one in hanging] == [1, 1]


async def test_a_look_asks_every_source_once_and_at_the_same_time() -> None:
    sources = [FakeSource(SENTRY, is_held=True), telling(3, is_held=True)]
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
    looking = asyncio.create_task(Watched(failing, telling()).monitor.look())
    await settle()
    assert not looking.done()
    failing.release()
    found = await looking
    assert len(found.alerts) == 1
    assert state_of(found, SENTRY) is SourceState.FAILED
    assert "sentry does not answer" in found.verdict.reason


async def test_a_source_that_reports_under_another_name_changes_nothing() -> None:
    async with watching(FakeSource(SENTRY, report(PROMETHEUS)), telling()) as watched:
        told = await watched.until(has_heard(1))
        assert [one.source for one in told.freshness if one.state is SourceState.WAITING] == [SENTRY]


# Under fault


async def test_a_source_that_never_returns_fails_at_its_deadline() -> None:
    watched = Watched(FakeSource(SENTRY, is_held=True), telling(), deadline=timedelta(seconds=0.01))
    found = await watched.monitor.look()
    assert state_of(found, SENTRY) is SourceState.FAILED
    assert len(found.alerts) == 1


async def test_a_report_that_cannot_be_read_is_a_failure_of_its_source_alone() -> None:
    class Broken(FakeSource):
        @property
        def spending(self) -> Spending:  # type: ignore[override]  # raises where others have a value
            if self.polls:
                raise TypeError("a bug")
            return Spending(0, 60)

    heard = _complaints()
    async with watching(Broken(SENTRY), telling()) as watched:
        both = await watched.until(has_heard(2))
        assert state_of(both, SENTRY) is SourceState.FAILED
        assert len(both.alerts) == 1
    assert [str(one["exception"]) for one in heard] == ["a bug"]
