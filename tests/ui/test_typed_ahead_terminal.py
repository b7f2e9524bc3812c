"""Keys in one packet, a stop and a redraw, on a real terminal."""

import json
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

import pytest

from tests.integration.pseudo_terminal import DEADLINE_S, PseudoTerminal, left_on, pseudo_terminal
from tests.ui.typing_screen import SIGN


@contextmanager
def screen() -> Iterator[PseudoTerminal]:
    environ = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", "TEXTUAL_ANIMATIONS": "none"}
    with pseudo_terminal([sys.executable, "-m", "tests.ui.typing_screen"], environ) as shown:
        shown.read_until(SIGN)
        yield shown


@pytest.mark.parametrize("typed", ["2/api", "/api"])
def test_of_one_packet_no_letter_acts(typed: str) -> None:
    with screen() as shown:
        # ctrl+q in the same packet: it comes after all that was typed before it.
        shown.press(f"{typed}\x11")
        assert shown.read_to_the_end() == 0
        told = json.loads(shown.text[shown.text.rindex("{") :])
        assert told == {"sent": [], "filters": ["api"]}


def test_a_stop_that_nobody_saw_coming_ends_with_a_whole_screen_and_ctrl_l_draws_one_at_any_time() -> None:
    with screen() as shown:
        shown.settle()
        shown.process.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, shown.process.pid, os.WSTOPPED)
        before = len(shown.received)
        shown.process.send_signal(signal.SIGCONT)
        wait_for_another(shown, SIGN, before)
        assert "\x1b[?1049h" in shown.received[before:].decode("utf-8", "replace"), "the terminal is taken again"
        shown.settle()
        before = len(shown.received)
        shown.press("\x0c")
        wait_for_another(shown, SIGN, before)
        shown.press("?")
        shown.read_until("Help")
        shown.settle()
        before = len(shown.received)
        shown.press("\x0c")
        wait_for_another(shown, "Help", before)
        shown.press("\x11")
        assert shown.read_to_the_end() == 0
        assert left_on(shown.text) == []
        assert shown.settings == shown.settings_before


def wait_for_another(shown: PseudoTerminal, sign: str, since: int) -> None:
    """Read until ``sign`` has been drawn after what was received by then."""
    deadline = monotonic() + DEADLINE_S
    while sign.encode() not in shown.received[since:]:
        assert monotonic() < deadline, f"{sign!r} was not drawn again: {shown.received[since:]!r}"
        shown.read()
