"""What is loaded when it is first shown, and not before the first paint: every module costs it half a millisecond."""

from typing import TYPE_CHECKING, Any

from textual.command import Provider
from textual.screen import Screen

from oncall_tui.ui.present.working import NO_WORK, Work

if TYPE_CHECKING:
    from oncall_tui.ui.acting import Acting
    from oncall_tui.ui.app import OncallApp
    from oncall_tui.ui.running.runs import Runs


def alerts() -> Screen[Any]:
    """The view of all alerts."""
    from oncall_tui.ui.screens.alerts import Alerts

    return Alerts()


def deployments() -> Screen[Any]:
    """The view of deployments."""
    from oncall_tui.ui.screens.deployments import Deployments

    return Deployments()


def oncall() -> Screen[Any]:
    """The view of who is on call."""
    from oncall_tui.ui.screens.oncall import OnCall

    return OnCall()


def runbooks() -> Screen[Any]:
    """The catalogue of runbooks."""
    from oncall_tui.ui.screens.runbooks import Runbooks

    return Runbooks()


def commands() -> type[Provider]:
    """What the palette offers."""
    from oncall_tui.ui.commands.palette import CommandsProvider

    return CommandsProvider


def work(app: "OncallApp") -> Work:
    """What is being sent or waits; nothing is loaded to tell that there is nothing."""
    acting: Acting | None = vars(app).get("acting")
    return acting.work if acting is not None else NO_WORK


def runs(app: "OncallApp") -> "Runs":
    """The runs of runbooks that this screen holds."""
    held = runs_begun(app)
    if held is None:
        from oncall_tui.ui.running import runs as loaded

        held = vars(app)["_runs"] = loaded.Runs(app)
    return held


def runs_begun(app: "OncallApp") -> "Runs | None":
    """The same, when there are any; nothing is loaded to tell that there are none."""
    return vars(app).get("_runs")


async def end_runs(app: "OncallApp") -> None:
    """What runs in runbooks is ended, and its end written, before the journal is closed."""
    held = runs_begun(app)
    if held is not None:
        await held.end()
