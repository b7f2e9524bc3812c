"""The part of Prometheus's alert templates that annotations really use.

``{{ $value }}``, ``{{ $labels.instance }}``, pipelines such as ``{{ $value | humanizePercentage }}``
and ``{{ printf "%.2f" $value }}``. Source: "Template reference" in the Prometheus documentation.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping

from .promql.format import format_general, format_value

_ACTION = re.compile(r"\{\{-?\s*(.*?)\s*-?\}\}", re.DOTALL)
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|`[^`]*`|\||[^\s|]+')
_SI_UP = ("", "k", "M", "G", "T", "P", "E", "Z", "Y")
_SI_DOWN = ("", "m", "u", "n", "p", "f", "a", "z", "y")
_IEC = ("", "ki", "Mi", "Gi", "Ti", "Pi", "Ei", "Zi", "Yi")

Value = float | str


def expand(template: str, labels: Mapping[str, str], value: float) -> str:
    """Return *template* with its actions replaced.

    Args:
        template: text with ``{{ ... }}`` actions.
        labels: what ``$labels`` stands for; a missing label is empty.
        value: what ``$value`` stands for.

    An action that cannot be understood becomes Prometheus's ``<error expanding template: ...>``
    in place of the whole text.
    """
    try:
        return _ACTION.sub(lambda action: _text(_pipeline(action[1], labels, value)), template)
    except (ValueError, TypeError) as problem:
        return f"<error expanding template: {problem}>"


def _pipeline(source: str, labels: Mapping[str, str], value: float) -> Value:
    result: Value | None = None
    command: list[str] = []
    for token in [*_TOKEN.findall(source), "|"]:
        if token != "|":
            command.append(token)
            continue
        if not command:
            raise ValueError(f"missing value for command: {source!r}")
        result = _command(command, labels, value, result)
        command = []
    assert result is not None
    return result


def _command(words: list[str], labels: Mapping[str, str], value: float, piped: Value | None) -> Value:
    if words[0] not in _FUNCTIONS:
        if len(words) > 1 or piped is not None:
            raise ValueError(f"function {words[0]!r} not defined")
        return _operand(words[0], labels, value)
    args = [_operand(word, labels, value) for word in words[1:]]
    return _FUNCTIONS[words[0]](*args, *(() if piped is None else (piped,)))


def _operand(word: str, labels: Mapping[str, str], value: float) -> Value:
    if word in ("$value", ".Value"):
        return value
    for prefix in ("$labels.", ".Labels."):
        if word.startswith(prefix):
            return labels.get(word.removeprefix(prefix), "")
    if word[0] in '"`':
        return word[1:-1].replace('\\"', '"').replace("\\n", "\n")
    return float(word)


def _text(value: Value) -> str:
    return value if isinstance(value, str) else format_general(value)


def _short(number: float) -> str:
    """Return *number* with four significant digits, as Go's ``%.4g``."""
    return f"{number:.4g}"


def humanize(value: Value) -> str:
    """Return a number with an SI prefix: 1234.5 is "1.234k"."""
    v, index = float(value), 0
    if not math.isfinite(v):
        return format_value(v)
    while abs(v) >= 1000 and index < len(_SI_UP) - 1:
        v, index = v / 1000, index + 1
    if index or not v:
        return _short(v) + _SI_UP[index]
    while abs(v) < 1 and index < len(_SI_DOWN) - 1:
        v, index = v * 1000, index + 1
    return _short(v) + _SI_DOWN[index]


def humanize1024(value: Value) -> str:
    """Return a number with a binary prefix: 2048 is "2ki"."""
    v, index = float(value), 0
    if not math.isfinite(v):
        return format_value(v)
    while abs(v) >= 1024 and index < len(_IEC) - 1:
        v, index = v / 1024, index + 1
    return _short(v) + _IEC[index]


def humanize_percentage(value: Value) -> str:
    """Return a ratio as a percentage: 0.0123 is "1.23%"."""
    return _short(float(value) * 100) + "%"


def humanize_duration(value: Value) -> str:
    """Return seconds in words: 3661 is "1h 1m 1s"."""
    v = float(value)
    if not math.isfinite(v):
        return format_value(v)
    sign, v = ("-", -v) if v < 0 else ("", v)
    if not v:
        return "0s"
    if v < 1:
        for unit in ("ms", "us", "ns"):
            v *= 1000
            if v >= 1 or unit == "ns":
                return f"{sign}{_short(v)}{unit}"
    if v < 60:
        return f"{sign}{_short(v)}s"
    seconds = int(v)
    days, hours, minutes = seconds // 86400, seconds // 3600 % 24, seconds // 60 % 60
    if days:
        return f"{sign}{days}d {hours}h {minutes}m {seconds % 60}s"
    return f"{sign}{hours}h {minutes}m {seconds % 60}s" if hours else f"{sign}{minutes}m {seconds % 60}s"


def _printf(pattern: Value, *args: Value) -> str:
    # Go's %v prints a number in its shortest form; the other verbs are those of C and of Python.
    text = str(pattern)
    verbs = re.findall(r"%(?!%)[^a-zA-Z]*([a-zA-Z])", text)
    ready = [_text(arg) if verb == "v" else arg for verb, arg in zip(verbs, args, strict=False)]
    return re.sub(r"(%[^a-zA-Z%]*)v", r"\1s", text) % tuple(ready)


_FUNCTIONS: dict[str, Callable[..., Value]] = {
    "humanize": humanize,
    "humanize1024": humanize1024,
    "humanizePercentage": humanize_percentage,
    "humanizeDuration": humanize_duration,
    "printf": _printf,
    "toUpper": lambda value: str(value).upper(),
    "toLower": lambda value: str(value).lower(),
    "title": lambda value: str(value).title(),
}
