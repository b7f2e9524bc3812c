"""Who is on call for each policy and level, until when, and who comes then."""

from datetime import datetime, timedelta

from oncall_tui.domain.rota import continuous, my_shifts, rota, unattended
from oncall_tui.domain.situation import OnCall, Policy
from tests.unit.builders import NOW

HOUR = timedelta(hours=1)


def at(hours: float | None) -> datetime | None:
    return None if hours is None else NOW + hours * HOUR


def shift(
    user: str, since: float | None, until: float | None, level: int = 1, policy: str = "Pay", is_me: bool = False
) -> OnCall:
    return OnCall(user, policy, level, at(until), since=at(since), policy_id=f"id-{policy}", is_me=is_me)


PAY = Policy("id-Pay", "Pay", 2)


def test_now_and_next_of_each_level() -> None:
    shifts = [shift("Ana", -5, 3), shift("Ben", 3, 8), shift("Cy", 8, 9), shift("Boss", None, None, level=2)]
    (pay,) = rota(shifts, [PAY], NOW)
    first, second = pay.levels
    assert [one.user for one in first.now] == ["Ana"]
    assert [one.user for one in first.next] == ["Ben"], "the next change, not the one after it"
    assert first.gap_from is None
    assert [one.user for one in second.now] == ["Boss"]
    assert (second.next, second.gap_from) == ((), None), "for ever"
    assert pay.empty_levels == ()


def test_shifts_that_follow_each_other_are_one() -> None:
    shifts = [shift("Ana", -5, 3), shift("Ana", 3, 12), shift("Ben", 12, 24)]
    level = rota(shifts, [PAY], NOW)[0].levels[0]
    assert [one.until for one in level.now] == [at(12)]
    assert [one.user for one in level.next] == ["Ben"]
    assert len(continuous([*shifts, shift("Ana", 13, 14)])) == 3
    assert len(continuous([shift("Ana", -5, 3), shift("Ana", 3, 5, level=2)])) == 2


def test_a_time_without_anybody_is_told_before_it_begins() -> None:
    level = rota([shift("Ana", -5, 3), shift("Ana", 15, 26)], [PAY], NOW)[0].levels[0]
    assert level.gap_from == at(3)
    assert [one.since for one in level.next] == [at(15)]
    alone = rota([shift("Ana", -5, 3)], [PAY], NOW)[0].levels[0]
    assert (alone.gap_from, alone.next) == (at(3), ())


def test_a_policy_that_pages_nobody() -> None:
    idle = Policy("id-Idle", "Idle", 1, is_used=False)
    found = rota([shift("Ana", 2, 3)], [PAY, idle], NOW)
    assert [(one.name, one.is_nobody) for one in found] == [("Pay", True), ("Idle", True)]
    assert [one.name for one in unattended(found)] == ["Pay"], "no service pages by the other"
    half = rota([shift("Ana", -2, 3, level=2)], [PAY], NOW)
    assert half[0].empty_levels == (1,)
    assert unattended(half) == ()


def test_two_policies_of_one_name_are_two() -> None:
    twins = [Policy("A", "Default", 1), Policy("B", "Default", 1)]
    found = rota([OnCall("Ana", "Default", 1, policy_id="A")], twins, NOW)
    assert [one.is_nobody for one in found] == [False, True]


def test_a_policy_that_only_shifts_tell_of() -> None:
    (pay,) = rota([OnCall("Ana", "Pay", 2)], [], NOW)
    assert [(one.number, len(one.now)) for one in pay.levels] == [(1, 0), (2, 1)]


def test_an_end_is_no_more_on_call() -> None:
    assert not shift("Ana", -1, 0).is_current(NOW)
    assert shift("Ana", 0, 1).is_current(NOW)


def test_my_shifts() -> None:
    shifts = [shift("Me", -1, 2, level=2, is_me=True), shift("Me", -1, 2, is_me=True), shift("Ben", 2, 3)]
    later = shift("Me", 700, 800, is_me=True)
    current, then = my_shifts(shifts, NOW, later)
    assert [one.level for one in current] == [1, 2]
    assert then == later
    soon = shift("Me", 5, 6, is_me=True)
    assert my_shifts([*shifts, soon], NOW, later)[1] == soon
    assert my_shifts([], NOW, shift("Me", -3, -2, is_me=True)) == ((), None)
