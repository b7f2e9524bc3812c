"""A bulk act tells of each incident as its slice is answered, and stops where it is told to."""

import pytest

from oncall_tui.domain.action import Acknowledge, Action, Escalate, Merge, Reassign, Resolve, SetPriority
from oncall_tui.sources.actors import ActOutcome, ActResult, Course
from tests.unit.sources.pagerduty_desk import ANA, Desk, held, resolved
from tests.unit.sources.pagerduty_server import serving, source_of

IDS = [f"P{n:03}" for n in range(320)]
OVER, STUBBORN = "P007", "P300"
BULK = [Acknowledge(), Resolve(), SetPriority("P1"), Escalate(2), Reassign(("PBOB",)), Merge("PINTO")]


def desk() -> Desk:
    found = Desk()
    found.add(*(resolved(one) if one == OVER else held(one, ANA) for one in IDS), held("PINTO", ANA))
    return found


@pytest.mark.parametrize("action", BULK, ids=str)
async def test_each_is_told_of_as_its_slice_is_answered(action: Action) -> None:
    told: list[tuple[ActResult, int]] = []

    async with serving(desk()) as server, source_of(server) as source:

        def hear(result: ActResult) -> None:
            told.append((result, sum(one.method == "PUT" for one in server.requests)))

        results = await source.act(action, IDS, None, Course(hear))
    assert {one.id: one for one, _ in told} == results
    assert len(told) == len(results), "each is told of once"
    at = {one.id: number for one, number in told}
    assert (at[OVER], at["P000"], at["P319"]) == (0, 1, 2), "what needs no request at once, the others slice by slice"
    assert sum(one.outcome is ActOutcome.CONFIRMED for one in results.values()) == 319


@pytest.mark.parametrize("action", BULK, ids=str)
async def test_a_stop_between_two_slices_leaves_the_second(action: Action) -> None:
    course = Course(lambda one: course.stop() if one.outcome is ActOutcome.CONFIRMED else None)
    async with serving(desk()) as server, source_of(server) as source:
        results = await source.act(action, IDS, None, course)
    stopped = [one for one, result in results.items() if result.reason.startswith("Not sent: it was stopped")]
    assert set(IDS[260:]) <= set(stopped)
    assert results["P000"].outcome is ActOutcome.CONFIRMED
