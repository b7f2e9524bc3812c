"""What is asked before a step is started: everything that would happen, in the words of whoever has to decide."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from textual.content import Content

from oncall_tui.domain.clocks import age_in_words
from oncall_tui.domain.text import clean, clean_line
from oncall_tui.runbook.model import Command, Runbook
from oncall_tui.runbook.options import Undo
from oncall_tui.runbook.run.plan import Plan, carried_beside
from oncall_tui.runbook.run.record import GuardAnswer
from oncall_tui.runbook.run.scripts import scripts_told
from oncall_tui.ui.present.runbook import signs

Guards = Mapping[str, GuardAnswer]


def heading(runbook: Runbook, plan: Plan) -> Content:
    """The name of the step, its class, and how it is taken back, on one line."""
    name = signs.title(runbook, plan.step, plan.command)
    kind = Content.assemble(("takes a change back  ", "$dim")) if plan.undoes else Content()
    dry = Content.styled("dry run  ", "$mark") if plan.is_dry else Content()
    return Content.assemble((name, "bold $bright"), "   ", dry, kind, signs.danger(plan.danger), _undone(plan))


def _undone(plan: Plan) -> Content:
    if plan.undo is None or plan.undoes or plan.is_dry:
        return Content()
    return Content.styled(f"  · {undo_in_words(plan.undo)}", "$warning" if plan.undo.none else "$dim")


def undo_in_words(undo: Undo) -> str:
    """How something is taken back, or why it cannot be."""
    if undo.step:
        return f"undone by {undo.step}"
    if undo.manual:
        return f"undone by hand: {clean_line(undo.manual, 300)}"
    return f"cannot be undone: {clean_line(undo.none, 300)}"


def command(plan: Plan) -> Content:
    """The text that runs, byte for byte."""
    text = plan.prepared.body if plan.prepared is not None else plan.command.text
    return Content.styled(clean(text.rstrip("\n"), 200_000).expandtabs(8), "bold $mark")


def rest(plan: Plan, environment: str, is_production: bool, guards: Guards, now: datetime) -> Content:
    """What its author says of it first, values with where each comes from, target, why it is in its class, guards, and
    what comes after it."""
    parts = [
        Content.styled(plan.sentence, "bold $warning"),
        _values(plan, _names(plan)),
        _target(plan, environment, is_production),
        _reasons(plan),
        _checked(guards, now, bool(plan.step.options.ssh)),
        _then(plan),
    ]
    return Content("\n\n").join([one for one in parts if one])


def _values(plan: Plan, names: int) -> Content:
    if not plan.values:
        return Content()
    sizes = min(max(len(one.shown) for one in plan.values), 40)
    return Content("\n").join(
        Content.assemble(
            (f"{clean_line(one.name, 60):<{names}}  ", "$dim"),
            (f"{clean_line(one.shown, 400):<{sizes}}   ", "bold $bright"),
            (f"{clean_line(one.was, 200)}   " if one.was else "", "bold $warning"),
            (clean_line(one.origin, 120), "$dim"),
        )
        for one in plan.values
    )


def _names(plan: Plan) -> int:
    """The cells of the column of names: values and target stand under each other."""
    return max(len(name) for name in ("environment", *(clean_line(one.name, 60) for one in plan.values)))


def _target(plan: Plan, environment: str, is_production: bool) -> Content:
    prepared = plan.prepared
    place = clean_line(prepared.target) if prepared is not None and prepared.target else "this machine"
    rows = [("environment", environment, "bold $production-text on $production" if is_production else "$bright")]
    rows.append(("runs on", place, "$bright"))
    if prepared is not None and prepared.cwd != Path():
        rows.append(("in", clean_line(str(prepared.cwd), 300), "$foreground"))
    if prepared is not None and prepared.needs_terminal:
        kept = "what it draws is recorded" if prepared.keeps_output else "nothing of it is recorded"
        rows.append(("terminal", f"it has yours until it ends; {kept}", "$foreground"))
    elif prepared is not None:
        rows.append(("at most", age_in_words(prepared.timeout), "$foreground"))
    rows += [("script", one, "$foreground") for one in scripts_told(plan.scripts)]
    if plan.beside:
        # A program may read what its command does not name.
        rows.append(("carries too", carried_beside(plan), "$foreground"))
    names = _names(plan)
    return Content("\n").join(
        Content.assemble((f"{name:<{names}}  ", "$dim"), (f"{text}", style)) for name, text, style in rows
    )


def _reasons(plan: Plan) -> Content:
    lines = []
    if plan.advice:
        lines.append(Content.styled(clean_line(plan.advice, 300), "$foreground"))
    if plan.step.danger_reason:
        lines.append(Content.styled(f"said to be harmless: {clean_line(plan.step.danger_reason, 300)}", "$dim"))
    told = _judged(plan.command)
    if told:
        lines.append(Content.styled(f"judged so because {told}", "$dim"))
    return Content("\n").join(lines)


def _judged(of: Command) -> str:
    return clean_line("; ".join(of.judgement.reasons[:3]), 300)


def _checked(guards: Guards, now: datetime, is_over_there: bool) -> Content:
    lines = []
    for name, one in guards.items():
        asked = f"asked {age_in_words(max(now - one.at, timedelta()))} ago"
        if one.target or is_over_there:
            asked += f" on {clean_line(one.target) or 'this machine'}"
        sign, style = ("✓", "$dim") if one.holds else ("✗", "$warning")
        lines.append(Content.styled(f"{sign} guard {name}  {asked}{': ' + one.reason if one.reason else ''}", style))
    return Content("\n").join(lines)


def _then(plan: Plan) -> Content:
    verify = plan.step.options.verify
    if verify is None or plan.is_dry:
        return Content()
    until = f"asked every {age_in_words(verify.every)} for {age_in_words(verify.within)} at most"
    told = f"{clean_line(verify.expect, 300)}, {until}"
    return Content.assemble(("Then: ", "$dim"), (f"verify {told}.", "$foreground"))


def dry(runbook: Runbook, plan: Plan, of: Command, blocked: Sequence[str] = ()) -> Content:
    """What a step would run; a value that nobody has yet stands as ``‹pid: picked at run time›``.

    Args:
        blocked: why its rehearsal, where it has one, cannot be run now.
    """
    known = {one.name for one in plan.values}
    names = max((len(one) for one in (*known, *plan.step.uses)), default=0)
    rows = [_values(plan, names)] if plan.values else []
    for name, stands_for in plan.step.uses.items():
        if name not in known:
            parameter = runbook.params.get(stands_for)
            how = "picked" if parameter is not None and parameter.pick is not None else "told"
            told = f"‹{name}: {how} at run time›"
            rows.append(Content.assemble((f"{name:<{names}}  ", "$dim"), (told, "$warning")))
    text = plan.prepared.body if plan.prepared is not None else of.text
    parts = [Content.styled(clean(text.rstrip("\n"), 200_000).expandtabs(8), "bold $mark"), Content("\n").join(rows)]
    if blocked:
        parts.append(Content.styled(f"Not rehearsed: {clean_line('; '.join(blocked), 500)}.", "$warning"))
    parts.append(Content.styled("A dry run starts nothing that is not read.", "$dim"))
    return Content("\n\n").join([one for one in parts if one])
