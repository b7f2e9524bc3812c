"""What the last poll read, to be used again: most alerts do not change between two polls.

Of 10,000 alerts few are new. Those that are not keep their record, which saves the reading of their labels and, more
than that, the garbage collector's work: it stops the screen for as long as there are new objects to walk through.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Generic, TypeVar

from oncall_tui.domain.alert import Record
from oncall_tui.domain.ids import RecordRef

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class LastRound(Generic[Key, Value]):
    """Values by what they were made of; a key that one round does not ask for is forgotten with the next."""

    def __init__(self) -> None:
        # By the hash of the key: the keys themselves, raw labels and annotations, would take 10 MB. That two of 10,000
        # have one hash of 64 bits, and an alert keeps its former words until it changes again, is one in 10^11 rounds.
        self._last: dict[int, Value] = {}
        self._this: dict[int, Value] = {}

    def begin(self) -> None:
        """A new round begins."""
        self._last, self._this = self._this, {}

    def get(self, key: Key, make: Callable[[], Value]) -> Value:
        """The value of this or the last round, else what ``make`` gives."""
        mark = hash(key)
        value = self._last.get(mark)
        if value is None:
            value = self._this.get(mark)
        if value is None:
            value = make()
        self._this[mark] = value
        return value


class Unchanged:
    """Records that are as they were stay the same objects: whoever read of them does not read again."""

    def __init__(self) -> None:
        self._last: Mapping[RecordRef, Record] = {}

    def of(self, records: Sequence[Record]) -> tuple[Record, ...]:
        """The records of a round, in their order."""
        kept = tuple(map(self._known, records))
        self._last = {one.ref: one for one in kept}
        return kept

    def _known(self, record: Record) -> Record:
        known = self._last.get(record.ref)
        return known if known is not None and known == record else record
