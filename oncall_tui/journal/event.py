"""What the journal holds: events, as they are handed in and as they are kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, TypeAlias

from oncall_tui.domain.text import clean_line

Json: TypeAlias = "bool | int | float | str | list[Json] | tuple[Json, ...] | Mapping[str, Json] | None"
"""What a payload may hold. Numbers must be finite."""

Payload: TypeAlias = "Mapping[str, Json]"

ACTION_INTENT: Final = "action_intent"
"""Something is about to be asked of a vendor; written before the call."""
ACTION_RESULT: Final = "action_result"
"""What became of it; written after the call."""
ACTION_WAITS: Final = "action_waits"
"""Nothing could be sent of it and nothing was declined: it waits to be sent, or to be dropped with a result."""


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event to be written. The journal gives it its id, its number, the time of recording and its hash."""

    kind: str
    """A word of the timeline's vocabulary: ``action_intent``, ``note``, ``severity_set`` …"""
    actor: str
    """``user:<id>``, ``integration:<name>`` or ``system``."""
    occurred_at: datetime
    """When it happened in the world; aware."""
    payload: Payload = field(default_factory=dict)
    source: str = "human"
    """``human``, ``system``, ``runbook`` or the name of the source that told of it."""
    source_id: str | None = None
    """Its id at the source, if it has one: the same (source, source_id) is written once, ever."""


@dataclass(frozen=True, slots=True)
class Event:
    """An event as it is kept. Times are UTC with microseconds; nothing in it ever changes."""

    id: str
    """ULID; breaks ties of time."""
    stream: str
    seq: int
    """Its number in the stream, from 1, without gaps."""
    occurred_at: datetime
    recorded_at: datetime
    """When it was written here."""
    actor: str
    source: str
    source_id: str | None
    kind: str
    payload: Payload
    """Redacted; ``redactions`` says how often, where it happened."""
    prev_hash: str
    """The hash of the event before it in the stream; 64 zeros for the first."""
    hash: str

    def text(self, name: str, limit: int = 400) -> str:
        """A field of the payload as text on one line; empty when it is absent or something else than text.

        Cleaned, since others may write to a journal that is shared; their text is no more ours than a vendor's.
        """
        value = self.payload.get(name)
        return clean_line(value, limit) if isinstance(value, str) else ""


def time_to_text(moment: datetime) -> str:
    """A moment as it is stored: UTC, microseconds, always 27 characters, so that text sorts as time does."""
    if moment.tzinfo is None:
        raise ValueError("a time without a zone cannot be recorded: its place in the order is unknown")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def time_from_text(text: str) -> datetime:
    """The reverse of ``time_to_text``."""
    return datetime.fromisoformat(text).astimezone(UTC)
