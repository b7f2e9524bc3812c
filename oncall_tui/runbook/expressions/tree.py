"""The whitelisted tree: what is no node here cannot be said."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Constant:
    """A number, a text or a truth that stands in the expression."""

    value: int | float | str | bool
    column: int


@dataclass(frozen=True, slots=True)
class Named:
    """A dotted name: a parameter, a ``let``, ``check.value``, ``step.capture``, or a result of the step."""

    name: str
    column: int


@dataclass(frozen=True, slots=True)
class Negative:
    """``-x``."""

    of: "Node"
    column: int


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """``x + y``, ``x - y``, ``x * y``."""

    sign: str
    left: "Node"
    right: "Node"
    column: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """``x == y`` and its like."""

    sign: str
    left: "Node"
    right: "Node"
    column: int


@dataclass(frozen=True, slots=True)
class Not:
    """``not x``."""

    of: "Node"
    column: int


@dataclass(frozen=True, slots=True)
class Joined:
    """``x and y and z``, ``x or y``."""

    is_and: bool
    parts: tuple["Node", ...]
    column: int


Node = Constant | Named | Negative | Arithmetic | Comparison | Not | Joined


@dataclass(frozen=True, slots=True)
class Expression:
    """A parsed expression."""

    text: str
    """As it was written."""
    root: Node

    @property
    def named(self) -> tuple[Named, ...]:
        """Every name in it with its place, in order: what the loader must find a definition for."""
        return tuple(node for node in walked(self.root) if isinstance(node, Named))

    @property
    def names(self) -> frozenset[str]:
        """The names in it."""
        return frozenset(node.name for node in self.named)


def walked(node: Node) -> Iterator[Node]:
    """A node and all below it, in the order of the text."""
    yield node
    for child in children_of(node):
        yield from walked(child)


def children_of(node: Node) -> tuple[Node, ...]:
    """The nodes right below."""
    match node:
        case Arithmetic() | Comparison():
            return (node.left, node.right)
        case Negative() | Not():
            return (node.of,)
        case Joined():
            return node.parts
        case _:
            return ()
