"""Acknowledgements that no pager knows of, laid over the alerts of a situation."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from oncall_tui.domain.alert import Alert, SourceKind, Status
from oncall_tui.journal.event import ACTION_RESULT
from oncall_tui.journal.keeper import JournalKeeper
from oncall_tui.journal.views import REMEMBERED, LocalAcknowledgement
from oncall_tui.journal.views import local_acknowledgements as acknowledgements_in


async def local_acknowledgements(journal: JournalKeeper, now: datetime) -> tuple[LocalAcknowledgement, ...]:
    """Every acknowledge that was recorded here only within the time that is remembered, the oldest first.

    Raises:
        JournalError: the journal cannot be read.
    """
    events = await journal.read_kind(ACTION_RESULT, streams="alert:", since=now - REMEMBERED)
    return acknowledgements_in(events)


def with_local_acknowledgements(
    alerts: Iterable[Alert], acks: Sequence[LocalAcknowledgement], now: datetime
) -> tuple[Alert, ...]:
    """``alerts``, those that somebody acknowledged here marked so; the order is kept.

    An acknowledge is void for an alert that began after it (the trouble came back), and for one that a pager has
    taken up since: the pager pages whatever is said here. One dated after ``now`` does not count yet.
    """
    newest: dict[str, LocalAcknowledgement] = {}
    for ack in sorted(acks, key=lambda one: one.at):
        if ack.at <= now:
            newest.update(dict.fromkeys(ack.refs, ack))
    return tuple(_marked(alert, newest) for alert in alerts)


def _marked(alert: Alert, newest: dict[str, LocalAcknowledgement]) -> Alert:
    if alert.status is Status.ACKNOWLEDGED:
        return alert
    refs = (alert.id, *(record.ref for record in alert.records))
    found = [newest[ref] for ref in refs if ref in newest and newest[ref].at >= alert.since]
    ack = max(found, key=lambda one: one.at, default=None)
    if ack is None or not _pagers_of(alert) <= ack.refs:
        return alert
    return replace(
        alert,
        status=Status.ACKNOWLEDGED,
        acknowledged_by=ack.by.removeprefix("user:"),
        acknowledged_at=ack.at,
        is_acknowledged_here_only=True,
    )


def _pagers_of(alert: Alert) -> set[str]:
    """The records by which a pager holds the alert."""
    return {record.ref for record in alert.records if record.kind is SourceKind.PAGERDUTY}
