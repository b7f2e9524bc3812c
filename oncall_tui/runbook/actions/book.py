"""An action and its alert as a runbook of one step: confirmation, run and journal are those of every other step."""

import hashlib
from pathlib import Path
from types import MappingProxyType

from oncall_tui.domain.text import clean_line
from oncall_tui.runbook.actions.definition import Action, variables_of_input
from oncall_tui.runbook.actions.environment import Told
from oncall_tui.runbook.danger import Danger
from oncall_tui.runbook.model import Command, Lines, Mode, Phase, Runbook, Section, Step, StepKind
from oncall_tui.runbook.options import Confirm, StepOptions

STEP = "action"
"""The id of the only step."""


def book_of(action: Action, told: Told, target: str) -> Runbook:
    """The runbook of an action.

    Args:
        target: what it is done to, in a word: a part of the phrase before what destroys.
    """
    settings = action.settings
    source = f"# {clean_line(settings.name, 100)}\n\n```bash\n{action.body.rstrip()}\n```\n"
    lines = Lines(3, source.count("\n"))
    confirm = Confirm(_phrase(action, target)) if settings.confirm or action.danger is Danger.DESTROY else None
    step = Step(
        id=STEP,
        kind=StepKind.SHELL,
        lang="bash",
        body=action.body,
        commands=(Command(STEP, action.body, lines.first + 1, action.judgement),),
        lines=lines,
        section=0,
        author=action.author,
        options=StepOptions(
            timeout=action.timeout,
            confirm=confirm,
            env=MappingProxyType({one.name: one.value for one in told.variables}),
        ),
        uses={variable: name for name in action.parameters for variable in variables_of_input(name)},
        blocked=("it needs a terminal of its own: run it in a shell",) if action.judgement.needs_terminal else (),
    )
    return Runbook(
        path=Path(settings.id),
        mode=Mode.NATIVE,
        id=settings.id,
        title=clean_line(settings.name, 100),
        sections=(Section(clean_line(settings.name, 100), "action", 1, Phase.NONE, Lines(1, lines.last)),),
        steps=(step,),
        source=source,
        sha256=hashlib.sha256(source.encode("utf-8", "surrogateescape")).hexdigest(),
        params=action.parameters,
    )


def _phrase(action: Action, target: str) -> str:
    if action.settings.confirm:
        return action.settings.confirm
    # Braces would name an input.
    return f"destroy {clean_line(target, 60)}".replace("{", "").replace("}", "").strip()
