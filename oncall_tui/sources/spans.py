"""Spans of time as the settings write them: ``30s``, ``5m``, ``1h``, ``2d``, ``1h30m``."""

import re
from datetime import timedelta

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3_600.0, "d": 86_400.0, "w": 604_800.0}
_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|[smhdw])")
_WHOLE = re.compile(rf"(?:{_PART.pattern})+")


def seconds(text: str) -> float:
    """The span in seconds.

    Raises:
        ValueError: it is not written as a span. ``config.load`` has refused such a file before.
    """
    if not _WHOLE.fullmatch(text.strip()):
        raise ValueError(f"{text!r} is not a span of time: write 30s, 5m, 1h or 2d")
    return sum(float(number) * _UNITS[unit] for number, unit in _PART.findall(text))


def span(text: str) -> timedelta:
    """The span as a ``timedelta``; errors as ``seconds``."""
    return timedelta(seconds=seconds(text))
