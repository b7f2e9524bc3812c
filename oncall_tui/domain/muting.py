"""Whether an alert is silenced or inhibited where it is raised, whatever a pager or this journal say of it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from oncall_tui.domain.alert import Alert, Record, SourceKind, Status
from oncall_tui.domain.clocks import clock


@dataclass(frozen=True, slots=True)
class Muting:
    """How the source that raises an alert keeps it quiet.

    A pager goes by its own page: one that is open still wakes people while Alertmanager tells nobody any more.
    """

    is_silenced: bool
    """By a silence that somebody made; else by another alert alone, which inhibits it."""
    is_inhibited: bool
    by: str | None = None
    """Who made the silence."""
    until: datetime | None = None
    """When the first of its records is heard again; None while nobody says."""
    muted: int = 1
    of: int = 1
    """How many records of those that raise it are muted."""

    @property
    def is_whole(self) -> bool:
        """Whether nothing of the alert is heard any more."""
        return self.muted == self.of


def muting_of(alert: Alert) -> Muting | None:
    """How the alert is muted; None when nothing of it is.

    Alertmanager's records tell where there are any, for a silence is its own: an issue at Sentry beside it knows none.
    """
    for record in alert.records:
        if record.status is Status.SILENCED:
            return muting_by(alert.records)
    return None


def muting_by(records: Sequence[Record]) -> Muting | None:
    """The same of records of one alert, or of one of them."""
    raising = [one for one in records if one.kind is SourceKind.ALERTMANAGER]
    raising = raising or [one for one in records if one.kind is not SourceKind.PAGERDUTY]
    muted = [one for one in raising if one.status is Status.SILENCED]
    if not muted:
        return None
    silenced = [one for one in muted if _has_silence(one)]
    ends = [(one.silenced_until, one.silenced_by) for one in silenced if one.silenced_until is not None]
    until, by = min(ends, key=lambda end: end[0]) if ends else (None, None)
    is_inhibited = any(one.is_inhibited for one in muted)
    return Muting(bool(silenced), is_inhibited, by, until, len(muted), len(raising))


def is_silenced(alert: Alert) -> bool:
    """Whether a silence mutes all of the alert."""
    muting = muting_of(alert)
    return muting is not None and muting.is_whole and muting.is_silenced


def is_inhibited(alert: Alert) -> bool:
    """Whether all of the alert is muted, and another alert has a part in it."""
    muting = muting_of(alert)
    return muting is not None and muting.is_whole and muting.is_inhibited


def in_words(muting: Muting, now: datetime) -> str:
    """``silenced until 18:47 by ops``, in the time zone of ``now``; ``inhibited``; ``1 of 3 silenced until 18:47``."""
    some = "" if muting.is_whole else f"{muting.muted} of {muting.of} "
    if not muting.is_silenced:
        return f"{some}inhibited"
    until = f" until {clock(muting.until, now)}" if muting.until is not None else ""
    by = f" by {muting.by}" if muting.by else ""
    return f"{some}silenced{until}{by}{', inhibited' if muting.is_inhibited else ''}"


def _has_silence(record: Record) -> bool:
    """What is muted by no other alert is muted by a silence, also while nobody could read which."""
    return bool(record.silence_ids) or record.silenced_until is not None or not record.is_inhibited
