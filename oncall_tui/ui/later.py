"""What is loaded when it is first shown, and not before the first paint: every module costs it half a millisecond."""

from typing import Any

from textual.command import Provider
from textual.screen import Screen


def alerts() -> Screen[Any]:
    """The view of all alerts."""
    from oncall_tui.ui.screens.alerts import Alerts

    return Alerts()


def deployments() -> Screen[Any]:
    """The view of deployments."""
    from oncall_tui.ui.screens.deployments import Deployments

    return Deployments()


def commands() -> type[Provider]:
    """What the palette offers."""
    from oncall_tui.ui.commands.palette import CommandsProvider

    return CommandsProvider
