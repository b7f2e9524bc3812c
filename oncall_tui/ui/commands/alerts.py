"""Commands on alerts."""

from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

from oncall_tui.domain.alert import Alert
from oncall_tui.domain.whose import page_of
from oncall_tui.ui.commands.command import Command, Group

if TYPE_CHECKING:
    from oncall_tui.ui.app import OncallApp

_COUNTED = 500
"""Up to so many alerts are looked through for whose they are."""


class _OnAlerts(Command):
    """A command that needs an alert under the cursor or marked."""

    group = Group.ALERTS
    missing = "No alert is selected: {view.alerts} lists them."

    def is_available(self, app: "OncallApp") -> bool:
        return app.view.alerts_table is not None and bool(app.view.selected_alerts())


class Acknowledge(_OnAlerts):
    """Acknowledge; with marks, list them and ask once.

    The pager is told; the row says so once the pager has answered. An alert that no pager knows is acknowledged in the
    journal of this screen only, and says "here only".
    """

    id = "alert.acknowledge"
    key = "a"
    label = "acknowledge"
    palette = "alert: acknowledge"
    rank = 10
    mutates = True

    def hint(self, app: "OncallApp") -> str:
        # It is said, and stops nobody. Of very many the question tells it: the key line is drawn with every key.
        selected = app.view.selected_alerts()
        theirs = [one.held_by_others for one in selected if one.held_by_others] if len(selected) <= _COUNTED else []
        if not theirs:
            return self.label
        return f"{self.label} {page_of(theirs[0])}" if len(theirs) == 1 else f"{self.label}, {len(theirs)} of others"

    def run(self, app: "OncallApp") -> Coroutine[Any, Any, None]:
        # Not an async function: the targets are taken at the key press, not when the event loop comes to it.
        table, targets = app.view.alerts_table, app.view.selected_alerts()
        has_marks = table is not None and bool(table.marked)
        if table is not None and table.has_just_shifted and not has_marks:
            return app.acting.hesitate(targets)
        return app.acting.acknowledge(targets, ask=has_marks)


class Open(Command):
    """Show everything known: records, labels, suspects, links."""

    id = "alert.open"
    key = "enter"
    label = "open"
    palette = "alert: show details"
    group = Group.ALERTS
    rank = 30
    missing = "There is nothing more to show of this place."
    is_quiet = True

    def hint(self, app: "OncallApp") -> str:
        return "fold" if app.view.folds_on_open else self.label

    def is_available(self, app: "OncallApp") -> bool:
        return app.view.can_open

    async def run(self, app: "OncallApp") -> None:
        await app.view.open_row()


class Browse(Command):
    """Open the page of the row in the browser."""

    id = "alert.browse"
    key = "o"
    label = "browser"
    palette = "alert: open in the browser"
    group = Group.ALERTS
    rank = 86
    missing = "There is no page of what is under the cursor."
    is_quiet = True

    def is_available(self, app: "OncallApp") -> bool:
        return app.view.address() is not None

    def run(self, app: "OncallApp") -> None:
        from oncall_tui.ui.browser import browse

        address = app.view.address()
        if address is not None:
            app.run_worker(
                browse(app, address), group="browser", exit_on_error=False, description="open in the browser"
            )


class Copy(_OnAlerts):
    """Copy the alert with its address, to paste into a chat."""

    id = "alert.copy"
    key = "y"
    label = "copy"
    palette = "alert: copy to the clipboard"

    def is_available(self, app: "OncallApp") -> bool:
        table = app.view.alerts_table
        return table is not None and table.cursor_row is not None

    def run(self, app: "OncallApp") -> None:
        from oncall_tui.ui.clipboard import copy

        table = app.view.alerts_table
        alert = None if table is None else table.cursor_row
        if alert is None:
            return
        app.run_worker(
            copy(app, pasted(alert)), group="clipboard", exit_on_error=False, description="copy to the clipboard"
        )


def pasted(alert: Alert) -> str:
    """An alert as it is pasted into a chat: ``P2 api: 5xx above 1 %``, its address below, the service once."""
    where = f"{alert.service}: " if alert.service else ""
    return f"{alert.severity.name} {where}{alert.headline}" + (f"\n{alert.url}" if alert.url else "")


ALERT_COMMANDS: tuple[type[Command], ...] = (Acknowledge, Open, Browse, Copy)
