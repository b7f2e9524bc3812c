"""Ages and moments in words, from a given now."""

from datetime import datetime, timedelta, tzinfo

_MINUTE = 60
_HOUR = 60 * _MINUTE
_DAY = 24 * _HOUR


def age(span: timedelta) -> str:
    """A span in its largest unit, short: ``4s``, ``12m``, ``3h``, ``2d``; below zero counts as zero."""
    seconds = max(int(span.total_seconds()), 0)
    if seconds < _MINUTE:
        return f"{seconds}s"
    if seconds < _HOUR:
        return f"{seconds // _MINUTE}m"
    return f"{seconds // _HOUR}h" if seconds < 2 * _DAY else f"{seconds // _DAY}d"


def age_in_words(span: timedelta) -> str:
    """A span to read in a sentence: ``12 s``, ``25 min``, ``3 h``, ``2 days``."""
    seconds = max(int(span.total_seconds()), 0)
    if seconds < _MINUTE:
        return f"{seconds} s"
    if seconds < 2 * _HOUR:
        return f"{seconds // _MINUTE} min"
    return f"{seconds // _HOUR} h" if seconds < 2 * _DAY else f"{seconds // _DAY} days"


def span_in_words(span: timedelta) -> str:
    """A span that is told once, in its two largest units: ``40 s``, ``12 min``, ``7 h 12 min``, ``3 days 2 h``."""
    seconds = max(int(span.total_seconds()), 0)
    if seconds < _HOUR:
        return age_in_words(span)
    if seconds < _DAY:
        return _two(seconds // _HOUR, "h", seconds % _HOUR // _MINUTE, "min")
    days = seconds // _DAY
    return _two(days, "day" if days == 1 else "days", seconds % _DAY // _HOUR, "h")


def _two(large: int, unit: str, small: int, small_unit: str) -> str:
    return f"{large} {unit} {small} {small_unit}" if small else f"{large} {unit}"


def clock(moment: datetime, now: datetime) -> str:
    """A moment as a clock shows it, in the time zone of ``now``: ``02:14``, ``yesterday 18:20``, ``Mon 14:02``.

    Beyond six days the date: ``03 Nov``; another year: ``2025-11-03``.
    """
    local = in_zone(moment, now.tzinfo)
    days = (now.date() - local.date()).days
    if days == 0:
        return f"{local:%H:%M}"
    if days == 1:
        return f"yesterday {local:%H:%M}"
    if -6 <= days <= 6:
        return f"{local:%a %H:%M}"
    return f"{local:%d %b}" if local.year == now.year else f"{local:%Y-%m-%d}"


def in_zone(moment: datetime, zone: tzinfo | None) -> datetime:
    """A moment in a time zone. The first and the last of all days do not exist in every zone: they stay as they are.

    Go writes a moment that is not set as the first one, ``0001-01-01T00:00:00Z``, and vendors hand it on.
    """
    try:
        return moment.astimezone(zone)
    except OverflowError:
        return moment
