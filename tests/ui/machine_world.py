"""The real screen on real rooms: journal and responder are the product's, sources and monitor do as they are told.

Trouble number ``n`` is one alert, called ``trouble n``: as its Prometheus rule tells it, as its incident, or as both.
"""

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import cast

from textual import events
from textual.pilot import Pilot
from textual.theme import Theme

from oncall_tui.assembly import Rooms
from oncall_tui.config.model import Config, JournalSettings, PagerDutySettings, PrometheusSettings
from oncall_tui.config.paths import shipped
from oncall_tui.domain.action import Acknowledge, Action, Snooze
from oncall_tui.domain.alert import Record, Status
from oncall_tui.domain.ids import SourceName
from oncall_tui.domain.severity import Severity
from oncall_tui.domain.situation import SourceState
from oncall_tui.domain.verb import Verb
from oncall_tui.journal.event import ACTION_INTENT, ACTION_RESULT
from oncall_tui.journal.keeper import JournalKeeper
from oncall_tui.monitor.board import Merging, compose, empty_board, received
from oncall_tui.monitor.monitor import Monitor
from oncall_tui.sources.actors import ActOutcome, ActResult
from oncall_tui.sources.base import Records, Spending
from oncall_tui.sources.course import Course
from oncall_tui.ui.app import OncallApp
from oncall_tui.ui.rooms import Rooms as ScreenRooms
from oncall_tui.ui.theming import load_themes
from oncall_tui.ui.widgets.alert_table import AlertTable
from oncall_tui.ui.widgets.drawn_table import HEADER
from tests.ui.desk import Clock, FakeMonitor, text_of
from tests.ui.resting import PATIENCE_S, rests
from tests.unit.builders import PAGERDUTY, PROMETHEUS, failed_report, freshness, key, record, report
from tests.unit.monitor.fakes import FakeSource

_FRAME_S = 0.02
"""What is drawn is drawn within a frame, of which there are sixty in a second."""
_QUIET_TURNS = 3
_SPENDING = Spending(1, 60)
_TITLE = re.compile(r"trouble (\d+)\b")


class Pager(FakeSource):
    """A pager that says yes, says no, or lets one wait; what it was asked without an intent before is kept."""

    def __init__(self, journal: JournalKeeper) -> None:
        super().__init__(PAGERDUTY)
        self.verbs = frozenset({Verb.ACKNOWLEDGE, Verb.RESOLVE, Verb.NOTE, Verb.SNOOZE})
        self.journal = journal
        self.says_yes = True
        self.may_answer = asyncio.Event()
        self.may_answer.set()
        self.waiting = 0
        self.asked: list[str] = []
        self.unannounced: list[str] = []
        self.acknowledged: set[str] = set()

    async def act(
        self, action: Action, ids: Sequence[str], begun_at: datetime | None = None, course: Course | None = None
    ) -> Mapping[str, ActResult]:
        for one in ids:
            self.asked.append(one)
            events = await self.journal.read(f"incident:{PAGERDUTY}:{one}")
            open_ones = {event.text("request_id") for event in events if event.kind == ACTION_INTENT}
            open_ones -= {event.text("request_id") for event in events if event.kind == ACTION_RESULT}
            if not open_ones:
                self.unannounced.append(one)
        self.waiting += 1
        await self.may_answer.wait()
        self.waiting -= 1
        if not self.says_yes:
            return {one: ActResult(one, ActOutcome.FAILED, "PagerDuty answered 500") for one in ids}
        if isinstance(action, Acknowledge | Snooze):
            self.acknowledged.update(ids)
        return {one: ActResult(one, ActOutcome.CONFIRMED) for one in ids}

    async def close(self) -> None:
        self.may_answer.set()


