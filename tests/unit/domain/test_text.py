"""``clean`` is the only gate for foreign text: whatever comes, nothing dangerous goes through."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oncall_tui.domain.text import REPLACEMENT, clean, clean_line

_HARMFUL = (
    "\x00\x07\x08\x0b\x0c\r\x1b\x7f\x85\x9b\u061c\u200e\u200f\u2028\u202e\u2066\u206a\ufeff\ufffa\U000e0041\ud83d"
    "\u00ad\u034f\u115f\u1160\u17b4\u180e\u200b\u2060\u2064\u3164\uffa0\uffff\U0001bca0\U0001d173\U000e00f0"
)
_JAMO = "".join(map(chr, (*range(0x1160, 0x1200), *range(0xD7B0, 0xD800))))
_MARKS = "\u0301\u0e35\u20dd"
_ANY_CHARACTER = st.characters() | st.characters(categories=["Cs", "Cc", "Cf", "Mn", "Me"]) | st.sampled_from(_HARMFUL)
ANYTHING = st.text(_ANY_CHARACTER | st.sampled_from(_MARKS), max_size=60)
_BIDIRECTIONAL = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


def _is_harmful(char: str) -> bool:
    return (
        (unicodedata.category(char) in ("Cc", "Cs") and char not in "\n\t")
        or unicodedata.bidirectional(char) in _BIDIRECTIONAL
        or char in _HARMFUL
    )


def test_every_control_every_bidirectional_control_and_every_surrogate_is_replaced() -> None:
    let_through = [
        code for code in range(sys.maxunicode + 1) if _is_harmful(chr(code)) and chr(code) in clean(chr(code))
    ]
    assert [hex(code) for code in let_through if chr(code) != REPLACEMENT] == []


@given(ANYTHING)
def test_nothing_harmful_goes_through(text: str) -> None:
    assert not [char for char in clean(text) if _is_harmful(char)]
    clean(text).encode()  # a terminal can write it


@given(ANYTHING)
def test_a_line_is_one_line_without_blanks_around_it(text: str) -> None:
    line = clean_line(text)
    assert line == " ".join(line.split())
    assert not [char for char in line if _is_harmful(char) or char in "\n\t"]


@given(ANYTHING, st.integers(1, 70))
def test_cleaning_twice_changes_nothing_more(text: str, limit: int) -> None:
    assert clean(clean(text, limit), limit) == clean(text, limit)
    assert clean_line(clean_line(text, limit), limit) == clean_line(text, limit)


@given(ANYTHING, st.integers(1, 70))
def test_the_limit_holds(text: str, limit: int) -> None:
    assert len(clean(text, limit)) <= limit


@given(st.text(st.characters(categories=["L", "N", "P", "S", "Zs"], exclude_characters=_HARMFUL + _JAMO)))
def test_ordinary_text_of_any_script_stays_as_it_is(text: str) -> None:
    assert clean(text) == text


def test_a_long_text_ends_in_an_ellipsis() -> None:
    assert clean("abcdef", 4) == "abc…"
    assert clean("abcd", 4) == "abcd"


def test_newlines_and_tabs_stay_and_windows_line_ends_become_newlines() -> None:
    assert clean("a\tb\r\nc\nd") == "a\tb\nc\nd"


def test_a_control_sequence_becomes_visible_and_harmless() -> None:
    assert clean("\x1b]0;PWNED\x07") == f"{REPLACEMENT}]0;PWNED{REPLACEMENT}"


@pytest.mark.parametrize("mark", ["\u0301", "\u0e35", "\u20dd"], ids=["acute", "thai vowel", "enclosing circle"])
def test_marks_that_stack_over_other_lines_are_dropped(mark: str) -> None:
    assert clean("e" + mark * 50 + "x") == "e" + mark * 4 + "x"


@pytest.mark.parametrize("joiner", ["\u200d", "\u200c"])
def test_a_joiner_does_not_let_the_pile_grow(joiner: str) -> None:
    assert clean(("\u0301" * 4 + joiner) * 50) == "\u0301" * 4


@pytest.mark.parametrize(
    "text",
    ["a\u200db", "a\u200d", "\u200d", "a \u200c", "界\u200d界", "é\u200c\u200dé", "👩\u200d", "👩\u200d\u200d👩"],
)
def test_a_joiner_that_joins_nothing_is_shown(text: str) -> None:
    assert not {"\u200c", "\u200d"} & set(clean(text))
    assert REPLACEMENT in clean(text)


def test_vowels_of_hangul_do_not_pile_up_and_syllables_stay() -> None:
    assert clean("\u1100" + "\u1161" * 50) == "\u1100" + "\u1161" * 4
    assert clean("\u1112\u1161\u11ab\u1100\u116e\u11a8 한국") == "\u1112\u1161\u11ab\u1100\u116e\u11a8 한국"


@pytest.mark.parametrize("text", ["👩‍👩‍👧‍👦", "🏳️‍🌈", "👍🏿", "1️⃣", "می‌خواهم", "क्षत्रिय", "ก็้", "葛󠄀城"])
def test_what_joiners_and_selectors_are_for_stays(text: str) -> None:
    assert clean(text) == text


def test_a_name_that_only_looks_like_another_shows_it() -> None:
    assert clean("pay\u200bpal") == f"pay{REPLACEMENT}pal"
    assert clean_line("\u3164\u115f") == REPLACEMENT * 2


def test_markup_is_left_alone_because_the_screen_never_reads_it() -> None:
    assert clean("disk [/dev/sda1] full [@click=app.quit]") == "disk [/dev/sda1] full [@click=app.quit]"
