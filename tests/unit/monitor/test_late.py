"""A source that is opened by its first poll: a fault of its own, tried anew, and never in the way of another."""

import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import pytest

from oncall_tui.config.references import SecretsError
from oncall_tui.domain.action import Acknowledge, Action, Assign
from oncall_tui.domain.alert import Record, SourceKind
from oncall_tui.domain.silence import Matcher, Silence
from oncall_tui.domain.situation import Failure
from oncall_tui.domain.verb import Verb
from oncall_tui.monitor.late import NO_SECRET, LateActor, LateSilencer, LateSource
from oncall_tui.sources.actors import Actor, ActOutcome, ActResult, Course, Silencer
from oncall_tui.sources.base import CheckState, Source, Spending
from oncall_tui.sources.errors import Refused
from tests.unit.builders import NOW, PAGERDUTY
from tests.unit.monitor.fakes import FakeSource, HandClock

LOCKED = SecretsError(("sources.pagerduty.token: keyring:pd/me is locked.",), "It is read again when you refresh.")


class Opening:
    """Opens a source, or fails as it is told."""

    def __init__(self, *errors: Exception, source: FakeSource | None = None) -> None:
        self.source = source or FakeSource(PAGERDUTY)
        self.errors = list(errors)
        self.opened = 0
        self.renewed = 0
        self.may_open = threading.Event()
        self.may_open.set()

    def __call__(self) -> Source:
        self.opened += 1
        assert self.may_open.wait(60)
        if self.errors:
            raise self.errors.pop(0)
        return self.source

    def renew(self) -> None:
        self.renewed += 1


@asynccontextmanager
async def late(
    opening: Opening, patience_s: float = 10.0, kind: Callable[..., LateSource] = LateSource
) -> AsyncIterator[LateSource]:
    one = kind(
        PAGERDUTY,
        SourceKind.PAGERDUTY,
        240,
        opening,
        clock=HandClock(),
        renew=opening.renew,
        patience_s=patience_s,
    )
    try:
        yield one
    finally:
        opening.may_open.set()
        await one.close()


async def failure_of(one: LateSource) -> Failure:
    told = await one.poll()
    assert (told.source, told.kind, told.fetched_at, told.records) == (PAGERDUTY, SourceKind.PAGERDUTY, NOW, None)
    assert told.failure is not None
    return told.failure


async def test_it_is_opened_once_and_then_is_the_source_itself() -> None:
    opening = Opening()
    async with late(opening) as one:
        assert (opening.opened, one.spending, one.capabilities) == (0, Spending(0, 240), frozenset())
        assert [(await one.poll()).failure for _ in range(2)] == [None, None]
        assert (opening.opened, opening.source.polls) == (1, 2)
        assert (one.spending, one.capabilities) == (opening.source.spending, opening.source.capabilities)
        opening.source.clock_skew = 3.0
        assert one.clock_skew == 3.0


async def test_a_secret_that_is_missing_is_a_failure_until_it_can_be_had() -> None:
    opening = Opening(LOCKED, LOCKED)
    async with late(opening) as one:
        for _ in range(2):
            failure = await failure_of(one)
            assert (failure.kind, failure.message) == (NO_SECRET, str(LOCKED))
            assert failure.hint == LOCKED.hint
        assert (await one.poll()).failure is None


async def test_settings_that_no_source_can_be_made_of_are_a_failure_in_its_own_words() -> None:
    async with late(Opening(Refused("pagerduty: `proxy` is not an address.", "Write it as http://host."))) as one:
        failure = await failure_of(one)
        assert (failure.kind, failure.hint) == ("refused", "Write it as http://host.")


async def test_nobody_is_waited_for_who_is_asked_for_a_password_and_the_answer_is_used() -> None:
    opening = Opening()
    opening.may_open.clear()
    async with late(opening, patience_s=0.01) as one:
        for _ in range(2):
            failure = await failure_of(one)
            assert failure.kind == NO_SECRET
            assert "still being read" in failure.message
        assert opening.opened == 1, "no second dialog beside the first"
        opening.may_open.set()
        assert one._opening is not None
        await one._opening
        assert (await one.poll()).failure is None
        assert opening.opened == 1


async def test_the_doctor_hears_why_it_cannot_be_opened() -> None:
    async with late(Opening(LOCKED)) as one:
        (finding,) = await one.check()
        assert (finding.state, finding.what) == (CheckState.FAILED, str(LOCKED))
        assert await one.check() == ()


