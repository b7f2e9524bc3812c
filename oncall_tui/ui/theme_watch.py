"""Themes while the screen runs: shipped ones are read after the first paint, the user's own whenever they change.

A file that is edited, added or removed is on the screen within a second. A broken edit leaves the last good theme and
is told once; the mended file takes the message away.
"""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from textual.app import App
from textual.theme import Theme

from oncall_tui.threads import DaemonThreads
from oncall_tui.ui.theme_choice import named
from oncall_tui.ui.theme_folder import ThemeFolder
from oncall_tui.ui.theming import FALLBACK

if TYPE_CHECKING:
    from oncall_tui.ui.app import OncallApp

EVERY_S = 0.4
"""Seconds between two looks; a change is drawn at the second look after it."""
WITHOUT_FILES_S = 2.0
"""The same while there is no theme of the user's own: few ever have one, and each look wakes a thread."""

Wait = Callable[[], Awaitable[object]]


class ThemeWatch:
    """A companion of the screen that keeps its themes as the files are."""

    def __init__(self, shipped: Path, own: ThemeFolder, *, wanted: str = FALLBACK, wait: Wait | None = None) -> None:
        self._shipped_folder = shipped
        self._shipped: dict[str, Theme] = {}
        self._own = own
        self._wanted = wanted
        self._wait = wait or self._sleep
        self._threads = DaemonThreads("themes")

    def __repr__(self) -> str:
        return "watch the themes"

    async def __call__(self, app: "OncallApp") -> None:
        """Read what the first paint did without, then look for changes until the screen is closed."""
        try:
            # Nobody chooses another theme so soon, and the first requests are on their way.
            await self._wait()
            self._shipped = await self._threads.run(partial(named, self._shipped_folder))
            for name, theme in self._shipped.items():
                if name not in app.available_themes:
                    app.register_theme(theme)
            while True:
                found = await self._threads.run(self._own.look)
                before, self._own = self._own, found
                if (found.good, found.broken) != (before.good, before.broken):
                    self._tell(app, before, found)
                    self._draw(app, before.themes, found.themes)
                await self._wait()
        finally:
            self._threads.close()

    async def _sleep(self) -> None:
        await asyncio.sleep(EVERY_S if self._own.seen or not self._shipped else WITHOUT_FILES_S)

    def _draw(self, app: "OncallApp", before: dict[str, Theme], after: dict[str, Theme]) -> None:
        """Register what is new, and draw the theme in use again if it is another now."""
        changed = {name for name in {*before, *after} if before.get(name) != after.get(name)}
        every = self._shipped | after
        for name in changed:
            if name in every:
                app.register_theme(every[name])
            elif app.theme != name:
                app.unregister_theme(name)
        if self._wanted in changed and self._wanted in after and app.theme == FALLBACK != self._wanted:
            # It was missing at the start, or was taken away: the configuration asks for it.
            app.theme = self._wanted
            _unsay(app, _gone(self._wanted))
        elif app.theme in changed and app.theme in every:
            app.mutate_reactive(App.theme)
        elif app.theme in changed:
            gone, app.theme = app.theme, FALLBACK
            app.unregister_theme(gone)
            app.say(_gone(gone), title="Theme")

    def _tell(self, app: "OncallApp", before: ThemeFolder, after: ThemeFolder) -> None:
        """Say what broke, once, and take away what was said of a file that is mended or gone."""
        old, new = before.problems, after.problems
        for path in {path for path in old if old[path] != new.get(path)}:
            _unsay(app, old[path])
        for path in sorted(new):
            if new[path] != old.get(path):
                app.say(new[path], title="Theme", is_bad=True)


def _gone(name: str) -> str:
    return f"{name} is gone: {FALLBACK} takes its place."


def _unsay(app: App[None], message: str) -> None:
    """Take a message away before its time. Textual has no public way for a single one."""
    for one in [one for one in app._notifications if one.message == message]:
        app._unnotify(one)
