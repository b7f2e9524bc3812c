"""An action as it was configured: what it runs, what it asks for, and how dangerous it is."""

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

from oncall_tui.config.model import ActionSettings, InputSettings
from oncall_tui.domain.durations import parse_duration
from oncall_tui.runbook.classify import judge
from oncall_tui.runbook.danger import Danger, Judgement
from oncall_tui.runbook.execution import Kind
from oncall_tui.runbook.options import Parameter, Type
from oncall_tui.runbook.steering import is_steering
from oncall_tui.runbook.values.names import is_dangerous, is_given, refusal

_FROM_ALERT = re.compile(r"ONCALL_(?:ALERT|LABEL)_[A-Za-z0-9_]+")
INPUT = "ONCALL_INPUT_"
"""Begins the variable of every input."""


@dataclass(frozen=True, slots=True)
class Action:
    """What an action does."""

    settings: ActionSettings
    body: str
    """The text for bash; for a program its words, quoted as a shell would need them: they are taken apart again."""
    parameters: Mapping[str, Parameter]
    judgement: Judgement
    """What the text shows, whatever the author says."""

    @property
    def is_program(self) -> bool:
        """Whether no shell takes part."""
        return bool(self.settings.run)

    @property
    def author(self) -> Danger:
        """What the configuration says that it does at least."""
        return Danger[self.settings.danger.upper()]

    @property
    def danger(self) -> Danger:
        """What holds: the greater of both."""
        return max(self.author, self.judgement.danger)

    @property
    def timeout(self) -> timedelta | None:
        """After what time it is ended; None for that of its danger."""
        return parse_duration(self.settings.timeout) if self.settings.timeout is not None else None


def action_of(settings: ActionSettings) -> Action:
    """What a configured action does."""
    body = shlex.join(settings.run) if settings.run else settings.script
    parameters = {one.name: parameter_of(one) for one in settings.inputs}
    return Action(settings, body, parameters, _judged(body))


@lru_cache(maxsize=256)
def _judged(body: str) -> Judgement:
    # A label may hold anything, unlike a parameter, which its pattern holds.
    return judge(Kind.SHELL, body, frozenset(_FROM_ALERT.findall(body)))


def parameter_of(one: InputSettings) -> Parameter:
    """An input as the runbook room knows values."""
    default = one.default
    text = str(default).lower() if isinstance(default, bool) else None if default is None else str(default)
    return Parameter(
        one.name,
        Type(one.type),
        default=text,
        choices=one.choices,
        pattern=one.pattern,
        min=one.min,
        max=one.max,
        help=one.help,
    )


def variables_of_input(name: str) -> tuple[str, ...]:
    """The variables in which an input arrives; its own name only where no program or shell means something by it."""
    is_taken = is_dangerous(name) or is_given(name) or is_steering(name) or bool(refusal(name))
    return (f"{INPUT}{name.upper()}",) if is_taken else (f"{INPUT}{name.upper()}", name)
