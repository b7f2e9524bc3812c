"""What the last poll read, to be used again: most alerts do not change between two polls.

Of 10,000 alerts few are new. Those that are not keep their record, which saves the reading of their labels and, more
than that, the garbage collector's work: it stops the screen for as long as there are new objects to walk through.
"""

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

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
        """The value of the last round, else what ``make`` gives."""
        mark = hash(key)
        value = self._last.get(mark)
        if value is None:
            value = make()
        self._this[mark] = value
        return value
