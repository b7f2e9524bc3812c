"""The environment of a step: the operator's, without what would change what runs, with what the step names."""

import re
from collections.abc import Collection, Mapping

from oncall_tui.runbook.steering import FUNCTION, SHELL_STARTUP, is_steering

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def is_name(name: str) -> bool:
    """Whether bash can have a variable of that name."""
    return _NAME.fullmatch(name) is not None


def inherited(environ: Mapping[str, str], withheld: Collection[str]) -> dict[str, str]:
    """The operator's environment as a step gets it.

    Args:
        withheld: the variables that hold tokens of this tool.
    """
    return {
        name: value
        for name, value in environ.items()
        if name not in withheld and name not in SHELL_STARTUP and not FUNCTION.fullmatch(name)
    }


def refused_names(values: Mapping[str, str]) -> str:
    """Why these values cannot be handed to a shell, in words; empty when they can."""
    for name, value in values.items():
        if not is_name(name):
            return f"{name!r} cannot be the name of a variable"
        if is_steering(name):
            return f"no value may be called {name}: the variable changes what programs do"
        if "\0" in value:
            return f"the value of {name} holds a byte 0, which no environment can"
    return ""
