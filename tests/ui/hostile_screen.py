"""Started in a terminal of its own by ``test_terminal``: the screen on a situation of nothing but hostile text."""

import os
import sys

from oncall_tui.terminal.here import this_terminal
from tests.nasty.corpus import EVERYTHING
from tests.nasty.scene import situation_of_nothing_but
from tests.ui.desk import FakeMonitor, FakeRooms, build, config_of


class Monitor(FakeMonitor):
    """Publishes a hostile picture as soon as it runs."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    async def run(self) -> None:
        self.publish(situation_of_nothing_but(self._text))
        await super().run()


if __name__ == "__main__":
    rooms = FakeRooms()
    rooms.monitor = Monitor(" ".join(EVERYTHING[name] for name in sys.argv[1:]))
    build(config_of(production=True), rooms, terminal=this_terminal(os.environ)).run()
