"""Values that a step needs: asked for, or picked from the rows of another one."""

from oncall_tui.cli.runbook.running.desk import Desk
from oncall_tui.cli.runbook.running.of_config import how_to_set, key_of_base
from oncall_tui.cli.runbook.running.showing import rows_of
from oncall_tui.domain.text import clean_line
from oncall_tui.runbook.model import Step
from oncall_tui.runbook.options import DEFAULT_PATTERN, Parameter
from oncall_tui.runbook.run.captured import Table
from oncall_tui.runbook.run.deciding import Refused
from oncall_tui.runbook.run.known import last_unit


async def ask_missing(desk: Desk, step: Step) -> None:
    """Ask for every value that the step names and nobody has given; Enter leaves it."""
    for name in dict.fromkeys(step.uses.values()):
        parameter = desk.run.runbook.params.get(name)
        if parameter is None or not parameter.is_required or parameter.is_secret or _is_known(desk, name, parameter):
            continue
        if parameter.pick is not None:
            await pick(desk, parameter.pick.step)
        elif key := key_of_base(desk.run.runbook, name):
            desk.teller.say(f"   {name}: {how_to_set(key)}")
        else:
            await ask_for(desk, parameter)


async def ask_for(desk: Desk, parameter: Parameter) -> None:
    """Ask for one value until it is taken or left."""
    rule = "letters, digits and . _ -" if parameter.rule == DEFAULT_PATTERN else parameter.rule
    written = f"{clean_line(parameter.written)} in the file" if parameter.written else ""
    told = ", ".join(filter(None, (written, parameter.help, ", ".join(parameter.choices) or rule)))
    while text := await desk.ask(f"   {parameter.name} ({told or parameter.type.value}; Enter leaves it): "):
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


async def pick(desk: Desk, step_id: str, chosen: str = "") -> None:
    """Let a row be chosen from the table of a step, by its number; Enter leaves it."""
    table = table_of(desk, step_id)
    if table is None:
        return
    for line in rows_of(table):
        desk.teller.say(line)
    while chosen := chosen or await desk.ask("   Which row? Its number, or Enter to leave it: "):
        chosen = chosen.removeprefix("p ").strip()  # As it is asked for elsewhere.
        if not (chosen.isascii() and chosen.isdecimal()):
            desk.teller.say(f"   That is no number of a row: they are counted from 1 to {len(table.rows)}.")
        else:
            try:
                await desk.run.pick(step_id, int(chosen) - 1)
            except Refused as error:
                desk.teller.say(f"   {error}")
            else:
                desk.teller.event("picked", step_id, text=chosen)
                return
        chosen = ""


def table_of(desk: Desk, step_id: str) -> Table | None:
    """The rows that a step left, while they hold."""
    run = desk.run
    step = run.runbook.step(step_id)
    if step is None:
        return None
    known, unit = run.known(), run.record.unit(last_unit(step))
    tables = [one for one in known.captures(step, unit).values() if isinstance(one, Table)]
    return tables[0] if tables and known.is_fresh(step, unit) else None


def is_picked_from(desk: Desk, step_id: str) -> bool:
    """Whether a parameter takes its value from a row of this step."""
    return any(one.pick is not None and one.pick.step == step_id for one in desk.run.runbook.params.values())


def _is_known(desk: Desk, name: str, parameter: Parameter) -> bool:
    return name in desk.run.record.params or parameter.default is not None
