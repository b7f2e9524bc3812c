"""Two real screens on one journal at once: what one is doing is left alone by the start of the other."""

import time
from pathlib import Path

import pytest

from oncall_tui.simulator.server import SimulatorOptions, running
from tests.integration.product import (
    ACKNOWLEDGED,
    Pager,
    at_the_screen,
    configured,
    intents,
    journal_of,
    product,
)
from tests.unit.journal.helpers import opened

pytestmark = pytest.mark.integration

OPTIONS = SimulatorOptions(time.time, is_quiet=True, is_ticking=False, history_s=3_600, pagerduty_limit=100_000)
ACK, NOTED, OTHER = "ack-0", "note-0", "other-0"


def play(config: Path, pager: Pager) -> None:
    """One acts and has no answer yet; the other starts, acts too, and sees in the end what the first has done."""
    with product(config) as first:
        first.list()
        pager.hold(ACK, NOTED)
        first.acknowledge(ACK)
        first.note(NOTED)
        first.until(lambda: pager.has_arrived(ACK) and pager.has_arrived(NOTED), "two requests under way")
        with product(config) as second:
            second.list()
            # Its own act comes after the look at what was left unsent: both go through the journal, one by one.
            second.acknowledge(OTHER)
            second.until(lambda: ACKNOWLEDGED in second.row(OTHER), "an act of the second screen")
            assert sorted(intents(config, open_only=True)) == [ACK, NOTED], "under way, and nobody else has closed it"
            assert not second.told("left unsent")
            pager.release()
            for screen in (first, second):
                screen.until(lambda one=screen: ACKNOWLEDGED in one.row(ACK), "it is done")  # type: ignore[misc]
            first.until(lambda: not intents(config, open_only=True), "an end of everything")
            for screen in (first, second):
                screen.terminal.press("q")
                assert screen.terminal.read_to_the_end() == 0


async def test_what_one_screen_is_doing_is_not_done_again_by_the_start_of_another(tmp_path: Path) -> None:
    async with running(OPTIONS) as simulator:
        config, pager = configured(tmp_path, simulator), Pager(simulator)
        pager.page(ACK, NOTED, OTHER)
        await at_the_screen(lambda: play(config, pager))
        assert [pager.acknowledges(one) for one in (ACK, OTHER)] == [1, 1]
        assert pager.notes(NOTED) == 1
        assert len([one for one in pager.arrived if pager.ids[ACK] in one]) == 1, "one request, answered or not"
    with opened(journal_of(config)) as journal:
        assert journal.verify() is None
