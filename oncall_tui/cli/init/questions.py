"""Questions in the plain terminal, and their silent twin that takes what is proposed.

Everything is said on stderr: stdout is for what was asked for, the file itself (``--print``) or JSON. Foreign text in
a question is cleaned here; what is typed into a hidden question is shown nowhere.
"""

import os
import re
import shutil
import sys
from collections.abc import Sequence
from enum import Enum
from typing import NamedTuple, Protocol

import click

from oncall_tui.cli.init.choices import Unclear, picked
from oncall_tui.cli.output import cells_of
from oncall_tui.domain.text import clean_line

LISTED = 24
"""Choices that are listed; beyond these a part of the name finds one."""

_PASTE = re.compile(r"\x1b\[20[01]~")
_GAP = "   "


class Tone(Enum):
    """How something is said: the sign before it, its ASCII stand-in, its colour, and whether it is bold."""

    PLAIN = ("", "", None, False)
    GOOD = ("✓", "+", "green", False)
    WARNING = ("!", "!", "yellow", False)
    BAD = ("✗", "x", "red", False)
    HEADING = ("", "", None, True)
    QUIET = ("", "", "bright_black", False)


class Choice(NamedTuple):
    """A line of a list to choose from."""

    name: str
    note: str = ""


class Questions(Protocol):
    """Somebody who answers."""

    @property
    def is_asking(self) -> bool:
        """Whether there is somebody at all."""
        ...

    def say(self, text: str = "", tone: Tone = Tone.PLAIN) -> None: ...

    def waiting(self, text: str) -> None:
        """Say what is being done, until the next thing is said."""
        ...

    def text(self, question: str, default: str = "") -> str: ...

    def hidden(self, question: str) -> str: ...

    def yes(self, question: str, default: bool) -> bool: ...

    def one_of(self, question: str, choices: Sequence[Choice], default: int | None) -> int: ...

    def several(
        self, question: str, choices: Sequence[Choice], default: Sequence[int], default_words: str
    ) -> tuple[int, ...]: ...


class Proposals:
    """Nobody: every proposal is taken. What is said goes to stderr, for the log of whoever runs this."""

    is_asking = False

    def say(self, text: str = "", tone: Tone = Tone.PLAIN) -> None:
        if tone in (Tone.WARNING, Tone.BAD, Tone.GOOD):
            click.echo(f"{_sign(tone)} {clean_line(text, 1_000)}", err=True)

    def waiting(self, text: str) -> None:
        """Nobody waits."""

    def text(self, question: str, default: str = "") -> str:
        return default

    def hidden(self, question: str) -> str:
        return ""

    def yes(self, question: str, default: bool) -> bool:
        return default

    def one_of(self, question: str, choices: Sequence[Choice], default: int | None) -> int:
        if default is None:
            raise click.UsageError(f"{question} cannot be answered by itself: say it with an option.")
        return default

    def several(
        self, question: str, choices: Sequence[Choice], default: Sequence[int], default_words: str
    ) -> tuple[int, ...]:
        return tuple(default)


