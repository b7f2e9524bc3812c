"""Faults of this program itself: an end with words in the journal, never silence, and never a crash."""

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from oncall_tui.journal.errors import JournalError
from oncall_tui.runbook.execution import Chunk, Ending, Executed, Kind, Prepared, Running, Stream
from oncall_tui.runbook.executors.shell import ShellExecutor
from oncall_tui.runbook.model import Step
from oncall_tui.runbook.run import live, words
from oncall_tui.runbook.run.run import NotStarted, Run
from oncall_tui.runbook.run.states import State
from tests.unit.runbook.executors.steps import place
from tests.unit.runbook.run.helpers import RUN, TEXT, Bench, confirmed, do, ok, runbook, table, value


@dataclass
class Faulty:
    """An executor that breaks while it starts, or after."""

    at_start: bool

    async def start(self, prepared: Prepared, digest: str, hear: Callable[[Chunk], None]) -> Running:
        """``Executor.start``."""
        if self.at_start:
            raise RuntimeError("hunter2 is no \x1b[31mnumber")
        return self

    async def ended(self) -> Executed:
        """``Running.ended``."""
        raise RuntimeError("hunter2 is no \x1b[31mnumber")

    def cancel(self) -> None:
        """``Running.cancel``."""


def _step(run: Run, name: str) -> Step:
    step = run.runbook.step(name)
    assert step is not None
    return step


async def _faulty(bench: Bench, kind: Kind, at_start: bool, text: str = TEXT) -> Run:
    desk = bench.desk()
    return await bench.opened(runbook(text), replace(desk, executors={**desk.executors, kind: Faulty(at_start)}))


@pytest.mark.parametrize("at_start", [True, False])
async def test_a_fault_of_an_executor_is_a_failed_result_in_the_journal(bench: Bench, at_start: bool) -> None:
    run = await _faulty(bench, Kind.SHELL, at_start)
    ended = await do(run, "deploy")
    assert (ended.executed.ending, ended.judged.state, ended.unwritten) == (Ending.FAULT, State.FAILED, "")
    assert "RuntimeError: hunter2 is no" in ended.judged.reason
    assert "\x1b" not in ended.judged.reason
    event = (await bench.journals[0].read(f"run:{RUN}"))[-1]
    assert (event.kind, event.payload["state"], event.payload["reason"]) == (
        words.RESULT,
        "failed",
        ended.judged.reason,
    )
    # It may have had an effect: it stands among the changes.
    assert [one.unit for one in run.changes()] == ["deploy"]


@pytest.mark.parametrize("at_start", [True, False])
async def test_no_expectation_makes_a_fault_a_success(bench: Bench, at_start: bool) -> None:
    text = TEXT.replace("dry_run: show", 'expect: "duration < 5"\ndry_run: show')
    run = await _faulty(bench, Kind.SHELL, at_start, text)
    assert (await do(run, "deploy")).judged.state is State.FAILED


@pytest.mark.parametrize("at_start", [True, False])
async def test_a_fault_of_a_check_is_in_the_record_and_hides_no_other(bench: Bench, at_start: bool) -> None:
    text = TEXT.replace("```promql {#cpu", "```promql {#memory}\nmemory\n```\n\n```promql {#cpu")
    run = await _faulty(bench, Kind.PROMQL, at_start, text)
    await run.checks()
    for name in ("cpu", "memory"):
        result = run.record.unit(name).result
        assert result is not None
        assert (result.state, "RuntimeError: hunter2" in result.reason) == (State.FAILED, True)
    assert (await bench.journals[0].read(f"run:{RUN}"))[-1].kind == words.CHECK


