"""Rule N2, when the file loads: what cannot be compared, or computed with."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from oncall_tui.runbook.expressions.tree import (
    Arithmetic,
    Comparison,
    Constant,
    Expression,
    Joined,
    Named,
    Negative,
    Node,
    Not,
    children_of,
)


class Kind(StrEnum):
    """What a name will hold."""

    NUMBER = "number"
    TEXT = "text"
    TRUTH = "truth"
    ANY = "any"
    """Not known before it runs: a cell of a table, JSON."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A place in an expression and what is wrong with it, in words."""

    column: int
    """From 1."""
    text: str


def results(name: str) -> Kind | None:
    """The kinds of the results that ``expect`` speaks about; ``None`` for any other name."""
    return Kind.ANY if name.startswith("first.") else RESULTS.get(name)


RESULTS = {
    "exit": Kind.NUMBER,
    "stdout": Kind.TEXT,
    "stderr": Kind.TEXT,
    "rows": Kind.NUMBER,
    "status": Kind.NUMBER,
    "duration": Kind.NUMBER,
}
"""What a step leaves, beside ``first.<column>``: the exit code, its output without the last newline, the rows of a
table, the status of HTTP, seconds."""


def problems_of(
    expression: Expression, kind_of: Callable[[str], Kind | None], wanted: Kind = Kind.TRUTH
) -> tuple[Problem, ...]:
    """What is wrong with the types.

    Args:
        kind_of: the kind of a name; ``None`` for one that nobody defines, which is another rule's (N1).
        wanted: what the whole must be: a truth for ``when`` and ``expect``, ``ANY`` for ``let``.
    """
    found: list[Problem] = []
    kind = _kind(expression.root, kind_of, found)
    if Kind.ANY not in (kind, wanted) and kind is not wanted:
        found.append(Problem(expression.root.column, f"this is a {kind}, and a {wanted} is needed"))
    return tuple(found)


def _kind(node: Node, kind_of: Callable[[str], Kind | None], found: list[Problem]) -> Kind:
    kinds = [_kind(child, kind_of, found) for child in children_of(node)]
    match node:
        case Constant(value=bool()):
            return Kind.TRUTH
        case Constant():
            return Kind.TEXT if isinstance(node.value, str) else Kind.NUMBER
        case Named():
            return kind_of(node.name) or Kind.ANY
        case Arithmetic() | Negative():
            _want(Kind.NUMBER, kinds, children_of(node), "only numbers can be computed with", found)
            return Kind.NUMBER
        case Not() | Joined():
            _want(Kind.TRUTH, kinds, children_of(node), "and, or and not join conditions", found)
            return Kind.TRUTH
        case Comparison():
            _compared(node, kinds[0], kinds[1], found)
            return Kind.TRUTH


def _want(wanted: Kind, kinds: list[Kind], nodes: tuple[Node, ...], why: str, found: list[Problem]) -> None:
    for kind, node in zip(kinds, nodes, strict=True):
        if kind not in (wanted, Kind.ANY):
            found.append(Problem(node.column, f"{why}, and this is a {kind}"))


def _compared(node: Comparison, left: Kind, right: Kind, found: list[Problem]) -> None:
    if Kind.ANY not in (left, right) and left is not right:
        found.append(Problem(node.column, f"a {left} cannot be compared with a {right}"))
    elif node.sign not in ("==", "!=") and not {left, right} <= {Kind.NUMBER, Kind.ANY}:
        found.append(Problem(node.column, f"only numbers have an order: {node.sign} compares no {left}"))
