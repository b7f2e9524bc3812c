"""Questions as they are put on a terminal: click reads, and what is foreign is shown clean."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click
import pytest
from click.testing import CliRunner

from oncall_tui.cli.init.questions import LISTED, Choice, Proposals, Terminal, Tone, wrapped

COLUMNS = 80


@pytest.fixture(autouse=True)
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(COLUMNS))


@contextmanager
def typing(*lines: str) -> Iterator[Callable[[], str]]:
    """A terminal at which these lines are typed; gives what it shows on stderr."""
    with CliRunner().isolation(input="\n".join([*lines, ""])) as (_, stderr, *_):
        yield lambda: (sys.stderr.flush(), stderr.getvalue().decode())[1]


def test_enter_takes_what_stands_in_brackets() -> None:
    with typing("", "mine") as shown:
        assert Terminal().text("Address", "http://localhost:9090") == "http://localhost:9090"
        assert Terminal().text("Address", "http://localhost:9090") == "mine"
        assert "Address [http://localhost:9090]: " in shown()


def test_a_pasted_token_is_shown_nowhere() -> None:
    with typing("\x1b[200~ u+secret \x1b[201~") as shown:
        assert Terminal().hidden("Token") == "u+secret"
        assert "secret" not in shown()


def test_yes_and_no_are_asked_until_they_are_clear() -> None:
    with typing("", "maybe", "NO") as shown:
        assert Terminal().yes("Sure?", True) is True
        assert Terminal().yes("Sure?", True) is False
        assert "Answer y or n." in shown()


def test_one_is_chosen_by_number_or_name() -> None:
    choices = [Choice("keyring"), Choice("file"), Choice("environment")]
    with typing("", "2", "env", "1 2", "9", "file") as shown:
        assert Terminal().one_of("Where?", choices, 0) == 0
        assert Terminal().one_of("Where?", choices, 0) == 1
        assert Terminal().one_of("Where?", choices, 0) == 2
        assert Terminal().one_of("Where?", choices, 0) == 1
        assert "1 keyring   2 file   3 environment" in shown()
        assert "Choose one, by its number or its name." in shown()
        assert "There is no number 9 in the list." in shown()


def test_several_are_chosen_and_none_is_an_answer() -> None:
    choices = [Choice("platform", "yours"), Choice("growth")]
    with typing("", "1 2", "none") as shown:
        assert Terminal().several("Teams?", choices, (0,), "platform") == (0,)
        assert Terminal().several("Teams?", choices, (0,), "platform") == (0, 1)
        assert Terminal().several("Teams?", choices, (0,), "platform") == ()
        assert "1 platform (yours)   2 growth" in shown()


def test_a_long_list_fits_and_says_how_to_find_the_rest() -> None:
    choices = [Choice(f"service-{number:03}") for number in range(500)]
    with typing("137") as shown:
        assert Terminal().several("Which?", choices, (), "all") == (136,)
        lines = shown().splitlines()
    assert max(map(len, lines)) < COLUMNS
    assert any(f"… {500 - LISTED} more" in line for line in lines)


HOSTILE = "evil\x1b[2J\x1b]0;title\x07 \u202egnp.exe\nsecond line"


@pytest.mark.parametrize(
    "show",
    [
        lambda it: it.say(HOSTILE, Tone.GOOD),
        lambda it: it.waiting(HOSTILE),
        lambda it: it.text(HOSTILE, HOSTILE),
        lambda it: it.hidden(HOSTILE),
        lambda it: it.yes(HOSTILE, True),
        lambda it: it.one_of(HOSTILE, [Choice(HOSTILE, HOSTILE)], 0),
        lambda it: it.several(HOSTILE, [Choice(HOSTILE, HOSTILE)], (), HOSTILE),
    ],
)
def test_no_foreign_control_character_reaches_the_terminal(show: Callable[[Any], object]) -> None:
    with typing("", "") as shown:
        show(Terminal())
        assert "evil" in shown()
        assert not {"\x1b", "\x07", "\u202e"} & set(shown())


def test_ctrl_d_leaves() -> None:
    with typing() as _, pytest.raises(click.Abort):
        Terminal().text("Address")
        Terminal().text("Address")


def test_lines_break_between_words_and_count_wide_letters() -> None:
    assert wrapped("one two three", 7) == ["one two", "three"]
    assert wrapped("磁盘 磁盘 磁盘", 9) == ["磁盘 磁盘", "磁盘"]
    assert wrapped("averylongword x", 5) == ["averylongword", "x"]


def test_every_tone_is_its_own() -> None:
    assert len(Tone) == len(Tone.__members__)


def test_signs_have_a_stand_in_where_the_terminal_lacks_them(monkeypatch: pytest.MonkeyPatch) -> None:
    with CliRunner(charset="ascii").isolation() as (_, stderr, *_):
        Terminal().say("done", Tone.GOOD)
        sys.stderr.flush()
        assert stderr.getvalue() == b"  + done\n"


def test_nobody_takes_what_is_proposed() -> None:
    nobody = Proposals()
    choices = [Choice("a"), Choice("b")]
    assert (nobody.text("?", "x"), nobody.hidden("?"), nobody.yes("?", False)) == ("x", "", False)
    assert nobody.one_of("?", choices, 1) == 1
    assert nobody.several("?", choices, (0,), "a") == (0,)
    with pytest.raises(click.UsageError):
        nobody.one_of("Which one", choices, None)
