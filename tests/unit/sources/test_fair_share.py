"""How much of a minute an act on hundreds of records may take, of our budget and of the vendor's limit."""

from datetime import datetime, timedelta

import pytest

from oncall_tui.sources.budget import Budget
from oncall_tui.sources.errors import RateLimited
from oncall_tui.sources.limit import VendorLimit
from tests.unit.builders import NOW


class Time:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.at = NOW

    def now(self) -> datetime:
        return self.at

    def forward(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


def budget(time: Time, allowed: int = 100) -> Budget:
    return Budget(allowed, time.now)


def test_a_large_act_may_spend_half_and_polls_go_on() -> None:
    time = Time()
    shared = budget(time)
    sent = 0
    while shared.wait_for_act_s() == 0:
        shared.take_for_act()
        sent += 1
    assert sent == 50
    for _ in range(40):
        shared.take()
    with pytest.raises(RateLimited):
        for _ in range(20):
            shared.take()
    assert shared.spending.sent <= 100
    assert shared.wait_for_act_s() == pytest.approx(60)
    time.forward(61)
    assert shared.wait_for_act_s() == 0


def test_polls_keep_two_fifths_whatever_acts_spend() -> None:
    shared = budget(Time())
    for _ in range(300):
        shared.take_for_act()
    for _ in range(40):
        shared.take()
    with pytest.raises(RateLimited):
        shared.take()


def test_the_vendors_limit_is_not_used_up() -> None:
    time = Time()
    limit = VendorLimit(time.now)
    assert limit.wait_s() == 0
    limit.hear({"ratelimit-limit": "960", "ratelimit-remaining": "193", "ratelimit-reset": "40"})
    assert limit.wait_s() == 0
    limit.hear({"ratelimit-limit": "960", "ratelimit-remaining": "192", "ratelimit-reset": "40"})
    assert limit.wait_s() == 40
    time.forward(40)
    assert limit.wait_s() == 0


@pytest.mark.parametrize("value", ["", "-1", "1e9", "٣", "9" * 40, "x"])
def test_headers_that_make_no_sense_are_not_believed(value: str) -> None:
    limit = VendorLimit(Time().now)
    limit.hear({"ratelimit-limit": "100", "ratelimit-remaining": "0", "ratelimit-reset": value})
    assert 0 <= limit.wait_s() <= 3_600
