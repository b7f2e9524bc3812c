"""Started in a terminal of its own by ``test_terminal``: the screen on a situation of nothing but hostile text."""

import os
import sys

from oncall_tui.terminal.here import this_terminal
from tests.nasty.corpus import EVERYTHING
from tests.nasty.scene import situation_of_nothing_but
from tests.ui.desk import FakeRooms, build, config_of


class Rooms(FakeRooms):
    """Rooms that publish a hostile picture as soon as somebody watches."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    async def read_own_acknowledgements(self) -> None:
        self.monitor.publish(situation_of_nothing_but(self._text))


if __name__ == "__main__":
    rooms = Rooms(" ".join(EVERYTHING[name] for name in sys.argv[1:]))
    build(config_of(production=True), rooms, terminal=this_terminal(os.environ)).run()
