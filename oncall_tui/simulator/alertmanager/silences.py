"""Silences: what is muted, by whom and until when."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ..times import Clock, alertmanager_time, parse_time
from .errors import Unprocessable
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
        """Create or replace from a `postableSilence`.

        A silence that is active keeps its id when only its end, author or comment changes; otherwise it ends and a
        new one begins.

        Raises:
            Unprocessable: a field is missing or of the wrong type.
            ValueError: with Alertmanager's reason.
            LookupError: the id to replace is unknown.
        """
        now = self._clock()
        matchers, comment, created_by = _matchers(raw), _text(raw, "comment"), _text(raw, "createdBy")
        starts_at, ends_at = _moment(raw, "startsAt"), _moment(raw, "endsAt")
        if ends_at <= starts_at:
            raise ValueError("Failed to create silence: start time must be before end time")
        if ends_at <= now:
            raise ValueError("Failed to create silence: end time can't be in the past")
        replaced = self._replaced(raw)
        if replaced is not None:
            is_same = replaced.matchers == matchers and abs(replaced.starts_at - starts_at) < 0.001
            if is_same and replaced.state(now) == "active":
                replaced.ends_at, replaced.updated_at = ends_at, now
                replaced.comment, replaced.created_by = comment, created_by
                return replaced
            self._end(replaced, now)
        return self.add(matchers, max(starts_at, now), ends_at, created_by, comment)

    def expire(self, silence_id: str) -> bool:
        """End a silence now; nothing happens to one that has ended; False when there is none with that id."""
        silence = self._all.get(silence_id)
        if silence is None:
            return False
        self._end(silence, self._clock())
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
        if silence.state(now) == "expired":
            return
        silence.starts_at = min(silence.starts_at, now)
        silence.ends_at = now
        silence.updated_at = now


def _matchers(raw: Mapping[str, Any]) -> tuple[Matcher, ...]:
    found = raw.get("matchers")
    if not isinstance(found, list):
        raise Unprocessable(602, "matchers in body is required")
    if not found:
        raise Unprocessable(612, "matchers in body should have at least 1 items")
    try:
        matchers = tuple(Matcher.from_json(one) for one in found)
    except ValueError as error:
        raise ValueError(f"silence invalid: {error}") from None
    if all(matcher.matches({}) for matcher in matchers):
        raise ValueError("silence invalid: at least one matcher must not match the empty string")
    return matchers


def _text(raw: Mapping[str, Any], key: str) -> str:
    value = raw.get(key)
    if not isinstance(value, str):
        raise Unprocessable(602, f"{key} in body is required")
    return value


def _moment(raw: Mapping[str, Any], key: str) -> float:
    return parse_time(_text(raw, key))
