"""When Sentry asks to wait: what is waited for, what is told, and what is not sent meanwhile."""

from datetime import timedelta

import httpx
import respx

from oncall_tui.sources.retry import Retry
from tests.unit.sources.sentry_api import NOW, HandClock, paged, records, source_of
from tests.unit.sources.test_sentry_issues import issue


async def test_the_last_request_of_a_window_holds_the_next_one_back(sentry: respx.MockRouter) -> None:
    """T10: remaining 0 means that the next request would be refused; it is not sent."""
    reset = str(int(NOW.timestamp()) + 30)
    spent = {"X-Sentry-Rate-Limit-Remaining": "0", "X-Sentry-Rate-Limit-Reset": reset}
    sentry["issues"].respond(json=[issue()], headers=spent)
    clock = HandClock()
    async with source_of(clock) as source:
        records(await source.poll())
        clock.now += timedelta(seconds=10)
        failure = (await source.poll()).failure
        assert failure is not None
        assert (failure.kind, failure.retry_after) == ("rate limited", 20.0)
        assert sentry["issues"].call_count == 1
        clock.now += timedelta(seconds=21)
        records(await source.poll())
        assert sentry["issues"].call_count == 2


async def test_a_clock_that_is_set_back_does_not_hold_requests_until_it_has_caught_up(
    sentry: respx.MockRouter,
) -> None:
    spent = {"X-Sentry-Rate-Limit-Remaining": "0", "X-Sentry-Rate-Limit-Reset": str(int(NOW.timestamp()) + 30)}
    sentry["issues"].respond(json=[issue()], headers=spent)
    clock = HandClock()
    async with source_of(clock) as source:
        records(await source.poll())
        clock.now -= timedelta(hours=1)
        records(await source.poll())


async def test_a_short_wait_is_waited_for_within_the_poll(sentry: respx.MockRouter) -> None:
    clock = HandClock()
    pauses: list[float] = []

    async def pause(seconds: float) -> None:
        pauses.append(seconds)
        clock.now += timedelta(seconds=seconds)

    spent = {"X-Sentry-Rate-Limit-Remaining": "0", "X-Sentry-Rate-Limit-Reset": str(int(NOW.timestamp()) + 1)}
    rows = [issue(id=str(n)) for n in range(150)]

    def answer(request: httpx.Request) -> httpx.Response:
        page = paged(rows, 100)(request)
        page.headers.update(spent)
        return page

    sentry["issues"].mock(side_effect=answer)
    async with source_of(clock, retry=Retry(1, sleep=pause)) as source:
        assert len(records(await source.poll()).alerts) == 150
    assert pauses == [1.0]


async def test_a_refusal_for_rate_says_how_long(sentry: respx.MockRouter) -> None:
    sentry["issues"].respond(429, headers={"X-Sentry-Rate-Limit-Reset": str(int(NOW.timestamp()) + 45)})
    async with source_of() as source:
        failure = (await source.poll()).failure
    assert failure is not None
    assert (failure.kind, failure.retry_after) == ("rate limited", 45.0)
