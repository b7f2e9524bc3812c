"""What somebody has to do before a step starts, and the phrase that they type: it holds the target."""

import re
from collections.abc import Iterator, Sequence
from enum import IntEnum

from oncall_tui.domain.text import clean_line
from oncall_tui.runbook.danger import Danger
from oncall_tui.runbook.model import Command, Step, StepKind
from oncall_tui.runbook.run.binding import BoundValue
from oncall_tui.runbook.run.known import Known, text_of
from oncall_tui.runbook.run.replay import LOST
from oncall_tui.runbook.shell.syntax import nodes_of, script_of

_BRACES = re.compile(r"\{([a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)?)\}")
_PLAIN = re.compile(r"[A-Za-z0-9_./][A-Za-z0-9_.:/@+=-]{0,79}")
_WORDS = 2
"""Plain words of a command that make its target: ``namespace prod``, ``web prod``."""
_LONGEST = 80
"""Characters of a value that somebody would type."""


class Floor(IntEnum):
    """The least that somebody has to do before it starts."""

    KEY = 0
    """The run key on the step."""
    DIALOG = 1
    """``y`` in a dialog that shows everything."""
    PHRASE = 2
    """A phrase with the target, typed."""


def floor_of(
    known: Known, step: Step, command: Command, danger: Danger, values: Sequence[BoundValue]
) -> tuple[Floor, str, list[str]]:
    """The floor, the phrase, and what the phrase lacks."""
    confirm = step.options.confirm
    if confirm is not None and confirm.phrase:
        phrase, unfilled = filled(known, confirm.phrase)
        return Floor.PHRASE, phrase, [f"the phrase to be typed needs {name}" for name in unfilled]
    if danger is Danger.DESTROY:
        named = [*_given(known, step), *_carried(values)] or _written(step, command) or [command.id]
        return Floor.PHRASE, clean_line(" ".join(["destroy", *named]), 200), []
    if danger is Danger.CHANGE or not command.judgement.keeps_output:
        return Floor.DIALOG, "", []
    return Floor.KEY, "", []


def filled(known: Known, template: str) -> tuple[str, list[str]]:
    """A phrase with its values, and the names that have none."""
    names = known.names()
    missing = []

    def value(match: re.Match[str]) -> str:
        text = text_of(names.get(match[1]))
        if text is None:
            missing.append(match[1])
        return text if text is not None else f"‹{match[1]}›"

    return clean_line(_BRACES.sub(value, template)), missing


def _given(known: Known, step: Step) -> list[str]:
    names = known.names()
    return [value for name in step.uses.values() if (value := text_of(names.get(name)))]


def _carried(values: Sequence[BoundValue]) -> list[str]:
    """What earlier steps left and this one names, as far as it can be shown and typed."""
    shown = [one.shown for one in values if one.is_carried and one.shown not in ("", LOST)]
    return [one for one in shown if len(one) <= _LONGEST and clean_line(one) == one]


def _written(step: Step, command: Command) -> list[str]:
    """The target as the command itself has it: its last plain words that are no options."""
    if step.kind is StepKind.SQL:
        return _PLAIN.findall(command.text)[-_WORDS:]
    return next((words[-_WORDS:] for words in reversed([*_arguments(command.text)]) if words), [])


def _arguments(text: str) -> Iterator[list[str]]:
    """Of each command of a script what stands behind its name and is neither an option nor put together."""
    script = script_of(text)
    for node in nodes_of(script.root):
        if node.type == "command":
            words = [script.text(one).strip("'\"") for one in node.children[1:]]
            yield [word for word in words if _PLAIN.fullmatch(word)]
