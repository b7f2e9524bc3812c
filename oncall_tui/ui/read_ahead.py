"""The runbook of the alert that somebody looks at is read before its key is pressed.

The first runbook of a program loads the parsers, 200 ms of work, and reading 2,000 lines takes 50 ms more: with the key
pressed that would be waited for. Nothing is loaded on a screen that nobody touches.
"""

import asyncio
import importlib
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from oncall_tui.domain.alert import Alert
from oncall_tui.ui.screens.view import View

if TYPE_CHECKING:
    from oncall_tui.ui.app import OncallApp

EVERY_S = 1.0
"""Between two looks at the cursor; an alert on which it stands at two of them is being read."""


class ReadAhead:
    """A companion of the screen that reads the runbook of the alert on which the cursor rests."""

    def __init__(self, wait: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self._wait = wait

    def __repr__(self) -> str:
        return "read runbooks ahead"

    async def __call__(self, app: "OncallApp") -> None:
        """Look after the cursor until the screen is closed."""
        first = last = read = None
        while True:
            await self._wait(EVERY_S)
            alert = _under_cursor(app)
            if alert is None:
                continue
            # By itself the cursor stands on the first alert of the first view: elsewhere somebody has put it.
            first = first or alert.id
            is_attended = app.current_mode != app.DEFAULT_MODE or alert.id != first
            if is_attended and alert.id == last and alert.id != read:
                read = alert.id
                await _read(app, alert)
            last = alert.id


def _under_cursor(app: "OncallApp") -> Alert | None:
    view = next((one for one in reversed(app.screen_stack) if isinstance(one, View)), None)
    table = view.alerts_table if view is not None and app.rooms is not None else None
    return None if table is None else table.cursor_row


async def _read(app: "OncallApp", alert: Alert) -> None:
    await asyncio.to_thread(importlib.import_module, "oncall_tui.ui.running.runs")
    from oncall_tui.runbook.catalogue.find import subject_of
    from oncall_tui.ui import later

    room = await later.runs(app).room()
    # What cannot be read is told when it is asked for.
    with suppress(OSError):
        if room is not None:
            finding = await room.fitting(subject_of(alert))
            if len(finding.candidates) == 1:
                await room.read(Path(finding.candidates[0].entry.path))
