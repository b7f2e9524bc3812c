"""Started in a terminal of its own by ``test_typed_ahead_terminal``: the screen on three alerts. At its end it tells
what was sent, and what stands in the filters."""

import json
import os

from textual.widgets import Input

from oncall_tui.terminal.here import this_terminal
from oncall_tui.ui.app import OncallApp
from oncall_tui.ui.quiet_keys import wait_for_keys
from tests.ui.desk import FakeMonitor, FakeRooms, build, config_of, situation_of
from tests.unit.builders import PAGERDUTY, alert, before, record

ROWS = [alert(record(PAGERDUTY, f"Q{i}", title=f"trouble {i}", since=before(9 - i))) for i in range(3)]
SIGN = "trouble 2"


class Monitor(FakeMonitor):
    """Publishes three alerts as soon as it runs."""

    async def run(self) -> None:
        self.publish(situation_of(*ROWS))
        await super().run()


def filters_of(app: OncallApp) -> list[str]:
    """What stands in the filters of all views that were opened."""
    screens = (screen for stack in app._screen_stacks.values() for screen in stack)
    return [field.value for screen in screens for field in screen.query("#filter").results(Input)]


def main() -> None:
    """Run the screen to its end."""
    rooms, found = FakeRooms(), list[str]()
    rooms.monitor = Monitor()
    app = build(config_of(), rooms, terminal=this_terminal(os.environ))
    leave = app.exit

    def leaving(*args: object, **kwargs: object) -> None:
        found.extend(filters_of(app))
        leave(*args, **kwargs)  # type: ignore[arg-type]

    app.exit = leaving  # type: ignore[method-assign]
    wait_for_keys(app)
    app.run()
    print(json.dumps({"sent": rooms.ids_sent, "filters": found}))


if __name__ == "__main__":
    main()