class Terminal:
    """Somebody before a terminal. Ctrl+C and the end of the input raise ``click.Abort``."""

    is_asking = True

    def __init__(self) -> None:
        self._is_waiting = False

    def say(self, text: str = "", tone: Tone = Tone.PLAIN) -> None:
        """A paragraph, wrapped; marked by its tone."""
        self._stop_waiting()
        sign = _sign(tone)
        indent = "" if tone in (Tone.PLAIN, Tone.HEADING) else f"  {sign} " if sign else "  "
        for number, line in enumerate(wrapped(clean_line(text, 2_000), _width() - cells_of(indent))):
            before = indent if number == 0 else " " * cells_of(indent)
            click.echo(_styled(before + line, tone), err=True)

    def waiting(self, text: str) -> None:
        click.echo(_styled(f"  {clean_line(text)} …", Tone.QUIET), err=True, nl=False)
        self._is_waiting = True

    def text(self, question: str, default: str = "") -> str:
        return self._answer(question, default, f" [{clean_line(default)}]" if default else "")

    def hidden(self, question: str) -> str:
        self._stop_waiting()
        answer: str = click.prompt(_shown(question), default="", show_default=False, hide_input=True, err=True)
        return _PASTE.sub("", answer).strip()

    def yes(self, question: str, default: bool) -> bool:
        while True:
            answer = self._answer(question, "", " [Y/n]" if default else " [y/N]").casefold()
            if answer in ("", "y", "yes", "n", "no"):
                return default if not answer else answer.startswith("y")
            self.say("Answer y or n.", Tone.WARNING)

    def one_of(self, question: str, choices: Sequence[Choice], default: int | None) -> int:
        self._list(choices)
        while True:
            found = self._picked(question, choices, None if default is None else choices[default].name)
            if found is None and default is not None:
                return default
            if found is not None and len(found) == 1:
                return found[0]
            self.say("Choose one, by its number or its name.", Tone.WARNING)

    def several(
        self, question: str, choices: Sequence[Choice], default: Sequence[int], default_words: str
    ) -> tuple[int, ...]:
        self._list(choices)
        found = self._picked(question, choices, default_words)
        return tuple(default) if found is None else found

    def _picked(self, question: str, choices: Sequence[Choice], default: str | None) -> tuple[int, ...] | None:
        """What was chosen; None for Enter."""
        while True:
            answer = self._answer(question, "", f" [{clean_line(default)}]" if default else "")
            if not answer:
                return None
            try:
                return picked(answer, [choice.name for choice in choices])
            except Unclear as unclear:
                self.say(str(unclear), Tone.WARNING)

    def _list(self, choices: Sequence[Choice]) -> None:
        """The choices side by side, numbered, in lines that fit."""
        self._stop_waiting()
        cells = [f"{number} {_named(one)}" for number, one in enumerate(choices[:LISTED], start=1)]
        if len(choices) > LISTED:
            cells.append(f"… {len(choices) - LISTED} more: a part of the name finds them")
        line = ""
        for cell in cells:
            longer = f"{line}{_GAP}{cell}" if line else f"  {cell}"
            if line and cells_of(longer) > _width():
                click.echo(line, err=True)
                longer = f"  {cell}"
            line = longer
        click.echo(line, err=True)

    def _answer(self, question: str, default: str, hint: str) -> str:
        self._stop_waiting()
        answer: str = click.prompt(_shown(question) + hint, default=default, show_default=False, err=True)
        return clean_line(_PASTE.sub("", answer), 2_000)

    def _stop_waiting(self) -> None:
        if self._is_waiting:
            self._is_waiting = False
            click.echo("\r\x1b[K" if _is_smart() else "", err=True, nl=not _is_smart())


def wrapped(text: str, width: int) -> list[str]:
    """Text in lines of at most ``width`` cells, broken between words; a longer word has a line of its own."""
    lines: list[str] = []
    for word in text.split(" "):
        if lines and cells_of(lines[-1]) + 1 + cells_of(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _is_smart() -> bool:
    """Whether the terminal takes a line back."""
    return sys.stderr.isatty() and os.environ.get("TERM") != "dumb"


def _styled(text: str, tone: Tone) -> str:
    """In colour, where that is welcome (https://no-color.org)."""
    if not _is_smart() or os.environ.get("NO_COLOR"):
        return text
    _, _, colour, is_bold = tone.value
    return click.style(text, fg=colour, bold=is_bold or None)


def _width() -> int:
    return min(shutil.get_terminal_size().columns, 100) - 1


def _shown(question: str) -> str:
    return clean_line(question, 300)


def _named(choice: Choice) -> str:
    return clean_line(f"{choice.name} ({choice.note})" if choice.note else choice.name, 60)


def _sign(tone: Tone) -> str:
    sign, plain, *_ = tone.value
    try:
        sign.encode(sys.stderr.encoding or "ascii")
    except UnicodeEncodeError:
        return str(plain)
    return str(sign)
