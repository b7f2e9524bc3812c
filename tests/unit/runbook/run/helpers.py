"""A runbook, executors that do what the test says, and a run on a real journal."""

import asyncio
import itertools
import os
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from oncall_tui.journal.keeper import JournalKeeper
from oncall_tui.journal.store import Journal
from oncall_tui.runbook.danger import Danger, Judgement
from oncall_tui.runbook.execution import Altered, Chunk, Ending, Executed, Kind, Prepared, Running, Stream
from oncall_tui.runbook.model import Runbook
from oncall_tui.runbook.reading.read import read
from oncall_tui.runbook.run.approving import Approvals
from oncall_tui.runbook.run.live import Ended
from oncall_tui.runbook.run.opening import Resumed, open_run, resume_run
from oncall_tui.runbook.run.plan import Confirmation, Plan
from oncall_tui.runbook.run.ports import Desk, Operator
from oncall_tui.runbook.run.run import Run
from tests.unit.journal.helpers import FakeClock, seeded

Result = TypeVar("Result")

RUN = "01JD0000000000000000000000"

TEXT = """\
---
oncall: 1
id: api-slow
title: API slow
owner: team
match: [{alertname: ApiSlow}]
params:
  service: {from: labels.service, pattern: "[a-z][a-z0-9-]{1,39}"}
  max_tasks: {type: int, default: 20}
  pid: {type: int, pick: queries.pid}
  started: {pick: queries.started, pattern: "[0-9: -]+"}
let:
  target: "count.desired + 2"
---
# API slow

```promql {#cpu unit=% warn=70 crit=80}
cpu{service="{{service}}"}
```

- [ ] Look at the traces.

## Scale out
<!-- oncall
when: cpu.value > 80
-->

```bash {#count danger=read capture=desired:int max_age=5m}
describe "$service"
```
<!-- oncall
needs: [count]
guard: target <= max_tasks
verify: {check: cpu, expect: "cpu.value < 70", every: 30s, within: 2m}
undo: scale_back
-->
```bash {#scale_out danger=change}
change "$service" "$target"
```
```bash {#scale_back danger=change undo_only needs=count}
change "$service" "$count_desired"
```

## End the query

```sql {#queries danger=read db=api capture=rows:table max_age=2m}
SELECT pid, started FROM pg_stat_activity
```
<!-- oncall
needs: [queries]
confirm: {type: "terminate {pid}", show: "{count.desired} tasks are there"}
approve: {role: dba, when: "service == 'prod'"}
expect: rows == 1 and first.ended == 't'
undo: {none: "it is gone"}
-->
```sql {#terminate danger=destroy db=api}
SELECT destroy(:'pid'), :'started'
```

## Guarded

Only when all else fails.

<!-- oncall
undo: {manual: "by hand"}
dry_run: show "$service"
-->
```bash {#deploy danger=change}
change everything "$service"
```
"""


def judge(kind: Kind, body: str, carried: frozenset[str] = frozenset()) -> Judgement:
    """By the words in it."""
    if kind is Kind.PROMQL:
        return Judgement(Danger.READ)
    word = next((one for one in (Danger.DESTROY, Danger.CHANGE) if one.word in body), Danger.READ)
    return Judgement(word, keeps_output="credentials" not in body)


def runbook(text: str = TEXT, folder: Path = Path("/nowhere")) -> Runbook:
    """The runbook that a text is."""
    made = read(text.encode(), folder / "api-slow.md", judge)
    assert made.errors == (), made.errors
    return made


@dataclass
class Script:
    """What comes of each step, by a word in its body; each is used once, the last one for ever."""

    outcomes: dict[str, list[Executed]] = field(default_factory=dict)
    started: list[Prepared] = field(default_factory=list)
    gate: asyncio.Event | None = None
    """Nothing ends before it is set."""

    def says(self, word: str, *outcomes: Executed) -> None:
        """What comes of bodies with that word."""
        self.outcomes[word] = list(outcomes)

    def next(self, body: str) -> Executed:
        """What comes of a body."""
        for word, outcomes in self.outcomes.items():
            if word in body:
                return outcomes.pop(0) if len(outcomes) > 1 else outcomes[0]
        return ok("")

    async def start(self, prepared: Prepared, digest: str, hear: Callable[[Chunk], None]) -> Running:
        """``Executor.start``."""
        if prepared.digest != digest:
            raise Altered("altered")
        self.started.append(prepared)
        return _Running(self, prepared, hear)


