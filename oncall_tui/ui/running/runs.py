"""The runs that this screen holds: the runbook that fits an alert is found, its run begun or taken up again."""

import asyncio
import importlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from textual.content import Content

from oncall_tui.domain.alert import Alert
from oncall_tui.domain.clocks import clock
from oncall_tui.domain.text import clean_line
from oncall_tui.journal.errors import JournalError
from oncall_tui.runbook.catalogue.entry import Entry
from oncall_tui.runbook.catalogue.find import Finding, subject_of
from oncall_tui.runbook.model import Runbook
from oncall_tui.runbook.run.history import PastRun
from oncall_tui.ui.present.runbook.page import who
from oncall_tui.ui.running.drive import Drive
from oncall_tui.ui.screens.asking import Choose
from oncall_tui.ui.screens.find_runbook import FindRunbook

if TYPE_CHECKING:
    from oncall_tui.ui.app import OncallApp
    from oncall_tui.ui.rooms import RunbookRoom

GROUP = "runbook"
Found = tuple[Entry, str]
"""A runbook and why it fits."""


class Runs:
    """Every run that is open on this screen, by its id."""

    def __init__(self, app: "OncallApp") -> None:
        self._app = app
        self.drives: dict[str, Drive] = {}
        self._is_opening = False

    @property
    def busy(self) -> list[Drive]:
        """Those in which something runs."""
        return [one for one in self.drives.values() if one.is_busy]

    def ask_to_leave(self, leave: Callable[[], None]) -> None:
        """Something runs: leaving ends it, so it is asked."""
        from oncall_tui.ui.screens.dialogs import Question

        names = [f"{drive.run.runbook.title}: {name}" for drive in self.busy for name in drive.running_names]
        told = Content("\n").join(
            [*map(Content, names), Content("Leaving cancels it, and what it has done so far is not known then.")]
        )

        def answered(answer: bool | None) -> None:
            if answer:
                leave()

        self._app.push_screen(Question("Leave while this runs?", told, "leave, and cancel it"), answered)

    async def end(self) -> None:
        """The program ends: everything that runs is ended, and its end written."""
        for drive in self.drives.values():
            await drive.run.end()

    async def room(self) -> "RunbookRoom | None":
        """The runbook room; what it needs is loaded where it does not hold up the screen."""
        if self._app.rooms is None:
            self._app.say("Not ready: the sources are still being opened.")
            return None
        await asyncio.to_thread(importlib.import_module, "oncall_tui.assembly.runbooks")
        return self._app.rooms.runbooks

    async def open_for(self, alert: Alert) -> None:
        """Find the runbook of an alert and open it."""
        if self._is_opening:
            return
        self._is_opening = True
        try:
            found = await self._find(alert)
            if found is not None:
                await self.open(found[0], found[1], alert)
        except (JournalError, OSError) as error:
            self.say_failed(error)
        finally:
            self._is_opening = False

    def say_failed(self, error: JournalError | OSError) -> None:
        """Why nothing was opened."""
        told = f"{error} {error.hint}" if isinstance(error, JournalError) else str(error)
        self._app.say(clean_line(f"The runbook was not opened: {told}"), is_bad=True)

    async def _find(self, alert: Alert) -> Found | None:
        room = await self.room()
        if room is None:
            return None
        finding = await room.fitting(subject_of(alert))
        for refused in finding.refused:
            self._app.say(f"Not followed: {refused}")
        if len(finding.candidates) == 1:
            return finding.candidates[0].entry, finding.candidates[0].why
        if finding.candidates:
            return await self._choose(finding)
        words = f"No runbook is known for {finding.search}. Look for one:"
        entry = await self._app.push_screen_wait(FindRunbook(room, words, finding.search))
        return None if entry is None else (entry, "found by search")

    async def _choose(self, finding: Finding) -> Found | None:
        choices = [
            Content.assemble((one.entry.title, "bold $bright"), (f"   {one.entry.relative}   {one.why}", "$dim"))
            for one in finding.candidates
        ]
        told = Content(f"{len(choices)} runbooks fit by the same rule.")
        chosen = await self._app.push_screen_wait(Choose("Which runbook?", told, "open", choices))
        return None if chosen is None else (finding.candidates[chosen].entry, finding.candidates[chosen].why)

    async def open(self, entry: Entry, why: str = "", alert: Alert | None = None) -> None:
        """Open a runbook: its unfinished run for the alert, if that is wanted, else a new one.

        Raises:
            JournalError: a run can be neither read nor begun.
            OSError: the file cannot be read.
        """
        room = await self.room()
        if room is None:
            return
        alert_id = alert.id if alert is not None else ""
        if (untouched := self._untouched(entry, alert_id)) is not None:
            await self._show_asked(untouched)
            return
        past, book = await asyncio.gather(room.unfinished(entry.path, alert_id), room.read(Path(entry.path)))
        if past:
            again = await self._take_up(past)
            if again is None:
                return
            if again:
                await self.resume(again, _words(alert), why)
                return
        await self._begin(room, book, why, alert)

    async def _begin(self, room: "RunbookRoom", runbook: Runbook, why: str, alert: Alert | None) -> None:
        drive = Drive(self._app, _words(alert), why)
        beginning = room.begin(runbook, alert, self._app.situation, on_change=drive.changed)
        begun, _ = await asyncio.gather(beginning, drive.lay_out(runbook))
        drive.take(begun.run, begun.values)
        self.drives[begun.run.record.run_id] = drive
        await self._show_asked(drive)

    def _untouched(self, entry: Entry, alert_id: str) -> Drive | None:
        """The run that was opened here for the same and left before anything was done: no second one is begun."""
        for drive in self.drives.values():
            run, record = drive.run, drive.run.record
            is_it = (record.path, run.runbook.sha256, record.alert) == (entry.path, entry.sha256, alert_id)
            if is_it and not (record.is_begun or record.closed or run.pages.is_read_only):
                return drive
        return None

    async def _show_asked(self, drive: Drive) -> None:
        self._app.run_worker(drive.look(), group=GROUP, exit_on_error=False, description="ask the checks of a runbook")
        await self.show(drive)

    async def _take_up(self, past: Sequence[PastRun]) -> str | None:
        """The run to go on with, empty for a new one; None when nothing is to be opened."""
        now = self._app.now()
        choices = [
            Content.assemble(
                ("go on with the run of ", ""),
                (clock(one.opened_at, now), "bold $bright"),
                (f"   by {who(one.driven_by)}, {one.started or 'nothing'} started", "$dim"),
            )
            for one in past
        ]
        told = Content("There is an unfinished run of this runbook for this alert.")
        choices.append(Content("begin a new one"))
        chosen = await self._app.push_screen_wait(Choose("Go on?", told, "open", choices))
        if chosen is None:
            return None
        return past[chosen].run_id if chosen < len(past) else ""

    async def resume(self, run_id: str, alert: str = "", why: str = "") -> None:
        """Take a run up again.

        Raises:
            JournalError: it cannot be read.
            OSError: neither its text nor its file can be read.
        """
        drive = self.drives.get(run_id)
        if drive is None:
            room = await self.room()
            if room is None:
                return
            drive = Drive(self._app, alert, why)
            resumed = await room.resume(run_id, drive.changed)
            drive.take(resumed.run, resumed.values)
            drive.is_replaced = resumed.has_changed
            self.drives[run_id] = drive
        # Also of a run that this screen has held all the time: what was asked before it was left may be old.
        await self._show_asked(drive)

    async def open_shelf(
        self, run: PastRun | None, entry: Entry | None, covers: Sequence[Alert], alert: Alert | None
    ) -> None:
        """Open a row of the catalogue: a run, a runbook for what it covers, or a search for an alert without one."""
        if alert is not None:
            await self.open_for(alert)
            return
        try:
            if run is not None:
                await self.resume(run.run_id)
            elif entry is not None:
                about = await self._which(covers)
                if about is not None:
                    await self.open(entry, "opened from the catalogue", about or None)
        except (JournalError, OSError) as error:
            self.say_failed(error)

    async def _which(self, covers: Sequence[Alert]) -> "Alert | Literal[False] | None":
        """The alert that it is opened for; False for none, None when nothing is to be opened."""
        if len(covers) <= 1:
            return covers[0] if covers else False
        choices = [*(Content(_words(one)) for one in covers), Content("for no alert")]
        chosen = await self._app.push_screen_wait(Choose("For which alert?", Content(), "open", choices))
        return None if chosen is None else covers[chosen] if chosen < len(covers) else False

    async def show(self, drive: Drive) -> None:
        """Show a run."""
        from oncall_tui.ui.screens.run import RunScreen

        await self._app.push_screen(RunScreen(drive))


def _words(alert: Alert | None) -> str:
    return "" if alert is None else clean_line(f"{alert.severity.name} {alert.service} {alert.headline}", 120)
