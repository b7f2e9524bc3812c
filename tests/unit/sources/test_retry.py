"""Reads that are tried again, and how long a poller waits after failures."""

from collections.abc import Iterable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oncall_tui.domain.situation import Failure
from oncall_tui.sources.errors import (
    Malformed,
    RateLimited,
    Refused,
    SourceError,
    TimedOut,
    Unauthorised,
    Unreachable,
)
from oncall_tui.sources.retry import BACKOFF_CAP_S, Retry, backoff_after


class Pauses:
    """Keeps what would have been slept."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.slept.append(seconds)


class Flaky:
    """Raises one error after the other, then answers."""

    def __init__(self, errors: Iterable[SourceError]) -> None:
        self._errors: Iterator[SourceError] = iter(errors)
        self.calls = 0

    async def __call__(self) -> str:
        self.calls += 1
        for error in self._errors:
            raise error
        return "data"


def _busy(status: int, retry_after: float | None = None) -> Refused:
    error = Refused("no", status=status)
    error.retry_after = retry_after
    return error


@pytest.mark.parametrize(
    ("errors", "slept"),
    [
        ([], []),
        ([Unreachable("x")], [0.375]),
        ([Unreachable("x"), _busy(502)], [0.375, 0.75]),
        ([TimedOut("x")], [0.375]),
        ([RateLimited("x", retry_after=1.5)], [1.5]),
        ([_busy(503, retry_after=2.0)], [2.0]),
    ],
)
async def test_a_passing_failure_is_tried_again_after_a_short_pause(
    errors: list[SourceError], slept: list[float]
) -> None:
    pauses, call = Pauses(), Flaky(errors)
    assert await Retry(sleep=pauses, jitter=lambda: 1.0).read(call) == "data"
    assert pauses.slept == slept


@pytest.mark.parametrize(
    ("error", "calls"),
    [
        (Unreachable("x"), 3),
        (TimedOut("x"), 2),
        (_busy(500), 3),
        (_busy(404), 1),
        (_busy(503, retry_after=30), 1),
        (RateLimited("x", retry_after=30), 1),
        (RateLimited("x"), 1),
        (Unauthorised("x"), 1),
        (Malformed("x"), 1),
    ],
)
async def test_a_failure_that_lasts_comes_out_after_few_tries(error: SourceError, calls: int) -> None:
    pauses, call = Pauses(), Flaky([error] * 9)
    with pytest.raises(SourceError) as raised:
        await Retry(sleep=pauses).read(call)
    assert raised.value is error
    assert call.calls == calls


@pytest.mark.parametrize(
    ("failures", "interval", "wait"),
    [(0, 30, 30), (1, 30, 30), (2, 30, 60), (3, 30, 120), (9, 30, 120), (99, 30, 120), (5, 600, 600), (3, 5, 20)],
)
def test_waiting_doubles_up_to_two_minutes(failures: int, interval: float, wait: float) -> None:
    assert backoff_after(failures, None, interval) == wait


def test_a_vendor_is_obeyed_up_to_an_hour() -> None:
    assert backoff_after(1, Failure("rate limited", "x", retry_after=300), 30) == 300
    assert backoff_after(1, Failure("rate limited", "x", retry_after=1e9), 30) == 3600
    assert backoff_after(3, Failure("rate limited", "x", retry_after=1), 30) == 120


@given(st.integers(0, 10_000), st.floats(1, 3600))
def test_waiting_is_never_shorter_than_the_interval_nor_beyond_the_cap(failures: int, interval: float) -> None:
    assert interval <= backoff_after(failures, None, interval) <= max(interval, BACKOFF_CAP_S)
