"""Pages per day: what counts as one, whose it is, nights, days without one and days of which nothing is known."""

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest

from oncall_tui.domain.pages import (
    Night,
    Notification,
    PageCount,
    PageLog,
    a_day,
    in_total,
    joined,
    pages_per_day,
    parse_night,
    worst_day,
)

ZONE = timezone(timedelta(hours=1))
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=ZONE)
NIGHT = Night()


def call(incident: str, day: int, hour: int, minute: int = 0, is_me: bool = False) -> Notification:
    """A call at an hour of the local time zone."""
    return Notification(incident, datetime(2026, 11, day, hour, minute, tzinfo=ZONE).astimezone(UTC), "x", is_me)


def log(*calls: Notification, since: datetime = datetime(2026, 11, 17, tzinfo=UTC), trouble: str = "") -> PageLog:
    return PageLog(since, NOW, calls, trouble)


def test_an_incident_is_one_page_however_often_it_calls() -> None:
    days = pages_per_day(
        log(call("A", 20, 12), call("A", 20, 12, 5), call("A", 21, 1), call("B", 20, 15)), 2, NOW, NIGHT
    )
    assert [(one.day, one.count) for one in days] == [
        (date(2026, 11, 20), PageCount(2)),
        (date(2026, 11, 21), PageCount(0)),
    ]


def test_who_is_called_second_has_a_page_too() -> None:
    calls = (call("A", 20, 21, 58), call("A", 20, 22, 3, is_me=True), call("A", 20, 22, 9, is_me=True))
    (day, _) = pages_per_day(log(*calls), 2, NOW, NIGHT)
    assert day.count == PageCount(total=1, nights=0, mine=1, my_nights=1), "it began by day, and woke me"


def test_nights_are_those_of_the_local_clock() -> None:
    calls = (call("A", 20, 6, 59), call("B", 20, 7), call("C", 20, 21, 59), call("D", 20, 22))
    (day, _) = pages_per_day(log(*calls), 2, NOW, NIGHT)
    assert day.count == PageCount(4, 2)


def test_a_day_without_a_page_is_a_zero_and_one_before_the_log_is_not_known() -> None:
    days = pages_per_day(log(call("A", 18, 12)), 5, NOW, NIGHT)
    assert [one.count and one.count.total for one in days] == [None, 1, 0, 0, 0], "the 17th begins at 23:00 UTC"
    assert [one.is_whole for one in days] == [True] * 4 + [False]
    assert in_total(days) == PageCount(1)
    assert a_day(days) == pytest.approx(1 / 3), "today is not over, and of the 17th nothing is known"
    assert a_day(days[:1]) is None


def test_the_worst_day() -> None:
    days = pages_per_day(log(call("A", 18, 12), call("B", 20, 12)), 5, NOW, NIGHT)
    worst = worst_day(days)
    assert worst is not None and worst.day == date(2026, 11, 20), "the later one of two"
    assert worst_day(pages_per_day(log(), 5, NOW, NIGHT)) is None


def test_logs_of_two_pagers_go_back_as_far_as_both() -> None:
    other = log(call("B", 20, 15), since=datetime(2026, 11, 19, tzinfo=UTC), trouble="budget")
    both = joined([log(call("A", 20, 12)), other])
    assert (both.since.day, both.trouble, len(both.notifications)) == (19, "budget", 2)


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("22-07", time(23), time(7)),
        ("22:30-06:45", time(6, 44), time(22, 29)),
        ("0-6", time(0), time(6)),
        (" 22 – 07 ", time(2), time(12)),
    ],
)
def test_a_night(text: str, inside: time, outside: time) -> None:
    night = parse_night(text)
    assert inside in night
    assert outside not in night
    assert parse_night(str(night)) == night


@pytest.mark.parametrize("text", ["", "22", "25-07", "22-22", "22:60-7", "ten-six", "-7"])
def test_no_night(text: str) -> None:
    with pytest.raises(ValueError, match="not a span of hours"):
        parse_night(text)
