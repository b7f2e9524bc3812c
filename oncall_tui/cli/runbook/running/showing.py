"""Steps, values and checks of a run in lines."""

from collections.abc import Iterator, Mapping

from oncall_tui.cli.runbook.running.of_config import how_to_set, key_of_base
from oncall_tui.domain.text import clean, clean_line
from oncall_tui.runbook.danger import Danger
from oncall_tui.runbook.execution import Kind
from oncall_tui.runbook.model import Runbook, Step, StepKind
from oncall_tui.runbook.run.captured import Table
from oncall_tui.runbook.run.known import level_of
from oncall_tui.runbook.run.plan import Plan, carried_beside
from oncall_tui.runbook.run.run import Run
from oncall_tui.runbook.run.scripts import scripts_told
from oncall_tui.runbook.run.states import State
from oncall_tui.runbook.values.resolve import Value

_MOST_ROWS = 50


def values_of(runbook: Runbook, values: Mapping[str, Value], *, can_ask: bool = True) -> Iterator[str]:
    """Every parameter with its value and where it comes from, or why it has none.

    Args:
        can_ask: somebody sits there, who is asked for what is missing.
    """
    for name, value in values.items():
        if value.problem:
            yield f"  {name}: {value.problem}"
        elif value.text is not None:
            yield f"  {name} = {value.shown}   ({value.origin})"
        elif (pick := runbook.params[name].pick) is not None:
            yield f"  {name}: to be picked from the rows of {pick.step}"
        elif key := key_of_base(runbook, name):
            yield f"  {name}: {how_to_set(key)}"
        else:
            how = "it is asked for when a step needs it" if can_ask else f"--param {name}=VALUE says"
            yield f"  {name}: nobody has said; {runbook.params[name].help or how}"


def check_of(run: Run, step: Step) -> str:
    """What a check said."""
    result = run.record.unit(step.id).result
    if result is None:
        return f"  {step.id}: was not asked"
    if result.value is None:
        return f"  {step.id}: cannot tell: {result.reason or 'no data'}"
    level = level_of(step, result.value)
    return f"  {step.id} = {result.value:g} {step.options.unit}".rstrip() + (f"   {level}" if level else "")


def recommended(run: Run) -> Iterator[str]:
    """The sections that are indicated, and those of which it cannot be told."""
    for section in run.runbook.sections:
        if section.when:
            decision = run.known().decide(section.when)
            word = {"TRUE": "recommended", "FALSE": "not indicated", "UNKNOWN": "cannot tell"}[decision.truth.name]
            yield f"  {section.heading}: {word}: {decision.because}"


def step_lines(run: Run, plan: Plan, environment: str = "") -> Iterator[str]:
    """A step as it would run: everything that has to be seen before it is confirmed."""
    step = plan.step
    section = run.runbook.section_of(step)
    yield ""
    yield f"── {plan.unit} · {step.kind.value} · {plan.danger.word} ── {section.heading} (line {plan.command.line})"
    if plan.advice:
        yield f"   {plan.advice}"
    in_text = step.kind.executable in (Kind.PROMQL, Kind.HTTP)
    text = plan.prepared.body if plan.prepared is not None and (in_text or plan.is_dry) else plan.command.text
    yield from (f"   | {line}" for line in clean(text, 100_000).splitlines())
    for value in plan.values:
        was = f", {value.was}" if value.was else ""
        yield f"   {value.name} = {clean_line(value.shown, 400)}{clean_line(was, 200)}   ({value.origin})"
    if plan.prepared is not None and plan.prepared.target:
        yield f"   at: {clean_line(plan.prepared.target)}"
    if plan.danger > Danger.READ:
        yield from _place(plan, environment)
        yield from _guards(run, plan)
        yield from (f"   because: {reason}" for reason in plan.command.judgement.reasons[:5])
    if step.danger_reason:
        yield f"   the author says less than the classifier: {step.danger_reason}"
    if plan.sentence:
        yield f"   {plan.sentence}"
    if plan.undo is not None:
        yield f"   undo: {_undo(plan)}"
    if (verify := step.options.verify) is not None:
        yield f"   then: {verify.expect}, asked every {_span(verify.every.total_seconds())} for at most " + _span(
            verify.within.total_seconds()
        )
    yield from _before(run, plan)
    yield from (f"   blocked: {one}" for one in plan.blocked)


