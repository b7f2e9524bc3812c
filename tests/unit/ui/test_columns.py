"""Columns share the width that there is, and a cell is exactly as wide as its column."""

from hypothesis import given
from hypothesis import strategies as st
from textual.content import Content

from oncall_tui.ui.widgets.columns import GAP, Column, at_cell, fit, place
from tests.nasty.corpus import EVERYTHING

TEXTS = st.one_of(
    st.text(max_size=60),
    st.text(st.sampled_from("ab 界e\u0301👩\u200d👧🇫🇷…"), max_size=40),
    st.sampled_from(sorted(EVERYTHING.values())),
)
COLUMNS = st.lists(
    st.builds(
        Column,
        st.just("title"),
        st.just(Content),
        st.integers(1, 30),
        st.integers(0, 5),
        st.sampled_from(["left", "right"]),
        st.sampled_from([0, 0, 90, 120]),
    ),
    max_size=8,
)


@given(TEXTS, st.integers(0, 60), st.sampled_from(["left", "right"]))
def test_a_cell_is_never_wider_than_its_column(text: str, width: int, align: str) -> None:
    fitted = fit(Content(text), width, align)  # type: ignore[arg-type]  # one of the two
    assert fitted.cell_length == width
    assert "\n" not in fitted.plain


def test_what_is_cut_ends_in_an_ellipsis_and_what_is_short_is_padded() -> None:
    assert fit(Content("acknowledged"), 6).plain == "ackno…"
    assert fit(Content("up"), 4).plain == "up  "
    assert fit(Content("12m"), 5, "right").plain == "  12m"
    assert fit(Content("one\ntwo"), 5).plain == "one  "


def test_wide_characters_are_cut_at_a_cell_that_they_fill() -> None:
    assert fit(Content("界界界"), 4).cell_length == 4
    assert fit(Content("界"), 1).cell_length == 1


@given(COLUMNS, st.integers(0, 300))
def test_columns_fill_the_width_and_no_more(columns: list[Column[str]], width: int) -> None:
    placed = place(columns, width)
    least = sum(one.column.width for one in placed) + GAP * max(len(placed) - 1, 0)
    total = sum(one.width for one in placed) + GAP * max(len(placed) - 1, 0)
    assert total <= max(width, least)
    assert all(one.width >= one.column.width for one in placed)
    shown = [one for one in columns if width >= one.from_width]
    needs = sum(one.width for one in shown) + GAP * max(len(shown) - 1, 0)
    if needs <= width:
        assert [one.column for one in placed] == shown
    assert [one.column for one in placed if one.column.flex] == [one for one in shown if one.flex]
    if width >= least and any(one.column.flex for one in placed):
        assert total > width - sum(one.column.flex for one in placed)


def test_what_is_left_is_shared_by_flex() -> None:
    columns: list[Column[str]] = [Column("a", Content, 10), Column("b", Content, 10, 1), Column("c", Content, 10, 3)]
    assert [one.width for one in place(columns, 34 + 40)] == [10, 20, 40]


def test_a_column_is_as_wide_as_its_content_within_its_bounds() -> None:
    columns: list[Column[str]] = [Column("a", Content, 7, most=24), Column("b", Content, 20, 1)]
    needs = {3: 7, 9: 9, 15: 15, 40: 16}
    assert {need: place(columns, 80, lambda _, need=need: need)[0].width for need in needs} == needs  # type: ignore[misc]
    assert place(columns, 200, lambda _: 40)[0].width == 24
    assert place(columns, 30, lambda _: 15)[0].width == 7, "what shares the rest keeps its least"


def test_where_not_all_find_room_the_last_are_left_out_but_never_the_title() -> None:
    columns: list[Column[str]] = [Column("a", Content, 10), Column("title", Content, 20, 1), Column("b", Content, 10)]
    assert [[one.column.title for one in place(columns, width)] for width in (44, 43, 31, 10)] == [
        ["a", "title", "b"],
        ["a", "title"],
        ["title"],
        ["title"],
    ]


def test_a_cell_leads_to_its_column() -> None:
    placed = place([Column("a", Content, 3), Column("b", Content, 4)], 9)
    assert [None if (one := at_cell(placed, cell)) is None else one.title for cell in (-1, 0, 4, 5, 10, 11)] == [
        None,
        "a",
        "a",
        "b",
        "b",
        None,
    ]
