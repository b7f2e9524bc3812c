"""A secret that is typed at the prompt is not shown while it is typed, and afterwards neither."""

import asyncio
import contextlib
import os
import pty
import termios
from collections.abc import Iterator
from dataclasses import replace

import pytest

from oncall_tui.cli.exit_codes import ExitCode
from oncall_tui.cli.runbook.running.attended import HELP
from oncall_tui.cli.runbook.running.console import TerminalConsole
from tests.unit.cli.runbook.running.scene import Answers, Scene
from tests.unit.runbook.run.helpers import RUN, ok, runbook

TEXT = """\
---
oncall: 1
owner: me
match: [{alertname: A}]
params:
  key: {type: secret, from: env.KEY, help: the one of the vault}
  env: {choices: [prod, test]}
---
# A

```bash {#look danger=read}
describe "$key" "$env"
```
```bash {#again danger=read}
show "$key"
```
"""
SECRET = "swordfish-and-more"


async def test_it_is_asked_for_unseen_once_and_stands_nowhere(scene: Scene) -> None:
    run = await scene.bench.opened(runbook(TEXT))
    run.lacks("key", "the environment has no KEY")
    scene.bench.script.says("describe", ok("well"))
    console = Answers("two\twords", SECRET, "prod", "", "", "gone")
    assert await scene.drive(run, console) is ExitCode.FINE
    assert console.unseen == ["key (a secret, not shown while it is typed, the one of the vault; Enter leaves it):"] * 2
    assert "   key: the environment has no KEY" in scene.told.lines
    assert "   the value of key holds control or hidden characters" in scene.told.lines
    assert "   key = ‹secret:key›   (typed)" in scene.told.lines
    assert [one.values["key"] for one in scene.bench.script.started] == [SECRET, SECRET]
    assert SECRET not in scene.told.text + str(scene.told.events) + "".join(console.prompts)
    events = await scene.bench.journals[0].read(f"run:{RUN}")
    assert SECRET not in str([one.payload for one in events])


async def test_enter_leaves_it_and_blocks_the_step(scene: Scene) -> None:
    run = await scene.bench.opened(runbook(TEXT))
    await scene.drive(run, Answers("", "prod", "q"), named=["look"])
    assert any(one.startswith("   blocked: key: ") for one in scene.told.lines)
    assert scene.started() == []


async def test_v_takes_none_that_could_be_read_and_asks_for_it_unseen(scene: Scene) -> None:
    run = await scene.bench.opened(runbook(TEXT))
    console = Answers("", "prod", f"v key={SECRET}", "", "v key", SECRET, "", "gone")
    await scene.drive(run, console, named=["look"])
    refused = "   key is a secret, and what is typed here can be read: it was not taken. v key asks for it unseen."
    assert refused in scene.told.lines
    assert len(console.unseen) == 3, "at the step, again after it was refused, and with v"
    assert scene.bench.script.started[0].values == {"key": SECRET, "env": "prod"}
    assert "a secret: v NAME" in HELP and SECRET not in scene.told.text


async def test_whoever_takes_the_run_up_is_asked_for_it_again(scene: Scene) -> None:
    run = await scene.bench.opened(runbook(TEXT))
    await run.give("key", SECRET, "typed")
    desk = replace(scene.bench.desk("s2"), journal=scene.bench.journal())
    other = (await scene.bench.resumed(runbook(TEXT), desk)).run
    await other.claim()
    console = Answers(SECRET, "", "q")
    await scene.drive(other, console, named=["again"])
    assert len(console.unseen) == 1
    assert scene.bench.script.started[0].values == {"key": SECRET}


@pytest.fixture
def terminal() -> Iterator[tuple[int, int]]:
    """What types, and the terminal."""
    ends = pty.openpty()
    yield ends
    for one in ends:
        os.close(one)


def shows(terminal: int) -> bool:
    """Whether the terminal shows what is typed."""
    return bool(termios.tcgetattr(terminal)[3] & termios.ECHO)


def drawn(master: int) -> bytes:
    """What the terminal drew until the end of a line."""
    data = b""
    while not data.endswith(b"\n"):
        data += os.read(master, 100)
    return data


async def test_the_terminal_shows_nothing_of_it_and_shows_again_afterwards(
    terminal: tuple[int, int], capsys: pytest.CaptureFixture[str]
) -> None:
    master, slave = terminal
    console = TerminalConsole(slave)
    asked = asyncio.create_task(console.ask_unseen("key: "))
    await asyncio.sleep(0)
    assert not shows(slave)
    os.write(master, b"swordfish\n")
    assert await asked == "swordfish"
    assert drawn(master) == b"\r\n"
    assert shows(slave) and capsys.readouterr() == ("", "key: ")
    os.write(master, b"y\n")
    assert await console.ask("? ") == "y"
    assert drawn(master) == b"y\r\n"


async def test_it_shows_again_when_somebody_leaves_meanwhile(terminal: tuple[int, int]) -> None:
    _, slave = terminal
    asked = asyncio.create_task(TerminalConsole(slave).ask_unseen("key: "))
    await asyncio.sleep(0)
    assert not shows(slave)
    asked.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await asked
    assert asked.cancelled() and shows(slave)


async def test_what_was_typed_ahead_is_neither_the_secret_nor_what_comes_after_it(terminal: tuple[int, int]) -> None:
    master, slave = terminal
    console = TerminalConsole(slave)
    os.write(master, b"first\nahead\n")
    assert await console.ask("? ") == "first"
    asked = asyncio.create_task(console.ask_unseen("key: "))
    await asyncio.sleep(0)
    os.write(master, b"swordfish\ny\n")
    assert await asked == "swordfish"
    asked = asyncio.create_task(console.ask("Run it? "))
    await asyncio.sleep(0)
    os.write(master, b"n\n")
    assert await asked == "n"


async def test_where_there_is_no_terminal_nothing_is_asked(capsys: pytest.CaptureFixture[str]) -> None:
    reading, writing = os.pipe()
    os.write(writing, b"swordfish\n")
    assert await TerminalConsole(reading).ask_unseen("key: ") is None
    assert capsys.readouterr() == ("", "")
    for one in (reading, writing):
        os.close(one)
