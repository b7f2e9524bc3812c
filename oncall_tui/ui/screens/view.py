"""What every view has: the top line, a body, the key line, and what commands may ask of it."""

from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Any

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input

from oncall_tui.domain.alert import Alert, SourceKind
from oncall_tui.domain.deployment import Deployment
from oncall_tui.domain.situation import Situation
from oncall_tui.ui import later
from oncall_tui.ui.commands import Command, Group
from oncall_tui.ui.present import alert_detail, top_line
from oncall_tui.ui.present.alert_row import Scene
from oncall_tui.ui.screens.fitting import Fitting
from oncall_tui.ui.widgets.alert_table import AlertTable
from oncall_tui.ui.widgets.detail_pane import DetailPane
from oncall_tui.ui.widgets.lines import KeyLine, TooSmall, TopLine
from oncall_tui.ui.widgets.live_table import LiveTable

if TYPE_CHECKING:
    from oncall_tui.config.model import FilterSettings

GROUP_HINT = (
    "The cursor is on a group of {count}, not on an alert: {{alert.mark}} marks what is in it, {{alert.open}} folds it."
)


class View(Fitting[None]):
    """A page of the screen. It draws the situation it is handed; it is not told twice of the same one."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide"), (160, "-huge")]
    VERTICAL_BREAKPOINTS = [(0, "-short"), (32, "-tall"), (50, "-towering")]

    def __init__(self) -> None:
        super().__init__()
        self._drawn: Situation | None = None
        self._parts = 0
        self._me: tuple[Situation | None, frozenset[str]] = (None, frozenset())

    def compose(self) -> ComposeResult:
        config = self.app.config
        name, is_production = self.app.environment, self.app.is_production
        yield TopLine(top_line.environment(name, is_production=is_production, is_read_only=config.is_read_only))
        yield from self.compose_body()
        yield KeyLine()
        yield TooSmall(self.app.keymap.fill("{screen.quit} quits"))

    def compose_body(self) -> Iterable[Widget]:
        """What stands between the top line and the key line."""
        return ()

    # Drawing

    def show(self, situation: Situation) -> None:
        """Draw ``situation``, unless it is the one that is drawn."""
        if self.can_draw and situation is not self._drawn:
            self._drawn = situation
            self.query_one(TopLine).show(situation, self.app.now(), later.work(self.app))
            self.draw(situation)
            self.app.refresh_keys()

    @property
    def can_draw(self) -> bool:
        """Whether all its widgets are there: not before the first paint, and no more while the app is closing."""
        return 0 < self._parts <= len(self.query("*"))

    def draw(self, situation: Situation) -> None:
        """Draw the body."""

    def tick(self) -> None:
        """A second has passed: ages move."""
        self.query_one(TopLine).show(self.app.situation, self.app.now(), later.work(self.app))

    def redraw_rows(self) -> None:
        """States or ages of rows have changed."""
        if self.can_draw:
            self.query_one(TopLine).show(self.app.situation, self.app.now(), later.work(self.app))
            for table in self.query(LiveTable):
                table.redraw()
            self.draw_details()

    def draw_details(self) -> None:
        """Draw what is told of the row under the cursor."""

    def on_resize(self) -> None:
        """Headings tell as much as there is room for."""
        self.call_after_refresh(lambda: self.draw_headings() if self.can_draw and self._drawn is not None else None)

    def on_descendant_focus(self) -> None:
        """Another place has the focus, and other keys work there."""
        if self.can_draw:
            self.app.refresh_keys()

    def on_mount(self) -> None:
        # What is mounted while the app ends may have lost parts already.
        self._parts = 0 if self.app._exit else len(self.query("*"))
        self.show(self.app.situation)

    def on_screen_resume(self) -> None:
        self.show(self.app.situation)
        self.app.refresh_keys()

    def scene(self) -> Scene:
        """What rows are drawn with. Every cell asks for it, so that names and keys are not looked up each time."""
        situation = self.app.situation
        if self._me[0] is not situation:
            self._me = (situation, frozenset(one.user for one in situation.on_call if one.is_me))
        retry, again = self._keys_of_rows
        is_told = situation.has_environments
        return Scene(
            self.app.now(), self.app.acting.acts, self._me[1], has_environments=is_told, retry=retry, again=again
        )

    @cached_property
    def _keys_of_rows(self) -> tuple[str, str]:
        """The keys that rows tell of; they stay what they are while the program runs."""
        return self.app.keymap.shown("alert.acknowledge"), self.app.keymap.shown("alert.retry")

    def tell_of_alert(self, table: AlertTable, pane: DetailPane) -> None:
        """Tell in ``pane`` of the alert under the cursor of ``table``."""
        deployments: dict[str, Deployment] = {one.id: one for one in self.app.situation.deployments}
        section = table.cursor_section
        if section is not None:
            from oncall_tui.ui.present.group_line import group_detail

            pane.tell(group_detail(section, table.grouping, self.app.now(), self.app.keymap.fill), section.key)
            return
        past = None if table.cursor_row is None else self._past_of(table.cursor_row)
        pane.tell(alert_detail.detail(table.cursor_row, self.scene(), deployments, past), table.cursor_id)

    def _past_of(self, alert: Alert) -> Content | None:
        """What is known of the history of ``alert``; None of one that nobody remembers."""
        if SourceKind.PAGERDUTY not in alert.source_kinds:
            return None
        from oncall_tui.ui.present import history

        key = self.app.keymap.shown("alert.history")
        return history.pane(self.app.acting.knowing.history(alert), self.app.now(), key)

    def reveal(self, row_id: str) -> None:
        """Put the cursor on the row of this id in the list of the view."""
        table = self.table
        if table is not None:
            table.move_to_id(row_id)

    # What commands ask

    @property
    def table(self) -> "LiveTable[Any] | None":
        """The list that is in use: the one with the focus; without it the first, which the details tell of.

        None while the focus is on a place that tells of no row: nothing is acted on beside which no cursor stands.
        """
        focused = self.focused
        if isinstance(focused, LiveTable):
            return focused
        if focused is None or isinstance(focused, DetailPane | Input):
            return next(iter(self.query(LiveTable)), None)
        return None

    @property
    def can_move(self) -> bool:
        """Whether there is a list to move in, or a text to scroll."""
        return self.table is not None

    def move(self, by: int) -> None:
        """Go ``by`` rows down in the list in use, or lines in the details while they have the focus."""
        if isinstance(self.focused, DetailPane):
            self.focused.scroll_relative(y=by, animate=False)
        elif self.table is not None:
            self.table.action_cursor(by)

    def move_to_edge(self, *, is_first: bool) -> None:
        """Go to the first row, or to the last."""
        if isinstance(self.focused, DetailPane):
            self.focused.scroll_to(y=0 if is_first else self.focused.max_scroll_y, animate=False)
        elif self.table is not None:
            self.table.action_first() if is_first else self.table.action_last()

    @property
    def alerts_table(self) -> AlertTable | None:
        """The list of alerts, if that is the list in use."""
        table = self.table
        return table if isinstance(table, AlertTable) else None

    def selected_alerts(self) -> tuple[Alert, ...]:
        """What an act on alerts is meant for, as it is drawn at this moment."""
        table = self.alerts_table
        return () if table is None else table.chosen

    def address(self) -> str | None:
        """The address of what is under the cursor."""
        table = self.alerts_table
        return None if table is None or table.cursor_row is None else table.cursor_row.url

    @property
    def can_open(self) -> bool:
        """Whether more can be shown of the row under the cursor than is on screen."""
        return False

    async def open_row(self) -> None:
        """Show everything known of the row under the cursor."""

    @property
    def folds_on_open(self) -> bool:
        """Whether opening the row folds a group, or unfolds it: the cursor is on the line of one."""
        table = self.alerts_table
        return table is not None and table.cursor_section is not None

    @property
    def can_filter(self) -> bool:
        """Whether there is something here that a filter narrows."""
        return self.alerts_table is not None

    async def open_filter(self) -> None:
        """Filter the list of alerts."""
        await self.app.show_view("alerts")
        await self.app.view.open_filter()

    @on(LiveTable.HeadingClicked)
    def sort_by_heading(self, message: LiveTable.HeadingClicked) -> None:
        """Sort by the column; a second click on it turns the order round."""
        if isinstance(message.table, AlertTable):
            message.table.sort_by_column(message.column)
            self.draw_headings()

    def why_not(self, command: Command) -> str:
        """Why ``command`` is of no use here, with the keys of others as ``{command.id}``."""
        table = self.alerts_table
        if command.group is Group.ALERTS and table is not None and table.cursor_section is not None:
            return GROUP_HINT.format(count=len(table.cursor_section.rows))
        return command.missing

    async def apply_filter(self, saved: "FilterSettings") -> None:
        """Show the list of alerts as a saved filter has it."""
        await self.app.show_view("alerts")
        await self.app.view.apply_filter(saved)

    def draw_headings(self) -> None:
        """Draw what is said about the lists."""

    @property
    def can_go_back(self) -> bool:
        """Whether there is anything to leave."""
        table = self.alerts_table
        return self.app.current_mode != "overview" or (table is not None and bool(table.marked))

    async def go_back(self) -> None:
        """Take away the marks, then leave the view."""
        table = self.alerts_table
        if table is not None and table.marked:
            table.clear_marks()
            self.app.refresh_keys()
        elif self.app.current_mode != "overview":
            await self.app.show_view("overview")
