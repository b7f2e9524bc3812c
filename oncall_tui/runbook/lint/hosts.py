"""Steps over ssh: the host is one that the configuration gives, or that a parameter was checked for (H1)."""

from oncall_tui.runbook.model import Runbook, Step, StepKind
from oncall_tui.runbook.options import Parameter, Type
from oncall_tui.runbook.reading.keys import Notes
from oncall_tui.runbook.reading.nodes import Place
from oncall_tui.runbook.reading.references import host_parameter, names_of

_CONFIG = "config."


def hosts(runbook: Runbook, notes: Notes) -> None:
    """Every step that runs on another machine."""
    for step in runbook.steps:
        if not step.options.ssh:
            continue
        place = Place(step.line, 1)
        if step.kind is not StepKind.SHELL:
            notes.error("H1", place, f"a {step.kind.value} step does not run over ssh", "only shell steps do", step.id)
        if step.options.has_terminal:
            advice = "leave `tty` out, or let `ssh -t` be typed by hand"
            notes.error("H1", place, "a step over ssh gets no terminal", advice, step.id)
        if name := host_parameter(step):
            _parameter(runbook, step, name, place, notes)


def _parameter(runbook: Runbook, step: Step, name: str, place: Place, notes: Notes) -> None:
    from oncall_tui.config.expected import nearest

    parameter = runbook.params.get(name)
    if parameter is None:
        known = tuple(one for one in names_of(runbook) if one in runbook.params)
        notes.error("N1", place, f"`ssh` names `{name}`, which is no parameter", nearest(name, known), step.id)
    elif parameter.is_secret:
        notes.error("N6", place, f"`ssh` shows the secret `{name}`", "a host is no secret", step.id)
    elif parameter.type is not Type.STRING:
        notes.error("N2", place, f"`ssh` needs a text, and `{name}` is of the type {parameter.type.value}", "", step.id)
    elif not _is_held(parameter):
        advice = "give it `from: config.x`, `choices`, or a `pattern` that only your hosts fit"
        notes.error("H1", place, f"any value of `{name}` could be the host", advice, step.id)


def _is_held(parameter: Parameter) -> bool:
    is_of_config = bool(parameter.origins) and all(one.startswith(_CONFIG) for one in parameter.origins)
    return is_of_config or parameter.pattern is not None or bool(parameter.choices)
