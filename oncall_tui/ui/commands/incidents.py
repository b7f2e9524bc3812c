"""Commands about incidents as such, whatever is under the cursor."""

from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

from oncall_tui.ui.commands.command import Command, Group

if TYPE_CHECKING:
    from oncall_tui.ui.app import OncallApp


class CreateIncident(Command):
    """Declare an incident at PagerDuty, once you saw whom it pages.

    Service, title and priority are asked for one after the other; the last question names the account.
    """

    id = "incident.create"
    key = ""
    label = "new incident"
    palette = "incident: create"
    group = Group.ALERTS
    missing = "Incidents are created at PagerDuty: configure an account of it."
    mutates = True
    asks_first = True

    def is_available(self, app: "OncallApp") -> bool:
        return app.acting.rooms is not None and bool(app.acting.rooms.accounts)

    def run(self, app: "OncallApp") -> Coroutine[Any, Any, None]:
        from oncall_tui.ui import creating

        return creating.propose(app)


INCIDENT_COMMANDS: tuple[type[Command], ...] = (CreateIncident,)
