"""The real program with its screen in a terminal, seen and typed at as a person does, and what reaches the pager.

    async with running(OPTIONS) as simulator:
        config = configured(folder, simulator)
        await at_the_screen(lambda: acknowledge_and_leave(config, Pager(simulator)))

The simulator lives on the event loop; whoever sits at the screen waits in another thread.
"""

import asyncio
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.screen import Screen
from oncall_tui.cli.demo import write_config
from oncall_tui.journal.event import ACTION_INTENT, ACTION_RESULT
from oncall_tui.simulator.catalogue import BY_NAME
from oncall_tui.simulator.server import Simulator
from tests.integration.pseudo_terminal import DEADLINE_S, ROOT, PseudoTerminal, pseudo_terminal
from tests.unit.journal.helpers import opened

COLUMNS, LINES = 140, 40
AGAIN_S = 10.0
CURSOR = "▌"
FIRING, ACKNOWLEDGED = "●", "✓"
REFUSED = "Press again if you mean it"
"""The row under the cursor has changed by itself just before."""
NOTE_FORM = "Note on this alert"
BY_TITLE_KEY = "\x1bOS"
_BY_TITLE = '\n[[filters]]\nname = "by title"\nfilter = "service:api"\nsort = "title"\nkey = "f4"\n'
_CHANGES = ("PUT", "POST")
_OF_THE_CALLER = ("TERM", "COLORTERM", "TMUX", "STY", "VTE_", "XDG_", "PYTHONDONTWRITEBYTECODE", "NO_COLOR", "ONCALL")


class Pager:
    """The simulated PagerDuty: its incidents by their titles, and its changes, which it can keep waiting."""

    def __init__(self, simulator: Simulator) -> None:
        self.simulator = simulator
        self.arrived: list[str] = []
        """The body or path of each change, as it came."""
        self._loop = asyncio.get_running_loop()
        self._held: list[str] = []
        self._released = asyncio.Event()
        self._answer = simulator.wire._answer
        simulator.wire._answer = self._tapped  # type: ignore[method-assign]
        self.account = simulator.world.pagerduty
        self.ids: dict[str, str] = {}

    def page(self, *titles: str) -> None:
        """Open an incident for each title."""
        for one in titles:
            self.ids[one] = self.account.open_incident(one, BY_NAME["api"], priority="P2").id

    async def _tapped(self, vendor: str, request: Any, handler: Any) -> Any:
        if vendor == "pagerduty" and request.method in _CHANGES:
            change = f"{request.path} {(await request.read()).decode()}"
            self.arrived.append(change)
            if any(one in change for one in self._held):
                await self._released.wait()
        return await self._answer(vendor, request, handler)

    def hold(self, *titles: str) -> None:
        """Take changes of these incidents, and do nothing about them until they are released."""
        self._loop.call_soon_threadsafe(self._released.clear)
        self._held = [self.ids[one] for one in titles]

    def release(self) -> None:
        """Carry out what is held, all at once."""
        self._loop.call_soon_threadsafe(self._released.set)

    def has_arrived(self, title: str) -> bool:
        """Whether a change of this incident has come, carried out or not."""
        return any(self.ids[title] in one for one in tuple(self.arrived))

    def acknowledges(self, title: str) -> int:
        """How often it was acknowledged, by the log of what was answered."""
        puts = (one for one in self.simulator.wire.received("pagerduty") if one.method == "PUT" and one.status == 200)
        rows = [row for one in puts for row in json.loads(one.body)["incidents"]]
        return sum(row["id"] == self.ids[title] and row["status"] == "acknowledged" for row in rows)

    def notes(self, title: str) -> int:
        """How many notes it has."""
        return len(self.account.incidents[self.ids[title]].notes)

    def changes(self, title: str) -> int:
        """Acknowledges and notes that were answered."""
        return self.acknowledges(title) + self.notes(title)


