"""The bytes that really reach a terminal, read from the other side of it."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.integration.pseudo_terminal import PseudoTerminal, left_on, pseudo_terminal
from tests.nasty.corpus import SEQUENCES
from tests.nasty.vt import read


@contextmanager
def hostile_screen(*names: str) -> Iterator[PseudoTerminal]:
    """The screen on nothing but these texts of the corpus."""
    environ = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", "TEXTUAL_ANIMATIONS": "none"}
    with pseudo_terminal([sys.executable, "-m", "tests.ui.hostile_screen", *names], environ, (200, 60)) as screen:
        yield screen


NAMES = [*SEQUENCES, "bidi overrides", "half of a pair"]


@pytest.mark.parametrize("names", [NAMES[i::6] for i in range(6)], ids=" · ".join)
def test_no_foreign_sequence_reaches_the_terminal(names: list[str]) -> None:
    with hostile_screen(*names) as screen:
        screen.read_until("DEPLOYMENTS")
        screen.does("2", "RECORDS")
        screen.does("b", "Sources")
        screen.settle()
        screen.does("\x1b[27u", "RECORDS")
        screen.does("M", " marked", again_after=30.0)  # again would take the marks away
        screen.does("a", "Acknowledge these")
        screen.settle()
        screen.does("y5", "told by")
        screen.press("q")
        assert screen.read_to_the_end() == 0
        said = read(screen.received)
        assert said.wrong == []
        assert said.links, "addresses are links, and nothing hostile is in them"
        assert "\ufffd" in said.text, "what was cleaned is shown as such"


def test_the_terminal_is_given_back_as_it_was() -> None:
    with hostile_screen("brackets") as screen:
        screen.read_until("DEPLOYMENTS")
        screen.press("q")
        assert screen.read_to_the_end() == 0
        assert left_on(screen.text) == []
        assert screen.settings == screen.settings_before
