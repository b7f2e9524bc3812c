"""Rows by id: the cursor and the marks stay on theirs whatever comes, goes or takes another name."""

from hypothesis import given
from hypothesis import strategies as st

from oncall_tui.ui.widgets.live_rows import LiveRows


def same(row_id: str) -> str:
    return row_id


def rows(text: str, *, cursor: int | None = None) -> LiveRows[str]:
    """A row for each letter, which is its id; the cursor moved there by somebody when it is given."""
    held = LiveRows[str](same)
    held.replace(text, same)
    if cursor is not None:
        held.move_to(cursor)
    return held


def test_without_rows_there_is_no_cursor_and_nothing_moves() -> None:
    held = rows("")
    assert (held.cursor, held.cursor_id, held.cursor_row) == (0, None, None)
    assert not held.move_to(3)
    held.toggle_mark()
    assert held.marked_rows == ()


def test_the_cursor_stays_at_the_top_until_somebody_moves_it() -> None:
    held = rows("bc")
    held.replace("abc", same)
    assert held.cursor_id == "a"
    assert not held.move_to(0)
    held.replace("xabc", same)
    assert held.cursor_id == "a"


def test_a_row_that_goes_leaves_its_place_to_the_next() -> None:
    held = rows("abc", cursor=1)
    held.replace("ac", same)
    assert (held.cursor, held.cursor_id) == (1, "c")
    held.replace("a", same)
    assert (held.cursor, held.cursor_id) == (0, "a")


def test_a_row_that_takes_another_name_keeps_cursor_and_mark() -> None:
    held = rows("abc", cursor=1)
    held.toggle_mark()
    held.replace("cBa", {"a": "a", "b": "B", "c": "c"}.get)
    assert (held.cursor, held.cursor_id, held.marked_rows) == (1, "B", ("B",))


def test_marks_of_what_is_gone_are_gone_for_good() -> None:
    held = rows("abc")
    held.toggle_all_marks()
    held.replace("ac", {"a": "a", "c": "c"}.get)
    held.replace("abc", same)
    assert held.marked == {"a", "c"}


def test_all_are_marked_then_none_and_some_can_be_taken_away() -> None:
    held = rows("abc")
    held.toggle_all_marks()
    held.clear_marks(["b"])
    assert held.marked_rows == ("a", "c")
    held.toggle_all_marks()
    held.toggle_all_marks()
    assert held.marked == frozenset()
    held.toggle_all_marks()
    held.clear_marks()
    assert held.marked == frozenset()


TEXTS = st.lists(st.sampled_from("abcdef"), unique=True).map("".join)


@given(TEXTS, TEXTS, st.integers(-3, 9))
def test_the_cursor_is_always_on_a_row_and_on_the_same_one_while_it_is_there(old: str, new: str, place: int) -> None:
    held = rows(old, cursor=place)
    before = held.cursor_id
    held.replace(new, same)
    assert held.cursor_id == (new[held.cursor] if new else None)
    if before is not None and before in new:
        assert held.cursor_id == before
