"""What tests of the whole screen share: the app on a configuration, and waiting for what it shows."""

from collections.abc import Callable
from datetime import timedelta
from time import monotonic

from textual.pilot import Pilot

from oncall_tui.ui.app import OncallApp

DEADLINE_S = 90.0


async def shows(pilot: Pilot[None], condition: Callable[[], object], what: str) -> None:
    """Wait until ``condition`` holds; the test fails with ``what`` when it does not in time."""
    deadline = monotonic() + DEADLINE_S
    while not condition():
        assert monotonic() < deadline, f"not shown within {DEADLINE_S:.0f} s: {what}\n{text_of(pilot.app)}"
        await pilot.pause(0.05)


def look_again(app: OncallApp) -> None:
    """Ask the sources anew once they have answered, at most twice a second: their budget is a real one."""
    told = [one.fetched_at for one in app.situation.freshness]
    if told and all(at is not None and app.now() - at > timedelta(seconds=0.5) for at in told):
        app.polling.refresh()


def text_of(app: object) -> str:
    """What stands on the screen, line by line."""
    assert isinstance(app, OncallApp)
    lines = app.screen._compositor.render_strips()
    return "\n".join(strip.text.rstrip() for strip in lines)
