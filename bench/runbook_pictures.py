"""The runbook of the demo's incident, picture by picture, as it is pressed through."""

from collections.abc import Callable, Mapping

from textual.pilot import Pilot

from oncall_tui.runbook.run.states import State
from oncall_tui.ui.app import OncallApp
from oncall_tui.ui.screens.confirm_step import ConfirmStep
from oncall_tui.ui.screens.run import RunScreen


async def pictures(app: OncallApp, pilot: Pilot[None]) -> Mapping[str, str]:
    """An SVG by name, in order."""
    taken: dict[str, str] = {}

    async def until(holds: Callable[[], bool]) -> None:
        while not holds():
            await pilot.pause(0.2)

    def take(name: str) -> None:
        taken[f"{len(taken) + 1}-{name}"] = app.export_screenshot(title="oncall-tui")

    slow = [one for one in app.situation.alerts if one.service == "api" and "P95" in one.title]
    await app.show_view("alerts", slow[0].id)
    await pilot.pause(1)
    await pilot.press("r")
    await until(lambda: isinstance(app.screen, RunScreen))
    screen = app.screen
    assert isinstance(screen, RunScreen)

    def is_in(unit: str, state: State) -> bool:
        return screen._drive.run.state_of(unit) is state

    await until(lambda: is_in("hit_ratio", State.DONE))
    await pilot.pause(1)
    take("opened")
    screen.page.move_to("releases")
    await pilot.press("enter")
    await until(lambda: is_in("releases", State.DONE))
    await pilot.pause(1)
    await pilot.press("p", "down")
    await pilot.pause(0.5)
    take("picked")
    await pilot.press("enter")
    await pilot.pause(0.5)
    screen.page.move_to("rollback")
    await pilot.press("enter")
    await until(lambda: isinstance(app.screen, ConfirmStep))
    await pilot.pause(1)
    take("asked")
    await pilot.press("y")
    await until(lambda: is_in("rollback", State.RUNNING))
    await pilot.pause(1.5)
    take("running")
    await pilot.pause(40)
    take("verifying")
    await until(lambda: is_in("rollback", State.DONE))
    await pilot.pause(1)
    take("recovered")
    return taken
