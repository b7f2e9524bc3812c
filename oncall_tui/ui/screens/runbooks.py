"""The catalogue of runbooks: what is open, what there is, what it covers now, and what nothing covers."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from textual import on, work
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input

from oncall_tui.domain.situation import Situation
from oncall_tui.journal.errors import JournalError
from oncall_tui.runbook.catalogue.entry import Entry
from oncall_tui.runbook.catalogue.find import subject_of
from oncall_tui.runbook.run.history import PastRun
from oncall_tui.ui import later
from oncall_tui.ui.present import topics
from oncall_tui.ui.present.runbook.shelf import Lint, Shelf, columns, heading, shelves
from oncall_tui.ui.screens.view import View
from oncall_tui.ui.widgets.filter_field import FilterField
from oncall_tui.ui.widgets.lines import Heading
from oncall_tui.ui.widgets.live_table import LiveTable

if TYPE_CHECKING:
    from oncall_tui.ui.rooms import RunbookRoom

_MOST_ALERTS = 200
"""Active alerts that a runbook is looked for; beyond that the list is of no use anyway."""
_WATCHED_EVERY_S = 5.0
"""While the view is shown; a look at 1,000 files takes 5 ms, in a thread."""
_DRAWN_AFTER = 8
"""Files that are read between two drawings."""


class RunbookTable(LiveTable[Shelf]):
    """The rows."""

    TOPIC = topics.RUNBOOKS


class Runbooks(View):
    """Read when it is shown; the files are read one after the other, to say what is wrong with them."""

    CSS_PATH = "runbooks.tcss"
    AUTO_FOCUS = "#shelf"

    def __init__(self) -> None:
        super().__init__()
        self._entries: Sequence[Entry] = ()
        self._past: Sequence[PastRun] = ()
        self._fits: dict[str, Sequence[str]] = {}
        self._lint: dict[str, Lint] = {}
        self._troubles: Sequence[str] = ()
        self._told = "reading …"
        self._asked: tuple[str, ...] = ()
        self._filter = ""

    def compose_body(self) -> Iterable[Widget]:
        yield Heading("runbooks-heading")
        yield FilterField()
        yield RunbookTable(columns(self.app.now), lambda one: one.id, id="shelf")

    def draw(self, situation: Situation) -> None:
        ids = tuple(one.id for one in situation.alerts)
        if self.is_current and ids != self._asked:
            self._asked = ids
            self._look()
        self.draw_details()

    def on_screen_resume(self) -> None:
        if self.can_draw:
            self._asked = tuple(one.id for one in self.app.situation.alerts)
            self._look()

    def on_mount(self) -> None:
        self.set_interval(_WATCHED_EVERY_S, self._watch)

    def _watch(self) -> None:
        if self.is_current and not self._told:
            self.run_worker(self.watch_files(), group="shelf-files", exclusive=True, exit_on_error=False)

    async def watch_files(self) -> None:
        """Look whether a file has come, gone or changed since they were listed; what has is listed anew."""
        room = await later.runs(self.app).room()
        if room is not None and tuple((await room.index()).entries) != tuple(self._entries):
            self._look()

    @work(group="shelf", exclusive=True, exit_on_error=False, description="list runbooks")
    async def _look(self) -> None:
        room = await later.runs(self.app).room()
        if room is None:
            return
        try:
            index = await room.index()
            self._entries, self._troubles, self._told = index.entries, index.troubles, ""
            self._past = await room.past()
        except (JournalError, OSError) as error:
            self._told = f"{error}"
        self.draw_details()
        alerts = self.app.situation.alerts[:_MOST_ALERTS]
        self._fits = {
            one.id: [two.entry.path for two in (await room.fitting(subject_of(one))).candidates] for one in alerts
        }
        self.draw_details()
        await self._judge(room)

    async def _judge(self, room: "RunbookRoom") -> None:
        """Read every file that was not read yet."""
        unread = [one for one in self._entries if one.sha256 not in self._lint]
        for number, entry in enumerate(unread, 1):
            try:
                book = await room.read(Path(entry.path))
            except OSError:
                self._lint[entry.sha256] = (1, 0)  # It went away since it was listed: the next look leaves it out.
            else:
                errors = len(book.errors)
                self._lint[entry.sha256] = (errors, len(book.findings) - errors)
            if number % _DRAWN_AFTER == 0 or number == len(unread):
                self.draw_details()

    def draw_details(self) -> None:
        rows = shelves(self._entries, self._past, self._fits, self.app.situation.alerts, self._lint)
        words = self._filter.lower().split()
        shown = [one for one in rows if all(word in one.words for word in words)]
        table = self.query_one(RunbookTable)
        nothing = (
            "No runbook holds these words."
            if words
            else self._told or "There are no runbooks: [runbooks] names folders."
        )
        table.say_when_empty(Content(nothing))
        table.show_rows(shown)
        told = f"{len(shown)} match {self._filter}" if words else self._told
        self.query_one("#runbooks-heading", Heading).tell(heading(rows, self._troubles, told))
        if self.is_current:
            self.app.refresh_keys()

    # What commands ask

    @property
    def can_open(self) -> bool:
        return self.query_one(RunbookTable).cursor_row is not None

    async def open_row(self) -> None:
        """Go on with the run, open the runbook, or search one for the alert."""
        row, runs = self.query_one(RunbookTable).cursor_row, later.runs(self.app)
        if row is not None:
            self.app.run_worker(
                runs.open_shelf(row.run, row.entry, row.covers, row.alert),
                group="runbook",
                exit_on_error=False,
                description="open a runbook",
            )

    @property
    def can_filter(self) -> bool:
        return True

    async def open_filter(self) -> None:
        field = self.query_one("#filter", Input)
        field.display = True
        field.focus()

    @on(Input.Changed, "#filter")
    def filter_rows(self, message: Input.Changed) -> None:
        """Show only what holds every word."""
        self._filter = message.value
        self.draw_details()

    @on(Input.Submitted, "#filter")
    def keep_filter(self) -> None:
        """Back to the list, with the filter."""
        self._close_filter()

    def _close_filter(self) -> None:
        self.query_one("#filter").display = False
        self.query_one(RunbookTable).focus()

    async def go_back(self) -> None:
        """Leave the filter, then the view."""
        field = self.query_one("#filter", Input)
        if field.has_focus or self._filter:
            field.value = self._filter = ""
            self._close_filter()
            self.draw_details()
        else:
            await super().go_back()
