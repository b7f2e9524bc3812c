"""Requests per minute, and whose turn it is."""

from datetime import UTC, datetime, timedelta

import pytest

from oncall_tui.sources.base import Spending
from oncall_tui.sources.budget import Budget, Rotation
from oncall_tui.sources.errors import RateLimited


class HandClock:
    """A clock that moves when told to."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def move(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


def test_what_was_sent_counts_for_a_minute() -> None:
    clock = HandClock()
    budget = Budget(100, clock)
    budget.take()
    clock.move(59)
    budget.take()
    assert budget.spending == Spending(2, 100)
    clock.move(1)
    assert budget.spending == Spending(1, 100)
    clock.move(60)
    assert budget.spending == Spending(0, 100)


def test_optional_reads_leave_a_quarter() -> None:
    budget = Budget(100, HandClock())
    assert budget.try_take(60) == 60
    assert budget.try_take(60) == 15
    assert budget.try_take(60) == 0
    assert budget.spending.sent == 75


def test_needed_reads_leave_a_reserve_and_say_when_to_come_back() -> None:
    clock = HandClock()
    budget = Budget(10, clock)
    for _ in range(9):
        budget.take()
        clock.move(1)
    with pytest.raises(RateLimited, match="10 requests per minute") as refused:
        budget.take()
    assert refused.value.retry_after == 51
    clock.move(51)
    budget.take()


def test_an_act_never_waits_behind_polls() -> None:
    budget = Budget(2, HandClock())
    budget.take()
    for _ in range(5):
        budget.take_for_act()
    assert budget.spending == Spending(6, 2)


def test_even_the_smallest_budget_lets_one_read_through() -> None:
    budget = Budget(1, HandClock())
    assert budget.try_take(1) == 0
    budget.take()


def test_a_clock_that_is_set_back_does_not_lock_the_budget_up() -> None:
    clock = HandClock()
    budget = Budget(2, clock)
    budget.take()
    clock.move(-86_400)
    budget.take()
    assert budget.spending.sent == 1


def test_with_more_wishes_than_budget_everyone_gets_a_turn() -> None:
    rotation: Rotation[str] = Rotation()
    turns = []
    for _ in range(3):
        chosen = rotation.order("abcde")[:2]
        rotation.served(chosen)
        turns.append("".join(chosen))
    assert turns == ["ab", "cd", "ea"]
