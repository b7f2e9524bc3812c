"""The command palette: the registry, searched by words."""

from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from textual import events
from textual.app import ComposeResult
from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from oncall_tui.ui.commands import Command
from oncall_tui.ui.commands.custom import PREFIX as ACTIONS
from oncall_tui.ui.commands.saved import PREFIX
from oncall_tui.ui.screens.fitting import Fitting
from oncall_tui.ui.widgets.lines import TooSmall

if TYPE_CHECKING:
    from oncall_tui.ui.app import OncallApp


_BEGINS_MARKUP = "["
"""Textual reads the help of a hit, and a name that it highlights, as markup: those of a saved filter are the user's."""

_LEAST_SCORE = 0.01


def _help(command: Command) -> str | None:
    """The line below its name, unless Textual would take a part of it for markup."""
    return None if _BEGINS_MARKUP in command.summary() else command.summary()


def _place(command: Command) -> int:
    """The smaller, the higher it stands before anything is typed: your filters, what the key line names, the rest."""
    if command.id.startswith((ACTIONS, PREFIX)):
        return 0
    return (command.rank or 1_000) if command.is_in_help else 2_000


class Palette(CommandPalette, Fitting[None]):
    """Textual's palette; what cannot be seen in it, because the terminal became too small, cannot be chosen."""

    def compose(self) -> ComposeResult:
        yield from super().compose()
        yield TooSmall("esc leaves the palette")

    def on_mount(self, event: events.Mount) -> None:
        """One that was left before it was there has no screen behind it: Textual would end with an ``IndexError``."""
        if self not in self.app.screen_stack:
            event.prevent_default()

    def on_key(self, event: events.Key) -> None:
        """Without the field that has the focus every key comes here first: only the way out is left."""
        if not self.is_readable and event.key != "escape":
            event.stop()


class CommandsProvider(Provider):
    """Offers the commands that are available on the screen behind the palette."""

    async def discover(self) -> Hits:
        for command in sorted(self._available(), key=_place):
            yield DiscoveryHit(self._display(command), self._runner(command), command.palette, _help(command))

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for command in self._available():
            # What stands in its help finds it too, after all whose name fits: "declare" leads to "incident: create".
            is_told = query.strip().casefold() in command.summary().casefold()
            score = matcher.match(f"{command.palette} {command.label}") or (_LEAST_SCORE if is_told else 0)
            if score > 0:
                name = command.palette
                found = Content(name) if _BEGINS_MARKUP in name else matcher.highlight(name)
                display = Content.assemble(found, self._key(command))
                yield Hit(score, display, self._runner(command), name, _help(command))

    @property
    def _oncall(self) -> "OncallApp":
        from oncall_tui.ui.app import OncallApp

        app: object = self.app
        assert isinstance(app, OncallApp)
        return app

    def _available(self) -> list[Command]:
        return [one for one in self._oncall.keymap.registry.values() if one.is_available(self._oncall)]

    def _display(self, command: Command) -> Content:
        return Content.assemble(command.palette, self._key(command))

    def _key(self, command: Command) -> tuple[str, str]:
        return (f"   {self._oncall.keymap.every_shown(command.id)}", "$dim not bold")

    def _runner(self, command: Command) -> Callable[[], Coroutine[Any, Any, None]]:
        """What runs a command once the palette is closed, by the same gate as its key."""

        async def run() -> None:
            self._oncall.action_command(command.id)

        return run
