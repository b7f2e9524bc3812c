"""Values that a step needs: asked for, or picked from the rows of another one."""

from oncall_tui.cli.runbook.running.desk import Desk
from oncall_tui.cli.runbook.running.of_config import how_to_set, key_of_base
from oncall_tui.cli.runbook.running.picking import pick
from oncall_tui.domain.text import clean_line
from oncall_tui.runbook.model import Step
from oncall_tui.runbook.options import DEFAULT_PATTERN, Parameter
from oncall_tui.runbook.run.deciding import Refused


async def ask_missing(desk: Desk, step: Step) -> None:
    """Ask for every value that the step names and nobody has given; Enter leaves it."""
    sources: set[str] = set()
    for name in dict.fromkeys(step.uses.values()):
        parameter = desk.run.runbook.params.get(name)
        if parameter is None or not parameter.is_required or _is_known(desk, name, parameter):
            continue
        if parameter.pick is not None:
            if parameter.pick.step not in sources:  # Who has left the rows alone is not asked for another cell of them.
                sources.add(parameter.pick.step)
                await pick(desk, parameter.pick.step)
        elif key := key_of_base(desk.run.runbook, name):
            desk.teller.say(f"   {name}: {how_to_set(key)}")
        else:
            await ask_for(desk, parameter)


async def ask_for(desk: Desk, parameter: Parameter) -> None:
    """Ask for one value until it is taken or left."""
    if parameter.is_secret:
        await _ask_unseen(desk, parameter)
        return
    rule = "letters, digits and . _ -" if parameter.rule == DEFAULT_PATTERN else parameter.rule
    written = f"{clean_line(parameter.written)} in the file" if parameter.written else ""
    told = ", ".join(filter(None, (written, parameter.help, ", ".join(parameter.choices) or rule)))
    while text := await desk.ask(f"   {parameter.name} ({told or parameter.type.value}; Enter leaves it): "):
        if await give(desk, parameter.name, text):
            return


async def _ask_unseen(desk: Desk, parameter: Parameter) -> None:
    """Ask for a secret, once more where it is not taken: nobody has seen what was typed."""
    if why := desk.run.known().live.lacking.get(parameter.name):
        desk.teller.say(f"   {parameter.name}: {why}")
    told = ", ".join(filter(None, ("a secret, not shown while it is typed", parameter.help)))
    while text := await desk.ask(f"   {parameter.name} ({told}; Enter leaves it): ", is_unseen=True):
        if await give(desk, parameter.name, text):
            return


async def give(desk: Desk, name: str, text: str) -> bool:
    """Give a value that was typed; whether it was taken."""
    try:
        await desk.run.give(name, text, "typed")
    except Refused as error:
        desk.teller.say(f"   {error}")
        return False
    desk.teller.event("value", text=name)
    return True


def _is_known(desk: Desk, name: str, parameter: Parameter) -> bool:
    if parameter.is_secret:
        # No journal holds it: a run that was taken up may have been given it, and not have it.
        return name in desk.run.known().live.params
    return name in desk.run.record.params or parameter.default is not None
