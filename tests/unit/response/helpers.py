"""A pager that keeps state in memory, alerts, and a responder on a journal in a folder of the test."""

import asyncio
import itertools
from collections import ChainMap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast

from oncall_tui.domain.action import Action
from oncall_tui.domain.alert import Alert, Record, SourceKind, Status
from oncall_tui.domain.ids import AlertId, SourceName, record_ref
from oncall_tui.domain.severity import Severity
from oncall_tui.domain.verb import Verb
from oncall_tui.journal.errors import JournalError
from oncall_tui.journal.event import Event, NewEvent
from oncall_tui.journal.keeper import JournalKeeper
from oncall_tui.response.owner import Owner
from oncall_tui.response.report import ActReport
from oncall_tui.response.responder import Responder
from oncall_tui.sources.actors import Actor, ActOutcome, ActResult, Course
from oncall_tui.sources.course import Waiting, wait_for_event
from tests.unit.journal.helpers import NIGHT, FakeClock, seeded

PD = SourceName("pagerduty")
EU = SourceName("pagerduty-eu")
PROM = SourceName("prometheus")

SENTRY = SourceName("sentry")

KINDS = {
    PD: SourceKind.PAGERDUTY,
    EU: SourceKind.PAGERDUTY,
    PROM: SourceKind.PROMETHEUS,
    SENTRY: SourceKind.SENTRY,
}


@dataclass
class FakePager:
    """Knows who acknowledged what, as a vendor does; logs every call."""

    resolved: set[str] = field(default_factory=set)
    acknowledged: dict[str, str] = field(default_factory=dict)
    broken: dict[str, ActResult] = field(default_factory=dict)
    calls: list[list[str]] = field(default_factory=list)
    actions: list[tuple[Action, datetime | None]] = field(default_factory=list)
    verbs: frozenset[Verb] = frozenset(Verb)
    called: asyncio.Event = field(default_factory=asyncio.Event)
    gate: asyncio.Event | None = None
    fault: Exception | None = None
    offline: str = ""
    """Why nobody answers; nothing reaches it then."""
    wait_s: float | None = None
    tried: int = 0
    """How often it was tried while nobody answered."""
    takes: int = 10**6
    """So many are carried out; the rest only once ``gate`` is open, and not when the act was stopped."""

    async def act(
        self, action: Action, ids: Sequence[str], begun_at: datetime | None = None, course: Course | None = None
    ) -> Mapping[str, ActResult]:
        if self.offline:
            self.tried += 1
            held = [ActResult(one, ActOutcome.FAILED, "", None, False, self.offline, self.wait_s) for one in ids]
            return {one.id: one for one in held}
        self.calls.append(list(ids))
        self.actions.append((action, begun_at))
        self.called.set()
        if course is not None and len(ids) > self.takes:
            return await self._one_by_one(action.verb, ids, course)
        if self.gate is not None:
            await self.gate.wait()
        if self.fault is not None:
            raise self.fault
        return {one: self._answer(action.verb, one) for one in ids if one != "Q-LOST"}

    async def _one_by_one(self, verb: Verb, ids: Sequence[str], course: Course) -> Mapping[str, ActResult]:
        results: dict[str, ActResult] = {}
        for place, one in enumerate(ids):
            if place == self.takes:
                await course.rest(60)
            if course.is_stopped:
                results[one] = ActResult(one, ActOutcome.FAILED, "Not sent: it was stopped.", held_by="it was stopped")
                continue
            results[one] = self._answer(verb, one)
            course.tell(results[one])
        return results

    def _answer(self, verb: Verb, one: str) -> ActResult:
        if one in self.broken:
            return self.broken[one]
        if one in self.resolved:
            return ActResult(one, ActOutcome.GONE, "resolved at 03:10, so it was left alone")
        if verb is not Verb.ACKNOWLEDGE:
            return ActResult(one, ActOutcome.CONFIRMED)
        if one in self.acknowledged:
            by = self.acknowledged[one]
            return ActResult(one, ActOutcome.ALREADY, f"{by} has it", by)
        self.acknowledged[one] = "Alice"
        return ActResult(one, ActOutcome.CONFIRMED)


