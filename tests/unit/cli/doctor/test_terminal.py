"""The terminal, judged by its environment."""

from collections.abc import Mapping
from io import StringIO

import pytest

from oncall_tui.cli.doctor.terminal import about, terminal_findings, terminal_here
from oncall_tui.config.model import NotifySettings
from oncall_tui.terminal import Terminal, terminal_of
from tests.unit.cli.doctor.findings import FAILED, OK, WARNING, only

GOOD = {"TERM": "xterm-kitty", "COLORTERM": "truecolor"}


def terminal(environ: Mapping[str, str], size: tuple[int, int] = (120, 36), encoding: str = "utf-8") -> Terminal:
    return terminal_of(environ, is_tty=True, size=size, encoding=encoding)


def test_a_good_one_has_nothing_to_mend() -> None:
    found = terminal_findings(terminal(GOOD))
    assert {one.state for one in found} == {OK}
    assert [one.what for one in found] == [
        "120x36.",
        "UTF-8.",
        "24-bit colour.",
        "Notifications, links, copy: yes.",
    ]
    assert about(terminal(GOOD)) == "kitty"


@pytest.mark.parametrize(
    ("environ", "size", "encoding", "state", "word"),
    [
        (GOOD, (79, 36), "utf-8", FAILED, "79x36 is too small"),
        (GOOD, (120, 23), "utf-8", FAILED, "120x23 is too small"),
        ({"TERM": "dumb"}, (120, 36), "utf-8", FAILED, "TERM is dumb"),
        ({}, (120, 36), "utf-8", WARNING, "TERM is not set"),
        (GOOD, (120, 36), "ascii", WARNING, "encoding is ascii"),
        ({"TERM": "xterm"}, (120, 36), "utf-8", WARNING, "16 colours only"),
    ],
)
def test_what_is_not_good_enough_is_told_with_what_to_do(
    environ: dict[str, str], size: tuple[int, int], encoding: str, state: object, word: str
) -> None:
    wrong = only(one for one in terminal_findings(terminal(environ, size, encoding)) if one.state is not OK)
    assert wrong.state is state
    assert word in wrong.what
    assert wrong.advice


def test_colour_that_is_not_wanted_is_no_fault() -> None:
    found = terminal_findings(terminal({**GOOD, "NO_COLOR": "1"}))
    assert "No colour: NO_COLOR is set." in [one.what for one in found]
    assert {one.state for one in found} == {OK}


def test_what_stands_in_between_is_named() -> None:
    inside = terminal({"TERM": "tmux-256color", "TMUX": "/tmp/x", "SSH_TTY": "/dev/pts/1"})
    assert about(inside) == "TERM tmux-256color in tmux, over ssh"
    assert any("allow-passthrough" in one.what for one in terminal_findings(inside))


def test_a_notification_that_was_chosen_and_cannot_come_through_is_a_warning() -> None:
    inside = terminal({"TERM": "screen-256color", "STY": "1.x"})
    for settings, states in (
        (NotifySettings(), {OK}),
        (NotifySettings(protocol="osc9"), {OK, WARNING}),
        (NotifySettings(protocol="osc9", desktop="off"), {OK}),
    ):
        assert {one.state for one in terminal_findings(inside, settings)} == states


def test_without_a_terminal_nothing_is_judged() -> None:
    nowhere = terminal_here(GOOD, (StringIO(), StringIO()))
    assert not nowhere.is_tty
    assert only(terminal_findings(nowhere)).state is OK
