"""Names of keys: what people write is found, what no terminal sends is refused, and both ways agree with Textual."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual._xterm_parser import XTermParser
from textual.events import Key
from textual.keys import _character_to_key

from oncall_tui.ui.keynames import KEY_WORDS, key_name, shown


@pytest.mark.parametrize("character", [*map(chr, range(33, 127)), "¡", "é", "ß", "中"])
def test_every_character_has_the_name_that_textual_gives_it(character: str) -> None:
    name = key_name(character)
    assert name == _character_to_key(character)
    assert shown(name) == character


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("esc", "escape"),
        (" F5 ", "f5"),
        ("Return", "enter"),
        ("PgUp", "pageup"),
        ("ctrl+p", "ctrl+p"),
        ("Ctrl-P", "ctrl+p"),
        ("^p", "ctrl+p"),
        ("^", "circumflex_accent"),
        ("control+shift+left", "ctrl+shift+left"),
        ("shift+ctrl+left", "ctrl+shift+left"),
        ("shift+a", "A"),
        ("ctrl++", "ctrl+plus"),
        ("question_mark", "question_mark"),
        ("Question mark", "question_mark"),
        ("comma", "comma"),
        (".", "full_stop"),
        ("period", "full_stop"),
        ("↑", "up"),
        ("alt+x", "alt+x"),
        ("alt+X", "alt+shift+x"),
        ("alt+shift+x", "alt+shift+x"),
        ("LOW_LINE", "underscore"),
        ("low line", "underscore"),
        ("solidus", "slash"),
    ],
)
def test_keys_are_found_as_people_and_as_textual_write_them(written: str, name: str) -> None:
    assert key_name(written) == name


@pytest.mark.parametrize(
    ("sent", "written"), [("\x1bA", "alt+A"), ("\x1ba", "alt+a"), ("\x01", "ctrl+A"), ("A", "shift+a")]
)
def test_what_a_terminal_sends_is_the_key_that_was_written(sent: str, written: str) -> None:
    parser = XTermParser()
    events = [*parser.feed(sent), *parser.feed("")]
    assert [event.key for event in events if isinstance(event, Key)] == [key_name(written)]


@pytest.mark.parametrize("written", ["", " ", "f25", "f0", "abc", "shift+/", "hyper+a", "ctrl+", "\x1b", "\t", "a b"])
def test_what_no_terminal_sends_is_no_key(written: str) -> None:
    assert key_name(written) is None


@pytest.mark.parametrize("word", KEY_WORDS)
def test_every_word_that_is_suggested_is_a_key(word: str) -> None:
    assert key_name(word)


@pytest.mark.parametrize(
    ("key", "people"),
    [("ctrl+p", "^p"), ("escape", "esc"), ("G", "G"), ("space", "space"), ("alt+ctrl+x", "alt+^x"), ("pageup", "pgup")],
)
def test_keys_are_shown_as_people_write_them(key: str, people: str) -> None:
    assert shown(key) == people


NAMES = st.characters().map(lambda one: unicodedata.name(one, "").replace(" ", "_"))


@given(st.one_of(st.text(max_size=30), NAMES))
def test_no_text_breaks_the_reading_and_a_found_key_is_read_again(written: str) -> None:
    name = key_name(written)
    assert name is None or key_name(name) == name == key_name(shown(name))
