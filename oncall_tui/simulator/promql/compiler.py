"""From the syntax tree of the ``promql-parser`` package to nodes that can be evaluated."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import promql_parser as syntax

from ..labels import METRIC_NAME, Matcher, MatchOp
from .aggregate import Grouping, aggregate_node
from .binary import NegateScalarNode, NegateVectorNode, ScalarBinaryNode, VectorScalarNode
from .calls import call_node
from .errors import QueryError
from .matching import Cardinality, Matching, SetNode, VectorBinaryNode
from .model import Node, NumberNode, StringNode
from .operators import SET_OPERATORS
from .selectors import MatrixSelectorNode, Shift, SubqueryNode, VectorSelectorNode

DEFAULT_SUBQUERY_STEP_MS = 60_000
"""Prometheus takes its global evaluation interval, 1 minute unless configured."""

MAX_QUERY_CHARACTERS = 5_000
"""The parser recurses, and a sum of 5,000 terms overflows its stack and ends the process."""

# The parser's enumerations cannot be dictionary keys: they compare, but have no hash.
_MATCH_OPS = (
    (syntax.MatchOp.Equal, MatchOp.EQUAL),
    (syntax.MatchOp.NotEqual, MatchOp.NOT_EQUAL),
    (syntax.MatchOp.Re, MatchOp.MATCHES),
    (syntax.MatchOp.NotRe, MatchOp.NOT_MATCHES),
)
_CARDINALITIES: tuple[tuple[Any, Cardinality], ...] = (
    (syntax.VectorMatchCardinality.OneToOne, "one-to-one"),
    (syntax.VectorMatchCardinality.ManyToOne, "many-to-one"),
    (syntax.VectorMatchCardinality.OneToMany, "one-to-many"),
    (syntax.VectorMatchCardinality.ManyToMany, "many-to-many"),
)


def compile_query(text: str) -> Node:
    """Return the node for a PromQL expression.

    Raises:
        QueryError: (bad_data) when the text is not PromQL or uses what this evaluator lacks.
    """
    if len(text) > MAX_QUERY_CHARACTERS:
        raise QueryError("bad_data", f"parse error: more than {MAX_QUERY_CHARACTERS} characters")
    try:
        return _node(syntax.parse(text))
    except RecursionError as problem:
        raise QueryError("bad_data", "parse error: nested too deeply") from problem
    except ValueError as problem:
        raise QueryError("bad_data", f"parse error: {problem}") from problem
    except re.error as problem:
        raise QueryError("bad_data", f"parse error: error parsing regexp: {problem}") from problem


def compile_selector(text: str) -> tuple[Matcher, ...]:
    """Return the matchers of a series selector such as ``up{job="api"}``.

    Raises:
        QueryError: (bad_data) when the text is not a plain selector.
    """
    node = compile_query(text)
    if not isinstance(node, VectorSelectorNode):
        raise QueryError("bad_data", f"parse error: expected a series selector, got {text!r}")
    return node.selection.matchers


def _node(tree: Any) -> Node:
    match tree:
        case syntax.NumberLiteral():
            return NumberNode(tree.val)
        case syntax.StringLiteral():
            return StringNode(tree.val)
        case syntax.ParenExpr():
            return _node(tree.expr)
        case syntax.UnaryExpr():
            inner = _node(tree.expr)
            return NegateScalarNode(inner) if inner.kind == "scalar" else NegateVectorNode(inner)
        case syntax.VectorSelector():
            return _selector(tree)
        case syntax.MatrixSelector():
            return MatrixSelectorNode(_selector(tree.vector_selector), _milliseconds(tree.range))
        case syntax.SubqueryExpr():
            return _subquery(tree)
        case syntax.Call():
            return call_node(tree.func.name, [_node(arg) for arg in tree.args])
        case syntax.AggregateExpr():
            return _aggregate(tree)
        case syntax.BinaryExpr():
            return _binary(tree)
    raise QueryError("bad_data", f"parse error: unsupported expression {type(tree).__name__}")


def _selector(tree: syntax.VectorSelector) -> VectorSelectorNode:
    if tree.matchers.or_matchers:
        raise QueryError("bad_data", "parse error: unexpected 'or' in label matching")
    matchers = [] if tree.name is None else [Matcher(METRIC_NAME, MatchOp.EQUAL, tree.name)]
    for matcher in tree.matchers.matchers:
        op = next(ours for theirs, ours in _MATCH_OPS if matcher.op == theirs)
        matchers.append(Matcher(matcher.name, op, matcher.value))
    return VectorSelectorNode(matchers, _shift(tree))


def _shift(tree: syntax.VectorSelector | syntax.SubqueryExpr) -> Shift:
    offset_ms = 0 if tree.offset is None else _milliseconds(tree.offset)
    if tree.at is None:
        return Shift(offset_ms)
    if tree.at.type == syntax.AtModifierType.Start:
        return Shift(offset_ms, "start")
    if tree.at.type == syntax.AtModifierType.End:
        return Shift(offset_ms, "end")
    # The parser panics when asked for a time before 1970, but it prints one.
    modifiers = re.split(r"[}\]]", str(tree))[-1]
    fixed = re.search(r"@ (-?[\d.]+)", modifiers)
    assert fixed is not None, modifiers
    return Shift(offset_ms, round(float(fixed[1]) * 1000))


def _subquery(tree: syntax.SubqueryExpr) -> SubqueryNode:
    assert tree.range is not None
    step_ms = DEFAULT_SUBQUERY_STEP_MS if tree.step is None else _milliseconds(tree.step)
    return SubqueryNode(_node(tree.expr), _milliseconds(tree.range), step_ms, _shift(tree))


def _aggregate(tree: syntax.AggregateExpr) -> Node:
    if tree.modifier is None:
        grouping = Grouping((), without=False)
    else:
        is_without = tree.modifier.type == syntax.AggModifierType.Without
        grouping = Grouping(tree.modifier.labels, is_without)
    param = None if tree.param is None else _node(tree.param)
    return aggregate_node(str(tree.op), _node(tree.expr), grouping, param)


def _binary(tree: syntax.BinaryExpr) -> Node:
    symbol, left, right = str(tree.op), _node(tree.lhs), _node(tree.rhs)
    return_bool = tree.modifier is not None and tree.modifier.return_bool
    scalar_sides = (left.kind == "scalar") + (right.kind == "scalar")
    if scalar_sides == 2:
        return ScalarBinaryNode(symbol, left, right)
    if scalar_sides == 1:
        return VectorScalarNode(symbol, left, right, return_bool)
    matching = _matching(tree.modifier)
    if symbol in SET_OPERATORS:
        return SetNode(symbol, left, right, matching)
    return VectorBinaryNode(symbol, left, right, matching, return_bool)


def _matching(modifier: syntax.BinModifier | None) -> Matching:
    if modifier is None:
        return Matching()
    cardinality = next(ours for theirs, ours in _CARDINALITIES if modifier.card == theirs)
    include = tuple(modifier.group_labels or ())
    if modifier.matching is None:
        return Matching(cardinality=cardinality, include=include)
    is_on = modifier.matching.type == syntax.LabelModifierType.Include
    return Matching(tuple(modifier.matching.labels), is_on, cardinality, include)


def _milliseconds(duration: timedelta) -> int:
    return round(duration / timedelta(milliseconds=1))
