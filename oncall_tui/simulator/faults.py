"""What goes wrong with a vendor, on demand, and for how long: the body of `POST /faults`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .breakages import BREAKAGES

_FOREVER = float("inf")


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong with a vendor.

    Attributes:
        status: answered instead of the real answer; 0 for none.
        delay_s: waited before anything else, real seconds.
        is_off: whether connections are dropped without an answer.
        retry_after_s: the Retry-After header that goes with the status; 0 for none.
        answer: how the real answer is spoilt, a key of BREAKAGES; empty for not at all.
        clock_ahead_s: by how much the Date header is ahead of the world.
        until: epoch seconds after which it is over.
    """

    status: int = 0
    delay_s: float = 0.0
    is_off: bool = False
    retry_after_s: int = 0
    answer: str = ""
    clock_ahead_s: float = 0.0
    until: float = _FOREVER

    @classmethod
    def from_json(cls, raw: Mapping[str, Any], now: float) -> Fault:
        """Read the body of `POST /faults`.

        Raises:
            ValueError: a field is out of range.
        """
        status, delay_s = int(raw.get("status") or 0), float(raw.get("delay_s") or 0.0)
        answer = str(raw.get("answer") or "")
        if status and not 400 <= status <= 599:
            raise ValueError("status must be between 400 and 599")
        if delay_s < 0:
            raise ValueError("delay_s must not be negative")
        if answer and answer not in BREAKAGES:
            raise ValueError(f"answer must be one of {', '.join(BREAKAGES)}")
        return cls(
            status,
            delay_s,
            bool(raw.get("off")),
            int(raw.get("retry_after_s") or 0),
            answer,
            float(raw.get("clock_ahead_s") or 0.0),
            now + float(raw["for_s"]) if raw.get("for_s") else _FOREVER,
        )
