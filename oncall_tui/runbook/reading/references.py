"""What the steps of a native file name, in the way of their kind, and whether anything defines it (rule N1)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

from oncall_tui.runbook.model import Runbook, Step, StepKind
from oncall_tui.runbook.reading.keys import Notes
from oncall_tui.runbook.reading.nodes import Place
from oncall_tui.runbook.shell.variables import variables_in

TEMPLATE = re.compile(r"\{\{\s*([a-z][a-z0-9_]{0,39})\s*\}\}")
"""``{{name}}``, of PromQL and HTTP."""
VARIABLE_OF_SQL = re.compile(r"(?<![:\w]):(?:'([a-z][a-z0-9_]{0,80})'|\"([a-z][a-z0-9_]{0,80})\")")
"""``:'name'`` and ``:"name"``, as psql takes them."""
_LOWER = re.compile(r"[a-z][a-z0-9_]*")


def names_of(runbook: Runbook) -> Mapping[str, str]:
    """Whatever a step may name, with what it stands for: parameters, ``let``, captures (``step_name``)."""
    return {**_captures(runbook), **{name: name for name in (*runbook.lets, *runbook.params)}}


def with_rehearsals(runbook: Runbook) -> tuple[Step, ...]:
    """Every step, and every ``dry_run`` as the step that it is."""
    return tuple(one for step in runbook.steps for one in (step, step.rehearsal) if one is not None)


def _captures(runbook: Runbook) -> dict[str, str]:
    captured = ((one.id, one.options.capture) for one in runbook.steps)
    return {f"{step}_{one.name}": f"{step}.{one.name}" for step, one in captured if one is not None}


def with_references(runbook: Runbook, notes: Notes) -> Runbook:
    """The runbook with what each step uses, and what of it has no value yet."""
    known = names_of(runbook)
    _collisions(runbook, notes)
    set_before: set[str] = set()
    steps = []
    for step in runbook.steps:
        rehearsal = step.rehearsal
        if rehearsal is not None:
            rehearsal = _with_uses(runbook, rehearsal, known, set(set_before), notes)
        steps.append(replace(_with_uses(runbook, step, known, set_before, notes), rehearsal=rehearsal))
    return replace(runbook, steps=tuple(steps))


def _with_uses(runbook: Runbook, step: Step, known: Mapping[str, str], set_before: set[str], notes: Notes) -> Step:
    """The step with what it uses; ``set_before`` grows by the shell variables that it sets."""
    uses = {}
    for name, place in _named_by(step, set_before):
        if name in known:
            uses[name] = known[name]
        elif step.kind is not StepKind.SHELL or _LOWER.fullmatch(name):
            what = f"`{name}` is no parameter, no `let` and no capture"
            notes.error("N1", place, what, _nearest(name, known), step.id)
    if host := host_parameter(step):
        uses[host] = host
    open_names = tuple(one for one in dict.fromkeys(uses.values()) if _is_open(runbook, one))
    return replace(step, uses=MappingProxyType(uses), unresolved=open_names)


def host_parameter(step: Step) -> str:
    """The parameter that holds the host of a step over ssh; empty for a value of the configuration, or no such step."""
    return step.options.ssh if "." not in step.options.ssh else ""


def _is_open(runbook: Runbook, name: str) -> bool:
    parameter = runbook.params.get(name)
    return parameter is not None and parameter.default is None and parameter.is_required


def _named_by(step: Step, set_before: set[str]) -> list[tuple[str, Place]]:
    """The names in a step with their places; shell variables that an earlier step has set are none."""
    found: list[tuple[str, Place]] = []
    for command in step.commands:
        if step.kind is StepKind.SHELL:
            variables = variables_in(command.text)
            found += [
                (one.name, Place(command.line + one.line - 1, 1))
                for one in variables.free
                if one.name not in set_before and not (one.has_default and not _LOWER.fullmatch(one.name))
            ]
            set_before |= variables.set
        else:
            pattern = VARIABLE_OF_SQL if step.kind is StepKind.SQL else TEMPLATE
            for one in pattern.finditer(command.text):
                before = command.text[: one.start()]
                place = Place(command.line + before.count("\n"), one.start() - (before.rfind("\n") + 1) + 1)
                found.append((next(part for part in one.groups() if part), place))
    return found


def _collisions(runbook: Runbook, notes: Notes) -> None:
    lines = {one.id: one.line for one in runbook.steps}
    captures = _captures(runbook)
    for name in (*runbook.params, *runbook.lets):
        if name in lines:
            notes.error(
                "N3", Place(lines[name], 1), f"`{name}` is a step and a parameter or `let`", "rename one of them"
            )
        elif name in captures:
            notes.error("N3", Place(1, 1), f"`{name}` is also the name of a capture", "rename one of them")


def _nearest(name: str, known: Iterable[str]) -> str:
    from oncall_tui.config.expected import nearest

    return nearest(name, tuple(known))
