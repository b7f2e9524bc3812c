"""What can be read out of events: the outbox, the audit list, the acknowledgements that no pager knows of. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from oncall_tui.domain.verb import Verb
from oncall_tui.journal.event import ACTION_INTENT, ACTION_RESULT, ACTION_WAITS, Event

REMEMBERED = timedelta(days=90)
"""How far back a start looks: reading 40,000 events takes a second, and what was begun a season ago is told of nowhere
else than in the audit."""

HERE_ONLY = "here only"
"""The outcome of what is known to this journal and to no vendor."""


@dataclass(frozen=True, slots=True)
class OutboxEntry:
    """An action that was begun and whose end is not recorded: it may or may not have reached the vendor."""

    intent: Event
    """The newest intent of the action: a repetition writes another one under the same request id."""
    attempts: int
    """How often it was tried since it is not known what became of it; those of which nothing was sent do not count."""
    begun_at: datetime
    """When the key was pressed."""
    waits: Event | None = None
    """Nothing of it was sent, and why."""

    @property
    def request_id(self) -> str:
        """The action, whatever the number of attempts."""
        return self.intent.text("request_id")


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One action for the audit: who did what to which object, when, and what came of it."""

    at: datetime
    actor: str
    verb: str
    source: str
    target: str
    title: str
    outcome: str
    """The words of the result; ``unknown`` when there is none."""
    reason: str
    request_id: str


@dataclass(frozen=True, slots=True)
class LocalAcknowledgement:
    """Somebody looks at an alert that no pager holds. It applies to every record the alert had at that time."""

    refs: frozenset[str]
    by: str
    """The actor, as the journal names it."""
    at: datetime


def outbox(events: Iterable[Event]) -> tuple[OutboxEntry, ...]:
    """Intents without a result, the oldest first."""
    intents, results, waits = _by_request(events)
    open_ones = [(attempts, waits.get(one)) for one, attempts in intents.items() if one not in results]
    return tuple(_open_one(*pair) for pair in sorted(open_ones, key=lambda pair: _begun(pair[0])))


def _open_one(attempts: Sequence[Event], waits: Event | None) -> OutboxEntry:
    unclear = [one for one in attempts if waits is None or one.seq > waits.seq]
    newest = attempts[-1]
    return OutboxEntry(newest, len(unclear), attempts[0].occurred_at, None if unclear else waits)


def audit(events: Iterable[Event]) -> tuple[AuditLine, ...]:
    """Every action with its newest result, in the order in which they were begun."""
    intents, results, waits = _by_request(events)
    return tuple(
        _audit_line(attempts[0], results.get(request_id, waits.get(request_id)))
        for request_id, attempts in sorted(intents.items(), key=lambda one: _begun(one[1]))
    )


def local_acknowledgements(events: Iterable[Event]) -> tuple[LocalAcknowledgement, ...]:
    """The acknowledgements that were recorded here only, the oldest first."""
    return tuple(
        LocalAcknowledgement(_refs_of(event), event.actor, event.occurred_at)
        for event in sorted(events, key=lambda one: (one.occurred_at, one.id))
        if event.kind == ACTION_RESULT and event.text("outcome") == HERE_ONLY and event.text("verb") == Verb.ACKNOWLEDGE
    )


def _begun(attempts: Sequence[Event]) -> tuple[datetime, str]:
    """When an action was begun; its id breaks ties."""
    return (attempts[0].occurred_at, attempts[0].id)


def _by_request(events: Iterable[Event]) -> tuple[dict[str, list[Event]], dict[str, Event], dict[str, Event]]:
    """The intents, the newest result and the newest wait of every action, by request id."""
    intents: dict[str, list[Event]] = {}
    results: dict[str, Event] = {}
    waits: dict[str, Event] = {}
    for event in sorted(events, key=lambda one: (one.stream, one.seq)):
        request_id = event.text("request_id")
        if request_id and event.kind == ACTION_INTENT:
            intents.setdefault(request_id, []).append(event)
        elif request_id and event.kind == ACTION_RESULT:
            results[request_id] = event
        elif request_id and event.kind == ACTION_WAITS:
            waits[request_id] = event
    return intents, results, waits


def _audit_line(intent: Event, result: Event | None) -> AuditLine:
    return AuditLine(
        at=intent.occurred_at,
        actor=intent.actor,
        verb=intent.text("verb"),
        source=intent.text("source"),
        target=intent.text("target"),
        title=intent.text("title"),
        outcome=result.text("outcome") if result else "unknown",
        reason=result.text("reason") if result else "",
        request_id=intent.text("request_id"),
    )


def _refs_of(event: Event) -> frozenset[str]:
    records = event.payload.get("records")
    refs = [one for one in records if isinstance(one, str)] if isinstance(records, list | tuple) else []
    return frozenset([*refs, event.text("alert")])
