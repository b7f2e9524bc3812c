"""Times and texts of events."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oncall_tui.journal.event import time_from_text, time_to_text
from tests.unit.journal.helpers import NIGHT


def test_a_time_is_stored_in_utc_with_microseconds() -> None:
    paris = timezone(timedelta(hours=1))
    assert time_to_text(NIGHT.astimezone(paris)) == "2026-11-03T03:14:05.678901Z"
    assert time_to_text(NIGHT.replace(microsecond=0)) == "2026-11-03T03:14:05.000000Z"


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        time_to_text(datetime(2026, 11, 3))  # noqa: DTZ001


moments = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@settings(deadline=None)
@given(moments, moments)
def test_times_come_back_and_sort_as_text_as_they_do_as_times(one: datetime, other: datetime) -> None:
    assert time_from_text(time_to_text(one)) == one
    assert (time_to_text(one) < time_to_text(other)) == (one < other)
