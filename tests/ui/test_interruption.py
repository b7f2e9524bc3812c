"""After a sleep: what the screen says, once and for as long as it matters, and that nothing is green meanwhile."""

from dataclasses import replace
from datetime import timedelta

import pytest

from oncall_tui.domain.ids import SourceName
from oncall_tui.domain.situation import Freshness, Interruption, Situation, SourceState, Unseen
from oncall_tui.domain.verdict import verdict_of
from tests.ui.desk import SIZES, Clock, Desk, at_desk
from tests.unit.builders import ALERTMANAGER, NOW, PAGERDUTY, PROMETHEUS, SENTRY, before, freshness, service

NIGHT = Interruption(Unseen.SLEPT, timedelta(hours=7, minutes=12), NOW)
FRESH = tuple(freshness(name) for name in (PROMETHEUS, ALERTMANAGER, PAGERDUTY, SENTRY))
OLD = tuple(replace(one, is_outdated=True, fetched_at=before(432)) for one in FRESH)
SERVICES = (service("api"), service("web"))


async def wake(desk: Desk, sources: tuple[Freshness, ...] = OLD, interruption: Interruption | None = NIGHT) -> None:
    """Publish what the monitor publishes after a sleep."""
    desk.generation += 1
    verdict = verdict_of((), SERVICES, sources, NOW)
    await desk.publish(Situation(desk.generation, NOW, verdict, SERVICES, freshness=sources, interruption=interruption))


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_a_sleep_is_said_once_and_on_the_banner_until_all_have_answered(size: tuple[int, int]) -> None:
    async with at_desk(size=size, sources=FRESH, services=SERVICES) as desk:
        await wake(desk)
        assert "The laptop slept for 7 h 12 min; everything is asked again." in desk.text()
        assert desk.toasts() == ["The laptop slept for 7 h 12 min\nEverything is asked again."]
        await wake(desk, (FRESH[0], *OLD[1:]))
        assert "everything is asked again. 1 of 4 answered." in desk.text()
        assert len(desk.toasts()) == 1
        await wake(desk, FRESH, None)
        assert "of 4 answered" not in desk.text()


async def test_until_the_first_answer_everything_shown_is_dated_and_nothing_is_fine() -> None:
    async with at_desk(sources=FRESH, services=SERVICES) as desk:
        assert "as of" not in desk.text()
        await wake(desk)
        text = desk.text()
        assert "UNKNOWN" in text
        assert "SERVICES  2  as of yesterday 19:02" in text
        assert "prometheus 7h" in text
        assert "Nothing was shouting when prometheus, alertmanager, pagerduty, sentry last answered." in text


async def test_while_paused_the_sleep_is_told_and_no_answer_promised() -> None:
    async with at_desk(sources=FRESH) as desk:
        await desk.press("P")
        await wake(desk, tuple(replace(one, state=SourceState.PAUSED) for one in OLD))
        assert "polling is paused, so what is shown is from before" in desk.text()
        assert desk.toasts()[-1] == "The laptop slept for 7 h 12 min\nPolling is paused: P goes on."


async def test_the_list_of_sources_counts_down_while_it_is_read() -> None:
    clock = Clock()
    failing = replace(FRESH[3], state=SourceState.FAILED, next_poll_at=NOW + timedelta(seconds=40), failing_since=NOW)
    async with at_desk(sources=[failing], clock=clock) as desk:
        await desk.press("b")
        assert "next try in 40 s" in desk.text()
        clock.forward(timedelta(seconds=15))
        desk.app.screen._tell_anew()  # type: ignore[attr-defined]  # what its interval calls
        await desk.settle()
        assert "next try in 25 s" in desk.text()
        await desk.press("b")
        assert "next try" not in desk.text()


async def test_many_sources_are_counted_and_none_is_cut_off_unsaid() -> None:
    names = [SourceName(f"prometheus-{region}") for region in ("eu-west", "eu-north", "us-east", "us-west", "ap")]
    async with at_desk(size=(80, 24), sources=[*(freshness(one) for one in names), *FRESH]) as desk:
        assert desk.text().splitlines()[0].rstrip().endswith("9 fine 0s")
