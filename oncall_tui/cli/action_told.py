"""What ``oncall-tui action`` says: its list, what it shows before it asks, and its JSON."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from oncall_tui.cli.output import table, terminal_width
from oncall_tui.cli.shapes_actions import ActionAnswer, ActionObject, ActionsAnswer
from oncall_tui.domain.alert import Alert
from oncall_tui.domain.text import clean, clean_line
from oncall_tui.runbook.actions.definition import action_of

if TYPE_CHECKING:
    from oncall_tui.assembly.actions import ActionRun
    from oncall_tui.config.model import ActionSettings
    from oncall_tui.runbook.actions.definition import Action
    from oncall_tui.runbook.run.live import Ended

_HEADERS = ("ACTION", "KEY", "DANGER", "FOR", "RUNS")
_LONGEST = 1_000_000


def actions_answer(actions: "Sequence[ActionSettings]") -> Mapping[str, object]:
    """Every action of the configuration."""
    return dict(ActionsAnswer(actions=[_object(one) for one in actions]))


def lines_of_list(actions: "Sequence[ActionSettings]") -> list[str]:
    """The same as a table."""
    if not actions:
        return ["The configuration has no actions: docs/configuration.md says how to write one."]
    rows = [
        (one["name"], one["key"] or "–", one["danger"], one["on"] or "every alert", one["command"])
        for one in map(_object, actions)
    ]
    return table(_HEADERS, rows, gives_way={4: 20, 3: 12, 0: 12}, width=terminal_width())


def _object(settings: "ActionSettings") -> ActionObject:
    action = action_of(settings)
    return ActionObject(
        name=settings.name,
        id=settings.id,
        key=settings.key,
        danger=action.danger.word,
        on=settings.on,
        command=action.body,
        inputs=list(action.parameters),
    )


def lines_before(run: "ActionRun", alert: Alert) -> list[str]:
    """What would run, exactly, with every value and where it comes from."""
    plan, name = run.plan, clean_line(run.action.settings.name, 100)
    reasons = clean_line("; ".join(plan.command.judgement.reasons[:3]), 300)
    body = clean(plan.prepared.body if plan.prepared is not None else run.action.body).splitlines()
    return [
        f"{name}  {plan.danger.word}" + (f"  ({reasons})" if reasons else ""),
        f"on {alert.id}  {clean_line(alert.title, 200)}",
        "",
        *(f"  {line}" for line in body),
        "",
        *(f"  {one.name}={one.value}  ({one.origin})" for one in run.given),
        *(f"  {variable} is left out: its value {reason}" for variable, reason in run.left_out),
    ]


def answer_of(run: "ActionRun", alert: Alert, ended: "Ended") -> Mapping[str, object]:
    """How it ended."""
    executed = ended.executed
    return dict(
        ActionAnswer(
            action=run.action.settings.name,
            alert=alert.id,
            title=alert.title,
            run=run.run_id,
            danger=run.plan.danger.word,
            state=ended.judged.state.value,
            reason=ended.judged.reason or executed.reason,
            exit=executed.exit,
            took_s=round(executed.took_s, 3),
            stdout=clean(executed.stdout, _LONGEST),
            stderr=clean(executed.stderr, _LONGEST),
            truncated=executed.is_truncated,
        )
    )


def refused_answer(action: "Action", target: str, alert: Alert | None, reason: str) -> Mapping[str, object]:
    """That nothing was started."""
    return dict(
        ActionAnswer(
            action=action.settings.name,
            alert=alert.id if alert is not None else clean_line(target, 200),
            title=alert.title if alert is not None else "",
            run=None,
            danger=action.danger.word,
            state="not started",
            reason=clean_line(reason, 1_000),
            exit=None,
            took_s=0.0,
            stdout="",
            stderr="",
            truncated=False,
        )
    )
