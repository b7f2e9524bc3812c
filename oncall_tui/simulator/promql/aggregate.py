"""Aggregation operators with ``by`` and ``without``. Source: "Operators", aggregation operators."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from ..labels import EMPTY_LABELS, LABEL_NAME, METRIC_NAME, Labels
from .errors import QueryError
from .format import format_value
from .model import Moment, Node, Vector
from .statistics import highest, lowest, quantile, variance

REDUCERS: dict[str, Callable[[Sequence[float]], float]] = {
    "sum": lambda values: float(sum(values)),
    "avg": lambda values: sum(values) / len(values),
    "min": lowest,
    "max": highest,
    "count": lambda values: float(len(values)),
    "group": lambda values: 1.0,
    "stddev": lambda values: math.sqrt(variance(values)),
    "stdvar": variance,
}


class Grouping:
    """``by (...)`` or ``without (...)``; each label set is reduced to its group once."""

    def __init__(self, names: Sequence[str], without: bool) -> None:
        self._names = frozenset(names) | {METRIC_NAME} if without else frozenset(names)
        self._without = without
        self._groups: dict[Labels, Labels] = {}

    def of(self, labels: Labels) -> Labels:
        """Return the labels of the group that *labels* belongs to."""
        if not self._names:
            return EMPTY_LABELS
        group = self._groups.get(labels)
        if group is None:
            group = labels.without(self._names) if self._without else labels.only(self._names)
            self._groups[labels] = group
        return group

    def split(self, vector: Vector) -> dict[Labels, Vector]:
        """Return the samples of each group, groups in order of appearance."""
        groups: dict[Labels, Vector] = {}
        for sample in vector:
            groups.setdefault(self.of(sample[0]), []).append(sample)
        return groups


class AggregateNode(Node):
    """Base of the aggregations: a source and a grouping."""

    def __init__(self, source: Node, grouping: Grouping) -> None:
        self.source = source
        self.grouping = grouping


class ReduceNode(AggregateNode):
    """``sum``, ``avg`` and the others that need only the values of a group."""

    def __init__(self, operator: str, source: Node, grouping: Grouping) -> None:
        super().__init__(source, grouping)
        self._reduce = REDUCERS[operator]

    def vector(self, at: Moment) -> Vector:
        groups: dict[Labels, list[float]] = {}
        of = self.grouping.of
        for labels, value in self.source.vector(at):
            group = of(labels)
            if group in groups:
                groups[group].append(value)
            else:
                groups[group] = [value]
        return [(group, self._reduce(values)) for group, values in groups.items()]


class TopNode(AggregateNode):
    """``topk`` and ``bottomk``: whole samples, sorted, NaN last."""

    def __init__(self, source: Node, grouping: Grouping, count: Node, largest: bool) -> None:
        super().__init__(source, grouping)
        self._count = count
        self._sign = -1 if largest else 1

    def vector(self, at: Moment) -> Vector:
        count = self._count.scalar(at)
        if not math.isfinite(count):
            raise QueryError("execution", f"Scalar value {format_value(count)} overflows int64")
        result: Vector = []
        for samples in self.grouping.split(self.source.vector(at)).values():
            samples.sort(key=lambda one: (one[1] != one[1], self._sign * one[1]))
            result.extend(samples[: max(0, int(count))])
        return result


class QuantileNode(AggregateNode):
    """``quantile(0.9, v)``."""

    def __init__(self, source: Node, grouping: Grouping, q: Node) -> None:
        super().__init__(source, grouping)
        self._q = q

    def vector(self, at: Moment) -> Vector:
        q = self._q.scalar(at)
        groups = self.grouping.split(self.source.vector(at))
        return [(group, quantile(q, [v for _, v in samples])) for group, samples in groups.items()]


class CountValuesNode(AggregateNode):
    """``count_values("label", v)``: how many samples have each value."""

    def __init__(self, source: Node, grouping: Grouping, label: str) -> None:
        super().__init__(source, grouping)
        if not LABEL_NAME.fullmatch(label):
            raise QueryError("execution", f"invalid label name {label!r}")
        self._label = label

    def vector(self, at: Moment) -> Vector:
        counts: dict[Labels, float] = {}
        for labels, value in self.source.vector(at):
            group = self.grouping.of(labels).updated({self._label: format_value(value, exponents=False)})
            counts[group] = counts.get(group, 0.0) + 1.0
        return list(counts.items())


def aggregate_node(operator: str, source: Node, grouping: Grouping, param: Node | None) -> Node:
    """Return the node for an aggregation operator.

    Raises:
        QueryError: (bad_data) for an operator this evaluator does not have.
    """
    if operator in REDUCERS:
        return ReduceNode(operator, source, grouping)
    if param is not None:
        match operator:
            case "topk" | "bottomk":
                return TopNode(source, grouping, param, largest=operator == "topk")
            case "quantile":
                return QuantileNode(source, grouping, param)
            case "count_values":
                return CountValuesNode(source, grouping, param.string())
    raise QueryError("bad_data", f"parse error: unknown aggregation operator {operator!r}")
