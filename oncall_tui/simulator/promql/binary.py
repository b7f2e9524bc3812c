"""Binary operators with a scalar on at least one side, and unary minus.

Source: "Operators". Vector against vector is in `matching`.
"""

from __future__ import annotations

from .model import Moment, Node, ScalarNode, Vector, require_distinct
from .operators import COMPARISON, evaluator, keeps_name


class ScalarBinaryNode(ScalarNode):
    """Scalar against scalar; comparisons carry ``bool``, the parser insists."""

    def __init__(self, symbol: str, left: Node, right: Node) -> None:
        self._evaluate = evaluator(symbol, return_bool=True)
        self._left = left
        self._right = right

    def scalar(self, at: Moment) -> float:
        value = self._evaluate(self._left.scalar(at), self._right.scalar(at))
        assert value is not None
        return value


class VectorScalarNode(Node):
    """Vector against scalar, in either order; a filter keeps the vector's value and metric name."""

    def __init__(self, symbol: str, left: Node, right: Node, return_bool: bool) -> None:
        self._is_filter = symbol in COMPARISON and not return_bool
        self._keeps_name = keeps_name(symbol, return_bool)
        self._evaluate = evaluator(symbol, return_bool)
        self._left = left
        self._right = right
        self._scalar_first = left.kind == "scalar"

    def vector(self, at: Moment) -> Vector:
        vector = (self._right if self._scalar_first else self._left).vector(at)
        number = (self._left if self._scalar_first else self._right).scalar(at)
        evaluate, result = self._evaluate, Vector()
        for labels, value in vector:
            new = evaluate(number, value) if self._scalar_first else evaluate(value, number)
            if new is not None:
                kept = labels if self._keeps_name else labels.nameless()
                result.append((kept, value if self._is_filter else new))
        return result if self._keeps_name else require_distinct(result)


class NegateVectorNode(Node):
    """Unary minus of a vector."""

    def __init__(self, source: Node) -> None:
        self._source = source

    def vector(self, at: Moment) -> Vector:
        return require_distinct([(labels.nameless(), -value) for labels, value in self._source.vector(at)])


class NegateScalarNode(ScalarNode):
    """Unary minus of a scalar."""

    def __init__(self, source: Node) -> None:
        self._source = source

    def scalar(self, at: Moment) -> float:
        return -self._source.scalar(at)
