"""Starts what was confirmed, shows what comes of it, waits until it shows."""

import asyncio
import os
from collections.abc import Callable
from functools import partial

from oncall_tui.cli.runbook.running.desk import Desk
from oncall_tui.runbook.run.approving import Agreed
from oncall_tui.runbook.run.captured import Table
from oncall_tui.runbook.run.known import last_unit, text_of
from oncall_tui.runbook.run.live import Ended, Verifying
from oncall_tui.runbook.run.plan import Confirmation, Plan
from oncall_tui.runbook.run.run import NotStarted
from oncall_tui.runbook.run.states import State


async def start(desk: Desk, plan: Plan, confirmation: Confirmation) -> bool:
    """Start it and wait for its end, and for what it should have changed. Whether it did what it should."""
    teller, run = desk.teller, desk.run
    try:
        ended = await _ended(desk, plan, confirmation)
    except NotStarted as error:
        teller.event("refused", plan.unit, text=str(error))
        teller.say(f"   not started: {error}")
        return False
    judged, executed = ended.judged, ended.executed
    reason = f": {judged.reason}" if judged.reason else ""
    teller.event("ended", plan.unit, state=judged.state.value, text=judged.reason, exit_code=executed.exit)
    code = f" (exit {executed.exit})" if executed.exit else ""
    teller.say(f"   {plan.unit} {judged.state.value} after {executed.took_s:.1f} s{code}{reason}")
    if executed.output_file is not None and executed.is_truncated:
        teller.say(f"   the whole output is in {executed.output_file}")
    if ended.unwritten:
        teller.say(f"   the journal does not hold this yet: {ended.unwritten}")
    if plan.is_dry:
        return judged.state is State.DONE
    _captured(desk, plan)
    if run.record.unit(plan.unit).state is State.UNVERIFIED and judged.state is State.DONE:
        return await verify(desk, plan.unit)
    return judged.state is State.DONE


async def approval_for(desk: Desk, plan: Plan) -> str:
    """Who agrees, as whoever sits here states it; empty where nobody has to, and where only their own word counts."""
    if not plan.role:
        return ""
    # They may have agreed meanwhile, in a session of their own.
    await desk.run.pages.reload()
    agreed = desk.run.agreed(plan)
    if isinstance(agreed, Agreed):
        desk.teller.say(f"   {agreed.by} agreed ({agreed.how})")
    if isinstance(agreed, Agreed) or desk.run.desk.approvals.is_shared:
        return ""
    return (await desk.ask(f"   Somebody who is {plan.role} has to agree. Who does? ")).strip()


async def _ended(desk: Desk, plan: Plan, confirmation: Confirmation) -> Ended:
    """Start it and wait for its end. Raises ``NotStarted``."""
    teller, run = desk.teller, desk.run
    if plan.needs_terminal and desk.console is not None:
        return await _at_terminal(desk, plan, confirmation)
    live = await run.start(plan, confirmation, partial(teller.output, plan.unit))
    teller.event("started", plan.unit)
    with desk.interrupts.ending(live.cancel):
        return await live.ended()


async def _at_terminal(desk: Desk, plan: Plan, confirmation: Confirmation) -> Ended:
    """Give it this terminal until it ends. Raises ``NotStarted``."""
    teller = desk.teller
    teller.event("started", plan.unit)
    teller.say(f"── {plan.unit} has the terminal until it ends; ctrl+c goes to it, too")
    # Standard output may be a file; the terminal is where questions are asked then.
    drawing = 1 if os.isatty(1) else 2
    ended = await desk.run.start_in_terminal(plan, confirmation, 0, drawing)
    file = ended.executed.output_file
    teller.say(f"\n── {plan.unit} gave it back{f'; what it drew is recorded in {file}' if file is not None else ''}")
    return ended


async def verify(desk: Desk, unit: str) -> bool:
    """Ask until the change shows, telling how far it is. Ctrl+C ends the waiting, and leaves it unverified."""
    teller = desk.teller
    waiting = asyncio.create_task(desk.run.verify(unit, partial(_progress, teller.say)))
    try:
        with desk.interrupts.ending(waiting.cancel):
            await asyncio.wait([waiting])
    finally:
        waiting.cancel()
    if waiting.cancelled():
        teller.say(f"   nobody waited for it: {unit} stays unverified")
        teller.event("verified", unit, state=State.UNVERIFIED.value, text="nobody waited for it")
        return False
    state = waiting.result()
    holds = state is not None and state.answer is True
    word = "it shows" if holds else "it does not show; think of the undo (u)"
    teller.say(f"   {unit} {desk.run.record.unit(unit).state.value}: {word}")
    value = state.value if state is not None else None
    teller.event("verified", unit, state=desk.run.record.unit(unit).state.value, value=value)
    return holds


def _progress(say: Callable[[str], None], state: Verifying) -> None:
    value = "no data" if state.value is None else f"{state.value:g}"
    word = {True: "is so", False: "is not so yet", None: "cannot be told"}[state.answer]
    say(f"   {state.expect}: {value}, {word} ({state.elapsed_s:.0f} of {state.within_s:.0f} s)")


def _captured(desk: Desk, plan: Plan) -> None:
    """Tell what a step left behind."""
    step = plan.step
    if plan.unit != last_unit(step):
        return
    for name, value in desk.run.known().captures(step, desk.run.record.unit(plan.unit)).items():
        if not isinstance(value, Table):
            desk.teller.say(f"   {step.id}.{name} = {text_of(value)}")
