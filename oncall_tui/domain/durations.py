"""Spans of time as people write them: ``30s``, ``5m``, ``1h``, ``2d``, ``1h30m``."""

import re
from datetime import timedelta

_SHAPE = re.compile(r"(?:([0-9]+)d)?(?:([0-9]+)h)?(?:([0-9]+)m)?(?:([0-9]+)s)?")


class DurationError(ValueError):
    """A text that is not a span of time; the message says what one looks like."""


def parse_duration(text: str) -> timedelta:
    """The span that ``text`` says: whole numbers with ``d``, ``h``, ``m``, ``s``, the largest unit first.

    Raises:
        DurationError: for anything else, e.g. ``5 min``, ``1.5h`` or a number without a unit.
    """
    match = _SHAPE.fullmatch(text.strip())
    if match is None or not any(match.groups()):
        raise DurationError("not a span of time such as 30s, 5m, 1h or 2d")
    days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    try:
        return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    except OverflowError:
        raise DurationError("a span of time that is too long to count") from None
