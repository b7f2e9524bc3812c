"""Bytes to lines and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oncall_tui.runbook.reading.text import bytes_of, text_of, unix


@given(st.binary(max_size=200))
def test_every_byte_comes_back(data: bytes) -> None:
    text = text_of(data)
    assert bytes_of(text.whole) == data
    assert "".join(text.lines) == text.whole.removeprefix("\ufeff")


@pytest.mark.parametrize(
    ("data", "lines"),
    [
        (b"a\r\nb\rc\nd", ("a\r\n", "b\r", "c\n", "d")),
        (b"\xef\xbb\xbfa\n\n", ("a\n", "\n")),
        ("a\u2028b\x0bc\n".encode(), ("a\u2028b\x0bc\n",)),
        (b"", ()),
    ],
)
def test_lines_end_where_commonmark_says(data: bytes, lines: tuple[str, ...]) -> None:
    assert text_of(data).lines == lines


def test_what_runs_has_line_feeds_only() -> None:
    assert unix("a\r\nb\rc\n") == "a\nb\nc\n"
