"""The measurements measure what they say."""

import pytest

from bench.alerts import changed, first_alerts
from bench.figures import Comparison, markdown, of_medians, percentile
from bench.first_paint import is_painted
from oncall_tui.domain.alert import Status

ALTERNATE = b"\x1b[?1049h"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (b"x" * 50, False),
        (ALTERNATE + b"x" * 19, False),
        (ALTERNATE + b"x" * 20, True),
        (b"x" * 50 + ALTERNATE + b" " * 50, False),
        (ALTERNATE + b"\x1b[38;2;10;20;30m\x1b[1;1H" * 20, False),
        (ALTERNATE + b"\x1b]0;a long title of the window\x07\x1bP+q6b6579206e616d6573\x1b\\\x1b(B", False),
        (ALTERNATE + "\x1b[1m⭘ héader\x1b[0m".encode() * 3, True),
    ],
)
def test_a_screen_counts_as_painted_with_its_twentieth_character(said: bytes, expected: bool) -> None:
    assert is_painted(said) is expected


def test_a_percentile_is_one_of_the_values() -> None:
    values = [float(one) for one in range(1, 101)]
    assert percentile(values, 0.95) == 95
    assert percentile([3.0], 0.95) == 3
    assert percentile(values, 1.0) == 100


def test_a_comparison_tells_medians_and_their_ratio() -> None:
    compared = of_medians("paint", "bare", [0.3, 0.1, 0.2], [0.1, 0.1, 0.4], target="<= 1.25x")
    assert compared == Comparison("paint", "bare", 200.0, 100.0, 3, "<= 1.25x")
    assert markdown([compared]).splitlines()[2] == "| paint | bare | 200.0 ms | 100.0 ms | 2.00x | <= 1.25x | 3 |"


def test_a_refresh_changes_a_twentieth_and_keeps_the_rest() -> None:
    before = first_alerts(200)
    after, places = changed(before, seed=1)
    assert len(places) == 10
    assert [place for place in range(200) if after[place] is not before[place]] == places
    assert {after[place].status for place in places} == {Status.ACKNOWLEDGED}
    assert [one.id for one in after] == [one.id for one in before]
