"""The list of alerts, with everything known of the one under the cursor."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from textual import on
from textual.containers import Container, Vertical
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input

from oncall_tui.domain.alert import Alert, SourceKind
from oncall_tui.domain.situation import Situation
from oncall_tui.ui.present import headings
from oncall_tui.ui.screens.view import View
from oncall_tui.ui.widgets.alert_table import AlertTable
from oncall_tui.ui.widgets.detail_pane import DetailPane
from oncall_tui.ui.widgets.filter_field import FilterField
from oncall_tui.ui.widgets.lines import Heading
from oncall_tui.ui.widgets.live_table import LiveTable

if TYPE_CHECKING:
    from oncall_tui.config.model import FilterSettings

_REST_S = 0.4
"""For so long the cursor rests on a row before a vendor is asked about it: who goes through a list asks nothing."""


class Alerts(View):
    """Filter, marks, sort, and a detail pane."""

    CSS_PATH = "alerts.tcss"
    AUTO_FOCUS = "#alerts"

    _was_on: tuple[bool, tuple[str, ...]] = (False, ())
    """Whether the cursor was on the line of a group, and whose page it was on: the key line says other things then."""
    _resting: Timer | None = None

    def compose_body(self) -> Iterable[Widget]:
        with Container(id="alerts-body"):
            with Vertical(id="list"):
                yield Heading("alerts-heading")
                yield FilterField()
                yield AlertTable(self.scene, self.app.config.display.columns, id="alerts")
            yield DetailPane()

    def draw(self, situation: Situation) -> None:
        self.query_one(AlertTable).show_situation(situation)
        self.draw_headings()
        self.draw_details()

    def draw_headings(self) -> None:
        table, tally = self.query_one(AlertTable), self.app.situation.tally
        heading = self.query_one("#alerts-heading", Heading)
        words, width = table.arrangement.in_words, heading.size.width
        heading.tell(headings.alerts(tally, len(table.rows), table.wanted, words, width, table.filter_name))

    def draw_details(self) -> None:
        self.tell_of_alert(self.query_one(AlertTable), self.query_one(DetailPane))

    @on(LiveTable.CursorMoved)
    def follow_cursor(self) -> None:
        """Show the alert under the cursor in the detail pane."""
        self.draw_details()
        self._look_up()
        table = self.query_one(AlertTable)
        row = table.cursor_row
        kind = (table.cursor_section is not None, row.held_by_others if row is not None else ())
        if kind != self._was_on:
            self._was_on = kind
            self.app.refresh_keys()

    # The filter

    @property
    def can_open(self) -> bool:
        return True

    @property
    def folds_on_open(self) -> bool:
        # In the details it gives them the room, those of a group too.
        return super().folds_on_open and not isinstance(self.focused, DetailPane)

    async def open_row(self) -> None:
        """Give the detail pane the room, or take it back; on the line of a group fold that."""
        if self.folds_on_open:
            self.query_one(AlertTable).toggle_fold()
        else:
            self.toggle_class("-reading")
            self._look_up()

    def _look_up(self) -> None:
        """Ask when the alert fired before whose details are read, once the cursor has rested on it."""
        if self._resting is not None:
            self._resting.stop()
        row = self.query_one(AlertTable).cursor_row
        if row is not None and self.has_class("-reading") and SourceKind.PAGERDUTY in row.source_kinds:
            self._resting = self.set_timer(_REST_S, lambda: self._ask(row))

    def _ask(self, alert: Alert) -> None:
        self.app.acting.knowing.ask_history(alert)
        self.draw_details()

    def reveal(self, row_id: str) -> None:
        """Put the cursor on the alert; a filter that hides it is taken away: no key meant for it may hit another."""
        table = self.query_one(AlertTable)
        if not table.move_to_id(row_id) and table.filter_text:
            self.query_one("#filter", Input).value = ""
            table.filter_by("")
            table.move_to_id(row_id)
            self.app.say("The filter hid this alert and is taken away.")

    async def open_filter(self) -> None:
        field = self.query_one("#filter", Input)
        field.display = True
        field.focus()
        self.query_one(AlertTable).expect_filter()

    @on(Input.Changed, "#filter")
    def filter_rows(self, message: Input.Changed) -> None:
        table, text = self.query_one(AlertTable), message.input.value
        if text != table.filter_text:
            table.filter_by(text)
        self._tell_of_rows()

    def _tell_of_rows(self) -> None:
        """Other rows are shown: say so wherever something is told of them."""
        self.draw_headings()
        self.draw_details()
        self.app.refresh_keys()

    @on(Input.Submitted, "#filter")
    def keep_filter(self) -> None:
        self._close_filter()

    async def apply_filter(self, saved: "FilterSettings") -> None:
        table, field = self.query_one(AlertTable), self.query_one("#filter", Input)
        table.apply(saved)
        field.value = saved.filter
        if field.has_focus:
            self._close_filter()
        self._tell_of_rows()

    def _close_filter(self) -> None:
        self.query_one("#filter").display = False
        self.query_one(AlertTable).focus()

    @property
    def can_go_back(self) -> bool:
        return True

    async def go_back(self) -> None:
        """Leave the filter, then the reading, then the marks, then the view."""
        field, table = self.query_one("#filter", Input), self.query_one(AlertTable)
        if field.has_focus:
            field.value = ""
            self._close_filter()
        elif table.filter_text or table.filter_name:
            field.value = ""
            table.filter_by("")
            self._tell_of_rows()
        elif self.has_class("-reading"):
            self.remove_class("-reading")
        else:
            await super().go_back()
