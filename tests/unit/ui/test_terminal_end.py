"""What a signal sets going: the app ends in its own time, and by force when that fails."""

import asyncio
import os
import signal
from typing import Any

import pytest

from oncall_tui.ui import terminal_end
from oncall_tui.ui.terminal_end import SIGNALS, ended_by_signals


class App:
    """An app that remembers how it was told to end."""

    def __init__(self) -> None:
        self.ended: list[tuple[int, str | None]] = []

    def exit(self, *, return_code: int, message: str | None) -> None:
        self.ended.append((return_code, message))


class Gone(BaseException):
    """In the place of the end of the process."""


@pytest.fixture
def codes(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The codes that the process was ended with, by force."""
    found: list[int] = []

    def end(code: int) -> None:
        found.append(code)
        raise Gone

    monkeypatch.setattr(os, "_exit", end)
    return found


async def told(app: Any, *numbers: signal.Signals) -> None:
    """Send signals to this process while ``app`` runs."""
    with ended_by_signals(app):
        for number in numbers:
            signal.raise_signal(number)
        await asyncio.sleep(0)
        await asyncio.sleep(0)


@pytest.mark.parametrize(
    ("number", "ended"),
    [
        (signal.SIGTERM, (143, "Ended by SIGTERM.")),
        (signal.SIGINT, (130, "Ended by SIGINT.")),
        (signal.SIGHUP, (129, None)),
    ],
)
async def test_the_first_signal_ends_the_app_as_q_does(
    number: signal.Signals, ended: tuple[int, str | None], codes: list[int]
) -> None:
    app = App()
    await told(app, number)
    assert (app.ended, codes) == ([ended], [])


async def test_the_second_signal_gives_the_terminal_back_by_force(
    codes: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[object] = []
    monkeypatch.setattr(terminal_end, "give_back", given.append)
    with pytest.raises(Gone):
        await told(App(), signal.SIGTERM, signal.SIGTERM)
    assert (len(given), codes) == (1, [143])


async def test_a_terminal_that_cannot_be_given_back_holds_up_no_end(
    codes: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object) -> None:
        raise ValueError("I/O operation on closed file")

    monkeypatch.setattr(terminal_end, "give_back", fail)
    with pytest.raises(Gone):
        await told(App(), signal.SIGHUP, signal.SIGTERM)
    assert codes == [143]


async def test_a_hang_up_that_is_told_twice_is_one(codes: list[int]) -> None:
    """By the kernel and by the shell, and by the thread that reads the keys: none of them is impatient."""
    app = App()
    await told(app, signal.SIGHUP, signal.SIGHUP, signal.SIGHUP)
    assert (app.ended, codes) == ([(129, None)], [])


def test_before_the_app_runs_a_signal_ends_the_program() -> None:
    with ended_by_signals(App()), pytest.raises(SystemExit) as raised:  # type: ignore[arg-type]  # it only exits
        signal.raise_signal(signal.SIGTERM)
    assert raised.value.code == 143


def test_handlers_of_before_are_there_again() -> None:
    before = [signal.getsignal(number) for number in SIGNALS]
    with ended_by_signals(App()):  # type: ignore[arg-type]  # it only exits
        assert [signal.getsignal(number) for number in SIGNALS] != before
    assert [signal.getsignal(number) for number in SIGNALS] == before
