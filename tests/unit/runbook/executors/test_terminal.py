"""Steps on the user's terminal: a PTY plays the user."""

import asyncio
import contextlib
import errno
import os
import pty
import select
import sys
import termios
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from oncall_tui.runbook.execution import Altered, Ending, Executed
from oncall_tui.runbook.executors.terminal import _raw, run_in_terminal
from tests.unit.runbook.executors.steps import is_alive, place, shell, until


@dataclass
class User:
    """Who sits before the terminal."""

    keyboard: int
    terminal: int
    seen: bytes = b""

    async def sees(self, words: bytes) -> None:
        """Wait until it is drawn."""
        os.set_blocking(self.keyboard, False)

        def is_drawn() -> bool:
            with contextlib.suppress(BlockingIOError):
                self.seen += os.read(self.keyboard, 65_536)
            return words in self.seen

        await until(is_drawn)

    def types(self, text: bytes) -> None:
        """Press keys."""
        os.write(self.keyboard, text)


@pytest.fixture
def user() -> Iterator[User]:
    keyboard, terminal = pty.openpty()
    made = User(keyboard, terminal)
    yield made
    for descriptor in (made.keyboard, made.terminal):
        if descriptor >= 0:
            os.close(descriptor)


def _begun(user: User, folder: Path, body: str) -> "asyncio.Task[Executed]":
    prepared = shell(body, folder, needs_terminal=True)
    run = run_in_terminal(place(folder), prepared, prepared.digest, user.terminal, user.terminal)
    return asyncio.create_task(run)


async def test_questions_are_answered_and_what_is_drawn_is_recorded(user: User, tmp_path: Path) -> None:
    before = termios.tcgetattr(user.terminal)
    body = 'read -p "sure? " answer; read -s -p "key? " key; [[ -t 0 && -t 1 ]] && echo "said $answer"; exit 2'
    task = _begun(user, tmp_path, body)
    await user.sees(b"sure? ")
    user.types(b"yes\r")
    await user.sees(b"key? ")
    user.types(b"hidden-one\r")
    executed = await task
    await user.sees(b"said yes")
    assert (executed.ending, executed.exit) == (Ending.EXITED, 2)
    assert "sure? yes" in executed.stdout
    assert "said yes" in executed.stdout
    assert "hidden-one" not in executed.stdout
    assert executed.output_file is not None
    assert executed.output_file.read_text() == executed.stdout
    assert termios.tcgetattr(user.terminal) == before


async def test_ctrl_c_goes_to_the_step(user: User, tmp_path: Path) -> None:
    task = _begun(user, tmp_path, "trap 'echo interrupted; exit 9' INT; echo up; while :; do sleep 0.05; done")
    await user.sees(b"up")
    user.types(b"\x03")
    executed = await task
    assert executed.exit == 9
    assert "interrupted" in executed.stdout


async def test_it_leaves_what_it_exports(user: User, tmp_path: Path) -> None:
    assert (await _begun(user, tmp_path, "export NS=prod")).left_behind == {"NS": "prod"}


async def test_when_the_terminal_is_gone_it_ends(user: User, tmp_path: Path) -> None:
    task = _begun(user, tmp_path, "trap '' HUP INT TERM; echo $$ >pid; echo up; while :; do sleep 0.05; done")
    await user.sees(b"up")
    os.close(user.keyboard)
    user.keyboard = -1
    executed = await task
    assert executed.ending is Ending.CANCELLED
    pid = int((tmp_path / "pid").read_text())
    assert not is_alive(pid)


async def test_it_is_ended_when_the_program_ends(user: User, tmp_path: Path) -> None:
    cancelled: list[bool] = []
    prepared = shell("trap '' HUP INT TERM; echo $$ >pid; echo up; while :; do sleep 0.05; done", tmp_path)
    terminal = user.terminal
    run = run_in_terminal(place(tmp_path), prepared, prepared.digest, terminal, terminal, lambda: bool(cancelled))
    task = asyncio.create_task(run)
    await user.sees(b"up")
    cancelled.append(True)
    assert (await task).ending is Ending.CANCELLED
    assert not is_alive(int((tmp_path / "pid").read_text()))


async def test_its_size_is_that_of_the_terminal(user: User, tmp_path: Path) -> None:
    termios.tcsetwinsize(user.terminal, (33, 101))
    assert "33 101" in (await _begun(user, tmp_path, "stty size")).stdout


async def test_without_a_terminal_nothing_starts(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    prepared = shell("touch effect", tmp_path, needs_terminal=True)
    executed = await run_in_terminal(place(tmp_path), prepared, prepared.digest, reader, writer)
    os.close(reader)
    os.close(writer)
    assert executed.ending is Ending.FAILED_TO_START
    assert not (tmp_path / "effect").exists()


async def test_what_was_altered_does_not_start(user: User, tmp_path: Path) -> None:
    with pytest.raises(Altered):
        await run_in_terminal(place(tmp_path), shell("touch effect", tmp_path), "other", user.terminal, user.terminal)
    assert not (tmp_path / "effect").exists()


async def test_what_stops_itself_at_ctrl_z_is_woken(user: User, tmp_path: Path) -> None:
    (tmp_path / "stops.py").write_text(
        "import os, signal, termios\n"
        "def stop(*_):\n"
        "    print('stops', flush=True)\n"
        "    os.kill(os.getpid(), signal.SIGSTOP)\n"
        "signal.signal(signal.SIGTSTP, stop)\n"
        "print('foreground', os.tcgetpgrp(0) == os.getpgrp(), flush=True)\n"
        "print('said', input())\n"
    )
    task = _begun(user, tmp_path, f"{sys.executable} stops.py")
    await user.sees(b"foreground True")
    user.types(b"\x1a")
    await user.sees(b"stops")
    user.types(b"awake\r")
    executed = await task
    assert (executed.exit, executed.stdout.splitlines()[-1]) == (0, "said awake")


async def test_what_was_killed_leaves_nothing_on(user: User, tmp_path: Path) -> None:
    task = _begun(user, tmp_path, r"printf '\e[?1049h\e[?1003h\e[?25l'; kill -9 $$")
    executed = await task
    assert executed.signal == 9
    await user.sees(b"\x1b[?25h\x1b[?1003l\x1b[?1049l")


def test_what_was_typed_too_late_answers_nothing_else(user: User) -> None:
    before = termios.tcgetattr(user.terminal)
    with _raw(user.terminal):
        assert not termios.tcgetattr(user.terminal)[3] & termios.ISIG
        user.types(b"y")
        assert select.select([user.terminal], [], [], 30.0)[0]
    assert not select.select([user.terminal], [], [], 0.0)[0]
    assert termios.tcgetattr(user.terminal) == before


async def test_without_another_terminal_nothing_starts(
    user: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def openpty() -> tuple[int, int]:
        raise OSError(errno.ENOSPC, "No space left on device")

    terminal_settings = termios.tcgetattr(user.terminal)
    monkeypatch.setattr("oncall_tui.runbook.executors.terminal.pty.openpty", openpty)
    executed = await _begun(user, tmp_path, "touch effect")
    assert executed.ending is Ending.FAILED_TO_START
    assert "no terminal left" in executed.reason
    assert not (tmp_path / "effect").exists()
    assert termios.tcgetattr(user.terminal) == terminal_settings
