"""Rows under lines of their own, and which of these are folded. Knows no screen."""

from dataclasses import dataclass
from typing import Generic, TypeVar

Row = TypeVar("Row")

PREFIX = "\x1f"
"""Begins the key of every section: no id of a row has it, foreign text is cleaned of it."""


@dataclass(frozen=True, slots=True)
class Section(Generic[Row]):
    """Rows that stand together, below a line that tells of them."""

    key: str
    """By what they stand together and what they have in common; begins with ``PREFIX``."""
    title: str
    rows: tuple[Row, ...]
    is_folded: bool = False
    """Only the line is drawn."""


class Folding:
    """Which sections are folded, those apart that are not there yet: they are what all were made last."""

    def __init__(self) -> None:
        self._all = False
        self._others: set[str] = set()

    def is_folded(self, key: str) -> bool:
        """Whether the section of this key is folded, there or not."""
        return self._all != (key in self._others)

    def fold(self, key: str, is_folded: bool) -> None:
        """Fold a section, or unfold it."""
        if is_folded == self._all:
            self._others.discard(key)
        else:
            self._others.add(key)

    def fold_all(self, is_folded: bool) -> None:
        """Fold every section, or unfold it."""
        self._all = is_folded
        self._others.clear()