class Pager(FakeSource):
    """Confirms every acknowledge."""

    verbs = frozenset({Verb.ACKNOWLEDGE})

    async def act(
        self, action: Action, ids: list[str], begun_at: datetime | None = None, course: Course | None = None
    ) -> dict[str, ActResult]:
        assert isinstance(action, Acknowledge)
        return {one: ActResult(one, ActOutcome.CONFIRMED) for one in ids}


async def test_an_acknowledge_opens_the_pager_or_says_why_nothing_was_sent() -> None:
    async with late(Opening(LOCKED, source=Pager(PAGERDUTY)), kind=LateActor) as one:
        assert isinstance(one, Actor)
        (told,) = (await one.act(Acknowledge(), ["Q1"])).values()
        assert (told.outcome, told.may_have_arrived) == (ActOutcome.FAILED, False)
        assert told.reason.startswith("nothing was sent: sources.pagerduty.token: keyring:pd/me is locked.")
        (told,) = (await one.act(Acknowledge(), ["Q1"])).values()
        assert told.outcome is ActOutcome.CONFIRMED


class Assigner(FakeSource):
    """Carries out every assign."""

    verbs = frozenset({Verb.ASSIGN})

    async def act(
        self, action: Action, ids: list[str], begun_at: datetime | None = None, course: Course | None = None
    ) -> dict[str, ActResult]:
        assert isinstance(action, Assign)
        return {one: ActResult(one, ActOutcome.CONFIRMED, f"{action.to} {begun_at}") for one in ids}


async def test_whatever_the_source_carries_out_is_handed_on() -> None:
    async with late(Opening(LOCKED, source=Assigner(PAGERDUTY)), kind=LateActor) as one:
        assert isinstance(one, Actor)
        assert not isinstance(one, Silencer)
        (told,) = (await one.act(Assign("ana"), ["7"], NOW)).values()
        assert told.reason.startswith("nothing was sent: sources.pagerduty.token: keyring:pd/me is locked.")
        (told,) = (await one.act(Assign("ana"), ["7"], NOW)).values()
        assert (told.outcome, told.reason) == (ActOutcome.CONFIRMED, f"ana {NOW}")


class Quiet(FakeSource):
    """Mutes whatever it is told to."""

    async def silences(self) -> tuple[Silence, ...]:
        return (SILENCE,)

    async def covered_by(self, matchers: tuple[Matcher, ...]) -> tuple[Record, ...]:
        assert matchers == SILENCE.matchers
        return ()

    async def silence(self, wanted: Silence) -> ActResult:
        assert wanted is SILENCE
        return ActResult("made", ActOutcome.CONFIRMED)

    async def expire(self, silence_id: str) -> ActResult:
        return ActResult(silence_id, ActOutcome.CONFIRMED)


SILENCE = Silence((Matcher("a", "b"),), NOW, NOW + timedelta(hours=1), "known", "jo", "old")


async def test_a_silence_opens_its_source_or_says_why_nothing_was_sent() -> None:
    async with late(Opening(*[LOCKED] * 4, source=Quiet(PAGERDUTY)), kind=LateSilencer) as one:
        assert isinstance(one, Silencer)
        assert not isinstance(one, Actor)
        for asked in (one.silence(SILENCE), one.expire("old")):
            told = await asked
            assert (told.id, told.outcome, told.may_have_arrived) == ("old", ActOutcome.FAILED, False)
            assert told.reason.startswith("nothing was sent: sources.pagerduty.token: keyring:pd/me is locked.")
        for listed in (one.silences(), one.covered_by(SILENCE.matchers)):
            with pytest.raises(Refused, match="is locked"):
                await listed
        assert await one.silences() == (SILENCE,)
        assert await one.covered_by(SILENCE.matchers) == ()
        assert [(await one.silence(SILENCE)).id, (await one.expire("old")).id] == ["made", "old"]


async def test_a_source_that_mutes_nothing_says_so() -> None:
    async with late(Opening(), kind=LateSilencer) as one:
        assert isinstance(one, LateSilencer)
        assert "has no silences" in (await one.silence(SILENCE)).reason


async def test_closing_waits_for_nobody() -> None:
    opening = Opening()
    opening.may_open.clear()
    async with late(opening, patience_s=0.01) as one:
        await failure_of(one)
        await one.close()
        assert not opening.may_open.is_set()
