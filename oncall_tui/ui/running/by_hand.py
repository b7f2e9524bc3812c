"""Do it myself: the resolved command goes to the clipboard, the step is ticked, its result pasted."""

import shlex
from typing import TYPE_CHECKING

from textual.content import Content

from oncall_tui.domain.text import clean
from oncall_tui.journal.errors import JournalError
from oncall_tui.runbook.execution import Kind
from oncall_tui.runbook.options import Capture, CaptureKind
from oncall_tui.runbook.run.captured import LONGEST, CaptureError, from_pasted
from oncall_tui.runbook.run.deciding import Refused
from oncall_tui.runbook.run.pages import NotDriving
from oncall_tui.runbook.run.plan import Plan
from oncall_tui.runbook.run.replay import LOST
from oncall_tui.ui.clipboard import copy
from oncall_tui.ui.screens.dialogs import Question

if TYPE_CHECKING:
    from oncall_tui.ui.app import OncallApp
    from oncall_tui.ui.running.drive import Drive


def resolved(plan: Plan) -> str:
    """The command as somebody would paste it into a terminal: its values first, quoted; secrets are left out."""
    prepared = plan.prepared
    if prepared is None:
        return plan.command.text
    values = {name: text for name, text in prepared.values.items() if name not in prepared.secrets}
    # What earlier steps left stands in this program, not in the terminal that it is pasted into.
    left = [one.name for one in plan.values if one.is_carried and one.shown != LOST]
    values |= {name: prepared.carried[name] for name in left}
    if prepared.kind is Kind.SHELL:
        lead = [f"export {name}={shlex.quote(text)}" for name, text in values.items()]
    elif prepared.kind is Kind.SQL:
        lead = [
            "\\set {} '{}'".format(name, text.replace("'", "''").replace("\\", "\\\\")) for name, text in values.items()
        ]
    else:
        lead = []
    return "\n".join([*lead, prepared.body.rstrip("\n")])


async def _result(app: "OncallApp", step_id: str, capture: Capture) -> str | None:
    """What it printed, held to what the step promises; None when it is not told after all."""
    from oncall_tui.ui.screens.pasting import PasteLines

    def objection(text: str) -> str:
        try:
            from_pasted(capture, text)
        except CaptureError as error:
            return f"{capture.name} cannot be taken from that: {error}"
        return ""

    shapes = {CaptureKind.TABLE: " (CSV with the names of its columns)", CaptureKind.TSV: " (lines with tabs)"}
    told = f"Paste what it printed{shapes.get(capture.kind, '')}: other steps use {step_id}.{capture.name}."
    return await app.push_screen_wait(
        PasteLines("Its result", Content(told), "take it", limit=LONGEST, objection=objection)
    )


async def do_it_myself(app: "OncallApp", drive: "Drive", unit_id: str) -> None:
    """Copy it, and write down that it was done, with what it printed where that is needed."""
    run = drive.run
    plan = run.plan(unit_id, again=True)
    text = resolved(plan)
    await copy(app, clean(text, 200_000), why="Do it yourself. ")
    told = Content.assemble(
        (clean(text, 4_000), "$mark"), "\n\n", ("Is it done? It will stand in the journal as done by hand.", "")
    )
    if not await app.push_screen_wait(Question("Do it yourself", told, "it is done")):
        return
    capture = plan.step.options.capture
    pasted: str | None = None
    if capture is not None and plan.unit == plan.step.commands[-1].id:
        pasted = await _result(app, plan.step.id, capture)
        if pasted is None:
            return
    try:
        await run.by_hand(unit_id, "", pasted)
    except (Refused, NotDriving) as error:
        app.say(str(error))
    except JournalError as error:
        app.say(f"{error} {error.hint}", is_bad=True)
    drive.changed()
