"""The filters of the configuration as commands: each with a key, a palette entry and a line in the help."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from oncall_tui.domain.text import clean_line
from oncall_tui.ui.commands.command import Command, Group

if TYPE_CHECKING:
    from oncall_tui.config.model import FilterSettings
    from oncall_tui.ui.app import OncallApp

PREFIX = "filter."
"""Begins the id of every saved filter; its place in the configuration, from 1 on, follows."""


class SavedFilter(Command):
    """Show what a filter of the configuration finds, in its order and its groups."""

    key = ""
    group = Group.LISTS
    is_in_help = False
    settings: ClassVar["FilterSettings"]

    async def run(self, app: "OncallApp") -> None:
        await app.view.apply_filter(self.settings)


def saved_filters(filters: Sequence["FilterSettings"]) -> dict[str, Command]:
    """A command for every filter, by its id. Their keys are known to the key map alone."""
    return {one.id: one for number, settings in enumerate(filters, 1) for one in [_command(number, settings)]}


def _command(number: int, settings: "FilterSettings") -> Command:
    name = clean_line(settings.name, 40)
    told = {
        "__doc__": f"{name}: {clean_line(settings.filter, 200) or 'every alert'}",
        "id": f"{PREFIX}{number}",
        "label": name,
        "palette": f"filter: {name}",
        "settings": settings,
    }
    command: type[SavedFilter] = type(f"SavedFilter{number}", (SavedFilter,), told)
    return command()
