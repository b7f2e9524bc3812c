"""Outbox, audit and local acknowledgements, read out of events."""

from datetime import timedelta

from oncall_tui.journal.chain import NO_HASH
from oncall_tui.journal.event import Event, Json
from oncall_tui.journal.views import AuditLine, LocalAcknowledgement, audit, local_acknowledgements, outbox
from tests.unit.journal.helpers import NIGHT


def event(number: int, kind: str, request_id: str, stream: str = "incident:pd:Q1", **payload: Json) -> Event:
    at = NIGHT + timedelta(seconds=number)
    content = {"request_id": request_id, "verb": "acknowledge", **payload}
    return Event(f"{number:026}", stream, number, at, at, "user:alice", "human", None, kind, content, NO_HASH, "f" * 64)


def test_the_outbox_holds_intents_without_a_result() -> None:
    events = [
        event(1, "action_intent", "A"),
        event(2, "action_intent", "B"),
        event(3, "action_result", "A", outcome="failed"),
        event(4, "action_intent", "C", "incident:pd:Q2"),
        event(5, "note", "D"),
        event(6, "action_result", "E"),
    ]
    assert [(entry.request_id, entry.attempts) for entry in outbox(events)] == [("B", 1), ("C", 1)]
    assert [entry.request_id for entry in outbox(reversed(events))] == ["B", "C"]
    assert outbox([]) == ()


def test_an_intent_that_was_repeated_is_one_entry_with_the_newest_attempt() -> None:
    events = [
        event(1, "action_intent", "A", pid=10),
        event(2, "action_intent", "B"),
        event(3, "action_intent", "A", pid=20),
    ]
    first, second = outbox(events)
    assert (first.request_id, first.attempts, first.intent.payload["pid"]) == ("A", 2, 20)
    assert second.request_id == "B"
    assert outbox([*events, event(4, "action_result", "A")]) == (second,)


def test_the_audit_tells_each_action_once_with_its_newest_result() -> None:
    events = [
        event(3, "action_result", "A", outcome="expired", reason="too old"),
        event(1, "action_intent", "A", source="pd", target="Q1", title="checkout"),
        event(4, "action_result", "A", outcome="confirmed"),
        event(2, "action_intent", "B", source="pd", target="Q2", title="search"),
    ]
    begun = NIGHT + timedelta(seconds=1)
    assert audit(events) == (
        AuditLine(begun, "user:alice", "acknowledge", "pd", "Q1", "checkout", "confirmed", "", "A"),
        AuditLine(begun + timedelta(seconds=1), "user:alice", "acknowledge", "pd", "Q2", "search", "unknown", "", "B"),
    )


def test_only_what_was_acknowledged_here_alone_is_a_local_acknowledgement() -> None:
    events = [
        event(2, "action_result", "A", alert="prom/1", records=["prom/1", "am/9"], outcome="here only"),
        event(1, "action_result", "B", alert="prom/2", outcome="here only"),
        event(3, "action_result", "C", alert="pd/1", outcome="confirmed"),
        event(4, "action_intent", "D", alert="prom/3", outcome="here only"),
    ]
    assert local_acknowledgements(events) == (
        LocalAcknowledgement(frozenset({"prom/2"}), "user:alice", NIGHT + timedelta(seconds=1)),
        LocalAcknowledgement(frozenset({"prom/1", "am/9"}), "user:alice", NIGHT + timedelta(seconds=2)),
    )
