"""The values of the parameters: listed with where each comes from, and typed."""

from typing import TYPE_CHECKING

from textual.content import Content

from oncall_tui.domain.text import clean_line
from oncall_tui.journal.errors import JournalError
from oncall_tui.runbook.options import Parameter
from oncall_tui.runbook.run.deciding import Refused
from oncall_tui.runbook.run.pages import NotDriving
from oncall_tui.runbook.run.plan import Plan
from oncall_tui.runbook.run.run import Run
from oncall_tui.runbook.values.check import objection
from oncall_tui.ui.present.runbook.lists import rule, value_choices
from oncall_tui.ui.screens.asking import Ask, Choose

if TYPE_CHECKING:
    from oncall_tui.ui.app import OncallApp
    from oncall_tui.ui.running.drive import Drive


def missing_of(run: Run, plan: Plan) -> list[str]:
    """The parameters that a step names and that have no value yet; those of one picked row once."""
    names = run.known().names()
    found: list[str] = []
    picked: set[str] = set()
    for name in dict.fromkeys(plan.step.uses.values()):
        parameter = run.runbook.params.get(name)
        if parameter is None or not parameter.is_required:
            continue
        has_value = name in run.record.params if parameter.is_secret else names.get(name) is not None
        if has_value or (parameter.pick is not None and parameter.pick.step in picked):
            continue
        if parameter.pick is not None:
            picked.add(parameter.pick.step)
        found.append(name)
    return found


async def ask_value(app: "OncallApp", drive: "Drive", name: str) -> bool:
    """Ask for a value, say what it has to be, and give it to the run; whether that was done."""
    parameter = drive.run.runbook.params[name]
    given = drive.run.record.params.get(name)
    if parameter.choices:
        text = await _chosen(app, parameter)
    else:
        old = "" if parameter.is_secret else given.value if given is not None else parameter.default or ""
        ask = Ask(
            f"Value of {name}",
            _told(drive, parameter),
            "take it",
            placeholder=rule(parameter),
            value=old,
            is_secret=parameter.is_secret,
            objection=lambda text: clean_line(f"It {problem}.") if (problem := objection(parameter, text)) else "",
        )
        text = await app.push_screen_wait(ask)
    if text is None:
        return False
    try:
        await drive.run.give(name, text, "typed")
    except (Refused, NotDriving) as error:
        app.say(str(error))
    except JournalError as error:
        app.say(f"{error} {error.hint}", is_bad=True)
    else:
        drive.changed()
        return True
    return False


async def _chosen(app: "OncallApp", parameter: Parameter) -> str | None:
    choices = [Content(clean_line(one)) for one in parameter.choices]
    chosen = await app.push_screen_wait(
        Choose(f"Value of {parameter.name}", Content(clean_line(parameter.help)), "take it", choices)
    )
    return None if chosen is None else parameter.choices[chosen]


def _told(drive: "Drive", parameter: Parameter) -> Content:
    """What it is, what it has to be, why what was found is not used, what records that disagree say."""
    found = drive.values.get(parameter.name)
    lines = [Content(clean_line(parameter.help, 400))] if parameter.help else []
    if parameter.written:
        lines.append(Content.styled(f"written {clean_line(parameter.written, 100)} in the file", "$dim"))
    lines.append(Content.styled(rule(parameter), "$dim"))
    if found is not None and found.problem:
        lines.append(Content.styled(clean_line(found.problem, 400), "$warning"))
    return Content("\n").join(lines)


async def show_values(app: "OncallApp", drive: "Drive") -> None:
    """List every parameter; enter on one asks for another value."""
    at = 0
    while True:
        run = drive.run
        names = list(run.runbook.params)
        if not names:
            app.say("This runbook has no parameters.")
            return
        choices = value_choices(run.runbook.params, run.record.params, drive.values)
        told = Content("What steps are given, and where each value comes from.")
        chosen = await app.push_screen_wait(Choose("Values", told, "change", choices, at))
        if chosen is None:
            return
        at = chosen
        if run.pages.is_read_only or run.record.closed:
            app.say("Nothing can be changed in this run from here.")
            continue
        await ask_value(app, drive, names[chosen])
