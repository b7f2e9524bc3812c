"""A command with its values: what would run, byte for byte, and where each value comes from."""

import re
from collections.abc import Mapping
from datetime import timedelta

from oncall_tui.runbook.binding.computing import computed
from oncall_tui.runbook.binding.templates import Unbound
from oncall_tui.runbook.danger import Danger
from oncall_tui.runbook.execution import Kind, Prepared
from oncall_tui.runbook.model import Command, Mode, Step
from oncall_tui.runbook.run.binding import Bound, BoundValue
from oncall_tui.runbook.run.carrying import lost_to, with_carried
from oncall_tui.runbook.run.known import Known, last_unit, text_of
from oncall_tui.runbook.run.remote import remote
from oncall_tui.runbook.run.rendering import Config, problem_of, rendered
from oncall_tui.runbook.run.surroundings import carried_to, folder_of

_READ_TIMEOUT = timedelta(seconds=60)
_CHANGE_TIMEOUT = timedelta(minutes=10)
_FIRST_NAME = re.compile(r"^\s*[A-Z]+ +\{\{\s*([a-z][a-z0-9_]*)\s*\}\}")


def danger_of(step: Step, command: Command) -> Danger:
    """What holds for one command."""
    judged = command.judgement.danger
    if step.author is None:
        return judged
    return step.author if step.danger_reason else max(step.author, judged)


def bound(known: Known, step: Step, command: Command, config: Config) -> Bound:
    """The command with its values.

    Args:
        config: a value of the configuration, by its dotted name.
    """
    kind = step.kind.executable
    assert kind is not None
    names = known.names()
    values: dict[str, str] = {}
    shown = []
    missing = []
    for name, stands_for in step.uses.items():
        parameter = known.runbook.params.get(stands_for)
        is_secret = parameter is not None and parameter.is_secret
        value = known.live.params.get(stands_for) if is_secret else text_of(names.get(stands_for))
        if value is None and parameter is not None and not parameter.is_required:
            value = ""
        if value is None:
            missing.append(_why_missing(known, stands_for))
            continue
        values[name] = value
        shown.append(BoundValue(name, f"‹secret:{stands_for}›" if is_secret else value, _origin(known, stands_for)))
    if missing:
        return Bound(None, tuple(shown), tuple(missing))
    secret = frozenset(one.name for one in shown if one.shown.startswith("‹secret:"))
    text = command.text
    if problem := problem_of(kind, text):
        return Bound(None, tuple(shown), problem=problem)
    try:
        text = rendered(known, step, kind, text, values, config)
    except Unbound as error:
        return Bound(None, tuple(shown), problem=str(error))
    prepared = _prepared(known, step, command, kind, text, values, secret)
    if kind is Kind.SHELL and (problem := computed(text, {**prepared.carried, **values})):
        return Bound(None, tuple(shown), problem=problem)
    if lost := lost_to(known, prepared):
        return Bound(None, tuple(shown), lost)
    if step.options.ssh:
        return with_carried(known, remote(known, step, prepared, tuple(shown), config))
    return with_carried(known, Bound(prepared, tuple(shown)))


def _prepared(
    known: Known, step: Step, command: Command, kind: Kind, text: str, values: dict[str, str], secret: frozenset[str]
) -> Prepared:
    options = step.options
    is_reading = danger_of(step, command) is Danger.READ
    is_shell = kind is Kind.SHELL
    return Prepared(
        kind=kind,
        body=text,
        values={**options.env, **values} if is_shell else values,
        carried=carried_to(known, step) if is_shell else {},
        secrets=secret,
        cwd=folder_of(known, step),
        target=_target(kind, step, command, values),
        timeout=options.timeout or (_READ_TIMEOUT if is_reading else _CHANGE_TIMEOUT),
        is_strict=known.runbook.mode is Mode.NATIVE,
        needs_terminal=options.has_terminal or command.judgement.needs_terminal,
        is_reading=is_reading,
        keeps_output=command.judgement.keeps_output,
        reduce=options.reduce.value if options.reduce else "",
    )


def _target(kind: Kind, step: Step, command: Command, values: Mapping[str, str]) -> str:
    if kind is Kind.HTTP:
        first = _FIRST_NAME.match(command.text)
        return values.get(first[1], "") if first else ""
    return step.options.db


def _origin(known: Known, name: str) -> str:
    if name in known.runbook.params:
        given = known.record.params.get(name)
        return given.origin if given is not None else "default"
    if name in known.runbook.lets:
        return f"computed: {known.runbook.lets[name]}"
    return f"output of {name.partition('.')[0]}"


def _why_missing(known: Known, name: str) -> str:
    if (parameter := known.runbook.params.get(name)) is not None:
        if parameter.pick is not None:
            return f"{name}: to be picked from the rows of {parameter.pick.step}"
        if why := known.live.lacking.get(name):
            return f"{name}: {why}"
        if parameter.is_secret and name in known.record.params:
            return f"{name}: a secret, which no journal holds: give it again"
        return f"{name}: nobody has given it a value yet"
    if name in known.runbook.lets:
        return f"{name}: cannot be computed yet from {known.runbook.lets[name]}"
    source, _, capture = name.partition(".")
    step = known.runbook.step(source)
    unit = known.record.unit(last_unit(step)) if step is not None else None
    if unit is not None and unit.result is not None and capture in unit.result.lost:
        return f"{name}: the journal does not hold it, since it was redacted. Run {source} again"
    return f"{name}: run {source} first, or again"
