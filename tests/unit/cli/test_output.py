"""Tables that fit, and colour that knows where it is not welcome."""

import os
import re
import sys

import pytest

from oncall_tui.cli.output import cells_of, fitted, is_colourful, print_json, table, terminal_width

ROWS = [("P1", "Checkout is slow for everyone", "pagerduty/Q1"), ("P3", "磁盘已满 on db-1", "prometheus/beef")]
HEADERS = ("SEV", "ALERT", "ID")


def test_without_a_width_nothing_is_cut() -> None:
    assert table(HEADERS, ROWS, gives_way={1: 8}, width=None) == [
        "SEV  ALERT                          ID",
        "P1   Checkout is slow for everyone  pagerduty/Q1",
        "P3   磁盘已满 on db-1               prometheus/beef",
    ]


@pytest.mark.parametrize("width", [5, 20, 30, 40, 48, 60, 80])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    assert all(cells_of(line) <= width for line in table(HEADERS, ROWS, gives_way={1: 8, 2: 8}, width=width))


def test_the_first_column_that_gives_way_is_cut_first() -> None:
    found = table(HEADERS, ROWS, gives_way={1: 8}, width=40)
    assert found[1] == "P1   Checkout is slow …  pagerduty/Q1"
    assert found[2] == "P3   磁盘已满 on db-1    prometheus/beef"


def test_foreign_text_stays_in_its_cell() -> None:
    found = table(("A", "B"), [("one\ntwo\x1b[2J", "x")], gives_way={}, width=None)
    assert found[1] == "one two\ufffd[2J  x"


def test_only_the_first_cell_is_coloured_and_the_columns_stay() -> None:
    plain = table(HEADERS, ROWS, gives_way={1: 8}, width=40)
    coloured = table(HEADERS, ROWS, gives_way={1: 8}, width=40, colours=["red", None])
    assert coloured[1].startswith("\x1b[31m\x1b[1mP1 \x1b[0m  Checkout")
    assert [re.sub(r"\x1b\[\d+m", "", line) for line in coloured] == plain


@pytest.mark.parametrize(
    ("text", "size", "shown"),
    [("abc", 5, "abc  "), ("abcdef", 5, "abcd…"), ("磁盘已满", 5, "磁盘…"), ("磁盘已满", 4, "磁… "), ("", 2, "  ")],
)
def test_a_text_takes_exactly_its_cells(text: str, size: int, shown: str) -> None:
    assert fitted(text, size) == shown
    assert cells_of(fitted(text, size)) == size


def test_marks_that_combine_take_no_cell() -> None:
    assert cells_of("e\u0301a") == 2


def test_the_width_is_that_of_the_terminal_and_none_in_a_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: False)
    assert terminal_width() is None
    monkeypatch.setenv("COLUMNS", "66")
    assert terminal_width() == 66


def test_colour_is_for_terminals_that_want_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert is_colourful()
    monkeypatch.setenv("NO_COLOR", "1")
    assert not is_colourful()
    monkeypatch.setenv("NO_COLOR", "")
    monkeypatch.setenv("TERM", "dumb")
    assert not is_colourful()
    monkeypatch.delitem(os.environ, "TERM")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: False)
    assert not is_colourful()


def test_json_never_holds_what_json_does_not_know() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        print_json({"value": float("nan")})
