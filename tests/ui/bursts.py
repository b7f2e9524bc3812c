"""Keys as a slow line delivers them: several in one packet, and nobody waits between them."""

import asyncio
from collections.abc import Iterable

from textual import events
from textual.keys import _character_to_key

from tests.ui.desk import Desk

PATIENCE_S = 60
"""So long something is waited for that comes in a moment: a busy machine stands still at times."""


def key(name: str) -> events.Key:
    """The event of a key, by its name or its character."""
    return events.Key(_character_to_key(name), name) if len(name) == 1 else events.Key(name, None)


def click(x: int, y: int) -> list[events.Event]:
    """The two events of a click."""
    kinds = (events.MouseDown, events.MouseUp)
    return [kind(None, x, y, 0, 0, 1, False, False, False, screen_x=x, screen_y=y, style=None) for kind in kinds]


async def heard(desk: Desk) -> None:
    """Wait until all that was typed has been heard, or dropped."""
    async with asyncio.timeout(PATIENCE_S):
        while desk.app.message_queue_size or not desk.app.typed_ahead.is_still:
            await desk.pilot.pause(0)


def send(desk: Desk, *typed: str | events.Event | Iterable[events.Event]) -> None:
    """Post what is typed: a text letter by letter, a word in angles as one key, events as they are."""
    for one in typed:
        if isinstance(one, str):
            names = [one[1:-1]] if one.startswith("<") else list(one)
            for name in names:
                desk.app.post_message(key(name))
        else:
            for event in [one] if isinstance(one, events.Event) else one:
                desk.app.post_message(event)


async def burst(desk: Desk, *typed: str | events.Event | Iterable[events.Event]) -> None:
    """All of it in one packet; then wait until it has been heard."""
    send(desk, *typed)
    await desk.pilot.pause(0)
    await heard(desk)
    await desk.settle()
