"""Label matchers, in JSON of a silence and as text of a `filter` parameter."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

_QUOTED = r'"(?:[^"\\]|\\.)*"'
_TEXT = re.compile(rf'^\s*([a-zA-Z_:][a-zA-Z0-9_:]*|{_QUOTED})\s*(=~|!~|!=|=)\s*({_QUOTED}|[^"{{}}]*)\s*$')
"""A name stands in quotes where it is not one of the classic ones (Alertmanager 0.27, "UTF-8 strict mode")."""


@dataclass(frozen=True, slots=True)
class Matcher:
    """One condition on a label; regular expressions are anchored at both ends."""

    name: str
    value: str
    is_regex: bool = False
    is_equal: bool = True

    def matches(self, labels: Mapping[str, str]) -> bool:
        """Whether a label set fulfils the condition; a missing label counts as empty."""
        actual = labels.get(self.name, "")
        found = re.fullmatch(self.value, actual) is not None if self.is_regex else actual == self.value
        return found is self.is_equal

    def as_json(self) -> dict[str, Any]:
        """The `matcher` of the API."""
        return {"name": self.name, "value": self.value, "isRegex": self.is_regex, "isEqual": self.is_equal}

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Matcher:
        """Read a `matcher`.

        Raises:
            ValueError: name, value or isRegex is missing, or the expression is none.
        """
        name, value, is_regex = raw.get("name"), raw.get("value"), raw.get("isRegex")
        if not isinstance(name, str) or not name or not isinstance(value, str) or not isinstance(is_regex, bool):
            raise ValueError("invalid label matcher: name, value and isRegex are required")
        matcher = cls(name, value, is_regex, raw.get("isEqual", True) is not False)
        matcher.check()
        return matcher

    @classmethod
    def from_text(cls, text: str) -> Matcher:
        """Read `name="value"`, `name=~"value"`, `name!="value"` or `name!~"value"`; the name may be quoted, too.

        Raises:
            ValueError: the text is no matcher.
        """
        found = _TEXT.match(text)
        if found is None:
            raise ValueError(f"bad matcher format: {text}")
        name, operator, value = found.groups()
        matcher = cls(_unquoted(name), _unquoted(value), operator in ("=~", "!~"), operator in ("=", "=~"))
        matcher.check()
        return matcher

    def check(self) -> None:
        """Refuse what is no regular expression.

        Raises:
            ValueError: with the reason.
        """
        if self.is_regex:
            try:
                re.compile(self.value)
            except re.error as error:
                raise ValueError(f"invalid regular expression {self.value!r}: {error}") from None


def _unquoted(text: str) -> str:
    """What stands between quotes, with its escapes read; a text without quotes as it is."""
    if not text.startswith('"'):
        return text.strip()
    return re.sub(r"\\(.)", lambda escape: "\n" if escape[1] == "n" else escape[1], text[1:-1])


def all_match(matchers: Iterable[Matcher], labels: Mapping[str, str]) -> bool:
    """Whether a label set fulfils every condition."""
    return all(matcher.matches(labels) for matcher in matchers)
