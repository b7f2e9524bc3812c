"""Started in a terminal of its own by ``test_terminal``: the screen on a situation of nothing but one hostile text."""

import asyncio
import sys

from tests.nasty.corpus import EVERYTHING
from tests.nasty.scene import situation_of_nothing_but
from tests.ui.desk import FakeRooms, build, config_of


class Rooms(FakeRooms):
    """Rooms that publish hostile pictures as soon as somebody watches."""

    def __init__(self, texts: list[str]) -> None:
        super().__init__()
        self._texts = texts

    async def read_own_acknowledgements(self) -> None:
        for generation, text in enumerate(self._texts, start=1):
            self.monitor.publish(situation_of_nothing_but(text, generation))
            await asyncio.sleep(0)


if __name__ == "__main__":
    build(config_of(production=True), Rooms([EVERYTHING[name] for name in sys.argv[1:]])).run()
