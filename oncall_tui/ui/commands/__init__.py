"""One registry of commands: keys, footer, help and palette are all read from it."""

from oncall_tui.ui.commands.alerts import ALERT_COMMANDS
from oncall_tui.ui.commands.arranging import ARRANGING_COMMANDS
from oncall_tui.ui.commands.command import Command, Group
from oncall_tui.ui.commands.incidents import INCIDENT_COMMANDS
from oncall_tui.ui.commands.knowing import KNOWING_COMMANDS
from oncall_tui.ui.commands.lists import LIST_COMMANDS
from oncall_tui.ui.commands.marking import MARKING_COMMANDS
from oncall_tui.ui.commands.merging import MERGING_COMMANDS
from oncall_tui.ui.commands.outbox import OUTBOX_COMMANDS
from oncall_tui.ui.commands.paging import PAGING_COMMANDS
from oncall_tui.ui.commands.runbooks import RUNBOOK_COMMANDS
from oncall_tui.ui.commands.silences import SILENCE_COMMANDS
from oncall_tui.ui.commands.verbs import VERB_COMMANDS
from oncall_tui.ui.commands.views import VIEW_COMMANDS

REGISTRY: dict[str, Command] = {
    one.id: one()
    for one in (
        *ALERT_COMMANDS,
        *RUNBOOK_COMMANDS,
        *KNOWING_COMMANDS,
        *MARKING_COMMANDS,
        *VERB_COMMANDS,
        *PAGING_COMMANDS,
        *MERGING_COMMANDS,
        *SILENCE_COMMANDS,
        *INCIDENT_COMMANDS,
        *OUTBOX_COMMANDS,
        *LIST_COMMANDS,
        *ARRANGING_COMMANDS,
        *VIEW_COMMANDS,
    )
}
"""Every command by its id, in the order of the help."""

__all__ = ["REGISTRY", "Command", "Group"]
