"""A step that needs a terminal has this one: the screen makes room, and comes back when somebody has seen the end."""

from typing import TYPE_CHECKING

from oncall_tui.runbook.execution import Chunk, Stream
from oncall_tui.runbook.run.live import Ended
from oncall_tui.runbook.run.plan import Confirmation, Plan
from oncall_tui.runbook.run.run import NotStarted
from oncall_tui.ui.lending import NotLent, lent
from oncall_tui.ui.present.runbook.lending import end_of, kept, lead

if TYPE_CHECKING:
    from oncall_tui.ui.app import OncallApp
    from oncall_tui.ui.running.drive import Drive


async def at_terminal(app: "OncallApp", drive: "Drive", plan: Plan, confirmation: Confirmation) -> Ended:
    """Run it on this terminal, to its end and until Enter is pressed.

    Raises:
        NotStarted, NotDriving, JournalError: as ``Run.start_in_terminal``; also where there is no terminal.
    """
    try:
        with lent(app) as terminal:
            terminal.say(lead(plan))
            ended = await drive.run.start_in_terminal(plan, confirmation, terminal.typing, terminal.drawing)
            terminal.say(end_of(plan, ended))
            await terminal.enter()
            terminal.say("\n")
    except NotLent as error:
        raise NotStarted(f"{error}. m: do it yourself") from error
    if told := kept(ended.executed):
        drive.outputs[plan.unit].hear(Chunk(Stream.OUT, told))
    return ended
