"""Rules for single values by the name of their key: spans of time, severities, numbers, texts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isfinite
from pathlib import Path

import msgspec

from oncall_tui.config.convert import tables_of
from oncall_tui.config.keys import Finding, Key
from oncall_tui.config.model import ActionSettings, SeveritySettings
from oncall_tui.config.rules.draft import Draft
from oncall_tui.config.severities import parse_severity
from oncall_tui.domain.durations import DurationError, parse_duration
from oncall_tui.domain.text import clean


@dataclass(frozen=True, slots=True)
class Bounds:
    """The shortest and the longest span of time that a key may say, with an example."""

    shortest: str
    longest: str
    example: str


DURATIONS: Mapping[str, Bounds] = {
    "interval": Bounds("5s", "1h", "30s"),
    "oncall_interval": Bounds("1m", "1h", "5m"),
    "timeout": Bounds("1s", "2m", "10s"),
    "changes_window": Bounds("5m", "30d", "2d"),
    "issues_window": Bounds("5m", "90d", "1d"),
    "releases_window": Bounds("5m", "90d", "2d"),
    "for": Bounds("0s", "1d", "5m"),
    "warning_for": Bounds("0s", "1d", "10m"),
    "critical_for": Bounds("0s", "1d", "5m"),
    "span": Bounds("5m", "31d", "24h"),
    "forgotten_after": Bounds("5m", "4h", "30m"),
    "suspect_window": Bounds("1m", "7d", "1h"),
    "repeat": Bounds("1m", "1h", "5m"),
}
"""Every key that is a span of time."""

ACTION_TIMEOUT = Bounds("1s", "6h", "5m")
"""How long an action may take: it may do more than answer a request."""

SEVERITIES = frozenset({"warning_severity", "critical_severity", "unknown"})
"""Every key that is one of P1 … P5."""

NEEDED = frozenset({"name", "query", "title"})
"""Texts that say nothing when they are blank."""

_LONGEST_TEXT = 20_000


def value_findings(draft: Draft) -> Iterator[Finding]:
    """Bad spans, severities, numbers and texts, wherever they are."""
    for key, table in tables_of(draft.config):
        if isinstance(table, SeveritySettings):
            yield from _words(table, key)
        for field in msgspec.structs.fields(table):
            value = getattr(table, field.name)
            here = (*key, field.encode_name)
            if isinstance(value, Path):
                yield from _text(field.encode_name, str(value), here)
            elif field.encode_name == "timeout" and isinstance(table, ActionSettings):
                yield from _duration(value, ACTION_TIMEOUT, here) if value is not None else ()
            elif isinstance(value, str):
                yield from _text(field.encode_name, value, here)
            elif isinstance(value, float) and not isfinite(value):
                yield Finding(here, "not a finite number", "write a number, e.g. 0.5")
            elif isinstance(value, dict):
                yield from (_control((*here, name)) for name in value if _has_control(name))
            elif isinstance(value, tuple):
                texts = [(number, one) for number, one in enumerate(value) if isinstance(one, str)]
                yield from (_control((*here, number)) for number, one in texts if _has_control(one))


def _text(name: str, value: str, key: Key) -> Iterator[Finding]:
    if _has_control(value):
        yield _control(key)
    elif name in DURATIONS:
        yield from _duration(value, DURATIONS[name], key)
    elif name in SEVERITIES:
        yield from _severity(value, key)
    elif name in NEEDED and not value.strip():
        yield Finding(key, "is empty", "write a text")


def _duration(value: str, bounds: Bounds, key: Key) -> Iterator[Finding]:
    try:
        span = parse_duration(value)
    except DurationError as error:
        yield Finding(key, f'"{value}" is {error}', f'write it like "{bounds.example}"')
        return
    if not parse_duration(bounds.shortest) <= span <= parse_duration(bounds.longest):
        yield Finding(key, f'"{value}" is out of bounds', f"write {bounds.shortest} to {bounds.longest}")


def _severity(value: str, key: Key) -> Iterator[Finding]:
    try:
        parse_severity(value)
    except ValueError as error:
        yield Finding(key, f'"{value}" is {error}')


def _words(settings: SeveritySettings, key: Key) -> Iterator[Finding]:
    """The tables that give the vendors' words a severity."""
    for field in msgspec.structs.fields(settings):
        words = getattr(settings, field.name)
        if isinstance(words, dict):
            for word, level in words.items():
                yield from _severity(level, (*key, field.encode_name, word))


def _has_control(text: str) -> bool:
    return clean(text, _LONGEST_TEXT) != text.replace("\r\n", "\n")


def _control(key: Key) -> Finding:
    return Finding(key, "holds a control character, or more text than any screen shows", "write plain text")