class Follower:
    """Remembers what it hears of an act."""

    def __init__(self) -> None:
        self.heard: list[ActReport] = []
        self.batches = 0
        self.rests: list[tuple[SourceName, float]] = []
        self.on_two: Callable[[], None] = lambda: None
        self.has_three = asyncio.Event()
        self.has_rested = asyncio.Event()

    def hear(self, reports: Sequence[ActReport]) -> None:
        self.heard += reports
        self.batches += 1
        if len(self.heard) >= 2:
            self.on_two()
        if len(self.heard) >= 3:
            self.has_three.set()

    def rest(self, source: SourceName, seconds: float) -> None:
        self.rests.append((source, seconds))
        self.has_rested.set()


class FailingKeeper(JournalKeeper):
    """A journal whose writes of the given numbers (from 1) fail."""

    failing: frozenset[int] = frozenset()
    writes = 0
    two_written: asyncio.Event | None = None

    async def append_all(
        self, events: Sequence[tuple[str, NewEvent]], after: Mapping[str, int] | None = None
    ) -> tuple[Event, ...]:
        self.writes += 1
        if self.writes in self.failing:
            raise JournalError("The journal j.db cannot be used: the disk is full.", "Free some space.")
        written = await super().append_all(events, after)
        if self.writes == 2 and self.two_written is not None:
            self.two_written.set()
        return written


def record(source: SourceName, vendor_id: str, since: datetime = NIGHT, status: Status = Status.FIRING) -> Record:
    ref = record_ref(source, vendor_id)
    return Record(source, KINDS[source], vendor_id, ref, f"{vendor_id} is down", Severity.P1, status, since)


def alert(*records: Record) -> Alert:
    """An alert led by the first record."""
    lead = records[0]
    return Alert(AlertId(lead.ref), lead.title, Severity.P1, lead.status, "checkout", lead.since, records)


def paged(vendor_id: str, source: SourceName = PD) -> Alert:
    """An alert that a pager holds."""
    return alert(record(source, vendor_id), record(PROM, f"fp-{vendor_id}"))


class Desk:
    """A responder with everything it needs; ``restarted`` gives another process on the same journal and pagers."""

    def __init__(self, path: Path, host: str = "laptop", pid: int = 100, session: str = "S1") -> None:
        self.path = path
        self.clock = FakeClock(NIGHT + timedelta(minutes=5))
        self.alive: set[int] = {pid}
        self.pagers: dict[SourceName, FakePager] = {PD: FakePager(), EU: FakePager()}
        self.others: dict[SourceName, Actor] = {}
        self.actor = "user:alice"
        self.wait: Waiting = wait_for_event
        self._start(host, pid, session)

    def _start(self, host: str, pid: int, session: str) -> None:
        numbers = itertools.count(1)
        self.journal = FailingKeeper(self.path, self.clock, seeded(pid))
        self.responder = Responder(
            self.journal,
            ChainMap(self.others, cast("dict[SourceName, Actor]", self.pagers)),
            self.clock,
            self.actor,
            lambda: f"{session}-{next(numbers)}",
            Owner(host, pid, session, lambda one: one in self.alive),
            self.wait,
        )

    async def restarted(self, host: str = "laptop", pid: int = 200, session: str = "S2", dead: bool = True) -> None:
        """As after a crash, or beside the first one, which lives on."""
        await self.journal.close()
        if dead:
            self.alive.clear()
        self.alive.add(pid)
        self._start(host, pid, session)

    async def kinds(self, stream: str) -> list[str]:
        """What a stream holds: kinds, results with their outcome."""
        events = await self.journal.read(stream)
        return [" ".join(filter(None, (one.kind, one.text("outcome")))) for one in events]
