"""Commands that change the view, and those of the screen as a whole."""

from typing import TYPE_CHECKING

from oncall_tui.ui.commands.command import Command, Group

if TYPE_CHECKING:
    from oncall_tui.ui.app import OncallApp


class ShowOverview(Command):
    """Health, services, alerts and deployments on one page."""

    id = "view.overview"
    key = "1"
    label = "overview"
    palette = "view: overview"
    group = Group.VIEWS
    rank = 70
    missing = "You are there."
    is_quiet = True

    def is_available(self, app: "OncallApp") -> bool:
        return app.current_mode != "overview"

    async def run(self, app: "OncallApp") -> None:
        await app.show_view("overview")


class ShowAlerts(Command):
    """Every active alert, with all that is known of one."""

    id = "view.alerts"
    key = "2"
    label = "alerts"
    palette = "view: alerts"
    group = Group.VIEWS
    rank = 71
    missing = "You are there."
    is_quiet = True

    def is_available(self, app: "OncallApp") -> bool:
        return app.current_mode != "alerts"

    async def run(self, app: "OncallApp") -> None:
        await app.show_view("alerts")


class ShowDeployments(Command):
    """Every recent deployment, and what it is suspected of."""

    id = "view.deployments"
    key = "5"
    label = "deployments"
    palette = "view: deployments"
    group = Group.VIEWS
    rank = 72
    missing = "You are there."
    is_quiet = True

    def is_available(self, app: "OncallApp") -> bool:
        return app.current_mode != "deployments"

    async def run(self, app: "OncallApp") -> None:
        await app.show_view("deployments")


class ShowOnCall(Command):
    """Who is on call now and next, your shifts, and pages per day.

    A policy for which nobody is on call is told first.
    """

    id = "view.oncall"
    key = "7"
    label = "on call"
    palette = "view: who is on call"
    group = Group.VIEWS
    rank = 73
    missing = "You are there."
    is_quiet = True

    def is_available(self, app: "OncallApp") -> bool:
        return app.current_mode != "oncall"

    async def run(self, app: "OncallApp") -> None:
        await app.show_view("oncall")


class Back(Command):
    """Leave the filter, the marks, the view; last is the overview."""

    id = "view.back"
    key = "escape"
    label = "back"
    palette = "view: back"
    group = Group.VIEWS
    rank = 80
    missing = "There is nothing to leave."
    is_quiet = True

    def is_available(self, app: "OncallApp") -> bool:
        return app.view.can_go_back

    async def run(self, app: "OncallApp") -> None:
        await app.view.go_back()


class Jump(Command):
    """Show a letter at every place and row; the next key goes there."""

    id = "screen.jump"
    key = "f"
    label = "jump"
    palette = "screen: jump to a place or a row"
    group = Group.VIEWS
    rank = 60
    opens = True

    def run(self, app: "OncallApp") -> None:
        from oncall_tui.ui.jump_screen import Jump as Labels

        # At once: a letter that is typed right after this key is meant for what it shows.
        app.push_screen(Labels(app.view))


class Refresh(Command):
    """Ask every source now."""

    id = "screen.refresh"
    key = "R"
    label = "refresh"
    palette = "screen: refresh now"
    group = Group.SCREEN

    def run(self, app: "OncallApp") -> None:
        app.polling.refresh()


class Pause(Command):
    """Stop asking the sources, or go on.

    While it is paused every source says so, with the age of its data.
    """

    id = "screen.pause"
    key = "P"
    label = "pause"
    palette = "screen: pause or resume polling"
    group = Group.SCREEN

    def run(self, app: "OncallApp") -> None:
        app.polling.toggle_pause()


class ShowSources(Command):
    """Show state, age and request budget of every source."""

    id = "screen.sources"
    key = "b"
    label = "sources"
    palette = "screen: sources and request budget"
    group = Group.SCREEN
    opens = True

    async def run(self, app: "OncallApp") -> None:
        # Imported here: the registry is read by programs that have no screen.
        from oncall_tui.ui.screens.sources import Sources

        await app.push_screen(Sources(opened_by=self.id))


class ShowSilences(Command):
    """Show every silence: until when, by whom, why and what it matches.

    From there one is extended by an hour, or ended.
    """

    id = "screen.silences"
    key = ""
    label = "silences"
    palette = "screen: silences"
    group = Group.SCREEN
    missing = "Not ready: the sources are still being opened."
    opens = True

    def is_available(self, app: "OncallApp") -> bool:
        return app.acting.rooms is not None

    async def run(self, app: "OncallApp") -> None:
        from oncall_tui.ui.screens.silence_list import SilenceList

        if app.acting.rooms is not None:
            await app.push_screen(SilenceList(app.acting.rooms.silencers, may_act=not app.config.is_read_only))


class ChangeTheme(Command):
    """Choose another theme; the screen wears the one under the cursor.

    It holds until the screen is closed; `display.theme` in the configuration keeps it.
    """

    id = "screen.theme"
    key = "T"
    label = "theme"
    palette = "screen: theme"
    group = Group.SCREEN
    opens = True

    def run(self, app: "OncallApp") -> None:
        from oncall_tui.ui.screens.theme_picker import ThemePicker

        app.push_screen(ThemePicker())


class ShowHelp(Command):
    """Where you are: the keys that work here, and what the signs mean."""

    id = "screen.help"
    key = "question_mark, f1"
    label = "help"
    palette = "screen: help"
    group = Group.SCREEN
    rank = 52
    opens = True

    async def run(self, app: "OncallApp") -> None:
        from oncall_tui.ui.screens.help import Help

        await app.push_screen(Help(app, opened_by=self.id))


class ShowCommands(Command):
    """Every command by name."""

    id = "screen.commands"
    key = "colon, ctrl+p"
    label = "commands"
    palette = "screen: commands"
    group = Group.SCREEN
    rank = 91
    opens = True

    def run(self, app: "OncallApp") -> None:
        from oncall_tui.ui.commands.palette import Palette

        app.push_screen(Palette())


class Quit(Command):
    """Leave, at once; it asks only while a step of a runbook is running.

    Nothing is waited for; what was sent and not answered is looked at by the next start.
    """

    id = "screen.quit"
    key = "q"
    label = "quit"
    palette = "screen: quit"
    works_unseen = True
    group = Group.SCREEN
    rank = 99

    def run(self, app: "OncallApp") -> None:
        from oncall_tui.ui import later

        runs = later.runs_begun(app)
        if runs is not None and runs.busy:
            runs.ask_to_leave(lambda: self._leave(app))
        else:
            self._leave(app)

    def _leave(self, app: "OncallApp") -> None:
        app.exit(message=app.acting.words_at_the_end or None)


VIEW_COMMANDS: tuple[type[Command], ...] = (
    ShowOverview,
    ShowAlerts,
    ShowDeployments,
    ShowOnCall,
    Back,
    Jump,
    Refresh,
    Pause,
    ShowSources,
    ShowSilences,
    ChangeTheme,
    ShowHelp,
    ShowCommands,
    Quit,
)
