"""The command palette: the registry, searched by words."""

from textual.app import App
from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from oncall_tui.ui.commands import REGISTRY, Command


class CommandsProvider(Provider):
    """Offers the commands that are available on the screen behind the palette."""

    async def discover(self) -> Hits:
        for command in self._available():
            yield DiscoveryHit(self._display(command), self._runner(command), command.palette, command.summary())

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for command in self._available():
            score = matcher.match(f"{command.palette} {command.label}")
            if score > 0:
                name = Content.assemble(
                    matcher.highlight(command.palette), (f"   {self._key(command)}", "$dim not bold")
                )
                yield Hit(score, name, self._runner(command), command.palette, command.summary())

    def _available(self) -> list[Command]:
        from oncall_tui.ui.app import OncallApp

        app: App[object] = self.app
        return [one for one in REGISTRY.values() if isinstance(app, OncallApp) and one.is_available(app)]

    def _display(self, command: Command) -> Content:
        return Content.assemble(command.palette, (f"   {self._key(command)}", "$dim not bold"))

    def _key(self, command: Command) -> str:
        from oncall_tui.ui.app import OncallApp

        return self.app.keymap.shown(command.id) if isinstance(self.app, OncallApp) else ""

    def _runner(self, command: Command):  # type: ignore[no-untyped-def]  # the palette takes any callable
        async def run() -> None:
            from oncall_tui.ui.app import OncallApp

            if isinstance(self.app, OncallApp):
                work = command.run(self.app)
                if work is not None:
                    await work

        return run
