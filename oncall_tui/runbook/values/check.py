"""Whether a text may be the value of a parameter: the same for what is typed, picked, configured or a label."""

import re
from functools import lru_cache

from oncall_tui.domain.durations import DurationError, parse_duration
from oncall_tui.domain.text import REPLACEMENT, clean
from oncall_tui.runbook.options import Parameter, Type

LONGEST = 1_000
"""Characters of a value."""
_INT = re.compile(r"-?[0-9]{1,15}")
_FLOAT = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,15})?")


@lru_cache(maxsize=512)
def pattern_of(pattern: str) -> re.Pattern[str] | None:
    """The compiled expression; ``None`` when it is none."""
    try:
        return re.compile(pattern)
    except (re.error, RecursionError, OverflowError):
        return None


def objection(parameter: Parameter, value: str) -> str:
    """Why ``value`` is not taken, in words that follow on "it"; empty when it is.

    Never quotes the value: it may be a secret or hostile.
    """
    if len(value) > LONGEST:
        return f"is longer than {LONGEST} characters"
    if clean(value, LONGEST) != value or REPLACEMENT in value or any(char in value for char in "\n\r\t"):
        return "holds control or hidden characters"
    if reason := _of_type(parameter, value):
        return reason
    if parameter.choices and value not in parameter.choices:
        return "is none of " + ", ".join(parameter.choices)
    if (rule := parameter.rule) is not None:
        pattern = pattern_of(rule)
        if pattern is None or pattern.fullmatch(value) is None:
            return f"does not fit the pattern {rule}"
    return ""


def _of_type(parameter: Parameter, value: str) -> str:
    match parameter.type:
        case Type.INT:
            return _number(parameter, value) if _INT.fullmatch(value) else "is no whole number"
        case Type.FLOAT:
            return _number(parameter, value) if _FLOAT.fullmatch(value) else "is no number"
        case Type.BOOL:
            return "" if value in ("true", "false") else "is neither true nor false"
        case Type.DURATION:
            return _span(value)
        case Type.SECRET | Type.STRING:
            return "" if value else "is empty"


def _number(parameter: Parameter, value: str) -> str:
    number = float(value)
    if parameter.min is not None and number < parameter.min:
        return f"is less than {parameter.min:g}"
    if parameter.max is not None and number > parameter.max:
        return f"is more than {parameter.max:g}"
    return ""


def _span(value: str) -> str:
    try:
        parse_duration(value)
    except DurationError as error:
        return f"is {error}"
    return ""