def _before(run: Run, plan: Plan) -> Iterator[str]:
    """That it was run before: who confirms it again has to know."""
    unit = run.record.unit(plan.unit)
    if unit.attempt is None or unit.state is State.PENDING or plan.is_dry or plan.undoes:
        return
    again = ": w waits again, u takes it back, Enter goes on" if unit.state is State.UNVERIFIED else ""
    yield f"   it was run already, at {unit.attempt.at:%H:%M:%S} UTC, and is {unit.state.value}{again}"


def _place(plan: Plan, environment: str) -> Iterator[str]:
    """Where a change would be made."""
    if environment:
        yield f"   environment: {clean_line(environment)}"
    prepared = plan.prepared
    if prepared is not None and prepared.kind is Kind.SHELL:
        here = "this machine" if not prepared.target else "that machine"
        folder = clean_line(str(prepared.cwd), 300) if prepared.cwd.parts else "the home over there"
        yield f"   runs on {here}, in {folder}"
    yield from (f"   script: {one}" for one in scripts_told(plan.scripts))
    if plan.beside:
        yield f"   carries too: {carried_beside(plan)}"
    if prepared is not None and prepared.needs_terminal:
        yield "   on this terminal, until it ends"
    elif prepared is not None:
        yield f"   for at most {_span(prepared.timeout.total_seconds())}"


def _guards(run: Run, plan: Plan) -> Iterator[str]:
    """On which machine the guards of a step over ssh were asked."""
    for name, one in run.record.guards.items() if plan.step.options.ssh else ():
        if one.holds:
            yield f"   guard {name} holds, asked on {clean_line(one.target) or 'this machine'}"


def manual_lines(run: Run, step: Step) -> Iterator[str]:
    """A step for a person."""
    yield ""
    yield f"── {step.id} · by hand ── {run.runbook.section_of(step).heading} (line {step.line})"
    yield f"   {clean_line(step.body, 2_000)}"


def rows_of(table: Table) -> Iterator[str]:
    """The rows to pick from, numbered from 1."""
    yield "     " + "  ".join(clean_line(one) for one in table.columns)
    for number, row in enumerate(table.rows[:_MOST_ROWS], start=1):
        yield f"{number:4} " + "  ".join(clean_line(cell, 100) for cell in row)
    if len(table.rows) > _MOST_ROWS:
        yield f"     and {len(table.rows) - _MOST_ROWS} more"


def overview(run: Run) -> Iterator[str]:
    """Every step with its state."""
    for section in run.runbook.sections:
        steps = run.runbook.steps_in(section)
        if not steps:
            continue
        yield section.heading
        for step in steps:
            for unit in [one.id for one in step.commands] or [step.id]:
                kind = "by hand" if step.kind is StepKind.MANUAL else step.kind.value
                yield f"  {unit}: {run.state_of(unit).value}   ({kind}, {step.danger.word})"


def changes(run: Run) -> Iterator[str]:
    """What was changed, the newest first, with its undo."""
    for number, one in enumerate(run.changes(), start=1):
        how = f"run {one.step}" if one.step else one.manual or f"cannot be taken back: {one.none}"
        done = f"; taken back: {one.undone_by}" if one.undone_by else ""
        yield f"  {number}. {one.unit} at {one.at:%H:%M:%S} UTC ({one.state.value}): {how}{done}"


def _undo(plan: Plan) -> str:
    assert plan.undo is not None
    return plan.undo.step or plan.undo.manual or f"none: {plan.undo.none}"


def _span(seconds: float) -> str:
    return f"{seconds / 60:g} min" if seconds >= 60 else f"{seconds:g} s"