class Product:
    """One run of ``python -m oncall_tui``."""

    def __init__(self, terminal: PseudoTerminal) -> None:
        self.terminal = terminal
        self.screen = Screen(COLUMNS, LINES)
        self._fed = 0
        self._again_at = 0.0
        self._is_still = False
        """Whether nothing has come for a moment: what is seen is no half of a picture then."""
        self._messages: set[str] = set()

    def look(self) -> None:
        """Take in what has come to the terminal, or wait a moment for it."""
        self._is_still = not self.terminal.read()
        self.screen.feed(self.terminal.received[self._fed :])
        self._fed = len(self.terminal.received)
        told = (line.rpartition(f" {CURSOR} ") for line in self.screen.lines)
        self._messages.add(" ".join(text.strip() for before, _, text in told if before.strip()))

    def told(self, words: str) -> bool:
        """Whether a message in the corner has said this."""
        return any(words.casefold() in one.casefold() for one in self._messages)

    def until(self, condition: Callable[[], object], what: str) -> None:
        """Look until something holds."""
        deadline = time.monotonic() + DEADLINE_S
        while not condition():
            shown = "\n".join(one.rstrip() for one in self.screen.lines if one.strip())
            assert time.monotonic() < deadline, f"not within {DEADLINE_S:.0f} s: {what}\n{shown}"
            assert self.terminal.process.poll() is None, f"the program ended before: {what}\n{shown}"
            self.look()

    @staticmethod
    def eventually(condition: Callable[[], object], what: str) -> None:
        """Wait for what nothing on the screen tells of, as short as can be: somebody is to be killed right then."""
        deadline = time.monotonic() + DEADLINE_S
        while not condition():
            assert time.monotonic() < deadline, f"not within {DEADLINE_S:.0f} s: {what}"
            time.sleep(0.001)

    def row(self, title: str) -> str:
        """The line of an alert in the list; empty when it is not in sight."""
        return next((one for one in self.screen.lines if f"  {title} " in one and "│" not in one), "")

    def list(self) -> None:
        """Go to the list of incidents, which an act does not change the order of."""
        self.until(lambda: self.screen.shows(" yours"), "what the pager tells")
        self.terminal.press("2")
        self.until(lambda: self.screen.shows("RECORDS"), "the list of alerts")
        self.terminal.press(BY_TITLE_KEY)
        self.until(lambda: self.screen.shows(" match ") and self._cursor() is not None, "the list by title")

    def go_to(self, title: str) -> None:
        """Move the cursor to an alert; once more when the list has moved meanwhile, or a key was not taken."""
        self.until(lambda: self._is_at(title), f"the cursor on {title}")

    def _is_at(self, title: str) -> bool:
        at = self._cursor()
        if not self.row(title) or at is None or not self._is_still:
            return False
        away = self.screen.lines.index(self.row(title)) - at
        if away and time.monotonic() >= self._again_at:
            self.terminal.press(("j" if away > 0 else "k") * abs(away))
            self._again_at = time.monotonic() + AGAIN_S
        if not away:
            self._again_at = 0.0
        return not away

    def _cursor(self) -> int | None:
        return next((at for at, one in enumerate(self.screen.lines) if one.startswith(f"{CURSOR} P")), None)

    def press_acknowledge(self, title: str) -> None:
        """Press the key on its row, and nothing more."""
        self.go_to(title)
        self.terminal.press("a")

    def acknowledge(self, title: str) -> None:
        """Acknowledge it: its row says so, or says how far that is."""
        self._press("a", title, lambda: self._is_still and self.row(title) and FIRING not in self.row(title))

    def _press(self, key: str, title: str, is_done: Callable[[], object]) -> None:
        """Press a key on the row of an alert until it has worked; again when it was refused: the row had moved."""
        while True:
            self.go_to(title)
            self.terminal.press(key)
            self.until(lambda: is_done() or self.screen.shows(REFUSED), f"{key} on {title}")
            self.until(lambda: is_done() or not self.screen.shows(REFUSED), "the end of the message")
            if is_done():
                return

    def begin_note(self, title: str) -> None:
        """Write a note, all but the last key."""
        self._press("n", title, lambda: self.screen.shows(NOTE_FORM))
        self.terminal.press("rolled back")
        self.until(lambda: self.screen.shows("rolled back"), "what was typed")

    def note(self, title: str) -> None:
        """Write a note."""
        self.begin_note(title)
        self.terminal.press("\r")
        self.until(lambda: not self.screen.shows(NOTE_FORM), "the end of the form")

    def kill(self) -> None:
        """End it as a kernel ends a process that has no say in it."""
        os.kill(self.terminal.process.pid, signal.SIGKILL)
        self.terminal.process.wait()


@contextmanager
def product(config: Path) -> Iterator[Product]:
    """The program on its second view, with all that the pager tells."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith(_OF_THE_CALLER)}
    mine = {"TERM": "xterm-256color", "HOME": str(config.parent), "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8"}
    argv = [sys.executable, "-m", "oncall_tui", "--config", str(config)]
    with pseudo_terminal(argv, {**environ, **mine, "TEXTUAL_ANIMATIONS": "none"}, (COLUMNS, LINES)) as terminal:
        yield Product(terminal)


def configured(folder: Path, simulator: Simulator) -> Path:
    """A configuration for the four vendors, in ``folder`` with the journal; what is held is waited for."""
    config = write_config(folder, simulator.announcement())
    pager = 'kind = "pagerduty"\n'
    text = config.read_text(encoding="utf-8").replace(pager, f'{pager}timeout = "60s"\n')
    config.write_text(text + _BY_TITLE, encoding="utf-8")
    return config


def journal_of(config: Path) -> Path:
    """Where that configuration has its journal."""
    return config.parent / "journal.sqlite3"


def intents(config: Path, *, open_only: bool = False) -> list[str]:
    """The titles of what was begun by the journal, or only of that which has no end."""
    if not journal_of(config).exists():
        return []
    with opened(journal_of(config)) as journal:
        events = journal.read_kind(ACTION_INTENT, ACTION_RESULT)
        ended = {one.text("request_id") for one in events if one.kind == ACTION_RESULT}
        begun = [one for one in events if one.kind == ACTION_INTENT]
        return [one.text("title") for one in begun if not open_only or one.text("request_id") not in ended]


def at_the_screen(work: Callable[[], None]) -> "asyncio.Future[None]":
    """Somebody at the screen, beside the loop of the simulator."""
    assert threading.current_thread() is threading.main_thread()
    return asyncio.get_running_loop().run_in_executor(None, work)
