"""A world in which a run spawns nothing: fixtures answer, the journal is a list, and waiting moves the clock."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from oncall_tui.journal.event import Event, NewEvent
from oncall_tui.runbook.execution import Altered, Chunk, Ending, Executed, Kind, Prepared, Running, Stream
from oncall_tui.runbook.executors.promql import read
from oncall_tui.runbook.executors.sql_rows import table_of
from oncall_tui.runbook.ports import Series
from oncall_tui.runbook.run.ports import Desk, Operator
from oncall_tui.runbook.trying.cases import GUARDS, Case, Fixture


@dataclass
class Stage:
    """Everything that a run is handed.

    ``turn`` is the unit whose fixture comes next: an executor hears what runs, and not for whom.
    """

    case: Case
    turn: str = ""
    started: dict[str, list[Prepared]] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    """Units that were started and have no fixture."""
    now: datetime = datetime(2026, 1, 1, tzinfo=UTC)
    _used: dict[str, int] = field(default_factory=dict)
    _events: list[Event] = field(default_factory=list)

    def desk(self) -> Desk:
        """For a run of this case."""
        return Desk(
            journal=self,
            executors=dict.fromkeys(Kind, self),
            clock=lambda: self.now,
            wait=self._wait,
            operator=Operator("user:test", "test", 0, "test"),
            find_program=lambda name: name,
            config=self.case.config.get,
        )

    async def start(self, prepared: Prepared, digest: str, hear: Callable[[Chunk], None]) -> Running:
        """``Executor.start``."""
        if prepared.digest != digest:
            raise Altered("What would run is not what was confirmed.")
        self.started.setdefault(self.turn, []).append(prepared)
        executed = self._answer(prepared)
        hear(Chunk(Stream.OUT, executed.stdout))
        return Answered(executed)

    async def append(self, stream: str, events: Sequence[NewEvent], after: int | None = None) -> tuple[Event, ...]:
        """``RunJournal.append``."""
        made = [self._kept(stream, len(self._events) + at, one) for at, one in enumerate(events, start=1)]
        self._events += made
        return tuple(made)

    async def read(self, stream: str) -> tuple[Event, ...]:
        """``RunJournal.read``."""
        return tuple(self._events)

    async def head(self, stream: str) -> int:
        """``RunJournal.head``."""
        return len(self._events)

    def _kept(self, stream: str, seq: int, new: NewEvent) -> Event:
        payload: Mapping[str, object] = json.loads(json.dumps(new.payload, default=dict))
        at = new.occurred_at
        return Event(f"{seq:026}", stream, seq, at, at, new.actor, new.source, None, new.kind, payload, "", "")  # type: ignore[arg-type]

    def _answer(self, prepared: Prepared) -> Executed:
        fixtures = self.case.fixtures.get(self.turn, ())
        if not fixtures:
            if prepared.kind is Kind.PROMQL:
                return read((), prepared.reduce)
            self.missing.append(self.turn)
            return Executed(Ending.FAILED_TO_START, f"the case has no fixture for {self.turn}")
        at = 0 if self.turn == GUARDS and len(fixtures) == 1 else self._used.get(self.turn, 0)
        self._used[self.turn] = at + 1
        return executed_of(fixtures[min(at, len(fixtures) - 1)], prepared)

    async def _wait(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


def executed_of(fixture: Fixture, prepared: Prepared) -> Executed:
    """What a fixture says, as the executor of its kind would."""
    if prepared.kind is Kind.PROMQL and fixture.exit == 0:
        return read([Series({}, value) for value in fixture.values], prepared.reduce)
    exit_code = None if prepared.kind is Kind.HTTP else fixture.exit
    executed = Executed(
        Ending.EXITED, exit=exit_code, stdout=fixture.stdout, stderr=fixture.stderr, plain=fixture.stdout
    )
    if prepared.kind is Kind.HTTP:
        status = 200 if fixture.status is None else fixture.status
        return Executed(Ending.EXITED, status=status, stdout=fixture.stdout, plain=fixture.stdout)
    if prepared.kind is Kind.SQL and fixture.exit == 0:
        table = table_of(fixture.stdout)
        return Executed(
            Ending.EXITED,
            exit=0,
            stdout=fixture.stdout,
            stderr=fixture.stderr,
            plain=fixture.stdout,
            columns=table.columns,
            rows=table.rows,
            count=table.count,
        )
    return executed


class Answered:
    """``Running`` of a fixture."""

    def __init__(self, executed: Executed) -> None:
        self._executed = executed

    async def ended(self) -> Executed:
        """At once."""
        return self._executed

    def cancel(self) -> None:
        """There is nothing to end."""
