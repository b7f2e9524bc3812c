"""What is shown of an action before it runs, and how it ended. Foreign text is cleaned, and never markup."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from oncall_tui.domain.alert import Alert
from oncall_tui.domain.text import clean, clean_line
from oncall_tui.runbook.danger import Danger

if TYPE_CHECKING:
    from oncall_tui.assembly.actions import ActionRun
    from oncall_tui.runbook.run.live import Ended

_STYLES = {Danger.READ: "$success", Danger.CHANGE: "$warning", Danger.DESTROY: "bold $error"}


def before(run: "ActionRun", alert: Alert) -> Content:
    """The command byte for byte, its danger with the reasons, and every value with its origin."""
    plan = run.plan
    body = plan.prepared.body if plan.prepared is not None else run.action.body
    reasons = clean_line("; ".join(plan.command.judgement.reasons[:3]), 300)
    lines = [
        Content.assemble((plan.danger.word, _STYLES[plan.danger]), (f"  {reasons}" if reasons else "", "$dim")),
        Content.assemble(("on ", "$dim"), (clean_line(alert.title, 200), "$bright"), (f"  {alert.id}", "$dim")),
        Content(),
        *(Content.styled(f"  {line}", "$bright") for line in clean(body, 20_000).splitlines()),
        Content(),
    ]
    lines += [
        Content.styled(f"{variable} is left out: its value {reason}", "$warning") for variable, reason in run.left_out
    ]
    lines += [
        Content.assemble((f"{one.name}=", "$dim"), (one.value, "$foreground"), (f"  {one.origin}", "$dim"))
        for one in run.given
    ]
    return Content("\n").join(lines)


def before_many(runs: Sequence[tuple["ActionRun", Alert]], refused: Sequence[tuple[Alert, str]]) -> Content:
    """The same for one run on each of several alerts: the command once, what differs with its alert."""
    worst = max((run.plan for run, _ in runs), key=lambda plan: plan.danger)
    reasons = clean_line("; ".join(worst.command.judgement.reasons[:3]), 300)
    first = runs[0][0]
    lines = [
        Content.assemble((worst.danger.word, _STYLES[worst.danger]), (f"  {reasons}" if reasons else "", "$dim")),
        Content.styled(f"one run on each of {len(runs)} alerts, one after the other:", "$dim"),
    ]
    for run, alert in runs:
        lines.append(Content.assemble(("  ", ""), (clean_line(alert.title, 200), "$bright"), (f"  {alert.id}", "$dim")))
        lines += [Content.styled(f"    {name} is left out: its value {why}", "$warning") for name, why in run.left_out]
    lines += [
        Content.styled(f"  not on {clean_line(alert.title, 200)}: {clean_line(why, 300)}", "$warning")
        for alert, why in refused
    ]
    bodies = {run.plan.prepared.body if run.plan.prepared is not None else run.action.body: None for run, _ in runs}
    for body in bodies:
        lines += [Content(), *(Content.styled(f"  {line}", "$bright") for line in clean(body, 20_000).splitlines())]
    lines.append(Content())
    for one in first.given:
        values = dict.fromkeys(other.value for run, _ in runs for other in run.given if other.name == one.name)
        shown = (
            Content.styled(one.value, "$foreground") if len(values) == 1 else Content.styled("of each alert", "$dim")
        )
        lines.append(Content.assemble((f"{one.name}=", "$dim"), shown, (f"  {one.origin}", "$dim")))
    return Content("\n").join(lines)


def ending(ended: "Ended") -> str:
    """How it ended, in words."""
    executed = ended.executed
    said = ended.judged.reason or executed.reason
    code = f"exit code {executed.exit}" if executed.exit is not None else executed.ending.value
    return clean_line(f"{said or code}, after {executed.took_s:.1f} s", 300)
