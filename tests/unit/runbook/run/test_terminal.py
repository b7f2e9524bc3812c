"""Steps that need a terminal: the intent before, the user's terminal meanwhile, the result after."""

import asyncio
import os
import pty
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from oncall_tui.runbook.execution import Executed, Prepared
from oncall_tui.runbook.executors.terminal import run_in_terminal
from oncall_tui.runbook.run import words
from oncall_tui.runbook.run.ports import Desk
from oncall_tui.runbook.run.run import NotStarted, Run
from oncall_tui.runbook.run.states import State
from tests.unit.runbook.executors.steps import place, until
from tests.unit.runbook.run.helpers import RUN, Bench, confirmed, ok, runbook

TEXT = """\
---
oncall: 1
id: edit
title: Edit
owner: team
match: [{alertname: Edit}]
params:
  service: {from: labels.service, pattern: "[a-z]{1,9}"}
---
# Edit

By hand.

<!-- oncall
undo: {manual: "by hand"}
-->
```bash {#edit danger=change tty}
[[ -t 0 && -t 1 ]] && echo "change $service" && touch done
```

```bash {#look danger=read}
echo look
```

```sql {#table danger=read tty db=api}
SELECT 1
```
"""


@pytest.fixture
def terminal() -> Iterator[int]:
    keyboard, terminal = pty.openpty()
    yield terminal
    os.close(keyboard)
    os.close(terminal)


class Seat:
    """A terminal that a test sits at."""

    def __init__(self) -> None:
        self.taken = asyncio.Event()
        self.left = asyncio.Event()
        self.had: list[tuple[str, int, int]] = []

    async def __call__(
        self, prepared: Prepared, digest: str, typing: int, drawing: int, is_cancelled: Callable[[], bool]
    ) -> Executed:
        self.had.append((prepared.body, typing, drawing))
        self.taken.set()
        await self.left.wait()
        return ok("edited")


def at(bench: Bench, seat: Seat | None) -> Desk:
    return replace(bench.desk(), in_terminal=seat)


async def _run(bench: Bench, seat: Seat | None) -> Run:
    return await bench.opened(runbook(TEXT, bench.folder), at(bench, seat))


async def _kinds(bench: Bench) -> list[str]:
    return [one.kind for one in await bench.journals[0].read(f"run:{RUN}")]


async def test_the_intent_is_written_before_the_terminal_is_taken_and_the_result_after(bench: Bench) -> None:
    seat = Seat()
    run = await _run(bench, seat)
    plan = run.plan("edit")
    assert plan.can_start
    assert plan.needs_terminal
    task = asyncio.create_task(run.start_in_terminal(plan, confirmed(plan), 7, 8))
    await seat.taken.wait()
    assert (await _kinds(bench))[-1] == words.INTENT
    assert run.state_of("edit") is State.RUNNING
    # What dies now leaves it unknown.
    resumed = await bench.resumed(runbook(TEXT, bench.folder))
    assert resumed.run.record.unit("edit").state is State.UNKNOWN
    seat.left.set()
    assert (await task).judged.state is State.DONE
    assert seat.had == [(plan.prepared.body if plan.prepared else "", 7, 8)]
    assert (await _kinds(bench))[-2:] == [words.INTENT, words.RESULT]
    assert run.state_of("edit") is State.DONE
    assert bench.script.started == []


def real(bench: Bench) -> Desk:
    """With a terminal that steps really get."""

    async def sit(
        prepared: Prepared, digest: str, typing: int, drawing: int, is_cancelled: Callable[[], bool]
    ) -> Executed:
        return await run_in_terminal(place(bench.folder), prepared, digest, typing, drawing, is_cancelled)

    return replace(bench.desk(), in_terminal=sit)


async def test_a_step_on_the_real_terminal_has_one_and_is_recorded(bench: Bench, terminal: int) -> None:
    run = await bench.opened(runbook(TEXT, bench.folder), real(bench))
    plan = run.plan("edit")
    ended = await run.start_in_terminal(plan, confirmed(plan), terminal, terminal)
    assert ended.judged.state is State.DONE
    assert "change api" in ended.executed.stdout
    assert (bench.folder / "done").exists()


async def test_without_a_terminal_the_plan_says_to_do_it_yourself(bench: Bench) -> None:
    run = await _run(bench, None)
    plan = run.plan("edit")
    assert plan.blocked == (
        "it needs a terminal of its own, and there is none here: do it yourself, and say what came of it",
    )
    with pytest.raises(NotStarted, match="do it yourself"):
        await run.start_in_terminal(plan, confirmed(plan), 0, 1)
    with pytest.raises(NotStarted, match="terminal"):
        await run.start(plan, confirmed(plan))
    assert words.INTENT not in await _kinds(bench)
    await run.by_hand("edit", "edited over there")
    assert run.state_of("edit") is State.DONE


async def test_each_kind_of_start_takes_its_own_steps(bench: Bench) -> None:
    run = await _run(bench, Seat())
    plan = run.plan("edit")
    with pytest.raises(NotStarted, match="started there"):
        await run.start(plan, confirmed(plan))
    plan = run.plan("look")
    with pytest.raises(NotStarted, match="needs no terminal"):
        await run.start_in_terminal(plan, confirmed(plan), 0, 1)
    assert "a sql step on api does not get" in run.plan("table").blocked[-1]
    assert words.INTENT not in await _kinds(bench)


async def test_what_was_not_confirmed_as_it_has_to_be_takes_no_terminal(bench: Bench) -> None:
    seat = Seat()
    run = await _run(bench, seat)
    plan = run.plan("edit")
    with pytest.raises(NotStarted, match="changed since"):
        await run.start_in_terminal(plan, confirmed(plan, digest="other"), 0, 1)
    assert seat.had == []


async def test_the_end_of_the_program_ends_what_has_the_terminal(bench: Bench, terminal: int) -> None:
    text = TEXT.replace("&& touch done", "&& touch done; while :; do sleep 0.05; done")
    run = await bench.opened(runbook(text, bench.folder), real(bench))
    plan = run.plan("edit")
    task = asyncio.create_task(run.start_in_terminal(plan, confirmed(plan), terminal, terminal))
    await until((bench.folder / "done").exists)
    await run.end()
    assert (await task).judged.state is State.CANCELLED
    assert run.record.unit("edit").state is State.CANCELLED
