"""Marks by the ids of rows: they outlive a filter that hides their rows, and go with what is gone."""

from collections.abc import Callable, Iterable


class RowMarks:
    """The marked ids, and where the last mark was set."""

    def __init__(self) -> None:
        self.ids: frozenset[str] = frozenset()
        self.last: str | None = None
        """The id, or the key of the section, that was marked last; None when a mark was taken away since."""

    def toggle(self, ids: frozenset[str], *, at: str | None) -> None:
        """Mark ``ids``; when all of them are marked, take their marks away. ``at`` is where somebody stands."""
        is_marked = bool(ids) and ids <= self.ids
        self.ids = self.ids - ids if is_marked else self.ids | ids
        self.last = None if is_marked or not ids else at

    def add(self, ids: Iterable[str], *, at: str) -> None:
        """Mark ``ids``."""
        self.ids |= frozenset(ids)
        self.last = at

    def invert(self, ids: frozenset[str]) -> None:
        """Of ``ids`` mark those that are not marked, and take the marks of the others away."""
        self.ids ^= ids
        self.last = None

    def clear(self, only: Iterable[str] | None = None) -> None:
        """Take away all marks, or those of ``only``."""
        self.ids = frozenset() if only is None else self.ids - frozenset(only)
        if self.last not in self.ids:
            self.last = None

    def rename(self, renamed: Callable[[str], str | None]) -> None:
        """Carry the marks over to the ids that their rows have now; of what is gone they go for good."""
        if self.ids:
            self.ids = frozenset(now for old in self.ids if (now := renamed(old)) is not None)
        if self.last is not None:
            # The key of a section is no id, and stays what it is: whether the section is there is seen by its lines.
            self.last = renamed(self.last) or self.last
