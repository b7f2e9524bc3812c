"""A desk with runbooks: the whole screen on a real journal and executors that do what the test says."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from oncall_tui.assembly.runbooks import Begun
from oncall_tui.config.model import Config
from oncall_tui.domain.alert import Alert
from oncall_tui.domain.situation import Situation
from oncall_tui.journal.errors import JournalError
from oncall_tui.runbook.catalogue.entry import Entry
from oncall_tui.runbook.catalogue.find import Candidate, Finding, Rule, Subject, search
from oncall_tui.runbook.catalogue.index import Index
from oncall_tui.runbook.executors.place import Place
from oncall_tui.runbook.model import Mode, Runbook
from oncall_tui.runbook.reading.read import read
from oncall_tui.runbook.run.differing import Difference, difference
from oncall_tui.runbook.run.history import KINDS, PastRun, told_by
from oncall_tui.runbook.run.opening import Resumed, open_run, resume_run
from oncall_tui.runbook.run.ports import Desk as RunDesk
from oncall_tui.runbook.run.run import Run
from oncall_tui.ui import later
from oncall_tui.ui.running.drive import Drive
from oncall_tui.ui.screens.confirm_step import ConfirmStep
from oncall_tui.ui.screens.run import RunScreen
from tests.ui.desk import Desk, FakeRooms, at_desk
from tests.unit.builders import alert
from tests.unit.runbook.run.helpers import TEXT, Bench, judge, ok, runbook, table, value

PATIENCE_S = 60
"""So long something is waited for that comes in a moment: a busy machine stands still at times."""


def entry(name: str = "api-slow", title: str = "API slow") -> Entry:
    """A file of the catalogue."""
    return Entry(
        path=f"/nowhere/{name}.md",
        root="team",
        relative=f"{name}.md",
        mode=Mode.NATIVE,
        id=name,
        title=title,
        sha256="0" * 64,
    )


@dataclass
class FakeRunbooks:
    """The runbook room: files by path, found as the test says; runs are real ones."""

    bench: Bench
    texts: dict[str, str] = field(default_factory=lambda: {"/nowhere/api-slow.md": TEXT})
    entries: Sequence[Entry] = (entry(),)
    candidates: Sequence[Candidate] = (Candidate(entry(), "its match fits: alertname ApiSlow"),)
    failure: Exception | None = None
    desk: RunDesk | None = None
    reads: int = 0
    """Files that were read."""

    @property
    def place(self) -> Place:
        return Place({}, frozenset(), None)

    def _desk(self) -> RunDesk:
        if self.desk is None:
            self.desk = self.bench.desk()
        return self.desk

    async def index(self) -> Index:
        return Index(tuple(self.entries), 0)

    async def fitting(self, subject: Subject) -> Finding:
        if self.failure is not None:
            raise self.failure
        rule = Rule.MATCH if self.candidates else Rule.NONE
        return Finding(rule, tuple(self.candidates), search=subject.alertname)

    async def search(self, words: str) -> Sequence[Entry]:
        return search(words, self.entries)

    async def read(self, path: Path) -> Runbook:
        self.reads += 1
        return runbook(self.texts[str(path)])

    async def begin(
        self,
        runbook: Runbook,
        alert: Alert | None,
        situation: Situation,
        typed: Mapping[str, str] | None = None,
        on_change: Callable[[], None] = lambda: None,
    ) -> Begun:
        desk = self._desk()
        number = next(self.bench.numbers)
        links = {"alert": alert.id} if alert is not None else {}
        run = await open_run(runbook, desk, f"01JD00000000000000000{number:05}", links, on_change)
        if "service" in runbook.params:
            await run.give("service", "api", "label service")
        return Begun(run, {})

    async def resume(self, run_id: str, on_change: Callable[[], None] = lambda: None) -> Resumed:
        events = await self._desk().journal.read(f"run:{run_id}")
        if not events:
            raise JournalError("no such run", "look")
        path = str(events[0].payload["path"])
        return await resume_run(runbook(self.texts[path]), self._desk(), run_id, on_change)

    async def difference(self, run: Run) -> Difference | None:
        now = read(self.texts[str(run.runbook.path)].encode(), run.runbook.path, judge)
        return None if now.sha256 == run.runbook.sha256 else difference(run.runbook, now)

    async def past(self) -> tuple[PastRun, ...]:
        return tuple(one for one in await self._told() if one.is_begun)

    async def unfinished(self, path: str, alert: str) -> tuple[PastRun, ...]:
        found = [one for one in await self._told() if (one.path, one.alert) == (path, alert)]
        return tuple(one for one in found if one.is_offered(self._desk().operator.actor, self.bench.clock()))

    async def _told(self) -> tuple[PastRun, ...]:
        self._desk()
        return told_by(await self.bench.journals[0].read_kind(*KINDS, streams="run:"))


@dataclass
class AtRun:
    """A desk, and what a test asks of a run on it."""

    desk: Desk
    room: FakeRunbooks
    bench: Bench

    @property
    def screen(self) -> RunScreen:
        screen = next(one for one in reversed(self.desk.app.screen_stack) if isinstance(one, RunScreen))
        return screen

    @property
    def drive(self) -> Drive:
        return next(iter(later.runs(self.desk.app).drives.values()))

    async def press(self, *keys: str) -> None:
        """Press keys, and wait until what they began waits for somebody, or is over."""
        for key in keys:
            await self.desk.pilot.press(key)
            await self.settle()

    async def type(self, *keys: str) -> None:
        """Press keys that nothing has to be waited for between, such as the letters of a text."""
        await self.desk.pilot.press(*keys)
        await self.settle()

    async def settle(self) -> None:
        """Let the run and the journal come to rest: real threads write it, and it is drawn a moment later."""
        async with asyncio.timeout(PATIENCE_S):
            await self.desk.pilot.pause()
            while self.bench.is_writing or self._is_to_draw:
                await self.desk.pilot.pause()

    @property
    def _is_to_draw(self) -> bool:
        return any(isinstance(one, RunScreen) and one._is_due for one in self.desk.app.screen_stack)

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait until something is so: the journal is written by a thread of its own."""
        async with asyncio.timeout(PATIENCE_S):
            while not holds():
                await self.settle()

    def text(self) -> str:
        return self.desk.text()

    async def go_to(self, unit: str) -> None:
        """Put the cursor there."""
        self.screen.page.move_to(unit)
        await self.settle()


@asynccontextmanager
async def at_run(
    bench: Bench,
    *,
    size: tuple[int, int] = (120, 36),
    config: Config | None = None,
    text: str = TEXT,
    opens: bool = True,
    room: FakeRunbooks | None = None,
    settle_s: float = 0.001,
) -> AsyncIterator[AtRun]:
    """The screen with one alert, and its runbook opened by the key."""
    held = room or FakeRunbooks(bench, {"/nowhere/api-slow.md": text})
    rooms = FakeRooms()
    rooms.runbooks = held
    before, ConfirmStep.SETTLE_S = ConfirmStep.SETTLE_S, settle_s
    bench.script.outcomes.setdefault("cpu", [value(91)])
    bench.script.outcomes.setdefault("describe", [ok("4\n")])
    bench.script.outcomes.setdefault("pg_stat", [table(("41", "2026-11-21 12:00:00"), ("42", "2026-11-21 12:01:00"))])
    try:
        async with at_desk(alert(), size=size, config=config, rooms=rooms) as desk:
            at = AtRun(desk, held, bench)
            if opens:
                await at.press("r")
                await at.until(lambda: isinstance(desk.app.screen, RunScreen))
                await at.settle()
            yield at
    finally:
        ConfirmStep.SETTLE_S = before
