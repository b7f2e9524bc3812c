"""Whose clock is wrong."""

from dataclasses import replace

import pytest

from oncall_tui.domain.ids import SourceName
from oncall_tui.domain.situation import Freshness, SourceState
from oncall_tui.domain.skew import ClockTrouble, clock_trouble
from tests.unit.builders import freshness


def sources(*skews: float | None) -> list[Freshness]:
    """Sources ``prometheus-0``, ``prometheus-1`` … with clocks that are so many seconds ahead of ours."""
    return [replace(freshness(SourceName(f"prometheus-{number}")), skew=skew) for number, skew in enumerate(skews)]


@pytest.mark.parametrize("skews", [(), (None,), (0.0,), (60.0, -60.0), (59.0, None, -3.0)])
def test_clocks_that_are_about_right_are_no_trouble(skews: tuple[float | None, ...]) -> None:
    assert not clock_trouble(sources(*skews))


@pytest.mark.parametrize(("skews", "by"), [((720.0, 718.0), 719.0), ((-3_600.0, None, -3_598.0, -3_601.0), -3_600.0)])
def test_when_all_agree_it_is_our_clock(skews: tuple[float | None, ...], by: float) -> None:
    assert clock_trouble(sources(*skews)) == ClockTrouble(by)


def test_when_one_differs_it_is_that_one() -> None:
    assert clock_trouble(sources(1.0, 3_600.0, 0.0)).theirs == (("prometheus-1", 3_600.0),)
    assert clock_trouble(sources(1.0, 3_600.0, 0.0)).ours_is_behind_by is None


def test_both_may_be_wrong() -> None:
    told = clock_trouble(sources(720.0, 720.0, 0.0))
    assert told == ClockTrouble(720.0, ((SourceName("prometheus-2"), -720.0),))


def test_two_that_contradict_each_other_do_not_convict_us() -> None:
    assert clock_trouble(sources(0.0, 3_600.0)).theirs == (("prometheus-1", 3_600.0),)
    assert clock_trouble(sources(3_600.0, -3_600.0)).ours_is_behind_by is None


def test_one_alone_does_not_say_whose_clock_is_wrong() -> None:
    told = clock_trouble(sources(3_600.0, None))
    assert told.is_undecided
    assert told.theirs == (("prometheus-0", 3_600.0),)


def test_who_does_not_answer_has_no_say() -> None:
    silent = [replace(one, state=SourceState.FAILED) for one in sources(720.0, 720.0)]
    assert not clock_trouble([*silent, *sources(1.0)])
