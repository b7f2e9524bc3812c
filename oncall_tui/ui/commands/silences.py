"""Commands that mute alerts, and let them be heard again. Each asks first."""

from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

from oncall_tui.domain.verb import Verb
from oncall_tui.ui.acts import is_silenceable, silences_of
from oncall_tui.ui.commands.about_alerts import AboutAlerts
from oncall_tui.ui.commands.command import Command

if TYPE_CHECKING:
    from oncall_tui.domain.alert import Alert
    from oncall_tui.ui.app import OncallApp


class SilenceAlert(AboutAlerts):
    """Silence by its labels, once you saw which alerts that covers now.

    With marks it is one silence for all that are marked, of the labels that they share. The matchers can be changed; an
    end and a comment are asked for. Alertmanager itself is asked what they cover.
    """

    id = "alert.silence"
    key = "S"
    label = "silence"
    palette = "alert: silence"
    missing = "Only what Alertmanager holds can be silenced."
    verb = Verb.SILENCE

    def takes(self, alert: "Alert") -> bool:
        return is_silenceable(alert)

    def run(self, app: "OncallApp") -> Coroutine[Any, Any, None]:
        from oncall_tui.ui import silencing

        # Not an async function: the targets are taken at the key press, not when the event loop comes to it.
        return silencing.propose(app, app.view.selected_alerts())


class UnsilenceAlert(AboutAlerts):
    """End the silences of the alert, once you saw which they are.

    With marks those of all that are marked, after one question that lists them.
    """

    id = "alert.unsilence"
    key = ""
    label = "end silence"
    palette = "alert: end its silence"
    missing = "No silence is known of this alert."
    verb = Verb.UNSILENCE

    def takes(self, alert: "Alert") -> bool:
        return bool(silences_of(alert))

    def run(self, app: "OncallApp") -> Coroutine[Any, Any, None]:
        from oncall_tui.ui import silencing

        targets, others = self.targets(app)
        return silencing.propose_end(app, targets, others)


SILENCE_COMMANDS: tuple[type[Command], ...] = (SilenceAlert, UnsilenceAlert)
