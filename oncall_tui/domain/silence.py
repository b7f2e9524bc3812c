"""A silence: which alerts are muted, from when until when, by whom and why (Alertmanager's API v2, "silence")."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

_MATCHER = re.compile(r'\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*(=~|!~|!=|=)\s*(?:"((?:[^"\\]|\\.)*)"|([^"\s]*))\s*')
_NEXT = re.compile(r'\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*(=~|!~|!=|=)\s*(?:"((?:[^"\\]|\\.)*)"|([^"\s,]*))(?=[\s,]|$)')
_BETWEEN = re.compile(r"[\s,]*")
_ESCAPES = {"\\": "\\", '"': '"', "n": "\n"}


class BadMatcher(ValueError):
    """A text that is no matcher; the message says what one looks like."""


@dataclass(frozen=True, slots=True)
class Matcher:
    """A condition on one label. A label that is absent counts as empty."""

    name: str
    value: str
    is_regex: bool = False
    is_equal: bool = True

    def __str__(self) -> str:
        operator = ("=~" if self.is_equal else "!~") if self.is_regex else ("=" if self.is_equal else "!=")
        value = self.value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        return f'{self.name}{operator}"{value}"'


class SilenceState(StrEnum):
    """Where a silence stands."""

    ACTIVE = "active"
    PENDING = "pending"
    """It has not begun yet."""
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Silence:
    """All matchers must hold for an alert to be muted. Times are UTC."""

    matchers: tuple[Matcher, ...]
    starts_at: datetime
    ends_at: datetime
    comment: str
    created_by: str
    id: str = ""
    """At Alertmanager; empty before it is created."""
    state: SilenceState = SilenceState.PENDING


def read_matcher(text: str) -> Matcher:
    """The matcher that ``text`` writes: ``team="data"``, ``severity=~"warning|page"``, ``env!=staging``.

    Raises:
        BadMatcher: it writes none.
    """
    found = _MATCHER.fullmatch(text)
    if found is None:
        raise BadMatcher(_SHAPE)
    return _matcher(found)


def read_matchers(text: str) -> tuple[Matcher, ...]:
    """The matchers of a list with blanks, commas or line breaks between them, in braces or not; each of them once.

    Raises:
        BadMatcher: it holds none, or something else; the message says where.
    """
    text = text.strip()
    if text.startswith("{") and text.endswith("}"):
        text = text[1:-1]
    found: dict[Matcher, None] = {}
    at = _end_of_gap(text, 0)
    while at < len(text):
        one = _NEXT.match(text, at)
        if one is None:
            raise BadMatcher(f"At “{_excerpt(text[at:])}”: {_SHAPE}")
        found[_matcher(one)] = None
        at = _end_of_gap(text, one.end())
    if not found:
        raise BadMatcher(f"Write at least one: {_SHAPE}")
    return tuple(found)


_SHAPE = 'a matcher is a label, one of = != =~ !~ and a value: severity=~"warning|page"'
_EXCERPT = 24


def _excerpt(text: str) -> str:
    return text if len(text) <= _EXCERPT else f"{text[: _EXCERPT - 1]}…"


def _end_of_gap(text: str, at: int) -> int:
    gap = _BETWEEN.match(text, at)
    return at if gap is None else gap.end()


def _matcher(found: re.Match[str]) -> Matcher:
    name, operator, quoted, bare = found.groups()
    value = bare if quoted is None else re.sub(r"\\(.)", lambda escape: _ESCAPES.get(escape[1], escape[0]), quoted)
    return Matcher(name, value, is_regex="~" in operator, is_equal=operator in ("=", "=~"))
