"""Steps over ssh, with a stand-in for ssh on the PATH that hands its command to a shell as sshd would."""

import asyncio
import os
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from oncall_tui.runbook.execution import Altered, Ending, Kind, Prepared
from oncall_tui.runbook.executors.remote import Unsendable, host_of, quoted
from oncall_tui.runbook.executors.shell import ShellExecutor
from oncall_tui.runbook.executors.ssh import SshExecutor
from tests.contract.hostile_values import hostile_values
from tests.unit.runbook.executors.steps import DEADLINE, Heard, begun, is_alive, place, run, until

STAND_IN = """#!/bin/bash
printf '%s\\n' "$@" >{folder}/arguments
while [[ $1 != -- ]]; do shift; done
shift 2
cd {home} && exec env -i HOME={home} PATH="$PATH" bash -c "$*"
"""
FAR_AWAY = """#!/bin/bash
cat {folder}/out & exec cat >{folder}/in
"""


@pytest.fixture
def executor(tmp_path: Path) -> SshExecutor:
    return _executor(tmp_path, STAND_IN)


def _executor(folder: Path, text: str) -> SshExecutor:
    (folder / "bin").mkdir()
    (folder / "home").mkdir()
    program = folder / "bin" / "ssh"
    program.write_text(text.format(folder=folder, home=folder / "home"))
    program.chmod(0o755)
    path = f"{folder / 'bin'}:{os.environ['PATH']}"
    return SshExecutor(place(folder, environ={"PATH": path, "HOME": str(folder), "LOCAL": "stays here"}))


def _step(body: str, target: str = "ssh:db1", **changes: Any) -> Prepared:
    return Prepared(Kind.SHELL, body, target=target, **{"timeout": timedelta(seconds=DEADLINE), **changes})


async def test_it_runs_over_there_with_its_values(executor: SshExecutor, tmp_path: Path) -> None:
    step = _step(
        'echo "$service $NS"; pwd; echo "${LOCAL-none}" >&2; exit 4', values={"service": "api"}, carried={"NS": "x"}
    )
    executed = await run(executor, step)
    assert (executed.ending, executed.exit) == (Ending.EXITED, 4)
    assert executed.stdout == f"api x\n{tmp_path}/home\n"
    assert executed.stderr == "none\n"
    arguments = (tmp_path / "arguments").read_text().splitlines()
    assert arguments[-3:] == ["--", "db1", "bash --noprofile --norc -s"]
    assert "BatchMode=yes" in arguments


async def test_no_value_is_in_a_command_line_and_every_one_arrives(executor: SshExecutor, tmp_path: Path) -> None:
    effect = tmp_path / "effect"
    values = [
        one for one in hostile_values(effect) if "\x00" not in one and "\ud800" not in one and "\udcff" not in one
    ]
    for start in range(0, len(values), 40):
        named = {f"v{number}": value for number, value in enumerate(values[start : start + 40])}
        body = "; ".join(f"printf '%s\\0' \"${name}\"" for name in named)
        executed = await run(executor, _step(body, values=named))
        assert executed.plain is not None
        assert executed.plain.split("\0")[:-1] == list(named.values())
    assert not effect.exists()
    assert "touch" not in (tmp_path / "arguments").read_text()


@pytest.mark.parametrize("value", ["a\x00b", "\ud800"])
async def test_what_cannot_be_passed_as_it_is_is_refused(executor: SshExecutor, tmp_path: Path, value: str) -> None:
    executed = await run(executor, _step("true", values={"v": value}))
    assert executed.ending is Ending.FAILED_TO_START
    assert not (tmp_path / "arguments").exists()


@pytest.mark.parametrize(
    "host", ["-oProxyCommand=touch x", "", "a b", "a;b", "@a", "a@-b", "a\nb", "ssh://a", "a/b", "$(x)"]
)
async def test_what_is_no_host_is_refused(executor: SshExecutor, tmp_path: Path, host: str) -> None:
    executed = await run(executor, _step("true", target=f"ssh:{host}"))
    assert executed.ending is Ending.FAILED_TO_START
    assert not (tmp_path / "arguments").exists()
    with pytest.raises(Unsendable):
        host_of(f"ssh:{host}")


@pytest.mark.parametrize("body", ["}; touch effect; {", "'", "cat", "read x; echo $x", "exit 3 }", "echo a; }"])
async def test_a_script_is_what_it_is_and_reads_nothing(executor: SshExecutor, tmp_path: Path, body: str) -> None:
    await run(executor, _step(body))
    assert not (tmp_path / "home" / "effect").exists()


async def test_the_executor_of_the_shell_goes_there_by_itself(executor: SshExecutor, tmp_path: Path) -> None:
    shell = ShellExecutor(executor._place)
    assert (await run(shell, _step("pwd"))).stdout == f"{tmp_path}/home\n"
    assert (await run(shell, _step("touch effect", target="db1"))).ending is Ending.FAILED_TO_START


async def test_strictness_is_that_of_the_step(executor: SshExecutor) -> None:
    assert (await run(executor, _step("false; echo on"))).exit == 1
    assert (await run(executor, _step("false; echo on", is_strict=False))).stdout == "on\n"


async def test_what_was_altered_does_not_start(executor: SshExecutor, tmp_path: Path) -> None:
    with pytest.raises(Altered):
        await executor.start(_step("touch effect"), _step("true").digest, Heard())
    assert not (tmp_path / "arguments").exists()


async def test_a_machine_without_ssh_is_told(tmp_path: Path) -> None:
    executed = await run(SshExecutor(place(tmp_path, environ={"PATH": str(tmp_path)})), _step("true"))
    assert "no ssh" in executed.reason


async def test_cancel_ends_what_runs_over_there(tmp_path: Path) -> None:
    executor = _executor(tmp_path, FAR_AWAY)
    for name in ("in", "out"):
        os.mkfifo(tmp_path / name)
    far = _far_side(tmp_path)
    try:
        heard = Heard()
        running = await begun(
            executor, _step("trap '' INT; (trap '' INT TERM; exec sleep 300) & echo pid=$!.; sleep 300"), heard
        )
        await heard.until(".")
        pid = int(heard.text.partition("pid=")[2].partition(".")[0])
        assert is_alive(pid)
        running.cancel()
        assert (await running.ended()).ending is Ending.CANCELLED
        await until(lambda: not is_alive(pid))
        await asyncio.to_thread(far.wait, 20)
    finally:
        far.kill()
        far.wait()


def _far_side(folder: Path) -> "subprocess.Popen[bytes]":
    """What sshd would have started, outside of everything that we started."""
    command = f"exec bash --noprofile --norc -s <{folder}/in >{folder}/out"
    return subprocess.Popen(["bash", "-c", command], start_new_session=True, stdin=subprocess.DEVNULL)


def test_quoting_leaves_nothing_that_a_shell_reads() -> None:
    assert quoted("a b'$x\n") == "$'a\\x20b\\x27\\x24x\\x0a'"
