"""Instant and range queries: a text, a store and times in; a typed result out.

Source: "HTTP API", expression queries.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass

from ..labels import EMPTY_LABELS, Labels
from ..series import SeriesStore, to_ms
from .compiler import compile_query
from .errors import QueryError
from .model import Moment, Node, Vector

MAX_POINTS = 11_000


@dataclass(frozen=True)
class ScalarResult:
    """A number at a time (unix milliseconds)."""

    t_ms: int
    value: float


@dataclass(frozen=True)
class StringResult:
    """A string at a time (unix milliseconds)."""

    t_ms: int
    value: str


@dataclass(frozen=True)
class VectorResult:
    """One value for each label set, at one time (unix milliseconds)."""

    t_ms: int
    samples: Vector


@dataclass(frozen=True)
class MatrixResult:
    """For each label set its times (unix milliseconds) and the values at them."""

    series: list[tuple[Labels, array[int], array[float]]]


Result = ScalarResult | StringResult | VectorResult | MatrixResult


def instant_query(store: SeriesStore, query: str | Node, t: float) -> Result:
    """Return the value of *query* at *t* (unix seconds).

    Raises:
        QueryError: when the text is wrong or the evaluation fails.
    """
    node = compile_query(query) if isinstance(query, str) else query
    t_ms = to_ms(t)
    at = Moment(store, t_ms, t_ms, t_ms, {})
    match node.kind:
        case "scalar":
            return ScalarResult(t_ms, node.scalar(at))
        case "string":
            return StringResult(t_ms, node.string())
        case "range vector":
            return MatrixResult([(w.series.labels, w.times_ms, w.values) for w in node.windows(at)])
    return VectorResult(t_ms, node.vector(at))


class RangeQuery:
    """A range query that is evaluated step by step, so that a server can do other work in between.

    Args:
        store: where the series are.
        query: the text, or a compiled node.
        start: first time, unix seconds.
        end: last time, unix seconds.
        step: distance between two times, seconds.

    Raises:
        QueryError: when the text is wrong, its type has no range, or there would be more than
            11,000 points.
    """

    def __init__(self, store: SeriesStore, query: str | Node, start: float, end: float, step: float) -> None:
        self._store = store
        self._start_ms, self._end_ms = to_ms(start), to_ms(end)
        self._step_ms = max(1, to_ms(step))
        if (self._end_ms - self._start_ms) // self._step_ms > MAX_POINTS:
            raise QueryError(
                "bad_data",
                "exceeded maximum resolution of 11,000 points per timeseries. "
                "Try decreasing the query resolution (?step=XX)",
            )
        self._node = compile_query(query) if isinstance(query, str) else query
        if self._node.kind not in ("scalar", "instant vector"):
            kind = self._node.kind
            wanted = "must be Scalar or instant Vector"
            raise QueryError("bad_data", f'invalid expression type "{kind}" for range query, {wanted}')
        self._found: dict[Labels, tuple[array[int], array[float]]] = {}

    def steps(self) -> Iterator[int]:
        """Evaluate one step for each item taken; items are the times in unix milliseconds.

        Raises:
            QueryError: (execution) when a step cannot be evaluated.
        """
        scratch: dict[object, object] = {}
        for t_ms in range(self._start_ms, self._end_ms + 1, self._step_ms):
            at = Moment(self._store, t_ms, self._start_ms, self._end_ms, scratch)
            self._collect(t_ms, at)
            yield t_ms

    def result(self) -> MatrixResult:
        """Return what was found so far, sorted by labels as Prometheus returns it."""
        ordered = sorted(self._found.items(), key=lambda one: tuple(one[0].items()))
        return MatrixResult([(labels, times, values) for labels, (times, values) in ordered])

    def _collect(self, t_ms: int, at: Moment) -> None:
        node, found = self._node, self._found
        vector = [(EMPTY_LABELS, node.scalar(at))] if node.kind == "scalar" else node.vector(at)
        for labels, value in vector:
            if labels not in found:
                found[labels] = (array("q"), array("d"))
            times, values = found[labels]
            times.append(t_ms)
            values.append(value)


def range_query(store: SeriesStore, query: str | Node, start: float, end: float, step: float) -> MatrixResult:
    """Return the values of *query* from *start* to *end* (unix seconds) every *step* seconds.

    Raises:
        QueryError: as `RangeQuery` does.
    """
    evaluation = RangeQuery(store, query, start, end, step)
    for _ in evaluation.steps():
        pass
    return evaluation.result()
