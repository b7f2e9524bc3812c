"""Every form of the real program about hostile alerts, and a runbook's page, on a real terminal read byte by byte."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.pseudo_terminal import left_on
from tests.nasty.books import SAID, write_runbooks
from tests.nasty.conftest import Announcement
from tests.nasty.sitting import PASTE, PASTED, PROTOCOLS, Sitting, sat_down
from tests.nasty.vt import read

ENTER = "\r"
SAVE = "\x13"
EMPTY = "\x15"
EMPTY_AFTER = "\x0b"
"""Delete what stands in a field, before the cursor and after it."""
ON_PAGE = "end the run"
"""In the line of keys of a run."""
ON_LINE = "as pasted"
"""The end of what is pasted: a field shows the end."""


@pytest.fixture
def sitting(announcement: Announcement, environ: dict[str, str], tmp_path: Path) -> Iterator[Sitting]:
    """Somebody whose pager holds incidents, and whose team has hostile runbooks."""
    runbooks = tmp_path / "runbooks"
    write_runbooks(runbooks)
    with sat_down(announcement, environ, PROTOCOLS["words"], tmp_path, runbooks) as opened:
        opened.tells("/loud")
        yield opened


def pastes(at: Sitting) -> None:
    """Paste hostile text into the field that has the focus."""
    at.screen.settle()
    at.does(PASTE.format(PASTED + ON_LINE), ON_LINE)


def answers(at: Sitting, refused: str) -> None:
    """Take what the form offers; the vendor refuses it in hostile words."""
    at.screen.settle()
    at.does(ENTER, refused)


def finds(at: Sitting, words: str, told: str) -> None:
    """Look for a command in the palette."""
    at.opens(":", "alert: show details")
    at.does(words, told)
    at.screen.settle()


def lists_only(at: Sitting, source: str) -> None:
    """Have only the alerts of one source in the list: whatever row is the first, its forms open."""
    at.opens("/", "leave it")
    at.does(f"{EMPTY}source:{source}", " match")
    at.leaves(ENTER)


def act(at: Sitting) -> None:
    """The forms of what a pager holds, one after the other."""
    at.goes("2", "RECORDS")
    lists_only(at, "pagerduty")
    at.does("H", "History:")
    at.leaves()
    at.does("n", "hat the others should know")
    pastes(at)
    answers(at, "Not noted")
    at.does("z", "or another time")
    answers(at, "Not snoozed")
    at.does("e", "level ")
    # Another level: it is at the first one already.
    at.screen.press("j")
    answers(at, " escalated")
    finds(at, "change the priority", "as the account calls them")
    at.does(ENTER, " Priority of ")
    answers(at, "Not given a priority")
    finds(at, "reassign", "Hand it to somebody")
    at.does(ENTER, "etters of a name")
    pastes(at)
    at.leaves()
    finds(at, "merge", "which stays open")
    at.does(ENTER, "etters of the incident")
    answers(at, "Not merged")


def silence(at: Sitting) -> None:
    """With what it would cover, which is hostile too."""
    lists_only(at, "alertmanager")
    at.does("S", "why: the others read it")
    at.screen.settle()
    at.does(f'{EMPTY}{EMPTY_AFTER}severity=~".+"', "covers ")
    at.does(SAVE, "Write why")
    pastes(at)
    at.screen.settle()
    at.does(SAVE, "Not silenced")


def run(at: Sitting) -> None:
    """A runbook: chosen, one of its steps run, its dialogs, its end, and its place in the catalogue."""
    at.does("r", "Which runbook?")
    at.leaves(ENTER, ON_PAGE)
    at.screen.settle()
    at.does(ENTER, SAID)
    at.screen.settle()
    at.does("v", "What steps are given")
    at.leaves(sign=ON_PAGE)
    at.screen.settle()
    at.does("j", "nobody has given it a value")
    at.does("s", "hy it is not needed")
    pastes(at)
    at.leaves(sign=ON_PAGE)
    at.screen.settle()
    at.does(ENTER, "Value of asked")
    at.leaves("x" + ENTER, "Run this step?")
    at.leaves(sign=ON_PAGE)
    at.screen.press("G")
    at.leaves()
    at.goes("4", "open run")


@pytest.mark.parametrize("announcement", ["words"], indirect=True)
def test_no_form_lets_a_byte_of_others_reach_the_terminal(sitting: Sitting) -> None:
    sitting.screen.read_until("DEPLOYMENTS")
    before = sitting.told("acts")
    act(sitting)
    assert sitting.told("acts") > before + 3, "what is drawn of them are the hostile words of the pager"
    silence(sitting)
    run(sitting)
    assert sitting.ends() == 0, sitting.screen.text[-4_000:]
    said = read(sitting.screen.received)
    assert said.wrong == []
    assert "\ufffd" in said.text, "what was cleaned is shown as such"
    assert left_on(sitting.screen.text) == []
    assert sitting.screen.settings == sitting.screen.settings_before
