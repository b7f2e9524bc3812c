"""What a site forbids: steps that hold a word, have an id, or are of a class that must not be run from here."""

import re
from collections.abc import Sequence
from dataclasses import replace
from fnmatch import fnmatchcase

from oncall_tui.runbook.model import Runbook, Step

_WORD = re.compile(r"[A-Za-z0-9_./:-]+")


def without_forbidden(runbook: Runbook, patterns: Sequence[str]) -> Runbook:
    """The runbook with every forbidden step blocked, which says by what.

    Args:
        patterns: as ``[runbooks] forbid`` has them.
    """
    steps = tuple(_blocked(step, patterns) if step.commands else step for step in runbook.steps)
    return replace(runbook, steps=steps)


def _blocked(step: Step, patterns: Sequence[str]) -> Step:
    commands = (*step.commands, *(step.rehearsal.commands if step.rehearsal is not None else ()))
    words = {word.lower() for command in commands for word in _WORD.findall(command.text)}
    words |= {step.id.lower(), step.danger.word}
    found = [one for one in patterns if any(fnmatchcase(word, one.lower()) for word in words)]
    reasons = tuple(f"the configuration forbids {one} (runbooks.forbid)" for one in found)
    return replace(step, blocked=(*step.blocked, *reasons)) if reasons else step
