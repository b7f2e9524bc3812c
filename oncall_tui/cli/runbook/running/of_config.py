"""Values that nobody can type: an HTTP step speaks to a host of the configuration alone."""

import re

from oncall_tui.runbook.model import Runbook, StepKind

_CONFIG = "config."
_BASE = re.compile(r"^\s*[A-Z]+ +\{\{\s*([a-z][a-z0-9_]*)\s*\}\}")


def key_of_base(runbook: Runbook, name: str) -> str:
    """The dotted key of a parameter that begins an address; empty for any other, which may be typed."""
    texts = (one.text for step in runbook.steps if step.kind is StepKind.HTTP for one in step.commands)
    if not any((met := _BASE.match(text)) and met[1] == name for text in texts):
        return ""
    origins = runbook.params[name].origins
    return next((one.removeprefix(_CONFIG) for one in origins if one.startswith(_CONFIG)), "")


def how_to_set(key: str) -> str:
    """What to put into the configuration, in words."""
    return f'it begins an address, and comes from the configuration alone: put {key} = "…" under [runbooks.values]'
