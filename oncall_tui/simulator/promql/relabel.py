"""``label_replace`` and ``label_join``. Source: "Query functions"."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Sequence

from ..labels import LABEL_NAME, Labels
from .errors import QueryError
from .model import Moment, Node, Vector, require_distinct

_GO_REFERENCE = re.compile(r"\$(?:\$|(\w+)|\{(\w+)\})")


class _RelabelNode(Node, ABC):
    """Base: a vector whose label sets are rewritten, each set once."""

    def __init__(self, source: Node, target: str) -> None:
        if not LABEL_NAME.fullmatch(target):
            raise QueryError("execution", f"invalid destination label name in label_replace(): {target}")
        self._source = source
        self._target = target
        self._rewritten: dict[Labels, Labels] = {}

    def vector(self, at: Moment) -> Vector:
        result: Vector = []
        for labels, value in self._source.vector(at):
            if labels not in self._rewritten:
                self._rewritten[labels] = self.rewrite(labels)
            result.append((self._rewritten[labels], value))
        return require_distinct(result)

    @abstractmethod
    def rewrite(self, labels: Labels) -> Labels:
        """Return the new label set."""


class LabelReplaceNode(_RelabelNode):
    """``label_replace(v, target, replacement, source label, regex)``."""

    def __init__(self, args: Sequence[Node]) -> None:
        target, self._replacement, self._from, regex = (arg.string() for arg in args[1:5])
        super().__init__(args[0], target)
        try:
            self._regex = re.compile(regex)
        except re.error as problem:
            raise QueryError("execution", f"invalid regular expression in label_replace(): {regex}") from problem

    def rewrite(self, labels: Labels) -> Labels:
        match = self._regex.fullmatch(labels.get(self._from, ""))
        return labels.updated({self._target: _expand(self._replacement, match)}) if match else labels


class LabelJoinNode(_RelabelNode):
    """``label_join(v, target, separator, source labels...)``."""

    def __init__(self, args: Sequence[Node]) -> None:
        target, self._separator, *self._from = (arg.string() for arg in args[1:])
        super().__init__(args[0], target)

    def rewrite(self, labels: Labels) -> Labels:
        joined = self._separator.join(labels.get(name, "") for name in self._from)
        return labels.updated({self._target: joined})


def _expand(template: str, match: re.Match[str]) -> str:
    """Return *template* with ``$1``, ``${1}`` and ``$name`` filled in; unknown groups are empty."""

    def value(reference: re.Match[str]) -> str:
        name = reference[1] or reference[2]
        if name is None:
            return "$"
        try:
            return match[int(name) if name.isdigit() else name] or ""
        except IndexError:
            return ""

    return _GO_REFERENCE.sub(value, template)
