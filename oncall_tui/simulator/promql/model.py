"""What an expression is made of: values, windows of samples, and the nodes that compute them."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

from ..labels import Labels
from ..series import Series, SeriesStore
from .errors import QueryError

Vector = list[tuple[Labels, float]]
"""One value for each label set, at one time."""


@dataclass(frozen=True)
class Moment:
    """Where and when a node is evaluated; times are unix milliseconds."""

    store: SeriesStore
    t_ms: int
    start_ms: int
    """Start of the whole query, for ``@ start()``."""
    end_ms: int
    """End of the whole query, for ``@ end()``."""
    scratch: dict[object, object]
    """What nodes keep from one step of a query to the next."""

    def at(self, t_ms: int) -> Moment:
        """Return the same query at another time."""
        return Moment(self.store, t_ms, self.start_ms, self.end_ms, self.scratch)


class Window:
    """The samples [lo, hi) of one series, and the range (milliseconds) that was asked for."""

    __slots__ = ("end_ms", "hi", "lo", "series", "start_ms")

    def __init__(self, series: Series, lo: int, hi: int, start_ms: int, end_ms: int) -> None:
        self.series = series
        self.lo = lo
        self.hi = hi
        self.start_ms = start_ms
        self.end_ms = end_ms

    @property
    def values(self) -> array[float]:
        """The values, oldest first."""
        return self.series.values[self.lo : self.hi]

    @property
    def times_ms(self) -> array[int]:
        """The times of the values, in unix milliseconds."""
        return self.series.times_ms[self.lo : self.hi]


class Node:
    """One compiled expression; a subclass offers the kinds of value that it can have."""

    kind = "instant vector"
    """The type, in Prometheus's own words for error messages."""

    def scalar(self, at: Moment) -> float:
        """Return the value of a scalar expression."""
        self._refuse("scalar")

    def vector(self, at: Moment) -> Vector:
        """Return the value of an instant vector expression."""
        self._refuse("instant vector")

    def windows(self, at: Moment) -> list[Window]:
        """Return the value of a range vector expression: one non-empty window for each series."""
        self._refuse("range vector")

    def string(self) -> str:
        """Return the value of a string literal."""
        self._refuse("string")

    def absent_labels(self) -> Mapping[str, str]:
        """Return the labels that ``absent()`` can deduce from this expression."""
        return {}

    def _refuse(self, wanted: str) -> NoReturn:
        raise QueryError("bad_data", f"expected type {wanted}, got {self.kind}")


class ScalarNode(Node):
    """Base of the nodes whose value is a number."""

    kind = "scalar"


class NumberNode(ScalarNode):
    """A number literal."""

    def __init__(self, value: float) -> None:
        self._value = value

    def scalar(self, at: Moment) -> float:
        return self._value


class StringNode(Node):
    """A string literal."""

    kind = "string"

    def __init__(self, value: str) -> None:
        self._value = value

    def string(self) -> str:
        return self._value


class RangeNode(Node):
    """Base of the nodes whose value is a range vector."""

    kind = "range vector"

    range_s: float
    """Length of the range in seconds."""


def require_distinct(vector: Vector) -> Vector:
    """Return *vector*, whose label sets must differ.

    Raises:
        QueryError: (execution) when two samples share a label set, as after dropping metric names.
    """
    if len(vector) > 1 and len({labels for labels, _ in vector}) != len(vector):
        raise QueryError("execution", "vector cannot contain metrics with the same labelset")
    return vector


def scalars(nodes: Sequence[Node], at: Moment) -> list[float]:
    """Return the values of scalar argument nodes."""
    return [node.scalar(at) for node in nodes]
