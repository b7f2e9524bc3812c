"""Taking changes back, and saying how something ended that nobody saw end."""

from oncall_tui.cli.runbook.running.desk import Desk
from oncall_tui.cli.runbook.running.showing import changes, step_lines
from oncall_tui.cli.runbook.running.starting import approval_for, start
from oncall_tui.cli.session import READ_ONLY
from oncall_tui.runbook.run.deciding import Refused
from oncall_tui.runbook.run.plan import Confirmation, Floor
from oncall_tui.runbook.run.states import State
from oncall_tui.runbook.run.undoing import Change


async def undo(desk: Desk, number: str = "") -> None:
    """List the changes, the newest first, and take one back after it was confirmed."""
    found = desk.run.changes()
    if not found:
        desk.teller.say("   Nothing was changed.")
        return
    for line in changes(desk.run):
        desk.teller.say(line)
    chosen = number or await desk.ask("   Which one is taken back? Its number, or Enter for none: ")
    if chosen.isdecimal() and 0 < int(chosen) <= len(found):
        await _take_back(desk, found[int(chosen) - 1])


async def _take_back(desk: Desk, change: Change) -> None:
    if not change.step:
        desk.teller.say(f"   {change.manual or f'It cannot be taken back: {change.none}'}")
        if change.manual and (await desk.ask("   Done? y: ")).strip() == "y":
            await desk.run.undone(change.unit, "by hand")
            desk.teller.event("undone", change.unit)
        return
    if desk.is_read_only or desk.is_dry:
        desk.teller.say(f"   {READ_ONLY if desk.is_read_only else 'A dry run takes nothing back.'}")
        return
    plan = desk.run.plan_undo(change)
    if desk.run.runbook.guards:
        await desk.run.ask_guards(plan)
        plan = desk.run.plan_undo(change)
    plan = await desk.run.sealed(plan)
    for line in step_lines(desk.run, plan, desk.environment):
        desk.teller.say(line)
    if not plan.can_start:
        return
    if desk.console is not None:
        desk.console.forget()
    wanted = plan.phrase if plan.floor is Floor.PHRASE else "y"
    line = await desk.ask(f'   Type "{wanted}" to run it, anything else leaves it: ')
    if line.strip() != wanted:
        return
    typed = wanted if plan.floor is Floor.PHRASE else ""
    approval = await approval_for(desk, plan)
    is_done = await start(desk, plan, Confirmation(max(plan.floor, Floor.DIALOG), plan.digest, typed, approval))
    (desk.failed.discard if is_done else desk.failed.add)(plan.unit)


async def settle_unknown(desk: Desk) -> None:
    """First of all: what was begun and has no end. Nothing of it is ever run again by itself."""
    for unit in desk.run.record.unknown:
        attempt = unit.attempt
        begun = f" at {attempt.at:%Y-%m-%d %H:%M:%S} UTC by {attempt.actor} on {attempt.host}" if attempt else ""
        desk.teller.event("unknown", unit.id, state=unit.state.value)
        desk.teller.say(f"── {unit.id} was begun{begun}, and nobody recorded how it ended. Check, then say:")
        answer = ""
        while answer not in ("d", "f", "a"):
            answer = (await desk.ask("   d it is done · f it failed · a leave it, to run it again: ")).strip()
        if answer == "a":
            continue
        state = State.DONE if answer == "d" else State.FAILED
        try:
            await desk.run.settle(unit.id, state, await desk.ask("   How do you know? "))
        except Refused as error:
            desk.teller.say(f"   {error}")
