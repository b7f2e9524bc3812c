"""Without a terminal: what just reads is run, and the first thing that needs somebody ends it."""

from oncall_tui.cli.runbook.running.desk import Desk, NeedsTerminal
from oncall_tui.cli.runbook.running.showing import step_lines
from oncall_tui.cli.runbook.running.starting import start
from oncall_tui.domain.text import clean_line
from oncall_tui.runbook.danger import Danger
from oncall_tui.runbook.model import Step
from oncall_tui.runbook.run.known import units_of
from oncall_tui.runbook.run.plan import Confirmation, Floor, Plan


async def walk(desk: Desk, steps: tuple[Step, ...], are_named: bool) -> None:
    """Run these steps.

    Args:
        are_named: somebody named them one by one; else they are all, and what is not indicated is passed over.

    Raises:
        NeedsTerminal: at the first one that does more than read.
    """
    for step in steps:
        for unit in units_of(step) if step.commands else ():
            await _unit(desk, unit, are_named)
        if not step.commands:
            desk.teller.say(f"── {step.id}: left to a person: {clean_line(step.body, 200)}")


async def _unit(desk: Desk, unit: str, is_named: bool) -> None:
    plan = desk.run.plan(unit)
    if plan.advice.startswith("not indicated") and not is_named:
        desk.teller.event("passed", unit, text=plan.advice)
        desk.teller.say(f"   {unit}: {plan.advice}")
        return
    for line in step_lines(desk.run, plan, desk.environment):
        desk.teller.say(line)
    if _needs_somebody(plan):
        if desk.is_dry:
            desk.teller.event("passed", unit, text="a dry run starts nothing that is not read")
            desk.teller.say("   a dry run starts nothing that is not read")
            return
        raise NeedsTerminal(_why(desk, plan))
    if not plan.can_start:
        desk.failed.add(unit)
        desk.teller.event("refused", unit, text="; ".join(plan.blocked))
    elif not await start(desk, plan, Confirmation(Floor.KEY, plan.digest)):
        desk.failed.add(unit)


def _needs_somebody(plan: Plan) -> bool:
    return plan.danger > Danger.READ or plan.floor > Floor.KEY


def _why(desk: Desk, plan: Plan) -> str:
    does = f"{plan.unit} does more than read ({plan.danger.word})"
    if desk.is_read_only:
        return f"{does}, and this is read-only: nothing of it was started."
    return f"{does}, and nobody sits at a terminal to confirm it: nothing of it was started. No option answers yes."
