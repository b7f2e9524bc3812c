"""Label sets and label matchers, as Prometheus understands them.

Source: "Data model" and "Querying basics" in the Prometheus documentation.
"""

from __future__ import annotations

import enum
import re
import warnings
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

METRIC_NAME = "__name__"
LABEL_NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")


class Labels(Mapping[str, str]):
    """An immutable, hashable label set, sorted by name; an empty value is the same as no label.

    The hash is computed once and derived sets are kept, because an evaluator looks the same
    few hundred sets up at every step of a range query.
    """

    __slots__ = ("_hash", "_nameless", "_values")

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = {name: value for name, value in sorted(values.items()) if value}
        self._hash = hash(tuple(self._values.items()))
        self._nameless: Labels | None = None

    def __getitem__(self, name: str) -> str:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Labels):
            return self is other or self._values == other._values
        return isinstance(other, Mapping) and self._values == other

    def __repr__(self) -> str:
        pairs = ", ".join(f'{name}="{value}"' for name, value in self._values.items() if name != METRIC_NAME)
        return f"{self._values.get(METRIC_NAME, '')}{{{pairs}}}"

    def nameless(self) -> Labels:
        """Return the set without the metric name."""
        if self._nameless is None:
            self._nameless = self if METRIC_NAME not in self._values else self.without((METRIC_NAME,))
        return self._nameless

    def only(self, names: Collection[str]) -> Labels:
        """Return the set reduced to *names*."""
        return Labels({name: value for name, value in self._values.items() if name in names})

    def without(self, names: Collection[str]) -> Labels:
        """Return the set without *names*."""
        return Labels({name: value for name, value in self._values.items() if name not in names})

    def updated(self, changes: Mapping[str, str]) -> Labels:
        """Return the set with *changes* laid over it; an empty value removes a label."""
        return Labels({**self._values, **changes})


EMPTY_LABELS = Labels({})


class MatchOp(enum.Enum):
    """The four operators between a label and a value in a selector."""

    EQUAL = "="
    NOT_EQUAL = "!="
    MATCHES = "=~"
    NOT_MATCHES = "!~"


@dataclass(frozen=True)
class Matcher:
    """One condition of a selector; regular expressions are anchored at both ends.

    Raises:
        re.error: when the value of ``=~`` or ``!~`` is not a regular expression.
    """

    name: str
    op: MatchOp
    value: str
    _pattern: re.Pattern[str] | None = field(init=False, repr=False, compare=False, default=None)

    def __post_init__(self) -> None:
        if self.op in (MatchOp.MATCHES, MatchOp.NOT_MATCHES):
            with warnings.catch_warnings():
                # Go's [[:alpha:]] is a set of its own in Python, which warns about it.
                warnings.simplefilter("ignore", FutureWarning)
                object.__setattr__(self, "_pattern", re.compile(self.value))

    def matches(self, labels: Mapping[str, str]) -> bool:
        """Return whether *labels* satisfies the condition; a missing label counts as empty."""
        actual = labels.get(self.name, "")
        if self._pattern is not None:
            return (self._pattern.fullmatch(actual) is not None) == (self.op is MatchOp.MATCHES)
        return (actual == self.value) == (self.op is MatchOp.EQUAL)
