"""A small PromQL evaluator over a `SeriesStore`; the parsing is done by ``promql-parser``."""

from .compiler import compile_query, compile_selector
from .errors import QueryError
from .format import format_value
from .query import (
    MatrixResult,
    RangeQuery,
    Result,
    ScalarResult,
    StringResult,
    VectorResult,
    instant_query,
    range_query,
)

__all__ = [
    "MatrixResult",
    "QueryError",
    "RangeQuery",
    "Result",
    "ScalarResult",
    "StringResult",
    "VectorResult",
    "compile_query",
    "compile_selector",
    "format_value",
    "instant_query",
    "range_query",
]
