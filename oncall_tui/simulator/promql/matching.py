"""Vector against vector: matching on labels, groups, set operators. Source: "Operators", vector matching."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ..labels import METRIC_NAME, Labels
from .errors import QueryError
from .model import Moment, Node, Vector, require_distinct
from .operators import evaluator, keeps_name

Cardinality = Literal["one-to-one", "many-to-one", "one-to-many", "many-to-many"]


@dataclass(frozen=True)
class Matching:
    """``on (...)`` or ``ignoring (...)`` with ``group_left`` (many-to-one) or ``group_right``."""

    names: tuple[str, ...] = ()
    on: bool = False
    cardinality: Cardinality = "one-to-one"
    include: tuple[str, ...] = ()
    """Labels copied from the "one" side."""

    def key(self, labels: Labels) -> Labels:
        """Return the labels that both sides must have in common."""
        return labels.only(self.names) if self.on else labels.without((*self.names, METRIC_NAME))


class _PairedNode(Node):
    """Base: two vectors whose samples are paired by a key that is computed once per label set."""

    def __init__(self, left: Node, right: Node, matching: Matching) -> None:
        self.left = left
        self.right = right
        self.matching = matching
        self._keys: dict[Labels, Labels] = {}

    def key(self, labels: Labels) -> Labels:
        """Return the match key of *labels*."""
        found = self._keys.get(labels)
        if found is None:
            found = self._keys[labels] = self.matching.key(labels)
        return found


class SetNode(_PairedNode):
    """``and``, ``or``, ``unless``: whole samples of either side."""

    def __init__(self, symbol: str, left: Node, right: Node, matching: Matching) -> None:
        super().__init__(left, right, matching)
        self._symbol = symbol

    def vector(self, at: Moment) -> Vector:
        left, right = self.left.vector(at), self.right.vector(at)
        if self._symbol == "or":
            known = {self.key(labels) for labels, _ in left}
            return require_distinct(left + [one for one in right if self.key(one[0]) not in known])
        known = {self.key(labels) for labels, _ in right}
        wanted = self._symbol == "and"
        return [one for one in left if (self.key(one[0]) in known) == wanted]


class VectorBinaryNode(_PairedNode):
    """Arithmetic and comparison between two vectors."""

    def __init__(self, symbol: str, left: Node, right: Node, matching: Matching, return_bool: bool) -> None:
        super().__init__(left, right, matching)
        self._evaluate = evaluator(symbol, return_bool)
        self._keeps_name = keeps_name(symbol, return_bool)
        self._results: dict[tuple[Labels, Labels], Labels] = {}

    def vector(self, at: Moment) -> Vector:
        many, one = self.left.vector(at), self.right.vector(at)
        if not many or not one:
            return []
        is_swapped = self.matching.cardinality == "one-to-many"
        if is_swapped:
            many, one = one, many
        partners = self._partners(one, "left" if is_swapped else "right")
        result: Vector = []
        produced: set[Labels] = set()
        for labels, value in many:
            key = self.key(labels)
            partner = partners.get(key)
            if partner is None:
                continue
            other_labels, other = partner
            new = self._evaluate(other, value) if is_swapped else self._evaluate(value, other)
            if new is None:
                continue
            merged = self._merged(labels, other_labels)
            self._claim(produced, key, merged)
            result.append((merged, new))
        return result

    def _partners(self, one: Vector, side: str) -> dict[Labels, tuple[Labels, float]]:
        partners: dict[Labels, tuple[Labels, float]] = {}
        for sample in one:
            key = self.key(sample[0])
            if key in partners:
                raise QueryError("execution", _duplicates(key, side, (sample[0], partners[key][0])))
            partners[key] = sample
        return partners

    def _claim(self, produced: set[Labels], key: Labels, merged: Labels) -> None:
        is_one_to_one = self.matching.cardinality == "one-to-one"
        claimed = key if is_one_to_one else merged
        if claimed in produced:
            reason = (
                "many-to-one matching must be explicit (group_left/group_right)"
                if is_one_to_one
                else "grouping labels must ensure unique matches"
            )
            raise QueryError("execution", f"multiple matches for labels: {reason}")
        produced.add(claimed)

    def _merged(self, many: Labels, one: Labels) -> Labels:
        merged = self._results.get((many, one))
        if merged is None:
            merged = self._results[many, one] = self._merge(many, one)
        return merged

    def _merge(self, many: Labels, one: Labels) -> Labels:
        labels = many if self._keeps_name else many.nameless()
        if self.matching.cardinality == "one-to-one":
            names = self.matching.names
            return labels.only(names) if self.matching.on else labels.without(names)
        return labels.updated({name: one.get(name, "") for name in self.matching.include})


def _duplicates(key: Labels, side: str, pair: Sequence[Labels]) -> str:
    return (
        f"found duplicate series for the match group {_braces(key)} on the {side} hand-side of the operation: "
        f"[{', '.join(_braces(labels) for labels in pair)}];"
        "many-to-many matching not allowed: matching labels must be unique on one side"
    )


def _braces(labels: Labels) -> str:
    return "{" + ", ".join(f'{name}="{value}"' for name, value in labels.items()) + "}"
