"""Alerts as Alertmanager keeps them, and the fingerprint they are known by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

_FNV_OFFSET = 14695981039346656037
_FNV_PRIME = 1099511628211
_MASK = (1 << 64) - 1


def fingerprint(labels: Mapping[str, str]) -> str:
    """The identity of a label set: FNV-1a 64 over `name 0xff value 0xff`, sorted by name; 16 hex digits.

    Source: `LabelSet.Fingerprint` of prometheus/common/model.
    """
    state = _FNV_OFFSET
    for name in sorted(labels):
        for byte in (*name.encode(), 0xFF, *labels[name].encode(), 0xFF):
            state = ((state ^ byte) * _FNV_PRIME) & _MASK
    return f"{state:016x}"


@dataclass(slots=True)
class Alert:
    """One alert.

    Attributes:
        labels: its identity.
        annotations: texts for people.
        starts_at: epoch seconds.
        ends_at: epoch seconds; the alert is resolved once this has passed.
        updated_at: epoch seconds.
        generator_url: the expression in Prometheus.
    """

    labels: Mapping[str, str]
    annotations: Mapping[str, str]
    starts_at: float
    ends_at: float
    updated_at: float
    generator_url: str = ""
    fingerprint: str = field(init=False)

    def __post_init__(self) -> None:
        self.fingerprint = fingerprint(self.labels)

    def is_resolved(self, now: float) -> bool:
        """Whether the alert has ended."""
        return self.ends_at <= now
