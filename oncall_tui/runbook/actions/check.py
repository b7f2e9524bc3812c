"""What is wrong with configured actions beyond what the configuration itself can tell."""

from collections.abc import Iterator, Sequence

from oncall_tui.config.keys import Finding
from oncall_tui.config.model import ActionSettings
from oncall_tui.runbook.actions.definition import action_of
from oncall_tui.runbook.execution import Kind
from oncall_tui.runbook.run.rendering import problem_of
from oncall_tui.runbook.values.check import objection


def action_problems(actions: Sequence[ActionSettings]) -> Iterator[Finding]:
    """Defaults that are not taken, and texts that could not be run as they stand."""
    for number, settings in enumerate(actions):
        action = action_of(settings)
        for place, name in enumerate(action.parameters):
            default = action.parameters[name].default
            if default is not None and (problem := objection(action.parameters[name], default)):
                key = ("actions", number, "inputs", place, "default")
                yield Finding(key, problem, "write one that is taken, or leave it out")
        key_of_body = "run" if action.is_program else "script"
        if action.judgement.needs_terminal:
            what = "needs a terminal of its own, which an action has not"
            yield Finding(("actions", number, key_of_body), what, "leave out what follows, edits or asks")
        elif problem := problem_of(Kind.SHELL, action.body):
            yield Finding(("actions", number, key_of_body), problem, "it would not be run")
