"""Feeds hostile values to a parameter, and looks at what would run: byte for byte the text of the author."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from oncall_tui.runbook.execution import Kind, Prepared
from oncall_tui.runbook.model import Command, Step
from oncall_tui.runbook.options import Parameter
from oncall_tui.runbook.run.deciding import Refused
from oncall_tui.runbook.run.plan import Plan
from oncall_tui.runbook.run.run import Run
from oncall_tui.runbook.trying.hostile import HOSTILE
from oncall_tui.runbook.values.known import Known, Told
from oncall_tui.runbook.values.resolve import resolve

_TEXT = re.compile(r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\'|`[^`]*`', re.DOTALL)
"""A text of PromQL."""


async def fuzzed(run: Run, name: str) -> list[str]:
    """How hostile values take effect through a parameter; nothing when each is refused or arrives as it is.

    They come from where the parameter is looked for, and typed; what is picked is checked as what is typed.
    """
    problems = []
    parameter = run.runbook.params[name]
    before = {unit: text for unit, text in _skeletons(run, name)}
    for value in HOSTILE:
        found = _resolved(parameter, value)
        if found is not None and found != value:
            problems.append(f"fuzz {name}: {value!r} becomes {found!r} on its way in")
        try:
            await run.give(name, value, "typed")
        except Refused:
            continue
        problems += [f"fuzz {name}: {value!r} {one}" for one in _effects(run, name, value, before)]
    return problems


def _resolved(parameter: Parameter, value: str) -> str | None:
    """The value as it comes from a label, an annotation or the configuration; None when it is refused."""
    keys = {origin.partition(".")[2]: value for origin in parameter.origins}
    known = Known(records=(Told("test", keys, keys),), config=keys, environ=keys)
    text = resolve({parameter.name: parameter}, known)[parameter.name].text
    return None if parameter.is_secret or text == parameter.default else text


def _plans(run: Run, name: str) -> Iterator[tuple[Step, Command, Plan]]:
    """What would run of the steps that name the parameter."""
    for step in run.runbook.steps:
        for command in step.commands if name in step.uses.values() else ():
            yield step, command, run.plan(command.id, again=True)


def _skeletons(run: Run, name: str) -> Iterator[tuple[str, str]]:
    for _, command, plan in _plans(run, name):
        if plan.prepared is not None:
            yield command.id, _skeleton(plan.prepared)


def _effects(run: Run, name: str, value: str, before: dict[str, str]) -> Iterator[str]:
    for step, command, plan in _plans(run, name):
        prepared = plan.prepared
        if prepared is None:
            continue
        if prepared.kind in (Kind.SHELL, Kind.SQL):
            names = [variable for variable, stands_for in step.uses.items() if stands_for == name]
            if prepared.body != command.text:
                yield f"changes the text of {command.id}"
            elif any(prepared.values.get(variable) != value for variable in names):
                yield f"does not arrive in {command.id} as it is"
        elif command.id in before and _skeleton(prepared) != before[command.id]:
            yield f"changes what {command.id} asks"


def _skeleton(prepared: Prepared) -> str:
    """What a value must not change: a query but for its texts, an address but for its path, its query and its body."""
    if prepared.kind is Kind.PROMQL:
        return _TEXT.sub('""', prepared.body)
    if prepared.kind is Kind.HTTP:
        method, _, rest = prepared.body.partition(" ")
        address = urlsplit(rest.split(None, 1)[0] if rest.split() else "")
        return f"{method} {address.scheme}://{address.netloc} {address.path.count('/')} {bool(address.fragment)}"
    return prepared.body
