"""Commands on runbooks."""

from typing import TYPE_CHECKING

from oncall_tui.ui.commands.command import Command, Group

if TYPE_CHECKING:
    from oncall_tui.ui.app import OncallApp


class OpenRunbook(Command):
    """Open the runbook that fits; what changes something is asked about first.

    Several that fit are listed; where none does it is searched. An unfinished run can be taken up again.
    """

    id = "alert.runbook"
    key = "r"
    label = "runbook"
    palette = "alert: open its runbook"
    group = Group.ALERTS
    rank = 20
    missing = "No alert is selected: {view.alerts} lists them."
    opens = True

    def is_available(self, app: "OncallApp") -> bool:
        table = app.view.alerts_table
        return table is not None and table.cursor_row is not None

    def run(self, app: "OncallApp") -> None:
        from oncall_tui.ui import later

        table = app.view.alerts_table
        alert = None if table is None else table.cursor_row
        if alert is not None:
            # The alert is taken at the key press, not when the event loop comes to it.
            work = later.runs(app).open_for(alert)
            app.run_worker(work, group="runbook", exit_on_error=False, description="open a runbook")


class ShowRunbooks(Command):
    """Every runbook: its last use, its faults, the alerts that it covers now.

    Open runs stand first, the alerts that none covers last.
    """

    id = "view.runbooks"
    key = "4"
    label = "runbooks"
    palette = "view: runbooks"
    group = Group.VIEWS
    rank = 74
    missing = "You are there."
    is_quiet = True

    def is_available(self, app: "OncallApp") -> bool:
        return app.current_mode != "runbooks"

    async def run(self, app: "OncallApp") -> None:
        await app.show_view("runbooks")


RUNBOOK_COMMANDS: tuple[type[Command], ...] = (OpenRunbook, ShowRunbooks)
