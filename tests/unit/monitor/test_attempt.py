"""One poll with an end: whatever a source does against its promise is a failed report."""

import asyncio
from datetime import timedelta

import pytest

from oncall_tui.domain.situation import Failure
from oncall_tui.monitor import attempt
from oncall_tui.monitor.attempt import Attempts
from oncall_tui.sources.base import Report
from tests.unit.builders import NOW, PROMETHEUS, report
from tests.unit.monitor.fakes import FakeSource, HandClock, settle

AT_ONCE = timedelta(seconds=0.01)


def attempts(source: FakeSource, deadline: timedelta = timedelta(minutes=1)) -> Attempts:
    return Attempts(source, HandClock(), deadline)


async def failure_of(one: Attempts) -> Failure:
    told = await one.report()
    assert told is not None
    assert (told.source, told.fetched_at, told.records) == (PROMETHEUS, NOW, None)
    assert told.failure is not None
    return told.failure


async def test_an_answer_is_handed_on_as_it_is() -> None:
    answer = report()
    assert await attempts(FakeSource(PROMETHEUS, answer)).report() is answer


async def test_a_source_that_raises_is_told_with_the_place_and_without_its_words() -> None:
    failure = await failure_of(attempts(FakeSource(PROMETHEUS, RuntimeError("Authorization: Token token=hunter2"))))
    assert failure.kind == "failed"
    assert "RuntimeError in fakes.py, line " in failure.message
    assert "prometheus" in failure.message
    assert "--version" in failure.hint
    assert "hunter2" not in repr(failure)


async def test_a_poll_that_never_returns_is_cut_and_the_next_one_can_begin() -> None:
    source = FakeSource(is_held=True)
    polls = attempts(source, AT_ONCE)
    failure = await failure_of(polls)
    assert (failure.kind, source.cancelled) == ("timed out", 1)
    assert failure.message.startswith("prometheus: the poll did not come to an end within ")
    source.release()
    answer = await polls.report()
    assert answer is not None
    assert answer.failure is None


class Stubborn(FakeSource):
    """Does not let itself be cancelled."""

    def __init__(self) -> None:
        super().__init__()
        self.may_end = asyncio.Event()

    async def poll(self) -> Report:
        self.polls += 1
        while not self.may_end.is_set():
            try:
                await self.may_end.wait()
            except asyncio.CancelledError:
                self.cancelled += 1
        raise RuntimeError("nobody listens any more")


async def test_a_poll_that_cannot_be_stopped_is_told_and_none_is_begun_beside_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(attempt, "GRACE_S", 0.01)
    source = Stubborn()
    polls = attempts(source, AT_ONCE)
    first, second = await failure_of(polls), await failure_of(polls)
    assert (first.kind, second.kind, source.polls) == ("timed out", "timed out", 1)
    assert "cannot be stopped" in second.message
    source.may_end.set()
    await settle()
    assert "RuntimeError" in (await failure_of(polls)).message, "the next poll has begun"
    assert source.polls == 2


async def test_a_source_that_cancels_itself_is_a_failure_and_no_end_of_polling() -> None:
    class Leaking(FakeSource):
        async def poll(self) -> Report:
            raise asyncio.CancelledError

    failure = await failure_of(attempts(Leaking()))
    assert "CancelledError" in failure.message


async def test_an_abandoned_poll_has_no_outcome() -> None:
    source = FakeSource(is_held=True)
    polls = attempts(source)
    polls.abandon()
    waiting = asyncio.create_task(polls.report())
    await settle()
    assert not waiting.done(), "there was nothing to abandon when it was asked for"
    polls.abandon()
    assert await waiting is None
    source.release()
    assert await polls.report() is not None


async def test_being_cancelled_is_no_failure() -> None:
    source = FakeSource(is_held=True)
    task = asyncio.create_task(attempts(source).report())
    await settle()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert source.cancelled == 1
