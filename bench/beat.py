"""A task that asks for a turn of the event loop every millisecond, and notes when it had to wait."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from time import monotonic

BEAT_S = 0.001
_WORTH_NOTING_S = 0.002


async def beat(note: Callable[[float, float], None], clock: Callable[[], float] = monotonic) -> None:
    """Call ``note`` with the moment and the length of every stall, in seconds, until cancelled."""
    last = clock()
    while True:
        await asyncio.sleep(BEAT_S)
        now = clock()
        stalled = now - last - BEAT_S
        if stalled > _WORTH_NOTING_S:
            note(now, stalled)
        last = now


async def beat_into(file: Path) -> None:
    """Write every stall as a line of JSON, ``[moment, seconds]``, until cancelled."""
    with file.open("w", encoding="utf-8", buffering=1) as lines:

        def note(moment: float, stalled: float) -> None:
            lines.write(json.dumps([moment, stalled]) + "\n")

        await beat(note)


def stalls_of(file: Path) -> list[tuple[float, float]]:
    """What was written, whole lines of it: when (``monotonic``) and how long."""
    lines = file.read_text(encoding="utf-8").split("\n")[:-1]
    return [(moment, stalled) for moment, stalled in map(json.loads, lines)]
