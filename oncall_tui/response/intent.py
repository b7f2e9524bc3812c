"""Intents and results of actions, as the journal's events."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from oncall_tui.domain.action import Acknowledge, Action, Escalate, Note
from oncall_tui.domain.alert import Alert, Record
from oncall_tui.domain.ids import AlertId, SourceName
from oncall_tui.domain.verb import Verb
from oncall_tui.journal.event import (
    ACTION_INTENT,
    ACTION_RESULT,
    ACTION_WAITS,
    Event,
    Json,
    NewEvent,
    time_from_text,
    time_to_text,
)
from oncall_tui.response.owner import Owner
from oncall_tui.response.payload import action_of, options_of
from oncall_tui.response.report import Outcome, Settled

_LONGEST_ADDRESS = 2_000

HERE = SourceName("")
"""In place of a source: the action goes to no vendor."""


@dataclass(frozen=True, slots=True)
class Intent:
    """An action on one record at its vendor, or on an alert here only (``source`` is ``HERE``)."""

    request_id: str
    """ULID; the same for every attempt."""
    action: Action
    alert_id: AlertId
    title: str
    source: SourceName = HERE
    target: str = ""
    """The record's id at the vendor."""
    url: str | None = None
    records: tuple[str, ...] = ()
    """The refs of the alert's records, when it is done here only."""
    attempt: int = 1
    begun_at: datetime | None = None
    """When an earlier attempt began of which no end is known, or of which it is known that nothing was sent."""
    may_have_arrived: bool = False
    """The answer of an earlier attempt was lost: it is looked for before anything is sent."""

    @property
    def stream(self) -> str:
        """``incident:<source>:<vendor id>``, ``silence:<source>``, or ``alert:<alert id>`` where no vendor is asked."""
        if self.action.verb in (Verb.SILENCE, Verb.UNSILENCE):
            return f"silence:{self.source}"
        return f"incident:{self.source}:{self.target}" if self.source != HERE else f"alert:{self.alert_id}"


def intent_at_vendor(
    request_id: str, action: Action, alert: Alert, record: Record, begun_at: datetime | None = None
) -> Intent:
    """The action on a record of an alert; ``begun_at`` when the same one was begun and failed before."""
    source, target, url = record.source, record.id, record.url
    return Intent(request_id, action, alert.id, alert.title, source, target, url, begun_at=begun_at)


def intent_here(request_id: str, action: Action, alert: Alert) -> Intent:
    """The action on an alert that no vendor takes it for."""
    return Intent(request_id, action, alert.id, alert.title, records=tuple(one.ref for one in alert.records))


def can_wait(action: Action) -> bool:
    """Whether the action may be sent later by itself, as long as it is young: it does no harm then."""
    return isinstance(action, Acknowledge | Note)


def can_be_looked_for(action: Action) -> bool:
    """Whether its source can say surely if it was done before: it looks for it before it does it a second time.

    An escalation cannot be told from one that came by itself, nor from what the policy has done since.
    """
    return not isinstance(action, Escalate)


def intent_of(event: Event, attempts: int, begun_at: datetime, *, may_have_arrived: bool = False) -> Intent | None:
    """The intent that an event holds, on its ``attempts``-th attempt; None for one that this version cannot read."""
    action = action_of(event.text("verb"), event.payload.get("options", {}))
    if action is None:
        return None
    return Intent(
        request_id=event.text("request_id"),
        action=action,
        alert_id=AlertId(event.text("alert")),
        title=event.text("title"),
        source=SourceName(event.text("source")),
        target=event.text("target"),
        url=event.text("ref", _LONGEST_ADDRESS) or None,
        attempt=attempts,
        begun_at=_earliest(event, begun_at),
        may_have_arrived=may_have_arrived,
    )


def _earliest(event: Event, begun_at: datetime) -> datetime:
    """When the first attempt began: what was asked for anew after a lost answer tells of the one before."""
    try:
        return min(begun_at, time_from_text(event.text("first_begun_at")))
    except ValueError:
        return begun_at


def intent_event(intent: Intent, actor: str, at: datetime, owner: Owner) -> NewEvent:
    """What is written before the call."""
    payload = _payload(intent) | {"host": owner.host, "pid": owner.pid, "session": owner.session}
    if intent.begun_at is not None:
        payload["first_begun_at"] = time_to_text(intent.begun_at)
    return NewEvent(ACTION_INTENT, actor, at, payload)


def result_event(intent: Intent, settled: Settled, actor: str, at: datetime) -> NewEvent:
    """What is written after the call; of what waits, that nothing came of it yet."""
    payload = _payload(intent) | {"outcome": settled.outcome.value}
    if settled.reason:
        payload["reason"] = settled.reason
    if settled.by:
        payload["by"] = settled.by
    if settled.made:
        payload["made"] = settled.made
    if settled.may_have_arrived:
        payload["may_have_arrived"] = True
    kind = ACTION_WAITS if settled.outcome is Outcome.WAITING else ACTION_RESULT
    return NewEvent(kind, actor, at, payload)


def results(pairs: Sequence[tuple[Intent, Settled]], actor: str, at: datetime) -> list[tuple[str, NewEvent]]:
    """The results of several intents, each with its stream."""
    return [(intent.stream, result_event(intent, settled, actor, at)) for intent, settled in pairs]


def _payload(intent: Intent) -> dict[str, Json]:
    payload: dict[str, Json] = {
        "verb": intent.action.verb.value,
        "request_id": intent.request_id,
        "alert": intent.alert_id,
        "title": intent.title,
        "attempt": intent.attempt,
    }
    if options := options_of(intent.action):
        payload["options"] = options
    if intent.source != HERE:
        payload |= {"source": intent.source, "target": intent.target}
    if intent.url:
        payload["ref"] = intent.url
    if intent.records:
        payload["records"] = list(intent.records)
    return payload
