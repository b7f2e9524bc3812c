"""Quiet hours by the clock on the wall, on nights when that is changed too."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oncall_tui.config.model import QuietSettings
from oncall_tui.config.quiet import DAYS, least_severity, quiet_hours
from oncall_tui.domain.severity import Severity

PARIS = "Europe/Paris"


def is_quiet(now: datetime, begins: str, ends: str, *days: str, timezone: str = PARIS) -> bool:
    (window,) = quiet_hours([settings(begins, ends, *days, timezone=timezone)])
    return window.holds(now)


def settings(
    begins: str = "00:00", ends: str = "00:00", *days: str, timezone: str = PARIS, rings: str = "P1"
) -> QuietSettings:
    return QuietSettings(from_=begins, to=ends, days=days, timezone=timezone, rings=rings)  # type: ignore[arg-type]


def utc(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hour", "minute", "quiet"),
    [(20, 59, False), (21, 0, True), (23, 30, True), (0, 0, True), (5, 59, True), (6, 0, False), (12, 0, False)],
)
def test_a_night_ends_on_the_next_day(hour: int, minute: int, quiet: bool) -> None:
    assert is_quiet(utc(21, hour, minute), "22:00", "07:00") is quiet, "Paris is an hour ahead in November"


@pytest.mark.parametrize(("hour", "quiet"), [(11, True), (12, False), (10, False)])
def test_a_lunch_ends_on_its_day(hour: int, quiet: bool) -> None:
    assert is_quiet(utc(21, hour), "12:00", "13:00") is quiet


def test_the_same_time_twice_is_a_whole_day() -> None:
    # The 21st of November 2026 is a Saturday.
    hours = [utc(20, 0) + timedelta(hours=number) for number in range(24 * 4)]
    quiet = [at for at in hours if is_quiet(at, "00:00", "00:00", "sat", "sun", timezone="UTC")]
    assert (len(quiet), quiet[0], quiet[-1]) == (48, utc(21, 0), utc(22, 23))


def test_days_are_those_that_a_window_begins_on() -> None:
    assert is_quiet(utc(21, 2), "22:00", "07:00", "fri", timezone="UTC"), "the night that began on Friday"
    assert not is_quiet(utc(21, 2), "22:00", "07:00", "sat", timezone="UTC")
    assert is_quiet(utc(21, 23), "22:00", "07:00", "sat", timezone="UTC")


def test_the_night_on_which_the_clock_is_set_back_is_an_hour_longer_and_begins_once() -> None:
    # Paris, the 25th of October 2026: 03:00 becomes 02:00 at 01:00 UTC.
    minutes = [utc(24, 18, month=10) + timedelta(minutes=number) for number in range(24 * 60)]
    night = [at for at in minutes if is_quiet(at, "22:00", "07:00")]
    assert (night[0], night[-1], len(night)) == (utc(24, 20, month=10), utc(25, 5, 59, month=10), 600)
    early = [at for at in minutes if is_quiet(at, "01:00", "02:30")]
    assert (early[0], len(early)) == (utc(24, 23, month=10), 90), "it does not begin again when 02:00 comes again"


def test_the_night_on_which_the_clock_is_set_forward_is_an_hour_shorter() -> None:
    # Paris, the 29th of March 2026: 02:00 becomes 03:00 at 01:00 UTC.
    minutes = [utc(28, 18, month=3) + timedelta(minutes=number) for number in range(24 * 60)]
    assert sum(is_quiet(at, "22:00", "07:00") for at in minutes) == 480
    skipped = [at for at in minutes if is_quiet(at, "02:15", "02:45")]
    assert (skipped[0], len(skipped)) == (utc(29, 1, 15, month=3), 30), "as the clock would have shown"


def test_without_a_zone_it_is_the_clock_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    local = utc(21, 12).astimezone()
    begins = f"{local:%H:%M}"
    assert is_quiet(utc(21, 12), begins, f"{local + timedelta(minutes=1):%H:%M}", timezone="")
    assert not is_quiet(utc(21, 12, 1), begins, f"{local + timedelta(minutes=1):%H:%M}", timezone="")


def test_outside_of_every_window_everything_is_told_and_inside_only_the_worst() -> None:
    night, weekend = settings("22:00", "07:00", timezone="UTC"), settings("00:00", "00:00", "sat", timezone="UTC")
    assert least_severity(quiet_hours([night]), utc(20, 12)) is Severity.P5
    assert least_severity(quiet_hours([night]), utc(20, 23)) is Severity.P1
    milder = settings("22:00", "07:00", timezone="UTC", rings="p3")
    assert least_severity(quiet_hours([milder]), utc(20, 23)) is Severity.P3
    assert least_severity(quiet_hours([milder, weekend]), utc(21, 1)) is Severity.P1, "the strictest"
    silent = settings("22:00", "07:00", timezone="UTC", rings="off")
    assert least_severity(quiet_hours([weekend, silent]), utc(21, 1)) is None


CLOCKS = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.integers(0, 59))
MOMENTS = st.integers(0, 365 * 24 * 60).map(lambda minutes: utc(1, 0, month=1) + timedelta(minutes=minutes))


@given(CLOCKS, CLOCKS, MOMENTS, st.sampled_from([PARIS, "UTC", "Australia/Lord_Howe", "Asia/Kathmandu"]))
def test_two_windows_that_meet_leave_no_moment_out(begins: str, ends: str, now: datetime, timezone: str) -> None:
    held = is_quiet(now, begins, ends, timezone=timezone), is_quiet(now, ends, begins, timezone=timezone)
    assert any(held)


@given(MOMENTS, st.sampled_from(DAYS))
def test_a_whole_day_is_the_day_on_the_calendar(now: datetime, day: str) -> None:
    assert is_quiet(now, "00:00", "00:00", day, timezone="UTC") is (DAYS[now.weekday()] == day)
