"""The terminal that is asked, Ctrl+C, and what is told: lines for people, objects for programs."""

import asyncio
import json
import os
import pty
import signal
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from oncall_tui.cli.runbook.running.console import TerminalConsole
from oncall_tui.cli.runbook.running.interrupting import Interrupts
from oncall_tui.cli.runbook.running.teller import Teller
from oncall_tui.cli.shapes_run import RunbookEventObject
from oncall_tui.runbook.execution import Chunk, Stream
from tests.test_docs import check_shape

NOW = datetime(2026, 11, 21, 2, 14, 9, tzinfo=UTC)


@pytest.fixture
def terminal() -> Iterator[tuple[int, TerminalConsole]]:
    """What types, and the console that reads it."""
    master, slave = pty.openpty()
    yield master, TerminalConsole(slave)
    for one in (master, slave):
        os.close(one)


async def test_lines_are_given_one_by_one_however_they_arrive(terminal: tuple[int, TerminalConsole]) -> None:
    typing, console = terminal
    asked = asyncio.create_task(console.ask("first? "))
    await asyncio.sleep(0)
    os.write(typing, "grü".encode()[:-1])
    os.write(typing, "ü\nsecond\n\n".encode()[1:])
    assert [await asked, await console.ask("? "), await console.ask("? ")] == ["grü", "second", ""]


async def test_the_prompt_goes_to_stderr(
    terminal: tuple[int, TerminalConsole], capsys: pytest.CaptureFixture[str]
) -> None:
    typing, console = terminal
    os.write(typing, b"y\n")
    assert await console.ask("Run it? ") == "y"
    assert capsys.readouterr() == ("", "Run it? ")


async def test_what_was_typed_before_the_question_is_dropped(terminal: tuple[int, TerminalConsole]) -> None:
    typing, console = terminal
    os.write(typing, b"one\ny\n")
    assert await console.ask("? ") == "one"
    os.write(typing, b"y\n")
    console.forget()
    asked = asyncio.create_task(console.ask("Run it? "))
    await asyncio.sleep(0)
    os.write(typing, b"n\n")
    assert await asked == "n"


async def test_the_end_of_the_input_is_no_answer(terminal: tuple[int, TerminalConsole]) -> None:
    typing, console = terminal
    os.write(typing, b"\x04")
    assert await console.ask("? ") is None


async def test_a_terminal_that_is_gone_is_no_answer() -> None:
    master, slave = pty.openpty()
    console = TerminalConsole(slave)
    os.close(master)
    assert await console.ask("? ") is None
    console.forget()
    os.close(slave)


async def test_a_pipe_that_is_closed_is_no_answer() -> None:
    reading, writing = os.pipe()
    os.write(writing, b"half a line")
    os.close(writing)
    assert await TerminalConsole(reading).ask("? ") is None
    os.close(reading)


def test_the_innermost_is_ended_first_and_then_one_leaves() -> None:
    done: list[str] = []
    interrupts = Interrupts(done.append, lambda: done.append("left"))
    with interrupts.ending(lambda: done.append("outer")), interrupts.ending(lambda: done.append("inner")):
        interrupts.press()
        interrupts.press()
    interrupts.press()
    assert done == [
        "Ctrl+C: it is being ended, with all that it started. Press it again to leave.",
        "inner",
        "left",
        "left",
    ]


async def test_signals_arrive_and_are_let_go_of() -> None:
    done: asyncio.Queue[str] = asyncio.Queue()
    before = signal.getsignal(signal.SIGHUP)
    interrupts = Interrupts(lambda line: None, lambda: done.put_nowait("left"))
    arrived = []
    with interrupts.listening(), interrupts.ending(lambda: done.put_nowait("ended")):
        for number in (signal.SIGINT, signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            os.kill(os.getpid(), number)
            arrived.append(await asyncio.wait_for(done.get(), 30))
    assert arrived == ["ended", "left", "left", "left"]
    assert signal.getsignal(signal.SIGHUP) is before


def test_for_people_everything_is_said_on_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    teller = Teller(False, True, lambda: NOW)
    teller.event("started", "a")
    teller.output("a", Chunk(Stream.OUT, "no end"))
    teller.output("a", Chunk(Stream.OUT, ""))
    teller.say("next \x1b[2J")
    teller.object({"event": "summary"})
    assert capsys.readouterr() == ("no end\nnext \ufffd[2J\n", "")


@pytest.mark.parametrize("is_terminal", [True, False])
def test_for_programs_there_are_objects_and_lines_only_where_somebody_sits(
    is_terminal: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    teller = Teller(True, is_terminal, lambda: NOW)
    teller.event("output", "a", text="grün\x1b", value=1.5)
    teller.say("a line")
    teller.output("a", Chunk(Stream.OUT, "x"))
    teller.object({"event": "summary"})
    said = capsys.readouterr()
    first, second, third = (json.loads(line) for line in said.out.splitlines())
    check_shape(first, RunbookEventObject, "event")
    assert (first["at"], first["text"], first["value"]) == (NOW.isoformat(), "grün\x1b", 1.5)
    assert (second["text"], third) == ("x", {"event": "summary"})
    assert said.out.isascii()
    assert said.err == ("a line\nx" if is_terminal else "")
