"""Rows in sections: what is folded is not drawn but still there; cursor and marks know lines and rows apart."""

from hypothesis import given
from hypothesis import strategies as st

from oncall_tui.ui.widgets.live_rows import LiveRows
from oncall_tui.ui.widgets.sections import PREFIX, Folding, Section


def same(row_id: str) -> str:
    return row_id


def sections(text: str, folded: str = "") -> list[Section[str]]:
    """``"ab cd"`` is two sections of two rows; ``folded`` holds the first rows of those that are folded."""
    return [Section(PREFIX + part[0], part[0].upper(), tuple(part), part[0] in folded) for part in text.split()]


def held(text: str, folded: str = "", *, cursor: int | None = None) -> LiveRows[str]:
    rows = LiveRows[str](same)
    rows.replace_sections(sections(text, folded), same)
    if cursor is not None:
        rows.move_to(cursor)
    return rows


def test_lines_are_sections_and_the_rows_of_those_that_are_not_folded() -> None:
    rows = held("ab cd", "c")
    assert [rows.key_of(one) for one in rows.lines] == ["\x1fa", "a", "b", "\x1fc"]
    assert rows.rows == ("a", "b", "c", "d")
    assert (rows.cursor_id, rows.cursor_row, rows.cursor_key) == (None, None, "\x1fa")


def test_there_is_no_row_under_the_cursor_on_a_section() -> None:
    rows = held("ab cd", cursor=3)
    assert (rows.cursor_key, rows.cursor_id) == ("\x1fc", None)
    rows.move_to(4)
    assert (rows.cursor_key, rows.cursor_id) == ("c", "c")
    here = rows.section_here
    assert here is not None
    assert here.title == "C"


def test_a_row_that_is_folded_away_leaves_the_cursor_on_the_line_of_its_section() -> None:
    rows = held("ab cd", cursor=2)
    rows.replace_sections(sections("ab cd", "a"), same)
    assert rows.cursor_key == "\x1fa"
    assert rows.line_of("b") == 0
    assert rows.place_of("b") is None


def test_a_section_that_is_gone_leaves_the_cursor_where_its_first_row_is() -> None:
    rows = held("ab cd", cursor=3)
    rows.replace("dcba", same)
    assert rows.cursor_id == "c"


def test_marking_a_section_marks_its_rows_and_marking_again_takes_that_away() -> None:
    rows = held("ab cd", "c", cursor=3)
    rows.toggle_mark()
    assert rows.marked == {"c", "d"}
    assert rows.marked_in(sections("cd")[0]) == 2
    rows.toggle_mark()
    assert rows.marked == frozenset()


def test_a_range_takes_folded_sections_as_a_whole() -> None:
    rows = held("ab cd ef", "c", cursor=2)
    rows.toggle_mark()
    rows.move_to(5)
    rows.mark_range()
    assert rows.marked == {"b", "c", "d", "e"}
    rows.move_to(0)
    rows.mark_range()
    assert rows.marked == {"a", "b", "c", "d", "e"}


def test_a_range_begins_at_the_section_that_hides_the_last_mark() -> None:
    rows = held("ab cd", cursor=2)
    rows.toggle_mark()
    rows.replace_sections(sections("ab cd", "a"), same)
    rows.move_to(2)
    assert rows.can_mark_range
    rows.mark_range()
    assert rows.marked == {"a", "b", "c"}


def test_marks_are_inverted_among_what_is_here() -> None:
    rows = held("ab cd", cursor=1)
    rows.toggle_mark()
    rows.replace("abc", same)
    rows.invert_marks()
    assert rows.marked == {"b", "c"}
    assert not rows.can_mark_range


def test_folds_are_remembered_and_new_sections_are_as_all_were_made() -> None:
    folding = Folding()
    folding.fold("a", True)
    folding.fold("a", True)
    assert [folding.is_folded(key) for key in "ab"] == [True, False]
    folding.fold_all(True)
    folding.fold("b", False)
    assert [folding.is_folded(key) for key in "abc"] == [True, False, True]
    folding.fold_all(False)
    assert not any(folding.is_folded(key) for key in "abc")


def in_two(letters: list[str], cut: int) -> str:
    return f"{''.join(letters[:cut])} {''.join(letters[cut:])}".strip()


WORDS = st.builds(in_two, st.permutations("abcdef"), st.integers(0, 6))


@given(WORDS, WORDS, st.text("abcdef"), st.text("abcdef"), st.integers(0, 9))
def test_the_cursor_never_goes_to_another_row_while_its_own_is_there(
    old: str, new: str, folded: str, folded_then: str, place: int
) -> None:
    rows = held(old, folded, cursor=place)
    before = rows.cursor_id
    rows.replace_sections(sections(new, folded_then), same)
    if before is not None and rows.cursor_id != before:
        assert rows.cursor_section is not None
        assert before in rows.cursor_section.rows, "folded away: the cursor is on what hides it"
