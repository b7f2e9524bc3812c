"""An end is a span from now, a time of day or a moment; what lies behind now is none."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from oncall_tui.domain.ends import BadEnd, read_end

NOW = datetime(2026, 10, 24, 22, 14, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
"""There it is 00:14 on the 25th; at three the clocks go back an hour."""


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("2h", datetime(2026, 10, 25, 0, 14, tzinfo=UTC)),
        (" 1d12h ", datetime(2026, 10, 26, 10, 14, tzinfo=UTC)),
        ("0:15", datetime(2026, 10, 24, 22, 15, tzinfo=UTC)),
        ("06:00", datetime(2026, 10, 25, 5, 0, tzinfo=UTC)),
        ("00:14", datetime(2026, 10, 25, 23, 14, tzinfo=UTC)),
        ("2026-10-25 06:00", datetime(2026, 10, 25, 5, 0, tzinfo=UTC)),
        ("2026-10-25T06:00Z", datetime(2026, 10, 25, 6, 0, tzinfo=UTC)),
        ("2026-10-26", datetime(2026, 10, 25, 23, 0, tzinfo=UTC)),
    ],
)
def test_an_end_is_read_by_the_clock_of_its_zone(text: str, end: datetime) -> None:
    assert read_end(text, NOW, BERLIN) == end


@pytest.mark.parametrize("text", ["", "soon", "2 h", "25:00", "06:00 tomorrow", "-2h"])
def test_what_is_no_end_is_refused_with_what_would_be_one(text: str) -> None:
    with pytest.raises(BadEnd, match="Write a span"):
        read_end(text, NOW, BERLIN)


@pytest.mark.parametrize("text", ["0s", "2026-10-24 22:00", "2020-01-01"])
def test_what_is_over_is_no_end(text: str) -> None:
    with pytest.raises(BadEnd, match="over already"):
        read_end(text, NOW, BERLIN)


@pytest.mark.parametrize("text", ["9999999d", "9999-12-31T23:59-14:00"])
def test_what_no_calendar_holds_is_refused(text: str) -> None:
    with pytest.raises(BadEnd, match="later than any calendar"):
        read_end(text, NOW, BERLIN)


def test_without_a_zone_that_of_the_machine_is_meant() -> None:
    local = NOW.astimezone().replace(hour=6, minute=0)
    end = read_end("06:00", NOW, None)
    assert end > NOW
    assert end.astimezone().strftime("%H:%M") == local.strftime("%H:%M")
