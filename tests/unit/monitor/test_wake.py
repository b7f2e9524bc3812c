"""Two clocks: what they say together about the time that nobody has seen."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oncall_tui.domain.situation import Unseen
from oncall_tui.monitor.wake import SHORTEST_S, Clocks, Jump
from tests.unit.builders import NOW
from tests.unit.monitor.fakes import HandClock


def seen(wall: float, awake: float, at_most: float = 2.0) -> Jump | None:
    """What is noticed when both clocks went on by so many seconds."""
    clock, monotonic = HandClock(), [100.0]
    clocks = Clocks(clock, lambda: monotonic[0])
    before = clocks.now()
    clock.now = NOW + timedelta(seconds=wall)
    monotonic[0] += awake
    return clocks.jump_since(before, at_most)


@pytest.mark.parametrize(
    ("wall", "awake", "cause", "lasted"),
    [
        (25_922, 2, Unseen.SLEPT, 25_920),
        (602, 602, Unseen.STOPPED, 600),
        (3_700, 100, Unseen.SLEPT, 3_600),
        (-3_598, 2, None, 3_600),
    ],
    ids=["slept", "stopped", "slept and late", "set back"],
)
def test_sleep_stop_and_a_clock_set_back_are_told_apart(
    wall: float, awake: float, cause: Unseen | None, lasted: float
) -> None:
    assert seen(wall, awake) == Jump(timedelta(seconds=lasted), cause)


@given(st.floats(0, SHORTEST_S - 0.1), st.floats(-SHORTEST_S + 0.1, SHORTEST_S - 0.1))
def test_a_busy_machine_and_a_step_of_ntp_are_nothing(late: float, step: float) -> None:
    assert seen(2 + late + step, 2 + late) is None


def test_under_a_clock_that_is_moved_by_hand_nothing_is_noticed() -> None:
    clock = HandClock()
    clocks = Clocks(clock, None)
    before = clocks.now()
    clock.now += timedelta(days=1)
    assert clocks.jump_since(before, 2.0) is None
