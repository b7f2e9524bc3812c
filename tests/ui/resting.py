"""When the screen rests: what is drawn then is all that will be."""

import asyncio

from textual.app import App
from textual.pilot import Pilot

PATIENCE_S = 60
"""So long something is waited for that comes in a moment: a busy machine stands still at times."""

_TURNS = 3
"""What is refreshed may ask for a layout, and what is laid out may scroll."""


def rests(app: App[None]) -> bool:
    """Nothing is on its way to a widget, and nothing waits to be laid out or drawn."""
    screen = app.screen
    nodes = (app, screen, *screen.walk_children())
    return (
        not screen._layout_required
        and not screen._dirty_widgets
        and not any(one.message_queue_size for one in nodes)
        and not app.animator._animations
    )


async def rest(pilot: Pilot[None]) -> None:
    """Wait until the screen rests, and has been seen to some times in a row.

    Not by how busy the process is, as Textual's own waiting does: that depends on the machine.
    """
    seen = 0
    async with asyncio.timeout(PATIENCE_S):
        while seen < _TURNS:
            await pilot.pause(0.01)
            seen = seen + 1 if rests(pilot.app) else 0
