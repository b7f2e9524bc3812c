"""Ages and moments in words."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oncall_tui.domain.clocks import age, age_in_words, clock, span_in_words

NOW = datetime(2026, 11, 21, 2, 14, tzinfo=UTC)  # a Saturday
FIRST_AND_LAST = (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))


@pytest.mark.parametrize(
    ("seconds", "short", "words"),
    [
        (-5, "0s", "0 s"),
        (0, "0s", "0 s"),
        (59.9, "59s", "59 s"),
        (60, "1m", "1 min"),
        (3_599, "59m", "59 min"),
        (3_600, "1h", "60 min"),
        (7_199, "1h", "119 min"),
        (7_200, "2h", "2 h"),
        (172_799, "47h", "47 h"),
        (172_800, "2d", "2 days"),
        (864_000, "10d", "10 days"),
    ],
)
def test_ages(seconds: float, short: str, words: str) -> None:
    assert age(timedelta(seconds=seconds)) == short
    assert age_in_words(timedelta(seconds=seconds)) == words


@given(st.timedeltas(timedelta(days=-9), timedelta(days=900)))
def test_an_age_fits_a_narrow_column(span: timedelta) -> None:
    assert len(age(span)) <= 4


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2026, 11, 21, 2, 2, tzinfo=UTC), "02:02"),
        (datetime(2026, 11, 20, 18, 20, tzinfo=UTC), "yesterday 18:20"),
        (datetime(2026, 11, 16, 14, 2, tzinfo=UTC), "Mon 14:02"),
        (datetime(2026, 11, 15, 14, 2, tzinfo=UTC), "Sun 14:02"),
        (datetime(2026, 11, 14, 14, 2, tzinfo=UTC), "14 Nov"),
        (datetime(2025, 11, 3, 14, 2, tzinfo=UTC), "2025-11-03"),
        (datetime(2026, 11, 23, 9, 0, tzinfo=UTC), "Mon 09:00"),
        (datetime(2026, 11, 28, 9, 0, tzinfo=UTC), "28 Nov"),
    ],
)
def test_a_moment_as_a_clock_shows_it(moment: datetime, text: str) -> None:
    assert clock(moment, NOW) == text


def test_the_day_changes_where_the_engineer_is() -> None:
    moment = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
    assert clock(moment, NOW) == "yesterday 23:30"
    assert clock(moment, NOW.astimezone(ZoneInfo("Europe/Paris"))) == "00:30"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-5, "0 s"),
        (40, "40 s"),
        (3_599, "59 min"),
        (3_600, "1 h"),
        (25_920, "7 h 12 min"),
        (86_400, "1 day"),
        (266_399, "3 days 1 h"),
    ],
)
def test_a_span_that_is_told_once_has_two_units(seconds: float, words: str) -> None:
    assert span_in_words(timedelta(seconds=seconds)) == words


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Tokyo", "UTC"])
@pytest.mark.parametrize("moment", FIRST_AND_LAST)
def test_the_first_and_the_last_moment_have_words_in_every_zone(zone: str, moment: datetime) -> None:
    now = NOW.astimezone(ZoneInfo(zone))
    assert clock(moment, now).startswith(("0001-", "1-", "9999-"))
    assert age(now - moment)
