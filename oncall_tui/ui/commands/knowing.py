"""Commands that ask a pager about the past of an alert."""

from typing import TYPE_CHECKING

from oncall_tui.domain.alert import SourceKind
from oncall_tui.ui.commands.command import Command, Group

if TYPE_CHECKING:
    from oncall_tui.ui.app import OncallApp


class ShowHistory(Command):
    """When it fired before, in 30 days: how long, how it ended, and the notes.

    PagerDuty is asked when this is pressed, or when the details are opened, and at most once in five minutes.
    """

    id = "alert.history"
    key = "H"
    label = "history"
    palette = "alert: history of thirty days"
    group = Group.ALERTS
    opens = True
    missing = "Only PagerDuty remembers when an alert fired before, and it does not hold this one."

    def is_available(self, app: "OncallApp") -> bool:
        table = app.view.alerts_table
        alert = None if table is None else table.cursor_row
        return alert is not None and SourceKind.PAGERDUTY in alert.source_kinds

    async def run(self, app: "OncallApp") -> None:
        from oncall_tui.ui.screens.history import HistoryNotice

        table = app.view.alerts_table
        if table is not None and table.cursor_row is not None:
            await app.push_screen(HistoryNotice(table.cursor_row, opened_by=self.id))


KNOWING_COMMANDS: tuple[type[Command], ...] = (ShowHistory,)
