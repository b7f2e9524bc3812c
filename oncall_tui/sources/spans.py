"""Spans of time of the settings, as the sources count: ``30s``, ``5m``, ``1h``, ``2d``.

Both raise ``ValueError`` for what is not written as a span; ``config.load`` has refused such a file before.
"""

from datetime import timedelta

from oncall_tui.domain.durations import parse_duration


def span(text: str) -> timedelta:
    """The span as a ``timedelta``."""
    return parse_duration(text)


def seconds(text: str) -> float:
    """The span in seconds."""
    return parse_duration(text).total_seconds()
