"""SIGKILL of the real program with its screen: what was seen to be done is not lost, nothing is done twice, and the
next start tells what was cut off."""

import time
from pathlib import Path

import pytest

from oncall_tui.simulator.faults import Fault
from oncall_tui.simulator.server import SimulatorOptions, running
from tests.integration.product import (
    ACKNOWLEDGED,
    Pager,
    Product,
    at_the_screen,
    configured,
    intents,
    journal_of,
    product,
)
from tests.unit.journal.helpers import opened

pytestmark = pytest.mark.integration

OPTIONS = SimulatorOptions(time.time, is_quiet=True, is_ticking=False, history_s=3_600, pagerduty_limit=100_000)
OUT_OF_REACH = Fault(status=429, retry_after_s=600)
ACKS, NOTES = [f"ack-{n}" for n in range(5)], [f"note-{n}" for n in range(5)]
LEFT = "left unsent"


class Night:
    """Somebody at the screen whose program is killed again and again."""

    def __init__(self, config: Path, pager: Pager) -> None:
        self.config = config
        self.pager = pager
        self.seen: set[str] = set()
        """Whatever the screen has called acknowledged."""

    def began(self, screen: Product) -> None:
        """The program is there, and has told of all that the last one left."""
        left = intents(self.config, open_only=True)
        screen.list()
        if left:
            screen.until(lambda: screen.told(LEFT), f"{left} told as left by the last start")
            screen.until(lambda: not intents(self.config, open_only=True), f"an end of {left}")
            acknowledged = [one for one in left if one in ACKS]
            screen.until(lambda: all(ACKNOWLEDGED in screen.row(one) for one in acknowledged), f"{acknowledged} done")

    def killed(self, screen: Product) -> None:
        screen.look()
        screen.kill()
        self.seen |= {one for one in ACKS if ACKNOWLEDGED in screen.row(one)}

    def first(self) -> None:
        """Two acts are seen to be done; a note is under way, and it is killed right after the key of an acknowledge."""
        with product(self.config) as screen:
            self.began(screen)
            screen.acknowledge(ACKS[0])
            screen.until(lambda: ACKNOWLEDGED in screen.row(ACKS[0]), "an acknowledge that is done")
            screen.note(NOTES[0])
            screen.until(lambda: self.pager.notes(NOTES[0]), "a note that is written")
            self.pager.hold(NOTES[2])
            screen.note(NOTES[2])
            screen.until(lambda: self.pager.has_arrived(NOTES[2]), "a note under way")
            screen.press_acknowledge(ACKS[1])
            self.killed(screen)
        self._carried_out(NOTES[2])

    def second(self) -> None:
        """An acknowledge is under way and two acts wait for a pager that cannot be reached when it is killed."""
        with product(self.config) as screen:
            self.began(screen)
            self.pager.hold(ACKS[2])
            screen.acknowledge(ACKS[2])
            screen.until(lambda: self.pager.has_arrived(ACKS[2]), "an acknowledge under way")
            self.pager.simulator.wire.faults["pagerduty"] = OUT_OF_REACH
            screen.acknowledge(ACKS[3])
            screen.note(NOTES[3])
            screen.until(lambda: "waiting" in screen.row(ACKS[3]) and "waiting" in screen.row(NOTES[3]), "both wait")
            self.killed(screen)
        self.pager.simulator.wire.faults.clear()
        self._carried_out(ACKS[2])

    def _carried_out(self, title: str) -> None:
        """The vendor carries out what it was sent, whoever is there to hear of it."""
        assert not self.pager.changes(title)
        self.pager.release()
        Product.eventually(lambda: self.pager.changes(title), f"what was sent of {title} is done")

    def third(self) -> None:
        """Two requests are just answered, and a note was just sent off with its key, when it is killed."""
        with product(self.config) as screen:
            self.began(screen)
            self.pager.hold(ACKS[4], NOTES[4])
            screen.acknowledge(ACKS[4])
            screen.note(NOTES[4])
            screen.until(lambda: self.pager.has_arrived(ACKS[4]) and self.pager.has_arrived(NOTES[4]), "two requests")
            screen.begin_note(NOTES[1])
            self.pager.release()
            screen.terminal.press("\r")
            screen.eventually(lambda: self.pager.changes(ACKS[4]) and self.pager.changes(NOTES[4]), "two answers")
            self.killed(screen)

    def last(self) -> None:
        """All is told; then the terminal is gone, and no signal says so."""
        with product(self.config) as screen:
            self.began(screen)
            screen.until(lambda: all(ACKNOWLEDGED in screen.row(one) for one in self.seen), f"{self.seen} as seen")
            screen.terminal.vanish()
            assert screen.terminal.process.wait(60) == 128 + 1


async def test_a_screen_that_is_killed_loses_nothing_that_it_showed_and_doubles_nothing(tmp_path: Path) -> None:
    async with running(OPTIONS) as simulator:
        config, pager = configured(tmp_path, simulator), Pager(simulator)
        pager.page(*ACKS, *NOTES)
        night = Night(config, pager)
        for life in (night.first, night.second, night.third, night.last):
            await at_the_screen(life)
        begun = intents(config)
        # Right after a key nobody knows whether its intent was on the disk: with it, it is done once, and else never.
        wanted = dict.fromkeys((*ACKS, *NOTES), 1) | {one: int(one in begun) for one in (ACKS[1], NOTES[1])}
        assert {one: pager.changes(one) for one in wanted} == wanted
        states = {one: str(pager.account.incidents[pager.ids[one]].status) for one in ACKS}
        assert states == {one: "acknowledged" if wanted[one] else "triggered" for one in ACKS}
        assert night.seen >= {ACKS[0]} and all(states[one] == "acknowledged" for one in night.seen)
    assert not journal_of(config).with_name("journal.sqlite3-wal").exists(), "the last one has closed it"
    assert intents(config, open_only=True) == []
    with opened(journal_of(config)) as journal:
        assert journal.verify() is None
