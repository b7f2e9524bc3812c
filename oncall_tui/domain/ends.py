"""When something ends, as people write it: a span from now, a time of day, a moment of the calendar."""

import re
from contextlib import suppress
from datetime import UTC, datetime, time, timedelta, tzinfo

from oncall_tui.domain.durations import DurationError, parse_duration

_TIME_OF_DAY = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")


class BadEnd(ValueError):
    """A text that is no end, or one that is over already; the message says what one looks like."""


def read_end(text: str, now: datetime, zone: tzinfo | None) -> datetime:
    """The moment, in UTC, that ``text`` names: ``2h``, ``06:00`` (the next one), ``2026-11-21 06:00``.

    Args:
        zone: in which times are meant that name none; None for that of this machine.

    Raises:
        BadEnd: it is none of these, or not after ``now``.
    """
    try:
        end = _moment(text.strip(), now, zone)
    except OverflowError:
        raise BadEnd("That is later than any calendar goes.") from None
    if end <= now:
        raise BadEnd("That is over already: an end lies after now.")
    return end


def _moment(text: str, now: datetime, zone: tzinfo | None) -> datetime:
    with suppress(DurationError):  # It may still be a time of day or a moment.
        return now.astimezone(UTC) + parse_duration(text)
    found = _TIME_OF_DAY.fullmatch(text)
    if found is not None:
        of_day, today = time(int(found[1]), int(found[2])), now.astimezone(zone).date()
        ends = (_in_utc(datetime.combine(today + timedelta(days=later), of_day), zone) for later in (0, 1))
        return next((one for one in ends if one > now), now)
    try:
        written = datetime.fromisoformat(text)
    except ValueError:
        raise BadEnd("Write a span such as 45m, 2h or 1d12h, or a moment: 06:00, 2026-11-21 06:00.") from None
    return written.astimezone(UTC) if written.tzinfo is not None else _in_utc(written, zone)


def _in_utc(written: datetime, zone: tzinfo | None) -> datetime:
    """A time without a zone, meant in ``zone``."""
    return (written.astimezone() if zone is None else written.replace(tzinfo=zone)).astimezone(UTC)
