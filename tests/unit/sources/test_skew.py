"""How far a vendor's clock is from ours."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from oncall_tui.sources.skew import Skew

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


def _date(seconds: float) -> str:
    return format_datetime(NOW + timedelta(seconds=seconds), usegmt=True)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"date": _date(0)}, 0),
        ({"date": _date(90)}, 90),
        ({"date": _date(-3_600)}, -3_600),
        ({"date": _date(-300), "age": "300"}, 0),
        ({"date": _date(-300), "age": "soon"}, -300),
        ({"date": "Sat, 21 Nov 2026 04:00:00 +0100"}, 0),
        ({"date": "Sat, 21 Nov 2026 03:01:00 -0000"}, 60),
        ({"date": "yesterday"}, None),
        ({"date": _date(0), "age": "9" * 30}, None),
        ({"date": ""}, None),
        ({}, None),
    ],
)
def test_the_clock_is_read_from_an_answer(headers: dict[str, str], seconds: float | None) -> None:
    skew = Skew(lambda: NOW)
    skew.hear(headers, NOW)
    assert skew.seconds == seconds


def test_an_answer_that_lay_in_a_buffer_while_the_laptop_slept_is_no_skew() -> None:
    skew = Skew(lambda: NOW)
    skew.hear({"date": _date(-7_000)}, NOW - timedelta(hours=2))
    assert skew.seconds == 0
    skew.hear({"date": _date(-7_260)}, NOW - timedelta(hours=2))
    assert skew.seconds == -60


def test_an_answer_that_does_not_tell_the_time_leaves_what_is_known() -> None:
    skew = Skew(lambda: NOW)
    skew.hear({"date": _date(90)}, NOW)
    skew.hear({}, NOW)
    assert skew.seconds == 90


@pytest.mark.parametrize(
    ("seconds", "words"), [(61, "1 min ahead"), (-61, "behind"), (150, "2 min ahead"), (-90_000, "25 h behind")]
)
def test_more_than_a_minute_is_said(seconds: float, words: str) -> None:
    skew = Skew(lambda: NOW)
    skew.hear({"date": _date(seconds)}, NOW)
    (said,) = skew.warnings("prom:9090")
    assert "prom:9090" in said and "NTP" in said
    assert words in said


@pytest.mark.parametrize("seconds", [0, 60, -60])
def test_up_to_a_minute_is_not_said(seconds: float) -> None:
    skew = Skew(lambda: NOW)
    assert skew.warnings("prom") == ()
    skew.hear({"date": _date(seconds)}, NOW)
    assert skew.warnings("prom") == ()
