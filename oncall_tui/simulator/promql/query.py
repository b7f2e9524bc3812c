"""Instant and range queries: a text, a store and times in; a typed result out.

Source: "HTTP API", expression queries.
"""

from __future__ import annotations

from array import array
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


def range_query(store: SeriesStore, query: str | Node, start: float, end: float, step: float) -> MatrixResult:
    """Return the values of *query* from *start* to *end* (unix seconds) every *step* seconds.

    Series come sorted by labels, as Prometheus returns them.

    Raises:
        QueryError: when the text is wrong, its type has no range, there would be more than
            11,000 points, or the evaluation fails.
    """
    node = compile_query(query) if isinstance(query, str) else query
    start_ms, end_ms, step_ms = to_ms(start), to_ms(end), max(1, to_ms(step))
    if (end_ms - start_ms) // step_ms > MAX_POINTS:
        raise QueryError(
            "bad_data",
            "exceeded maximum resolution of 11,000 points per timeseries. "
            "Try decreasing the query resolution (?step=XX)",
        )
    if node.kind not in ("scalar", "instant vector"):
        kind = node.kind
        raise QueryError(
            "bad_data", f'invalid expression type "{kind}" for range query, must be Scalar or instant Vector'
        )
    scratch: dict[object, object] = {}
    found: dict[Labels, tuple[array[int], array[float]]] = {}
    for t_ms in range(start_ms, end_ms + 1, step_ms):
        at = Moment(store, t_ms, start_ms, end_ms, scratch)
        vector = [(EMPTY_LABELS, node.scalar(at))] if node.kind == "scalar" else node.vector(at)
        for labels, value in vector:
            if labels not in found:
                found[labels] = (array("q"), array("d"))
            times, values = found[labels]
            times.append(t_ms)
            values.append(value)
    ordered = sorted(found.items(), key=lambda one: tuple(one[0].items()))
    return MatrixResult([(labels, times, values) for labels, (times, values) in ordered])
