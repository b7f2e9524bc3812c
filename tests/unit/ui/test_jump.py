"""Labels of jump mode: each is typed in one way only, and none is a key that means something else."""

from hypothesis import given
from hypothesis import strategies as st

from oncall_tui.ui.jump import ALPHABET, labels


@given(st.integers(0, 6), st.integers(0, 300), st.text(ALPHABET, max_size=5))
def test_no_label_is_the_beginning_of_another_and_none_is_taken(places: int, rows: int, taken: str) -> None:
    of_places, of_rows = labels(places, rows, taken)
    every = [*of_places, *of_rows]
    assert len(of_places) == places
    assert len(of_rows) == min(rows, (26 - len(set(taken)) - places) ** 2)
    assert not any(one != other and one.startswith(other) for one in every for other in every)
    assert len(set(every)) == len(every)
    assert not any(letter in taken for label in every for letter in label)


def test_few_rows_have_one_letter_and_many_have_two() -> None:
    assert labels(2, 3) == (("a", "s"), ("d", "f", "g"))
    assert {len(one) for one in labels(2, 24)[1]} == {1}
    assert {len(one) for one in labels(2, 25)[1]} == {2}
