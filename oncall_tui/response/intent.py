"""Intents and results of an acknowledge, as the journal's events."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from oncall_tui.domain.alert import Alert, Record
from oncall_tui.domain.ids import AlertId, SourceName
from oncall_tui.journal.event import ACTION_INTENT, ACTION_RESULT, Event, Json, NewEvent
from oncall_tui.response.owner import Owner
from oncall_tui.response.report import Settled

ACKNOWLEDGE = "acknowledge"
"""The verb, as intents and results name it."""

_LONGEST_ADDRESS = 2_000

HERE = SourceName("")
"""In place of a source: the acknowledge goes to no vendor."""


@dataclass(frozen=True, slots=True)
class Intent:
    """An acknowledge of one record at its vendor, or of an alert here only (``source`` is ``HERE``)."""

    request_id: str
    """ULID; the same for every attempt."""
    alert_id: AlertId
    title: str
    source: SourceName = HERE
    target: str = ""
    """The record's id at the vendor."""
    url: str | None = None
    records: tuple[str, ...] = ()
    """The refs of the alert's records, when it is acknowledged here only."""
    attempt: int = 1

    @property
    def stream(self) -> str:
        """``incident:<source>:<vendor id>``, or ``alert:<alert id>`` without a pager."""
        return f"incident:{self.source}:{self.target}" if self.source != HERE else f"alert:{self.alert_id}"


def intent_at_vendor(request_id: str, alert: Alert, record: Record) -> Intent:
    """The acknowledge of a record of an alert."""
    return Intent(request_id, alert.id, alert.title, record.source, record.id, record.url)


def intent_here(request_id: str, alert: Alert) -> Intent:
    """The acknowledge of an alert that no pager holds."""
    return Intent(request_id, alert.id, alert.title, records=tuple(one.ref for one in alert.records))


def intent_of(event: Event, attempts: int) -> Intent:
    """The intent that an event of the journal holds, on its ``attempts``-th attempt."""
    return Intent(
        request_id=event.text("request_id"),
        alert_id=AlertId(event.text("alert")),
        title=event.text("title"),
        source=SourceName(event.text("source")),
        target=event.text("target"),
        url=event.text("ref", _LONGEST_ADDRESS) or None,
        attempt=attempts,
    )


def intent_event(intent: Intent, actor: str, at: datetime, owner: Owner) -> NewEvent:
    """What is written before the call."""
    payload = _payload(intent) | {"host": owner.host, "pid": owner.pid, "session": owner.session}
    return NewEvent(ACTION_INTENT, actor, at, payload)


def result_event(intent: Intent, settled: Settled, actor: str, at: datetime) -> NewEvent:
    """What is written after the call."""
    payload = _payload(intent) | {"outcome": settled.outcome.value}
    if settled.reason:
        payload["reason"] = settled.reason
    if settled.by:
        payload["by"] = settled.by
    if settled.may_have_arrived:
        payload["may_have_arrived"] = True
    return NewEvent(ACTION_RESULT, actor, at, payload)


def results(pairs: Sequence[tuple[Intent, Settled]], actor: str, at: datetime) -> list[tuple[str, NewEvent]]:
    """The results of several intents, each with its stream."""
    return [(intent.stream, result_event(intent, settled, actor, at)) for intent, settled in pairs]


def _payload(intent: Intent) -> dict[str, Json]:
    payload: dict[str, Json] = {
        "verb": ACKNOWLEDGE,
        "request_id": intent.request_id,
        "alert": intent.alert_id,
        "title": intent.title,
        "attempt": intent.attempt,
    }
    if intent.source != HERE:
        payload |= {"source": intent.source, "target": intent.target}
    if intent.url:
        payload["ref"] = intent.url
    if intent.records:
        payload["records"] = list(intent.records)
    return payload
