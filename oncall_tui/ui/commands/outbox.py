"""Commands on what is being sent, what failed, and what waits."""

from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

from oncall_tui.ui.commands.command import Command, Group

if TYPE_CHECKING:
    from oncall_tui.ui.acts import Failed
    from oncall_tui.ui.app import OncallApp


class Retry(Command):
    """Send again what failed, the very same, if it was not done.

    On the marked alerts, or on the one under the cursor. It is looked for first; an escalation, which cannot be told
    from one that came by itself, is asked about. An acknowledge or a note that could not be sent because the pager is
    out of reach needs no key: it waits in the outbox.
    """

    id = "alert.retry"
    key = "ctrl+t"
    label = "again"
    palette = "alert: send again what failed"
    group = Group.ALERTS
    missing = "Nothing that was sent for this alert has failed."
    mutates = True

    def is_available(self, app: "OncallApp") -> bool:
        return app.view.alerts_table is not None and bool(_failed(app))

    def run(self, app: "OncallApp") -> Coroutine[Any, Any, None] | None:
        table, failed = app.view.alerts_table, _failed(app)
        if table is not None and table.has_just_shifted and not table.marked:
            return app.acting.hesitate([one.alert for one in failed])
        from oncall_tui.ui.retrying import retry

        return retry(app, failed)


class StopSending(Command):
    """Stop what is being sent to many; what is on its way gets its answer.

    What was not begun is told as not sent and stays marked.
    """

    id = "alert.stop"
    key = "ctrl+x"
    label = "stop"
    palette = "alert: stop what is being sent"
    group = Group.ALERTS
    missing = "Nothing is being sent to several alerts."
    mutates = True

    def is_available(self, app: "OncallApp") -> bool:
        return app.acting.can_stop

    def run(self, app: "OncallApp") -> None:
        app.acting.stop()


class ShowOutbox(Command):
    """Show what waits to be sent, and what failed: since when, and why.

    From there it is tried at once, or dropped.
    """

    id = "screen.outbox"
    key = "W"
    label = "outbox"
    palette = "screen: outbox"
    group = Group.SCREEN
    missing = "Not ready: the sources are still being opened."
    opens = True

    def is_available(self, app: "OncallApp") -> bool:
        return app.acting.rooms is not None

    async def run(self, app: "OncallApp") -> None:
        from oncall_tui.ui.screens.outbox_list import OutboxList

        cut_off = await app.acting.waiting.cut_off()
        await app.push_screen(OutboxList(may_act=not app.config.is_read_only, cut_off=cut_off))


def _failed(app: "OncallApp") -> "list[Failed]":
    return app.acting.acts.failed(app.view.selected_alerts())


OUTBOX_COMMANDS: tuple[type[Command], ...] = (Retry, StopSending, ShowOutbox)
