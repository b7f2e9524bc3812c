"""What changed between two lists of rows, by id: the screen draws the difference, never the whole."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Diff(Generic[Row]):
    """Rows that came, rows whose content differs, ids that went."""

    added: tuple[Row, ...]
    changed: tuple[Row, ...]
    removed: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


def diff(old: Iterable[Row], new: Iterable[Row], id_of: Callable[[Row], str]) -> Diff[Row]:
    """The difference between two lists whose rows are known by ``id_of``. A row that only moved is no change."""
    before = {id_of(row): row for row in old}
    after = {id_of(row): row for row in new}
    return Diff(
        added=tuple(row for key, row in after.items() if key not in before),
        changed=tuple(row for key, row in after.items() if key in before and before[key] != row),
        removed=tuple(key for key in before if key not in after),
    )
