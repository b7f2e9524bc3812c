"""A row is picked from what a step printed; rows that are too old are asked for again before."""

from oncall_tui.cli.runbook.running.desk import Desk
from oncall_tui.cli.runbook.running.showing import rows_of, step_lines
from oncall_tui.cli.runbook.running.starting import start
from oncall_tui.domain.clocks import age_in_words
from oncall_tui.runbook.run.captured import Table
from oncall_tui.runbook.run.deciding import Refused
from oncall_tui.runbook.run.known import last_unit
from oncall_tui.runbook.run.picking import rows_left
from oncall_tui.runbook.run.plan import Confirmation, Floor


async def pick(desk: Desk, step_id: str, chosen: str = "") -> None:
    """Let a row be chosen from the table of a step, by its number; Enter leaves it.

    Args:
        chosen: the number that was given already; it counts for the rows that were seen, and not for newer ones.
    """
    if rows_left(desk.run.known(), step_id).table is None:
        return
    if not rows_left(desk.run.known(), step_id).is_fresh:
        chosen = ""
        if not await _run_again(desk, step_id):
            return
    table = rows_left(desk.run.known(), step_id).table
    assert table is not None
    for line in rows_of(table):
        desk.teller.say(line)
    while chosen := chosen or await desk.ask("   Which row? Its number, or Enter to leave it: "):
        if await _taken(desk, step_id, table, chosen.removeprefix("p ").strip()):  # As it is asked for elsewhere.
            return
        if not rows_left(desk.run.known(), step_id).is_fresh:
            await pick(desk, step_id)
            return
        chosen = ""


async def _taken(desk: Desk, step_id: str, table: Table, chosen: str) -> bool:
    if not (chosen.isascii() and chosen.isdecimal()):
        desk.teller.say(f"   That is no number of a row: they are counted from 1 to {len(table.rows)}.")
        return False
    try:
        await desk.run.pick(step_id, int(chosen) - 1, table)
    except Refused as error:
        desk.teller.say(f"   {error}")
        return False
    desk.teller.event("picked", step_id, text=chosen)
    return True


async def _run_again(desk: Desk, step_id: str) -> bool:
    """Run the step again whose rows are too old, once Enter says so; whether there are new ones."""
    run, step = desk.run, desk.run.runbook.step(step_id)
    assert step is not None
    age = f" than {age_in_words(step.options.max_age)}" if step.options.max_age is not None else ""
    desk.teller.say(f"   The rows of {step_id} are older{age}: it is run again first.")
    plan = run.plan(last_unit(step))
    for line in step_lines(run, plan, desk.environment):
        desk.teller.say(line)
    if not plan.can_start:
        return False
    if plan.floor > Floor.KEY:
        desk.teller.say(f"   It takes more than Enter to run it: g {step_id} goes there.")
        return False
    if (await desk.ask("   Enter runs it again, anything else leaves it: ")).strip():
        return False
    return await start(desk, plan, Confirmation(plan.floor, plan.digest)) and rows_left(run.known(), step_id).is_fresh
