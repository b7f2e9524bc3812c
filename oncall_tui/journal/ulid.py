"""ULIDs: ids that sort by the time they were made in, 48 bits of milliseconds and 80 of chance (ULID specification)."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_CHANCE_BITS = 80
LENGTH = 26


class Ulids:
    """Makes ULIDs, each greater than the one before, also when the clock stands still or is set back.

    ``clock`` gives aware datetimes, ``random`` as many random bytes as asked for. May be called from any thread.
    """

    def __init__(self, clock: Callable[[], datetime], random: Callable[[int], bytes]) -> None:
        self._clock = clock
        self._random = random
        self._last = -1
        self._lock = threading.Lock()

    def __call__(self) -> str:
        """A new ULID: 26 characters of Crockford's base 32."""
        milliseconds = (self._clock() - _EPOCH) // _MILLISECOND
        chance = int.from_bytes(self._random(_CHANCE_BITS // 8), "big")
        with self._lock:
            self._last = self._after_last(milliseconds, chance)
            return _in_base_32(self._last)

    def _after_last(self, milliseconds: int, chance: int) -> int:
        """A new moment gets new chance; within the same one (or an earlier one) the last value is counted up."""
        if milliseconds > self._last >> _CHANCE_BITS:
            return (milliseconds << _CHANCE_BITS) | chance
        return self._last + 1


def _in_base_32(value: int) -> str:
    return "".join(_ALPHABET[(value >> shift) & 31] for shift in range(5 * (LENGTH - 1), -1, -5))
