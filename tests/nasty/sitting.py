"""Somebody at a real terminal, with the real program before hostile vendors on it."""

import json
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.request import urlopen

from tests.integration.pseudo_terminal import DEADLINE_S, PseudoTerminal, pseudo_terminal
from tests.nasty.conftest import patient_config
from tests.nasty.corpus import MARKUP, SEQUENCES, UNICODE
from tests.nasty.journal import HOSTILE_TEXT, write_hostile
from tests.nasty.themes import write_themes

ESCAPE = "\x1b[27u"
"""The key as terminals send it that keep it apart from the beginning of a sequence."""
PASTE = "\x1b[200~{}\x1b[201~"
PASTED = SEQUENCES["the window's title"] + SEQUENCES["C1 in one byte"] + UNICODE["bidi overrides"] + MARKUP["a button"]
PROTOCOLS = {"words": "9", "everything": "777"}
SETTINGS = """
[notify]
bell = "P5"
desktop = "P5"
protocol = "osc{protocol}"

[keys]
"alert.acknowledge" = "[@click=app.quit]"
"[/] $title" = "[bold"

[services."[@click=app.quit]x[/] שלום"]
aliases = ["[/", "disk [/dev/sda1]"]

[[services."[@click=app.quit]x[/] שלום".checks]]
name = "[link='https://evil.example']x[/link]"
query = "vector(5)"
unit = "[red]"
warning = 1

[environments."[/] $title"]
production = true
"""
NUMBER = "#410"
"""How the numbers of the pager's incidents begin in the list."""
KEY_LINE = "help\x1b"
"""In the line of keys, unless a field or a dialog has the focus."""


class Sitting:
    """Somebody at a terminal with the screen on it."""

    def __init__(self, screen: PseudoTerminal, pager: str) -> None:
        self.screen = screen
        self._pager = pager

    def does(self, keys: str, sign: str) -> None:
        """Press keys; what shows that they have worked must come."""
        self.screen.does(keys, sign)

    def opens(self, key: str, sign: str) -> None:
        """Press the key of a dialog with a field; when it does not come, begin again without it."""
        self.screen.does(key, sign, again=ESCAPE + key)

    def goes(self, view: str, sign: str) -> None:
        """Press the key of a view until it is there: twice is as good as once."""
        self.screen.does(view, sign, again_after=1.0)

    def lists(self, sign: str) -> None:
        """Have the list drawn anew until ``sign`` is among its rows: what is marked is marked as it stands there.

        There and back one by one: where both keys are taken before the screen is drawn, nothing has changed.
        """
        deadline, drawn = time.monotonic() + DEADLINE_S, 0
        while sign.encode() not in self.screen.received[drawn:]:
            assert time.monotonic() < deadline, f"{sign!r} is not listed: {self.screen.text[-2_000:]!r}"
            self.goes("1", "SERVICES")
            drawn = len(self.screen.received)
            self.goes("2", "RECORDS")
            self.screen.settle()

    def leaves(self, key: str = ESCAPE, sign: str = KEY_LINE) -> None:
        """Leave a dialog, a mode or a field, once all of it is drawn: the line of keys comes back."""
        self.screen.settle()
        self.does(key, sign)

    def resizes(self, width: int, height: int, sign: str = "") -> None:
        """Drag the window; its last line, or ``sign``, must be drawn."""
        self.screen.resize(width, height)
        self.screen.read_until(sign or f"\x1b[{height};1H")

    def points_everywhere(self, width: int, height: int) -> None:
        """Move over and click on what is on the screen; the last place is told to be read."""
        for y in range(2, height, 3):
            for x in range(2, width, 9):
                self.screen.press(f"\x1b[<35;{x};{y}M\x1b[<0;{x};{y}M\x1b[<0;{x};{y}m")
            self.screen.read()  # or neither side could write any more

    def tells(self, what: str) -> str:
        """The answer of the hostile pager to a test."""
        with urlopen(self._pager + what, timeout=20) as answer:
            return str(answer.read().decode())

    def told(self, name: str) -> int:
        """How often the pager was asked."""
        return int(json.loads(self.tells("/told"))[name])

    def agrees(self) -> None:
        """Answer the question, again if it was not ready, until the pager has heard of it; its refusal is drawn then.

        What the screen says of it depends on which rows are in sight.
        """
        deadline, again = time.monotonic() + DEADLINE_S, 0.0
        while not self.told("acts"):
            assert time.monotonic() < deadline, "the pager heard of no act"
            if time.monotonic() >= again:
                self.screen.press("y")
                again = time.monotonic() + 5.0
            self.screen.read()
        self.screen.settle()

    def has_acted(self) -> int:
        """How often the pager was told to act, once it has not been for a while: many acts are sent one by one."""
        deadline, told, seen = time.monotonic() + DEADLINE_S, -1, 0
        while seen < 30:
            assert time.monotonic() < deadline, "acts without an end"
            self.screen.read()
            before, told = told, self.told("acts")
            seen = seen + 1 if told == before else 0
        return told

    def ends(self) -> int:
        """Quit, out of whatever a click may have opened; the exit code."""
        deadline, again = time.monotonic() + DEADLINE_S, 0.0
        while self.screen.process.poll() is None:
            assert time.monotonic() < deadline, f"the program did not end: {self.screen.text[-4_000:]!r}"
            if time.monotonic() >= again:
                self.screen.press(ESCAPE + "q")
                again = time.monotonic() + 5.0
            self.screen.read()
        return self.screen.read_to_the_end()

    def waits_for_told(self, name: str, count: int) -> None:
        """Wait until the pager was asked so often."""
        deadline = time.monotonic() + DEADLINE_S
        while self.told(name) < count:
            assert time.monotonic() < deadline, f"{name}: fewer than {count}"
            self.screen.read()


@contextmanager
def sat_down(
    announcement: Mapping[str, Mapping[str, str]],
    environ: Mapping[str, str],
    protocol: str,
    folder: Path,
    runbooks: Path | None = None,
) -> Iterator[Sitting]:
    """The screen with hostile settings, a hostile journal, hostile themes and a hostile user.

    Args:
        protocol: the number of the sequence that notifications are sent by.
        folder: of the user, and of nobody else.
        runbooks: a folder of runbooks; those of the product are there as well.
    """
    config = patient_config(folder, announcement)
    text = config.read_text().replace('environment = "demo"', 'environment = "[/] $title"')
    # However long the walk takes: an act whose budget is spent would wait, and not be refused.
    text = text.replace("[sources.pagerduty]", "[sources.pagerduty]\nbudget = 900")
    if runbooks is not None:
        text = text.replace("[runbooks]\n", f'[runbooks]\npaths = ["{runbooks}"]\n')
    config.write_text(text + SETTINGS.format(protocol=protocol))
    write_hostile(folder / "journal.sqlite3", datetime.now(UTC))
    write_themes(folder / "oncall-tui" / "themes")
    hostile = {name: HOSTILE_TEXT.replace("\x00", "") for name in ("USER", "LOGNAME", "HOSTNAME", "TERM_PROGRAM")}
    argv = [sys.executable, "-m", "oncall_tui", "--config", str(config)]
    with pseudo_terminal(argv, {**environ, **hostile, "COLORTERM": "truecolor"}, (120, 36)) as opened:
        yield Sitting(opened, announcement["pagerduty"]["url"])