async def test_a_check_that_cannot_be_written_is_told(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    run = await bench.opened()

    async def refuse(*_: object) -> None:
        raise JournalError("the disk is full")

    monkeypatch.setattr(run.pages, "tell", refuse)
    with pytest.raises(JournalError, match="the disk is full"):
        await run.checks()


@pytest.mark.parametrize("at_start", [True, False])
async def test_a_guard_that_breaks_does_not_hold(bench: Bench, at_start: bool) -> None:
    text = TEXT.replace("let:\n", 'guards:\n  - {check: "whoami", equals: me}\nlet:\n')
    run = await _faulty(bench, Kind.SHELL, at_start, text)
    assert await run.ask_guards() is False
    assert "RuntimeError: hunter2" in run.record.guards["whoami"][2]


async def test_a_fault_in_the_meaning_of_an_end_is_a_failure_too(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(live, "judged", broken)
    ended = await do(await bench.opened(), "deploy")
    assert ended.judged.state is State.FAILED
    assert "could not be told: ZeroDivisionError" in ended.judged.reason


async def test_a_fault_while_it_is_written_is_told_to_who_waits(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("oncall_tui.runbook.run.payloads.kept", broken)
    ended = await do(await bench.opened(), "deploy")
    assert "could not be written: ZeroDivisionError" in ended.unwritten


async def test_who_looks_on_cannot_make_a_step_fail(bench: Bench) -> None:
    run = await bench.opened()
    told: list[str] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: told.append(context["message"]))
    plan = run.plan("deploy")

    def hear(chunk: Chunk) -> None:
        raise RuntimeError("no such widget")

    ended = await (await run.start(plan, confirmed(plan), hear)).ended()
    assert ended.judged.state is State.DONE
    assert told == ["the output of a step could not be shown"]


async def test_a_fault_never_tells_a_secret(bench: Bench) -> None:
    from oncall_tui.runbook.run.faults import in_words

    prepared = Prepared(Kind.SHELL, "x", values={"token": "hunter2"}, secrets=frozenset({"token"}))
    assert in_words(ValueError("bad hunter2\n"), prepared) == "ValueError: bad [redacted secret]"
    assert in_words(KeyError(), None) == "KeyError"


async def test_the_end_of_a_run_ends_what_is_only_asked_with_its_processes(bench: Bench) -> None:
    text = TEXT.replace('describe "$service"', 'echo $$; sleep 600 & wait; : "$service"')
    desk = bench.desk()
    shell = ShellExecutor(place(bench.folder))
    made = runbook(text, bench.folder)
    run = await bench.opened(made, replace(desk, executors={**desk.executors, Kind.SHELL: shell}))
    pids: list[int] = []
    started = asyncio.Event()

    def hear(chunk: Chunk) -> None:
        if chunk.stream is Stream.OUT:
            pids.append(int(chunk.text))
            started.set()

    asked = asyncio.create_task(run._read(_step(run, "count"), hear))
    await asyncio.wait_for(started.wait(), 30)
    await run.end()
    assert (await asked).ending is Ending.CANCELLED
    with pytest.raises(ProcessLookupError):
        os.kill(pids[0], 0)
    result = run.record.unit("count").result
    assert result is not None
    assert result.state is State.CANCELLED


async def test_after_the_end_nothing_begins(bench: Bench) -> None:
    run = await bench.opened()
    bench.script.says("cpu", value(91))
    bench.script.says("queries", table(("1", "2")))
    plan = run.plan("queries")
    await run.end()
    with pytest.raises(NotStarted, match="the program ends"):
        await run.start(plan, confirmed(plan))
    before = len(bench.script.started)
    executed = await run.check(_step(run, "cpu"))
    assert (executed.ending, executed.reason) == (
        Ending.FAILED_TO_START,
        "the program ends: nothing begins any more",
    )
    assert len(bench.script.started) == before


async def test_what_starts_while_the_program_ends_is_ended(bench: Bench) -> None:
    run = await bench.opened()
    bench.script.gate = asyncio.Event()
    decided = run.pages.decide

    async def decide(kind: str, payload: dict[str, object]) -> None:
        await decided(kind, payload)  # type: ignore[arg-type]  # as the run gave it
        await run.end()

    run.pages.decide = decide  # type: ignore[method-assign, assignment]  # the end comes while the intent is written
    plan = run.plan("deploy")
    ended = await (await run.start(plan, confirmed(plan))).ended()
    assert ended.executed.ending is Ending.CANCELLED


async def test_a_verification_is_not_answered_by_what_was_said_before(bench: Bench) -> None:
    run = await bench.opened()
    bench.script.says("describe", ok("4\n"))
    bench.script.says("cpu", value(91))
    await run.checks()
    await do(run, "count")
    await do(run, "scale_out")
    bench.script.says("cpu", value(60))
    await run.check(_step(run, "cpu"))
    run._has_ended = True  # From here on nothing is asked, and the last answer is still young.
    state = await run.verify("scale_out")
    assert state is not None
    assert state.answer is None
