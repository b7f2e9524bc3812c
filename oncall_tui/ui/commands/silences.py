"""Commands that mute the alert under the cursor, and let it be heard again. Each asks first."""

from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

from oncall_tui.ui.acts import silenceable, silenced
from oncall_tui.ui.commands.command import Command, Group

if TYPE_CHECKING:
    from oncall_tui.domain.alert import Alert
    from oncall_tui.ui.app import OncallApp


class SilenceAlert(Command):
    """Silence by its labels, once you saw which alerts that covers now.

    The matchers can be changed; an end and a comment are asked for. Alertmanager itself is asked what they cover.
    """

    id = "alert.silence"
    key = "S"
    label = "silence"
    palette = "alert: silence"
    group = Group.ALERTS
    missing = "Only what Alertmanager holds can be silenced."
    mutates = True
    asks_first = True

    def is_available(self, app: "OncallApp") -> bool:
        alert = _under_cursor(app)
        return alert is not None and silenceable(alert) is not None

    def run(self, app: "OncallApp") -> Coroutine[Any, Any, None] | None:
        from oncall_tui.ui import silencing

        # Not an async function: the target is taken at the key press, not when the event loop comes to it.
        alert = _under_cursor(app)
        return None if alert is None else silencing.propose(app, alert)


class UnsilenceAlert(Command):
    """End the silences of the alert, once you saw which they are."""

    id = "alert.unsilence"
    key = ""
    label = "end silence"
    palette = "alert: end its silence"
    group = Group.ALERTS
    missing = "No silence is known of this alert."
    mutates = True
    asks_first = True

    def is_available(self, app: "OncallApp") -> bool:
        alert = _under_cursor(app)
        return alert is not None and silenced(alert) is not None

    def run(self, app: "OncallApp") -> Coroutine[Any, Any, None] | None:
        from oncall_tui.ui import silencing

        alert = _under_cursor(app)
        return None if alert is None else silencing.propose_end(app, alert)


def _under_cursor(app: "OncallApp") -> "Alert | None":
    """The one alert that it is about: marks do not count."""
    table = app.view.alerts_table
    return None if table is None else table.cursor_row


SILENCE_COMMANDS: tuple[type[Command], ...] = (SilenceAlert, UnsilenceAlert)
