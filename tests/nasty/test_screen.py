"""The real program on a real terminal before hostile vendors: every byte that it sends is read by the strict reader.

One process for each pass, taken through everything that can be shown. Its journal, its themes and its user are hostile
too, and so is what is pasted into it.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.pseudo_terminal import left_on
from tests.nasty.conftest import Announcement
from tests.nasty.sitting import ESCAPE, NUMBER, PASTE, PASTED, PROTOCOLS, Sitting, sat_down
from tests.nasty.vt import read


@pytest.fixture
def protocol(request: pytest.FixtureRequest) -> str:
    """How notifications are sent, another way in each pass: the number of their sequence."""
    return PROTOCOLS[request.node.callspec.params["announcement"]]


@pytest.fixture
def sitting(announcement: Announcement, environ: dict[str, str], protocol: str, tmp_path: Path) -> Iterator[Sitting]:
    """Somebody whose pager keeps quiet for now."""
    with sat_down(announcement, environ, protocol, tmp_path) as opened:
        opened.tells("/quiet")
        yield opened


def look_round(at: Sitting) -> None:
    """Every view, dialog, list and mode."""
    at.screen.read_until("DEPLOYMENTS")
    at.screen.read_until("is not used")
    at.resizes(160, 45)
    at.goes("2", "overview")
    at.screen.does("s", "by age", again_after=30.0)  # again would sort by something else
    at.does("b", "Sources")
    at.leaves()
    at.does("?", "Help")
    at.leaves("?")
    at.does("f", "JUMP")
    at.leaves()
    at.does("T", "take it")
    at.leaves("jk" + ESCAPE)
    at.opens(":", "alert: show details")
    at.does(PASTE.format(PASTED), "No matches")
    at.leaves()
    for typed in (PASTE.format(PASTED), "[@cl"):
        at.opens("/", "leave it")
        at.does(typed, " match")
        at.leaves()
    at.does("b", "Sources")
    at.resizes(30, 10, "This terminal")
    at.resizes(80, 24)
    at.leaves()
    at.goes("5", "told by")
    at.resizes(120, 36)
    at.goes("7", "ON CALL")
    at.goes("4", "RUNBOOKS")
    at.goes("1", "SERVICES")
    at.does("W", "Outbox")
    at.leaves()
    at.resizes(80, 24)
    at.resizes(120, 36)


def be_called(at: Sitting) -> None:
    """Alerts that are new: the bell, and a notification."""
    at.waits_for_told("reads", 2)
    at.tells("/loud")
    at.does("R", ";oncall-tui")
    at.waits_for_told("reads", 1)


def act(at: Sitting) -> None:
    """Copy, open, and acknowledge everything, which is refused in hostile words."""
    at.goes("2", "RECORDS")
    at.lists(NUMBER)
    at.does("gy", "Sent to the terminal")
    at.screen.does("ojojojojojM", " marked", again_after=30.0)  # M again would take the marks away
    at.does("a", "Acknowledge these")
    at.agrees()


def test_no_byte_of_others_reaches_the_terminal(sitting: Sitting, protocol: str) -> None:
    look_round(sitting)
    be_called(sitting)
    act(sitting)
    acts = sitting.has_acted()
    for view in "12457":
        sitting.screen.press(view)
        sitting.points_everywhere(120, 36)
    assert sitting.ends() == 0, sitting.screen.text[-4_000:]
    said = read(sitting.screen.received)
    assert said.wrong == []
    assert {one.partition(";")[0] for one in said.notified} == {protocol}
    assert said.bells
    assert said.links
    assert len(said.copied) > 1
    assert "\ufffd" in said.text, "what was cleaned is shown as such"
    assert sitting.told("acts") == acts, "nothing is pressed by a text"
    assert left_on(sitting.screen.text) == []
    assert sitting.screen.settings == sitting.screen.settings_before
