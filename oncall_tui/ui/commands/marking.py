"""Commands that mark alerts, for an act on many. A mark stays on its alert, whatever a filter hides of it."""

from abc import abstractmethod
from typing import TYPE_CHECKING

from oncall_tui.ui.commands.command import Command, Group

if TYPE_CHECKING:
    from oncall_tui.ui.app import OncallApp
    from oncall_tui.ui.widgets.alert_table import AlertTable


class _Marks(Command):
    """A command on the marks of the list of alerts that is in use."""

    group = Group.ALERTS
    missing = "There is no alert here: {view.alerts} lists them."

    def is_available(self, app: "OncallApp") -> bool:
        table = app.view.alerts_table
        return table is not None and bool(table.rows)

    def run(self, app: "OncallApp") -> None:
        table = app.view.alerts_table
        if table is not None:
            self.mark(table)
            app.refresh_keys()

    @abstractmethod
    def mark(self, table: "AlertTable") -> None:
        """Set marks, or take them away."""


class Mark(_Marks):
    """Mark the alert, or take its mark away, and go on; a group as a whole."""

    id = "alert.mark"
    key = "space"
    label = "mark"
    palette = "alert: mark"
    rank = 40

    def mark(self, table: "AlertTable") -> None:
        table.toggle_mark()


class MarkRange(_Marks):
    """Mark everything from the last mark to the cursor.

    Of a folded group in between all alerts are marked.
    """

    id = "alert.mark_range"
    key = "V"
    label = "mark range"
    palette = "alert: mark from the last mark to the cursor"
    missing = "There is no mark to begin at: {alert.mark} sets one."

    def is_available(self, app: "OncallApp") -> bool:
        table = app.view.alerts_table
        return table is not None and table.can_mark_range

    def mark(self, table: "AlertTable") -> None:
        table.mark_range()


class MarkAll(_Marks):
    """Mark all that the filter shows; when all are, take these marks away."""

    id = "alert.mark_all"
    key = "M"
    label = "mark all"
    palette = "alert: mark all that the filter shows"

    def mark(self, table: "AlertTable") -> None:
        table.toggle_all_marks()


class InvertMarks(_Marks):
    """Mark what the filter shows and is not marked, and no other of it."""

    id = "alert.mark_invert"
    key = "I"
    label = "invert marks"
    palette = "alert: invert the marks of all that the filter shows"

    def mark(self, table: "AlertTable") -> None:
        table.invert_marks()


class Unmark(_Marks):
    """Take all marks away, those that the filter hides too."""

    id = "alert.unmark"
    key = "U"
    label = "unmark all"
    palette = "alert: take all marks away"
    missing = "Nothing is marked."

    def is_available(self, app: "OncallApp") -> bool:
        table = app.view.alerts_table
        return table is not None and bool(table.marked)

    def mark(self, table: "AlertTable") -> None:
        table.clear_marks()


MARKING_COMMANDS: tuple[type[Command], ...] = (Mark, MarkRange, MarkAll, InvertMarks, Unmark)
