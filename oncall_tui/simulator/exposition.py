"""The text exposition format, which a scraper reads from ``/metrics``.

Source: "Exposition formats" in the Prometheus documentation, version 0.0.4.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .labels import METRIC_NAME, Labels
from .promql.format import format_value

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_HISTOGRAM_PART = re.compile(r"_(bucket|count|sum)$")


@dataclass(frozen=True)
class Metadata:
    """Type, help text and unit of a metric family."""

    type: str = "gauge"
    help: str = ""
    unit: str = ""


def family_of(name: str, names: frozenset[str] | set[str]) -> str:
    """Return the family that the metric *name* belongs to, given all *names* of the store."""
    base = _HISTOGRAM_PART.sub("", name)
    return base if base != name and f"{base}_bucket" in names else name


def metadata_of(family: str, names: frozenset[str] | set[str], known: Mapping[str, Metadata]) -> Metadata:
    """Return what is known of *family*, or what its name tells by the usual conventions."""
    if family in known:
        return known[family]
    if f"{family}_bucket" in names:
        return Metadata("histogram")
    return Metadata("counter" if family.endswith("_total") else "gauge")


def exposition(
    samples: Sequence[tuple[Labels, float]], known: Mapping[str, Metadata], dropped: Sequence[str] = ("job",)
) -> str:
    """Return *samples* as exposition text, grouped by family.

    Args:
        samples: label sets with their metric names, and values.
        known: metadata by family; a missing one is guessed from its name.
        dropped: labels that the scraper attaches itself.
    """
    names = {labels[METRIC_NAME] for labels, _ in samples}
    families: dict[str, list[str]] = {}
    for labels, value in samples:
        line = f"{_identity(labels, dropped)} {format_value(value)}"
        families.setdefault(family_of(labels[METRIC_NAME], names), []).append(line)
    lines: list[str] = []
    for family in sorted(families):
        metadata = metadata_of(family, names, known)
        if metadata.help:
            help_text = metadata.help.replace("\\", "\\\\").replace("\n", "\\n")
            lines.append(f"# HELP {family} {help_text}")
        lines.append(f"# TYPE {family} {metadata.type}")
        lines.extend(families[family])
    return "\n".join(lines) + "\n" if lines else ""


def _identity(labels: Labels, dropped: Sequence[str]) -> str:
    pairs = [
        f'{name}="{_escaped(value)}"' for name, value in labels.items() if name != METRIC_NAME and name not in dropped
    ]
    return f"{labels[METRIC_NAME]}{{{','.join(pairs)}}}" if pairs else labels[METRIC_NAME]


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
