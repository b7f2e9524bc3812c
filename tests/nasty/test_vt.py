"""The reader of terminals is itself to be trusted: what is hostile it finds, what is ours it lets through."""

import pytest

from tests.nasty.corpus import SEQUENCES, UNICODE
from tests.nasty.vt import read, unplain

OURS = {
    "colours": b"\x1b[1;38;2;1;2;5mred\x1b[38;5;5;4m\x1b[0m",
    "the other screen": b"\x1b[?1049h\x1b[?25l\x1b[?1003h\x1b[?2026$p\x1b[>1u\x1b[<u\x1b[3;4Hx\r\n\x1b[?1049l",
    "a link": b"\x1b]8;id=1-2;https://pd.example/a;b\x1b\\text\x1b]8;;\x1b\\",
    "the pointer": b"\x1b]22;default\x07",
    "a family": "👩‍👩‍👧‍👦 ❤️ می‌خواهم é".encode(),
}


@pytest.mark.parametrize("data", OURS.values(), ids=OURS.keys())
def test_what_the_screen_uses_goes_through(data: bytes) -> None:
    assert read(data).wrong == []


def test_what_is_told_is_kept() -> None:
    said = read(
        b"\a\x1b]52;c;aGk=\x07\x1b]9;oncall-tui: P1\x1b\\\x1b]777;notify;oncall-tui prod;b\x1b\\\x1b]8;id=1;http://a.b/\x1b\\x\x1b]8;;\x1b\\"
    )
    assert (said.bells, said.copied, said.links) == (1, ["hi"], {"http://a.b/"})
    assert said.notified == ["9;oncall-tui: P1", "777;notify;oncall-tui prod;b"]
    assert said.text == "x"
    assert said.wrong == []


@pytest.mark.parametrize("name", SEQUENCES)
def test_every_sequence_of_the_corpus_is_found(name: str) -> None:
    assert read(SEQUENCES[name].encode("utf-8", "surrogatepass")).wrong


ALLOWED = {
    "an emoji of many",
    "right to left",
    "variation selectors",
    "wide",
    "private",
    "marks that take room",
    "emoji joined without an end",
    "skins, keys and flags",
    "nothing but blanks",
    "a wide ligature",
    "look-alikes",
}
"""They are text: drawn strangely, perhaps, but by the terminal's own rules."""


@pytest.mark.parametrize("name", UNICODE)
def test_every_text_that_is_drawn_otherwise_than_it_is_counted_is_found(name: str) -> None:
    assert bool(read(UNICODE[name].encode("utf-8", "surrogatepass")).wrong) is (name not in ALLOWED)


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xfe",
        b"\x9b31m",
        b"\x1b]8;id=1;file:///etc/passwd\x1b\\",
        b"\x1b]8;;https://evil.example\x1b\\",
        b"\x1b]52;c;!!\x07",
        b"\x1b]52;c;Gw==\x07",
        b"\x1b]52;p;aGk=\x07",
        b"\x1b]9;4;1;50\x07",
        b"\x1b]777;notify;oncall-tui;b;c\x07",
        b"\x1b]777;notify;update;b\x07",
        b"\x1b[5m",
        b"\x1b[0;5m",
        b"\x1b[?1049h\x1b[?1049l\x1b[?1049l",
        b"\x1b[?1047h",
        b"\x1b[?25p",
        b"\x1b[6n",
        b"\x1b",
        b"\x1b]0;title",
    ],
)
def test_nothing_else_is_let_through(data: bytes) -> None:
    assert read(data).wrong


def test_what_is_wrong_is_told_with_its_surroundings() -> None:
    assert unplain("before\x1bafter") == ["'before\\x1bafter'"]
