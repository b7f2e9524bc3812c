"""What a verification waits for, in the words of the values beside it."""

import pytest

from oncall_tui.ui.present.runbook import signs


@pytest.mark.parametrize(
    ("expect", "unit", "told"),
    [
        ("p95.value < 0.5", "s", "p95 < 500 ms"),
        ("cpu.value<=70", "%", "cpu <= 70 %"),
        ("lag.value > -1.5", "s", "lag > -1.5 s"),
        ("p95.value < 0.5", "", "p95.value < 0.5"),
        ("p95.value < 0.5 and cpu.value < 70", "s", "p95.value < 0.5 and cpu.value < 70"),
        ("status == 200\x1b[31m", "s", "status == 200\ufffd[31m"),
    ],
)
def test_what_is_wanted_has_the_unit_of_its_check(expect: str, unit: str, told: str) -> None:
    assert signs.wanted(expect, unit) == told
