"""The palette searches in a worker of its own: what it lists right after a key may be of the letter before."""

import asyncio

from textual.command import CommandPalette

from tests.ui.desk import Desk
from tests.ui.resting import PATIENCE_S, rest


async def searched(desk: Desk) -> None:
    """Wait until the palette lists what was found for all that was typed."""
    await rest(desk.pilot)
    async with asyncio.timeout(PATIENCE_S):
        while any(
            one.group == CommandPalette._GATHER_COMMANDS_GROUP and not one.is_finished for one in desk.app.workers
        ):
            await desk.pilot.pause(0.01)
    await rest(desk.pilot)