class World:
    """What the sources would tell, the screen that is told of it, and what somebody before it sees."""

    def __init__(self, folder: Path) -> None:
        self.clock = Clock()
        self.journal = JournalKeeper(folder / "journal.sqlite3", self.clock)
        self.pager = Pager(self.journal)
        config = Config(
            sources={PAGERDUTY: PagerDutySettings(), PROMETHEUS: PrometheusSettings(url="http://localhost:9090")},
            journal=JournalSettings(path=folder / "journal.sqlite3"),
        )
        sources = (self.pager, FakeSource(PROMETHEUS))
        self.rooms = Rooms(config, sources, self.journal, clock=self.clock, actor="user:ann")
        self.monitor = _Monitor(self)
        self.rooms.monitor = cast(Monitor, self.monitor)
        self.app = OncallApp(config, self._open, clock=self.clock, timezone=UTC, themes=_themes(), tick_every=3_600)
        self.app.animation_level = "none"
        self.pilot: Pilot[None]
        self.incidents: dict[int, Record] = {}
        self.rules: dict[int, Record] = {}
        self.failing: set[SourceName] = set()
        self._stack = AsyncExitStack()
        self._intents = 0
        waiting = (freshness(one, SourceState.WAITING, fetched_at=None) for one in (PAGERDUTY, PROMETHEUS))
        self._board = empty_board(waiting)
        self._generation = 0

    async def _open(self) -> ScreenRooms:
        return cast(ScreenRooms, self.rooms)

    async def begin(self) -> None:
        """Open the screen."""
        self.pilot = await self._stack.enter_async_context(
            self.app.run_test(size=(120, 36), notifications=True, tooltips=True)
        )
        await self._until(lambda: self.app.acting.rooms is not None)
        await self.settle()

    async def end(self) -> None:
        """Close it, once what a pager was asked is answered."""
        self.pager.may_answer.set()
        try:
            if self.app.is_running:
                await self.settle()
        finally:
            await self._stack.aclose()

    # What the sources tell

    def incident(self, number: int, severity: Severity, status: Status = Status.FIRING) -> None:
        """There is an incident about this trouble."""
        self.incidents[number] = _told(PAGERDUTY, number, severity, status)

    def rule(self, number: int, severity: Severity, status: Status = Status.FIRING) -> None:
        """A rule fires about it."""
        self.rules[number] = _told(PROMETHEUS, number, severity, status)

    def tell(self, source: SourceName) -> None:
        """The source is asked: it answers, or fails, and the screen gets the next picture; it is not drawn yet."""
        now = self.clock()
        if source in self.failing:
            told = failed_report(source, now)
        else:
            held = self._incidents_as_they_are() if source == PAGERDUTY else self.rules.values()
            told = report(source, now, Records(alerts=tuple(held)))
        self._board = received(self._board, told, _SPENDING)
        self.publish()

    def publish(self) -> None:
        """Hand the screen a picture of what is known."""
        self._generation += 1
        merging = Merging(overlay=self.rooms._with_own_acknowledgements)
        self.monitor.publish(compose(self._board, self._generation, self.clock(), merging))

    def _incidents_as_they_are(self) -> list[Record]:
        return [
            replace(one, status=Status.ACKNOWLEDGED, acknowledged_by="ann")
            if one.id in self.pager.acknowledged
            else one
            for one in self.incidents.values()
        ]

    # What happens at the screen

    async def settle(self) -> None:
        """Wait until nothing moves any more, what the pager is waited for apart.

        Not by how busy the process is, as Textual's own waiting does: that is slow, and depends on the machine.
        """
        await self.pilot.pause(0)
        await self._until(
            lambda: (
                self.app.acting.pending <= self.pager.waiting
                and not any(one.group != "rooms" and not one.is_finished for one in self.app.workers)
            )
        )
        await self.pilot.pause(_FRAME_S)
        # A machine that stood still for a frame has drawn nothing in it.
        for _ in range(_QUIET_TURNS):
            await self._until(lambda: rests(self.app))
        await self.pilot.pause(0)

    async def _until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE_S):
            await self.pilot.pause(0)
            while not condition():
                await self.pilot.pause(0.002)

    async def press(self, *keys: str) -> None:
        """Press keys, each with time to work."""
        driver = self.app._driver
        assert driver is not None
        for one in keys:
            driver.send_message(events.Key(one, one if len(one) == 1 else None))
            await self.settle()

    async def resize(self, width: int, height: int) -> None:
        """Give the terminal another size."""
        await self.pilot.resize_terminal(width, height)
        await self.settle()

    # What somebody sees, and what was begun

    @property
    def table(self) -> AlertTable | None:
        """The list of alerts of the view that is shown."""
        return next(iter(self.app.view.query(AlertTable)), None)

    async def text(self) -> str:
        """What is drawn. Colours are those of the screen that is active: it is drawn on its own event loop."""
        with self.app._context():
            return text_of(self.app)

    async def drawn(self, table: AlertTable) -> list[str]:
        """The lines of a list as they are drawn, its heading first."""
        area = table.region
        return [line[area.x : area.right] for line in (await self.text()).splitlines()[area.y : area.bottom]]

    async def seen_at_cursor(self) -> set[str]:
        """The title on the line of the cursor, as it is drawn; nothing when that line is not in sight."""
        table = self.table
        if table is None or self.app.is_too_small or not table.rows:
            return set()
        place = HEADER + table.cursor_index - round(table.scroll_y)
        lines = await self.drawn(table)
        return titles_in(lines[place]) if HEADER <= place < len(lines) else set()

    async def begun(self) -> list[str]:
        """The titles of what was begun since the last time, by the journal."""
        events = await self.journal.read_kind(ACTION_INTENT)
        new, self._intents = events[self._intents :], len(events)
        return [event.text("title") for event in new]


class _Monitor(FakeMonitor):
    """Composes anew when it is asked to, as the real one does."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self._world = world

    def recompose(self) -> None:
        super().recompose()
        self._world.publish()


def titles_in(text: str) -> set[str]:
    """The troubles that a text names."""
    return {found[0] for found in _TITLE.finditer(text)}


def _told(source: SourceName, number: int, severity: Severity, status: Status) -> Record:
    since = Clock().at - timedelta(minutes=number + 1)
    title = f"trouble {number}"
    keys = (key(f"k{number}"),)
    return record(
        source,
        f"X{number}",
        title=title,
        severity=severity,
        status=status,
        since=since,
        service=f"s{number % 3}",
        keys=keys,
    )


@cache
def _themes() -> tuple[Theme, ...]:
    return tuple(load_themes(shipped("themes").glob("*.toml")).themes)
