"""An end is an end: cancel, timeout, the death of this program; children that do not want to end, pipes that stay."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest

from oncall_tui.runbook.execution import Ending
from oncall_tui.runbook.executors.shell import ShellExecutor
from tests.unit.runbook.executors.steps import Heard, begun, is_alive, place, run, shell, until

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at processes under /proc")

STUBBORN = {
    "ignores SIGTERM": "trap '' INT TERM; echo $$ >pid; exec sleep 300",
    "ignores everything in a loop": "trap '' INT TERM HUP QUIT; echo $$ >pid; while :; do sleep 0.1; done",
    "in a session of its own": "exec setsid bash -c 'trap \"\" INT TERM; echo $$ >pid; exec sleep 300'",
    "twice forked away": (
        "setsid bash -c '(trap \"\" INT TERM HUP; echo $BASHPID >pid; exec sleep 300) & disown; exit' & wait"
    ),
    "holds the pipe": "echo $$ >pid; exec sleep 300",
    "is stopped": "echo $$ >pid; kill -STOP $$",
}


@pytest.fixture
def executor(tmp_path: Path) -> ShellExecutor:
    return ShellExecutor(place(tmp_path))


async def _pid_in(folder: Path) -> int:
    file = folder / "pid"
    await until(lambda: file.exists() and file.read_text().strip() != "")
    return int(file.read_text())


def _parent_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


@pytest.mark.parametrize("is_background", [True, False], ids=["behind", "before"])
@pytest.mark.parametrize("kind", STUBBORN)
async def test_cancel_ends_everything_that_was_started(
    executor: ShellExecutor, tmp_path: Path, kind: str, is_background: bool
) -> None:
    (tmp_path / "child.sh").write_text(STUBBORN[kind])
    body = "bash ./child.sh & sleep 300" if is_background else "bash ./child.sh; sleep 300"
    running = await begun(executor, shell(body, tmp_path))
    child = await _pid_in(tmp_path)
    running.cancel()
    executed = await running.ended()
    assert executed.ending is Ending.CANCELLED
    assert "effects are unknown" in executed.reason
    assert executed.pid is not None
    assert not is_alive(child)
    assert not is_alive(executed.pid)


async def test_what_ends_at_sigint_is_given_no_harder_signal(executor: ShellExecutor, tmp_path: Path) -> None:
    body = "trap 'echo told >>log; exit 130' INT; trap 'echo harder >>log' TERM; echo up; while :; do sleep 0.05; done"
    heard = Heard()
    running = await begun(executor, shell(body, tmp_path), heard)
    await heard.until("up")
    running.cancel()
    executed = await running.ended()
    assert (executed.ending, executed.exit) == (Ending.CANCELLED, 130)
    assert (tmp_path / "log").read_text() == "told\n"


async def test_output_until_the_end_is_heard(executor: ShellExecutor, tmp_path: Path) -> None:
    heard = Heard()
    running = await begun(
        executor, shell("trap 'echo rolled back; exit 1' INT; echo up; while :; do sleep 0.05; done", tmp_path), heard
    )
    await heard.until("up")
    running.cancel()
    assert (await running.ended()).stdout == "up\nrolled back\n"


async def test_a_timeout_ends_everything_as_well(executor: ShellExecutor, tmp_path: Path) -> None:
    (tmp_path / "child.sh").write_text(STUBBORN["in a session of its own"])
    executed = await run(executor, shell("bash ./child.sh", tmp_path, timeout=timedelta(seconds=3)))
    assert executed.ending is Ending.TIMED_OUT
    assert not is_alive(await _pid_in(tmp_path))


async def test_cancel_at_once_runs_nothing_or_ends_it(executor: ShellExecutor, tmp_path: Path) -> None:
    running = await begun(executor, shell("sleep 300", tmp_path))
    running.cancel()
    running.cancel()
    assert (await running.ended()).ending is Ending.CANCELLED


async def test_cancel_after_the_end_changes_nothing(executor: ShellExecutor, tmp_path: Path) -> None:
    running = await begun(executor, shell("echo done", tmp_path))
    executed = await running.ended()
    running.cancel()
    assert await running.ended() == executed
    assert executed.ending is Ending.EXITED


async def test_a_child_in_the_background_that_holds_the_pipe_does_not_hold_up_the_end(
    executor: ShellExecutor, tmp_path: Path
) -> None:
    began = time.monotonic()
    executed = await run(executor, shell("sleep 300 & echo $! >pid; echo hi", tmp_path))
    child = await _pid_in(tmp_path)
    try:
        assert (executed.ending, executed.exit, executed.stdout) == (Ending.EXITED, 0, "hi\n")
        assert time.monotonic() - began < 100
        # A child that has not become sleep yet is still the shell that it was forked from.
        assert executed.still_running in ((f"{child}:sleep",), (f"{child}:bash",))
        assert is_alive(child)
    finally:
        os.kill(child, signal.SIGKILL)


async def test_a_minder_that_is_killed_takes_the_step_with_it(executor: ShellExecutor, tmp_path: Path) -> None:
    running = await begun(executor, shell("echo $$ >pid; sleep 300", tmp_path))
    pid = await _pid_in(tmp_path)
    os.kill(_parent_of(pid), signal.SIGKILL)
    executed = await running.ended()
    assert executed.ending is Ending.CANCELLED
    assert "was killed" in executed.reason
    await until(lambda: not is_alive(pid))


OWNER = """
import asyncio, os, sys
from pathlib import Path
from tests.unit.runbook.executors.steps import begun, place, shell
from oncall_tui.runbook.executors.shell import ShellExecutor

async def main():
    folder = Path(sys.argv[1])
    running = await begun(ShellExecutor(place(folder)), shell("bash ./child.sh & sleep 300", folder))
    await running.ended()

asyncio.run(main())
"""


def _owner(folder: Path) -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, "-c", OWNER, str(folder)], env={**os.environ, "PYTHONPATH": os.getcwd()})


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGKILL, signal.SIGTERM])
@pytest.mark.parametrize("kind", ["ignores SIGTERM", "in a session of its own"])
async def test_when_this_program_dies_nothing_that_it_started_stays(
    tmp_path: Path, number: signal.Signals, kind: str
) -> None:
    (tmp_path / "child.sh").write_text(STUBBORN[kind])
    owner = _owner(tmp_path)
    try:
        child = await _pid_in(tmp_path)
        owner.send_signal(number)
        await asyncio.to_thread(owner.wait, 60)
        await until(lambda: not is_alive(child))
    finally:
        owner.kill()
        owner.wait()
