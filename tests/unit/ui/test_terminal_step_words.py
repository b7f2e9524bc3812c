"""The words around a step that has the terminal."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from oncall_tui.runbook.execution import Ending, Executed
from oncall_tui.runbook.run.live import Ended
from oncall_tui.runbook.run.outcome import Judged
from oncall_tui.runbook.run.plan import Plan
from oncall_tui.runbook.run.states import State
from oncall_tui.ui.present.runbook.lending import end_of, how, kept, lead

PLAN = cast(Plan, SimpleNamespace(unit="edit"))
FINE = Executed(Ending.EXITED, exit=0, took_s=2.14)


@pytest.mark.parametrize(
    ("executed", "words"),
    [
        (FINE, "ended with exit code 0 after 2.1 s"),
        (replace(FINE, exit=1), "ended with exit code 1 after 2.1 s"),
        (replace(FINE, exit=137), "ended with exit code 137 (SIGKILL) after 2.1 s"),
        (replace(FINE, exit=255), "ended with exit code 255 after 2.1 s"),
        (replace(FINE, exit=None, signal=15), "was ended by SIGTERM after 2.1 s"),
        (replace(FINE, exit=None, signal=99), "was ended by signal 99 after 2.1 s"),
        (Executed(Ending.FAILED_TO_START, "there is no bash\x1b[2J"), "did not start: there is no bash\ufffd[2J"),
        (Executed(Ending.CANCELLED, "its effects are unknown"), "was cancelled: its effects are unknown"),
    ],
)
def test_how_it_ended(executed: Executed, words: str) -> None:
    assert how(executed) == words


def test_the_lines_around_it_are_plain_and_say_what_comes_next() -> None:
    hostile = cast(Plan, SimpleNamespace(unit="edit\x1b[2J\n"))
    said = lead(hostile) + end_of(hostile, Ended(FINE, Judged(State.DONE)))
    assert "\x1b" not in said
    assert all(len(line) <= 80 for line in lead(PLAN).splitlines())
    assert end_of(PLAN, Ended(FINE, Judged(State.DONE))).splitlines()[1:] == [
        "── edit ended with exit code 0 after 2.1 s",
        "── press Enter to go back to oncall-tui ",
    ]


def test_what_failed_all_the_same_and_what_is_not_written_is_said() -> None:
    judged = Judged(State.FAILED, "expected stdout == 'ok', which is not so")
    said = end_of(PLAN, Ended(FINE, judged, unwritten="the disk is full"))
    assert "── failed: expected stdout == 'ok', which is not so\n" in said
    assert "── the journal does not hold this yet: the disk is full\n" in said
    assert "failed" not in end_of(PLAN, Ended(replace(FINE, exit=1), Judged(State.FAILED, "exit 1")))


@pytest.mark.parametrize(
    ("executed", "words"),
    [
        (
            replace(FINE, output_file=Path("/s/a.txt")),
            "it had the terminal, exit code 0; what it drew is in\n/s/a.txt\n",
        ),
        (replace(FINE, exit=None, signal=9), "it had the terminal, SIGKILL; what it drew is not recorded\n"),
        (Executed(Ending.CANCELLED), "it had the terminal, cancelled; what it drew is not recorded\n"),
        (Executed(Ending.FAILED_TO_START, "no bash"), ""),
    ],
)
def test_what_stands_in_its_cell(executed: Executed, words: str) -> None:
    assert kept(executed) == words
