"""What commands share that open a form about alerts: those under the cursor or marked that the verb can be done to."""

from itertools import islice
from typing import TYPE_CHECKING, ClassVar

from oncall_tui.domain.alert import Alert
from oncall_tui.domain.verb import Verb
from oncall_tui.ui.acts import can
from oncall_tui.ui.commands.command import Command, Group

if TYPE_CHECKING:
    from oncall_tui.ui.app import OncallApp


class AboutAlerts(Command):
    """A command that opens a form for the alert under the cursor, or for the marked ones."""

    verb: ClassVar[Verb]
    takes_many: ClassVar[bool] = True
    group = Group.ALERTS
    mutates = True
    asks_first = True

    def is_available(self, app: "OncallApp") -> bool:
        if app.view.alerts_table is None:
            return False
        # No more are looked at than decide it: ten thousand may be marked.
        found = len(list(islice(filter(self.takes, app.view.selected_alerts()), 2)))
        return found == 1 or (self.takes_many and found > 1)

    def takes(self, alert: Alert) -> bool:
        """Whether it can be done to ``alert``."""
        return can(self.verb, alert)

    def targets(self, app: "OncallApp") -> tuple[list[Alert], int]:
        """The selected alerts that it can be done to, and how many others are selected."""
        selected = app.view.selected_alerts()
        targets = [one for one in selected if self.takes(one)]
        return targets, len(selected) - len(targets)