class _Running:
    def __init__(self, script: Script, prepared: Prepared, hear: Callable[[Chunk], None]) -> None:
        self._script, self._prepared, self._hear = script, prepared, hear
        self._cancelled = asyncio.Event()

    async def ended(self) -> Executed:
        if self._script.gate is not None:
            waits = [asyncio.create_task(one.wait()) for one in (self._script.gate, self._cancelled)]
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            for one in waits:
                one.cancel()
        if self._cancelled.is_set():
            return Executed(Ending.CANCELLED, "its effects are unknown")
        executed = self._script.next(self._prepared.body)
        self._hear(Chunk(Stream.OUT, executed.stdout))
        return executed

    def cancel(self) -> None:
        self._cancelled.set()


def ok(stdout: str, **changes: Any) -> Executed:
    """It ended well and printed that."""
    return replace(Executed(Ending.EXITED, exit=0, stdout=stdout, plain=stdout, took_s=0.1), **changes)


def value(number: float | None) -> Executed:
    """What a check says."""
    count = 0 if number is None else 1
    return ok("", value=number, count=count, reason="" if count else "no data")


def table(*rows: tuple[str, ...], columns: tuple[str, ...] = ("pid", "started")) -> Executed:
    """Rows of SQL."""
    return ok("x", columns=columns, rows=rows, count=len(rows))


class CountedKeeper(JournalKeeper):
    """A journal that tells whether a call of it is under way."""

    asked = 0

    async def _run(self, call: Callable[[Journal], Result]) -> Result:
        self.asked += 1
        try:
            return await super()._run(call)
        finally:
            self.asked -= 1


@dataclass
class Bench:
    """Everything to run with."""

    folder: Path
    clock: FakeClock = field(default_factory=FakeClock)
    script: Script = field(default_factory=Script)
    config: dict[str, str] = field(default_factory=dict)
    approvals: Approvals = field(default_factory=lambda: Approvals({"dba": ("ada", "user:bob")}))
    programs: set[str] = field(default_factory=set)
    waits: list[float] = field(default_factory=list)
    journals: list["CountedKeeper"] = field(default_factory=list)
    numbers: Any = field(default_factory=itertools.count)

    @property
    def is_writing(self) -> bool:
        """Whether a journal is asked something now."""
        return any(one.asked for one in self.journals)

    def journal(self) -> JournalKeeper:
        """The journal, as one more process has it open."""
        made = CountedKeeper(self.folder / "journal.db", self.clock, seeded(next(self.numbers)), busy_timeout=0.2)
        self.journals.append(made)
        return made

    def desk(self, session: str = "s1", actor: str = "user:ada") -> Desk:
        """Of one operator."""

        async def wait(seconds: float) -> None:
            self.waits.append(seconds)
            self.clock.advance(seconds=seconds)

        return Desk(
            journal=self.journal(),
            executors=dict.fromkeys(Kind, self.script),
            clock=self.clock,
            wait=wait,
            operator=Operator(actor, "laptop", os.getpid(), session),
            find_program=lambda name: name if name in self.programs else None,
            config=self.config.get,
            texts=self.folder / "texts",
            approvals=self.approvals,
        )

    async def opened(self, made: Runbook | None = None, desk: Desk | None = None) -> Run:
        """A run that has just begun, with its service known."""
        run = await open_run(made or runbook(), desk or self.desk(), RUN, {"alert": "a1"})
        if "service" in run.runbook.params:
            await run.give("service", "api", "label service")
        return run

    async def resumed(self, made: Runbook | None = None, desk: Desk | None = None) -> Resumed:
        """The run, as another process takes it up."""
        return await resume_run(made or runbook(), desk or self.desk("s2", "user:bob"), RUN)

    async def close(self) -> None:
        """Let go of every journal."""
        for one in self.journals:
            await one.close()


def confirmed(plan: Plan, **changes: Any) -> Confirmation:
    """As strongly as the plan asks for."""
    return replace(Confirmation(plan.floor, plan.digest, plan.phrase, "bob" if plan.role else ""), **changes)


async def do(run: Run, unit: str, again: bool = False) -> Ended:
    """Start a unit as it is shown, and wait for its end."""
    plan = run.plan(unit, again)
    return await (await run.start(plan, confirmed(plan))).ended()
