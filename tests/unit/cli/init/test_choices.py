"""What answers to a list mean."""

import pytest

from oncall_tui.cli.init.choices import Unclear, picked, some_of

NAMES = ["platform", "payments", "Growth", "platform-eu", "3"]


@pytest.mark.parametrize(
    ("answer", "places"),
    [
        ("1", (0,)),
        ("1 2", (0, 1)),
        ("2, 1", (1, 0)),
        ("2,1,2", (1, 0)),
        ("platform", (0,)),
        ("growth", (2,)),
        ("gro", (2,)),
        ("ments", (1,)),
        ("pay, GROWTH", (1, 2)),
        ("3", (4,)),
        ("all", (0, 1, 2, 3, 4)),
        ("-", ()),
        ("none", ()),
        ("1,", (0,)),
    ],
)
def test_numbers_names_and_their_parts_are_understood(answer: str, places: tuple[int, ...]) -> None:
    assert picked(answer, NAMES) == places


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("9", "There is no number 9"),
        ("0", "There is no number 0"),
        ("xyz", "xyz is not in the list."),
        ("p", "p may be platform, payments, platform-eu."),
        ("1 9", "There is no number 9"),
        ("²", "² is not in the list."),
    ],
)
def test_what_is_not_clear_is_said(answer: str, words: str) -> None:
    with pytest.raises(Unclear, match=words):
        picked(answer, NAMES)


def test_long_lists_are_told_by_their_beginning() -> None:
    assert some_of(["a", "b", "c"], 2) == "a, b, c"
    assert some_of(["a", "b", "c", "d"], 2) == "a, b and 2 more"
