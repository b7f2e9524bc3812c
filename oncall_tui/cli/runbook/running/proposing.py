"""The escalation that a runbook proposes is told, with the command that carries it out; nothing here does."""

import shlex

from oncall_tui.cli.runbook.running.desk import Desk
from oncall_tui.domain.text import clean_line
from oncall_tui.runbook.run.escalating import proposals


def tell_proposals(desk: Desk) -> None:
    """Tell what is indicated by now and was not at the last look."""
    found = proposals(desk.run.known())
    for one in found:
        if one.to in desk.proposed:
            continue
        desk.teller.event("proposed", text=str(one))
        desk.teller.say(f"   {one}")
        if alert := clean_line(desk.run.record.alert, 200):
            way = f"oncall-tui escalate {shlex.quote(alert)} --level NUMBER"
            desk.teller.say(f"   The runbook proposes, you decide: `{way}` pages another level.")
    desk.proposed = frozenset(one.to for one in found)
