"""YAML as nodes that know their place, read without anything that YAML can do beyond data.

PyYAML's parser (the C one where it is built) gives events; the nodes are made here. So there are no tags, no anchors,
no merge keys and no objects by construction, a key given twice is found with its line, and ``no`` or ``12:30`` stay
the texts that they are.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

_DEEPEST = 12
_LONGEST = 100_000
"""Characters of YAML that are read."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the file, both counted from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text, a number or a word."""

    value: str
    place: Place
    is_plain: bool = True
    """Without quotes: only then it may be a number, ``true`` or nothing."""


@dataclass(frozen=True, slots=True)
class Listing:
    """Several values."""

    values: "tuple[Node, ...]"
    place: Place


@dataclass(frozen=True, slots=True)
class Table:
    """Keys and values in their order."""

    values: "Mapping[str, Node]"
    keys: Mapping[str, Place]
    place: Place
    doubled: tuple[tuple[str, Place], ...] = ()
    """Keys that are given again, at the place of the later one, which is not kept."""


Node = Scalar | Listing | Table


class BrokenYaml(Exception):
    """It is no YAML, or uses what is not allowed here."""

    def __init__(self, problem: str, place: Place) -> None:
        self.problem = problem
        self.place = place
        super().__init__(problem)


def node_of(text: str, start: Place) -> Node | None:
    """The data of a YAML text; ``None`` when it holds nothing.

    Args:
        start: the place of the file where ``text`` begins.

    Raises:
        BrokenYaml: at the first thing that is wrong.
    """
    import yaml

    if len(text) > _LONGEST:
        raise BrokenYaml(f"longer than {_LONGEST} characters", start)
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    builder = _Builder(start)
    try:
        for event in yaml.parse(text, Loader=loader):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise BrokenYaml(error.problem or "not valid YAML", builder.place(mark)) from error
    except (yaml.YAMLError, ValueError) as error:
        # Characters that YAML does not allow have a position, and no line.
        position = getattr(error, "position", 0)
        before = text[: position if isinstance(position, int) else 0]
        raise BrokenYaml("holds a character that YAML does not allow", _at(start, before.count("\n"), 0)) from error
    return builder.root


def walk(node: Node) -> Iterator[Scalar]:
    """Every value in it."""
    if isinstance(node, Scalar):
        yield node
    else:
        for one in node.values if isinstance(node, Listing) else node.values.values():
            yield from walk(one)


def _at(start: Place, line: int, column: int) -> Place:
    return Place(start.line + line, column + (start.column if line == 0 else 1))


@dataclass(slots=True)
class _Open:
    """A list or table that is being read."""

    place: Place
    is_table: bool
    values: "list[Node]" = field(default_factory=list)
    table: "dict[str, Node]" = field(default_factory=dict)
    keys: dict[str, Place] = field(default_factory=dict)
    doubled: list[tuple[str, Place]] = field(default_factory=list)
    key: Scalar | None = None

    def add(self, node: Node) -> None:
        if not self.is_table:
            self.values.append(node)
        elif self.key is None:
            if not isinstance(node, Scalar):
                raise BrokenYaml("a key has to be a word", node.place)
            self.key = node
        else:
            key, self.key = self.key, None
            if key.value in self.table:
                self.doubled.append((key.value, key.place))
            else:
                self.table[key.value], self.keys[key.value] = node, key.place

    def closed(self) -> Node:
        if self.is_table:
            return Table(self.table, self.keys, self.place, tuple(self.doubled))
        return Listing(tuple(self.values), self.place)


class _Builder:
    """Nodes from the events of one document."""

    def __init__(self, start: Place) -> None:
        self.root: Node | None = None
        self._start = start
        self._open: list[_Open] = []

    def place(self, mark: Any) -> Place:
        return self._start if mark is None else _at(self._start, mark.line, mark.column)

    def take(self, event: Any) -> None:
        kind = type(event).__name__
        place = self.place(event.start_mark)
        if kind == "AliasEvent" or getattr(event, "anchor", None):
            raise BrokenYaml("anchors (&) and aliases (*) are not allowed here", place)
        if kind != "DocumentStartEvent" and getattr(event, "tag", None):
            raise BrokenYaml("tags (!) are not allowed here", place)
        if kind == "ScalarEvent":
            self._add(Scalar(event.value, place, event.style in (None, "")))
        elif kind in ("MappingStartEvent", "SequenceStartEvent"):
            if len(self._open) >= _DEEPEST:
                raise BrokenYaml("nested too deep", place)
            self._open.append(_Open(place, kind == "MappingStartEvent"))
        elif kind in ("MappingEndEvent", "SequenceEndEvent"):
            self._add(self._open.pop().closed())
        elif kind == "DocumentStartEvent" and self.root is not None:
            raise BrokenYaml("a second document begins", place)

    def _add(self, node: Node) -> None:
        if self._open:
            self._open[-1].add(node)
        else:
            self.root = node
