"""The pages of the last thirty days: over before the world begins, and of the alerts that fire in it."""

from __future__ import annotations

import pytest

from oncall_tui.simulator.past import PAGES
from oncall_tui.simulator.world import World

from .hand_clock import HandClock

MONTH_S = 30 * 86_400.0


@pytest.fixture(scope="module")
def world() -> World:
    return World(HandClock(), with_past=True, history_s=3600.0)


def test_every_page_is_over_and_has_been_heard(world: World) -> None:
    past = [one for one in world.pagerduty.incidents.values() if one.status == "resolved"]
    assert len(past) == len(PAGES)
    for one in past:
        assert one.resolved_at is not None
        assert world.started_at - MONTH_S < one.created_at < one.resolved_at < world.started_at
        called = [entry for entry in one.log if entry.kind == "notify"]
        assert called
        assert all(entry.user is not None for entry in called)


def test_some_ended_by_themselves_some_were_escalated_some_have_notes(world: World) -> None:
    kinds = [{entry.kind for entry in one.log} for one in world.pagerduty.incidents.values()]
    assert 3 < sum("acknowledge" not in one for one in kinds) < len(PAGES) - 3
    assert sum("escalate" in one for one in kinds) >= 3
    assert sum("annotate" in one for one in kinds) > 10


def test_what_fires_now_has_fired_before_under_the_same_key(world: World) -> None:
    (live,) = (one for one in world.pagerduty.incidents.values() if one.is_open)
    same = [one for one in world.pagerduty.incidents.values() if one.key == live.key and one is not live]
    assert live.service.name == "points"
    assert len(same) == 3


def test_without_it_there_is_no_past() -> None:
    bare = World(HandClock(), history_s=3600.0)
    assert all(one.is_open for one in bare.pagerduty.incidents.values())
