"""Asking the sources from the screen: now, not at all for a while, and again after a sleep."""

from typing import TYPE_CHECKING

from oncall_tui.domain.situation import Situation
from oncall_tui.ui.present import troubles

if TYPE_CHECKING:
    from oncall_tui.ui.app import OncallApp


class Polling:
    """What the screen asks of the monitor. Before the rooms are open there is nobody to ask."""

    def __init__(self, app: "OncallApp") -> None:
        self._app = app

    def refresh(self) -> None:
        """Ask every source now; ages that start anew say that they answered, so only a refusal is worth a word."""
        rooms, keymap = self._app.acting.rooms, self._app.keymap
        if rooms is None or rooms.monitor.refresh():
            return
        if rooms.monitor.is_paused:
            self._app.say(keymap.fill("Polling is paused: {screen.pause} goes on."))
        else:
            self._app.say(
                keymap.fill("Every source asked us to wait; {screen.sources} shows for how long."), is_bad=True
            )

    def toggle_pause(self) -> None:
        """Stop polling, or go on."""
        rooms = self._app.acting.rooms
        if rooms is None:
            return
        if rooms.monitor.is_paused:
            rooms.monitor.resume()
            self._app.say("Polling again.")
        else:
            rooms.monitor.pause()
            self._app.say(self._app.keymap.fill("Polling is paused. {screen.pause} goes on."))

    def tell_of_interruption(self, before: Situation, after: Situation) -> None:
        """Say once that time has passed which nobody saw: whoever opens the laptop looks at old data first."""
        news = after.interruption
        if news is None or news == before.interruption:
            return
        rooms = self._app.acting.rooms
        is_paused = rooms is not None and rooms.monitor.is_paused
        text = (
            self._app.keymap.fill("Polling is paused: {screen.pause} goes on.")
            if is_paused
            else "Everything is asked again."
        )
        self._app.notify(text, title=troubles.slept(news), severity="warning", markup=False)
