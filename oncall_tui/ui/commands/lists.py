"""Commands that move in a list and choose what it shows."""

from typing import TYPE_CHECKING

from oncall_tui.ui.commands.command import Command, Group

if TYPE_CHECKING:
    from oncall_tui.ui.app import OncallApp


class _InList(Command):
    """A command on the list that is in use, or on the text that has the focus."""

    group = Group.LISTS
    missing = "There is no list here."
    is_quiet = True

    def is_available(self, app: "OncallApp") -> bool:
        return app.view.can_move


class Down(_InList):
    """Go to the next row."""

    id = "list.down"
    key = "j"
    label = "down"
    palette = "list: next row"

    def run(self, app: "OncallApp") -> None:
        app.view.move(1)


class Up(_InList):
    """Go to the row before."""

    id = "list.up"
    key = "k"
    label = "up"
    palette = "list: row before"

    def run(self, app: "OncallApp") -> None:
        app.view.move(-1)


class First(_InList):
    """Go to the first row."""

    id = "list.first"
    key = "g"
    label = "first"
    palette = "list: first row"

    def run(self, app: "OncallApp") -> None:
        app.view.move_to_edge(is_first=True)


class Last(_InList):
    """Go to the last row."""

    id = "list.last"
    key = "G"
    label = "last"
    palette = "list: last row"

    def run(self, app: "OncallApp") -> None:
        app.view.move_to_edge(is_first=False)


class Filter(Command):
    """Show only what a filter finds: words, -words, fields.

    For instance sev<=2 service:api -team:data age>10m; docs/filters.md has the language.
    """

    id = "list.filter"
    key = "slash"
    label = "filter"
    palette = "list: filter"
    group = Group.LISTS
    rank = 50
    missing = "Only alerts can be filtered: {view.alerts} goes to their list."
    opens = True

    def is_available(self, app: "OncallApp") -> bool:
        return app.view.can_filter

    async def run(self, app: "OncallApp") -> None:
        await app.view.open_filter()


LIST_COMMANDS: tuple[type[Command], ...] = (Down, Up, First, Last, Filter)
