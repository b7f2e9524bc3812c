"""Nodes for function calls; `call_node` chooses the node for a name."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from ..labels import EMPTY_LABELS, Labels
from . import over_time, rate
from .elementwise import CALENDAR, ELEMENTWISE
from .errors import QueryError
from .histogram import HistogramQuantileNode
from .model import Moment, Node, NumberNode, ScalarNode, Vector, Window, require_distinct, scalars
from .relabel import LabelJoinNode, LabelReplaceNode
from .selectors import VectorSelectorNode

RangeFunction = Callable[[Window, Sequence[float], Moment], float | None]

RANGE_FUNCTIONS: dict[str, RangeFunction] = {
    function.__name__: function
    for function in (
        rate.rate, rate.irate, rate.increase, rate.delta, rate.idelta, rate.deriv, rate.predict_linear,
        rate.changes, rate.resets,
        over_time.avg_over_time, over_time.min_over_time, over_time.max_over_time, over_time.sum_over_time,
        over_time.count_over_time, over_time.last_over_time, over_time.present_over_time,
        over_time.quantile_over_time, over_time.stddev_over_time, over_time.stdvar_over_time,
    )
}  # fmt: skip


class RangeCallNode(Node):
    """A function from a range vector to an instant vector, such as ``rate``."""

    def __init__(self, function: RangeFunction, source: Node, args: Sequence[Node], keeps_name: bool) -> None:
        self._function = function
        self._source = source
        self._args = args
        self._keeps_name = keeps_name

    def vector(self, at: Moment) -> Vector:
        args = scalars(self._args, at)
        result: Vector = []
        for window in self._source.windows(at):
            value = self._function(window, args, at)
            if value is not None:
                labels = window.series.labels
                result.append((labels if self._keeps_name else labels.nameless(), value))
        return require_distinct(result)


class ElementwiseNode(Node):
    """A function of each value of an instant vector, such as ``clamp_max``."""

    def __init__(self, function: Callable[..., float], source: Node, args: Sequence[Node] = ()) -> None:
        self._function = function
        self._source = source
        self._args = args

    def vector(self, at: Moment) -> Vector:
        args = scalars(self._args, at)
        mapped = [(labels.nameless(), self._function(v, *args)) for labels, v in self._source.vector(at)]
        return require_distinct(mapped)


class ClampNode(ElementwiseNode):
    """``clamp``, which is empty when its bounds are the wrong way round."""

    def vector(self, at: Moment) -> Vector:
        low, high = scalars(self._args, at)
        return [] if low > high else super().vector(at)


class TimeNode(ScalarNode):
    """``time()``: the evaluation time in unix seconds."""

    def scalar(self, at: Moment) -> float:
        return at.t_ms / 1000


class VectorNode(Node):
    """``vector(scalar)``."""

    def __init__(self, source: Node) -> None:
        self._source = source

    def vector(self, at: Moment) -> Vector:
        return [(EMPTY_LABELS, self._source.scalar(at))]


class ScalarCallNode(ScalarNode):
    """``scalar(vector)``: NaN unless the vector has exactly one element."""

    def __init__(self, source: Node) -> None:
        self._source = source

    def scalar(self, at: Moment) -> float:
        vector = self._source.vector(at)
        return vector[0][1] if len(vector) == 1 else math.nan


class AbsentNode(Node):
    """``absent`` and ``absent_over_time``: 1 where there is nothing."""

    def __init__(self, source: Node) -> None:
        self._source = source
        self._labels = Labels(source.absent_labels())

    def vector(self, at: Moment) -> Vector:
        is_range = self._source.kind == "range vector"
        found = self._source.windows(at) if is_range else self._source.vector(at)
        return [] if found else [(self._labels, 1.0)]


class SortNode(Node):
    """``sort`` and ``sort_desc``; NaN comes last in both."""

    def __init__(self, source: Node, descending: bool) -> None:
        self._source = source
        self._sign = -1 if descending else 1

    def vector(self, at: Moment) -> Vector:
        return sorted(self._source.vector(at), key=lambda one: (one[1] != one[1], self._sign * one[1]))


class TimestampNode(Node):
    """``timestamp``: when a selector's sample was taken; the evaluation time for anything else."""

    def __init__(self, source: Node) -> None:
        self._source = source

    def vector(self, at: Moment) -> Vector:
        if isinstance(self._source, VectorSelectorNode):
            return require_distinct([(la.nameless(), ms / 1000) for la, ms, _ in self._source.samples(at)])
        return require_distinct([(la.nameless(), at.t_ms / 1000) for la, _ in self._source.vector(at)])


def call_node(name: str, args: Sequence[Node]) -> Node:
    """Return the node for a call of *name*, whose arguments the parser has already checked.

    Raises:
        QueryError: (bad_data) for a function this evaluator does not have.
    """
    if name in RANGE_FUNCTIONS:
        source = next(arg for arg in args if arg.kind == "range vector")
        others = [arg for arg in args if arg is not source]
        return RangeCallNode(RANGE_FUNCTIONS[name], source, others, name == "last_over_time")
    if name == "clamp":
        return ClampNode(ELEMENTWISE[name], args[0], args[1:])
    if name in ELEMENTWISE:
        return ElementwiseNode(ELEMENTWISE[name], args[0], args[1:])
    if name in CALENDAR:
        return ElementwiseNode(CALENDAR[name], args[0] if args else VectorNode(TimeNode()))
    if name in _SPECIAL:
        return _SPECIAL[name](args)
    raise QueryError("bad_data", f"parse error: unknown function with name {name!r}")


_SPECIAL: dict[str, Callable[[Sequence[Node]], Node]] = {
    "time": lambda args: TimeNode(),
    "pi": lambda args: NumberNode(math.pi),
    "vector": lambda args: VectorNode(args[0]),
    "scalar": lambda args: ScalarCallNode(args[0]),
    "absent": lambda args: AbsentNode(args[0]),
    "absent_over_time": lambda args: AbsentNode(args[0]),
    "sort": lambda args: SortNode(args[0], descending=False),
    "sort_desc": lambda args: SortNode(args[0], descending=True),
    "timestamp": lambda args: TimestampNode(args[0]),
    "histogram_quantile": lambda args: HistogramQuantileNode(args[0], args[1]),
    "label_replace": LabelReplaceNode,
    "label_join": LabelJoinNode,
}
