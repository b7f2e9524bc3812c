"""How fast this machine is just now, so that a limit on time says something of the code and not of the machine.

A limit holds for the machine of `docs/performance.md`. Shared ones are at times half as fast, in processor time too:
two processes share the caches and units of a core. So a piece of work that is always the same is timed beside what is
measured, and the limit grows with it. It never shrinks.
"""

import asyncio
import re
import time

REFERENCE_S = 0.0078
"""What the work below takes on that machine, in seconds of processor time."""

_BEAT_S = 0.005
_WORDS = re.compile(r"[a-z]+|\d+")
_TEXT = "deploy 2.41.0 of api in production 1042 pages from shard 7 took 311 ms and ended well " * 40


def _work() -> int:
    """Split, look up, count, sort and join, as reading a text does."""
    counted: dict[str, list[int]] = {}
    for turn in range(30):
        for found in _WORDS.finditer(_TEXT):
            counted.setdefault(found.group(), []).append(found.start() + turn)
    return len("".join(f"{word}{len(places)}" for word, places in sorted(counted.items())))


def pace() -> float:
    """How many times as long as on the reference machine the same work takes now: 1 at least."""
    best = float("inf")
    for _ in range(5):
        before = time.process_time()
        assert _work() > 0
        best = min(best, time.process_time() - before)
    return max(1.0, best / REFERENCE_S)


async def longest_turn(stop: asyncio.Event) -> float:
    """Seconds that the event loop did not turn at a stretch, at most those that this process computed in them.

    A machine that stands still is nobody's fault.
    """
    longest = 0.0
    while not stop.is_set():
        began, used = time.monotonic(), time.process_time()
        await asyncio.sleep(_BEAT_S)
        longest = max(longest, min(time.monotonic() - began - _BEAT_S, time.process_time() - used))
    return longest
