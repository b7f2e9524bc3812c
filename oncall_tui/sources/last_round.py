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
        self._last: dict[Key, Value] = {}
        self._this: dict[Key, Value] = {}

    def begin(self) -> None:
        """A new round begins."""
        self._last, self._this = self._this, {}

    def get(self, key: Key, make: Callable[[], Value]) -> Value:
        """The value of the last round, else what ``make`` gives."""
        value = self._last.get(key)
        if value is None:
            value = make()
        self._this[key] = value
        return value
