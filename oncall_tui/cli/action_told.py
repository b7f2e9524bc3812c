"""What ``oncall-tui action`` says before anything is started: its list, and what it shows before it asks."""

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from oncall_tui.cli.output import table, terminal_width
from oncall_tui.cli.shapes_actions import ActionObject, ActionsAnswer
from oncall_tui.domain.alert import Alert
from oncall_tui.domain.counts import counted
from oncall_tui.domain.text import clean, clean_line
from oncall_tui.runbook.actions.definition import action_of

if TYPE_CHECKING:
    from oncall_tui.assembly.actions import ActionRun
    from oncall_tui.config.model import ActionSettings

_HEADERS = ("ACTION", "KEY", "DANGER", "FOR", "RUNS")


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
    on = f"on {alert.id}  {clean_line(alert.title, 200)}"
    return [_head(run), on, "", *_body(run), "", *_values(run, "  ")]


def lines_before_several(items: "Sequence[tuple[str, ActionRun | None, str]]") -> list[str]:
    """The same for several alerts: what holds for all of them once, then each with what is its own.

    Args:
        items: the id and title of each alert, with the run that waits or the reason why there is none.
    """
    runs = [run for _, run, _ in items if run is not None]
    given = [{(one.name, one.value, one.origin) for one in run.given} for run in runs]
    common = set.intersection(*given) if len(given) > 1 else set()
    first = [_head(runs[0]), "", *_body(runs[0]), "", *_shared(runs[0], common)]
    first.append(f"on {counted(len(runs), 'alert')}, one run for each, one after the other:")
    for named, run, reason in items:
        first += ["", f"  {named}"]
        if run is None:
            first.append(f"    is left out: {clean_line(reason, 600)}")
        else:
            first += _values(run, "    ", common)
    return [*first, ""]


def _head(run: "ActionRun") -> str:
    reasons = clean_line("; ".join(run.plan.command.judgement.reasons[:3]), 300)
    name = clean_line(run.action.settings.name, 100)
    return f"{name}  {run.plan.danger.word}" + (f"  ({reasons})" if reasons else "")


def _body(run: "ActionRun") -> list[str]:
    prepared = run.plan.prepared
    body = clean(prepared.body if prepared is not None else run.action.body)
    return [f"  {line}" for line in body.splitlines()]


def _shared(run: "ActionRun", common: Collection[tuple[str, str, str]]) -> list[str]:
    told = [one for one in run.given if (one.name, one.value, one.origin) in common]
    return [*(f"  {one.name}={one.value}  ({one.origin})" for one in told), *([""] if told else [])]


def _values(run: "ActionRun", indent: str, told: Collection[tuple[str, str, str]] = ()) -> list[str]:
    """Every value and where it comes from, less those that were told already."""
    own = [one for one in run.given if (one.name, one.value, one.origin) not in told]
    return [
        *(f"{indent}{one.name}={one.value}  ({one.origin})" for one in own),
        *(f"{indent}{variable} is left out: its value {reason}" for variable, reason in run.left_out),
    ]
