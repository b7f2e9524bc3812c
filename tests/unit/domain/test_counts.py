"""How many of what, in words."""

import pytest

from oncall_tui.domain.counts import counted


@pytest.mark.parametrize(
    ("number", "words"), [(0, "0 targets"), (1, "1 target"), (12, "12 targets"), (1_200, "1,200 targets")]
)
def test_a_number_and_its_noun(number: int, words: str) -> None:
    assert counted(number, "target") == words
