"""Spans of time as text."""

from datetime import timedelta

import pytest

from oncall_tui.domain.durations import DurationError, parse_duration


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("0s", 0), ("30s", 30), ("5m", 300), ("1h", 3_600), ("2d", 172_800), ("1h30m", 5_400), ("1d2h3m4s", 93_784)],
)
def test_a_span_is_the_sum_of_its_units(text: str, seconds: int) -> None:
    assert parse_duration(text) == timedelta(seconds=seconds)


def test_blanks_around_a_span_do_not_matter() -> None:
    assert parse_duration(" 5m ") == timedelta(minutes=5)


@pytest.mark.parametrize(
    "text",
    ["", " ", "5", "m", "5 m", "5min", "1.5h", "-5m", "30m1h", "5m5m", "1w", "5M", "٥m", "5m\n5s", "9" * 30 + "d"],
)
def test_anything_else_is_refused_in_words(text: str) -> None:
    with pytest.raises(DurationError, match="span of time"):
        parse_duration(text)
