"""Silences: what is muted, by whom and until when."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ..times import Clock, alertmanager_time, parse_time
from .matchers import Matcher, all_match


@dataclass(slots=True)
class Silence:
    """One silence; times in epoch seconds."""

    id: str
    matchers: tuple[Matcher, ...]
    starts_at: float
    ends_at: float
    updated_at: float
    created_by: str
    comment: str

    def state(self, now: float) -> Literal["pending", "active", "expired"]:
        """Where it is in its life."""
        if now < self.starts_at:
            return "pending"
        return "active" if now < self.ends_at else "expired"

    def as_json(self, now: float) -> dict[str, Any]:
        """The `gettableSilence` of the API."""
        return {
            "id": self.id,
            "status": {"state": self.state(now)},
            "updatedAt": alertmanager_time(self.updated_at),
            "comment": self.comment,
            "createdBy": self.created_by,
            "startsAt": alertmanager_time(self.starts_at),
            "endsAt": alertmanager_time(self.ends_at),
            "matchers": [matcher.as_json() for matcher in self.matchers],
        }


class Silences:
    """All silences of one Alertmanager."""

    def __init__(self, clock: Clock, rng: random.Random) -> None:
        self._clock = clock
        self._rng = rng
        self._all: dict[str, Silence] = {}

    def get(self, silence_id: str) -> Silence | None:
        """The silence with an id."""
        return self._all.get(silence_id)

    def add(
        self, matchers: Iterable[Matcher], starts_at: float, ends_at: float, created_by: str, comment: str
    ) -> Silence:
        """Create a silence."""
        silence_id = str(uuid.UUID(int=self._rng.getrandbits(128), version=4))
        silence = Silence(silence_id, tuple(matchers), starts_at, ends_at, self._clock(), created_by, comment)
        self._all[silence_id] = silence
        return silence

    def put(self, raw: Mapping[str, Any]) -> Silence:
        """Create or replace from a `postableSilence`; one that has ended or changes its matchers gets a new id.

        Raises:
            ValueError: with Alertmanager's reason.
            LookupError: the id to replace is unknown.
        """
        now = self._clock()
        matchers = _matchers(raw)
        starts_at, ends_at = max(_moment(raw, "startsAt"), 0.0), _moment(raw, "endsAt")
        if ends_at <= starts_at:
            raise ValueError("start time must be before end time")
        if ends_at <= now:
            raise ValueError("end time can't be in the past")
        comment, created_by = raw.get("comment"), raw.get("createdBy")
        if not isinstance(comment, str) or not isinstance(created_by, str):
            raise ValueError("comment and createdBy are required")
        replaced = self._replaced(raw)
        if replaced is not None:
            if replaced.matchers == matchers and replaced.state(now) == "active":
                replaced.ends_at, replaced.updated_at = ends_at, now
                replaced.comment, replaced.created_by = comment, created_by
                return replaced
            self._end(replaced, now)
        return self.add(matchers, max(starts_at, now), ends_at, created_by, comment)

    def expire(self, silence_id: str) -> bool:
        """End a silence now; False when there is none with that id.

        Raises:
            ValueError: it has ended already.
        """
        silence = self._all.get(silence_id)
        if silence is None:
            return False
        now = self._clock()
        if silence.state(now) == "expired":
            raise ValueError(f"silence {silence_id} already expired")
        self._end(silence, now)
        return True

    def listed(self, filters: Iterable[Matcher]) -> list[Silence]:
        """Silences whose matchers fit every filter, active ones first, soonest end first."""
        now = self._clock()
        wanted = list(filters)
        order = {"active": 0, "pending": 1, "expired": 2}
        found = [
            silence
            for silence in self._all.values()
            if all_match(wanted, {matcher.name: matcher.value for matcher in silence.matchers})
        ]
        return sorted(found, key=lambda silence: (order[silence.state(now)], silence.ends_at))

    def muting(self, labels: Mapping[str, str]) -> list[str]:
        """Ids of the active silences that mute a label set."""
        now = self._clock()
        return sorted(
            silence.id
            for silence in self._all.values()
            if silence.state(now) == "active" and all_match(silence.matchers, labels)
        )

    def _replaced(self, raw: Mapping[str, Any]) -> Silence | None:
        silence_id = raw.get("id")
        if not silence_id:
            return None
        silence = self._all.get(str(silence_id))
        if silence is None:
            raise LookupError("silence not found")
        return silence

    def _end(self, silence: Silence, now: float) -> None:
        silence.starts_at = min(silence.starts_at, now)
        silence.ends_at = min(silence.ends_at, now)
        silence.updated_at = now


def _matchers(raw: Mapping[str, Any]) -> tuple[Matcher, ...]:
    found = raw.get("matchers")
    if not isinstance(found, list) or not found:
        raise ValueError("at least one matcher is required")
    matchers = tuple(Matcher.from_json(one) for one in found)
    if all(matcher.matches({}) for matcher in matchers):
        raise ValueError("at least one matcher must not match the empty string")
    return matchers


def _moment(raw: Mapping[str, Any], key: str) -> float:
    value = raw.get(key)
    if not isinstance(value, str):
        raise ValueError(f"{key} in body is required")
    return parse_time(value)
