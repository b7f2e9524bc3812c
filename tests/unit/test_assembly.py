"""The rooms as a front end gets them: built from a configuration, on sources that a test speaks for."""

import asyncio
import getpass
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from oncall_tui import assembly
from oncall_tui.assembly import Rooms, open_rooms
from oncall_tui.config import references
from oncall_tui.config.model import (
    AlertmanagerSettings,
    Config,
    JournalSettings,
    PagerDutySettings,
    PrometheusSettings,
    ServiceSettings,
)
from oncall_tui.config.secrets import Secret, SecretError
from oncall_tui.domain.action import Acknowledge, Action
from oncall_tui.domain.alert import Record, Status
from oncall_tui.domain.ids import SourceName
from oncall_tui.domain.situation import Situation, SourceState
from oncall_tui.domain.verb import Verb
from oncall_tui.journal.keeper import JournalKeeper
from oncall_tui.journal.store import Journal
from oncall_tui.response.intent import intent_at_vendor, intent_event
from oncall_tui.response.owner import Owner
from oncall_tui.response.report import Outcome
from oncall_tui.sources.actors import ActOutcome, ActResult, Course
from oncall_tui.sources.base import Records, Report
from tests.unit.builders import NOW, PAGERDUTY, PROMETHEUS, alert, before, failed_report, key, record, report
from tests.unit.monitor.fakes import FakeSource

CONFIG = Config(
    sources={
        "pagerduty": PagerDutySettings(token="env:PD_TOKEN"),
        "prometheus": PrometheusSettings(url="http://localhost:9090", headers={"X-Api-Key": "env:KEY"}),
    },
    services={"checkout": ServiceSettings(aliases=("Checkout API",))},
)
ENVIRON = {"PD_TOKEN": "pd-secret", "KEY": "prometheus-secret", "USER": "alice"}


class FakePager(FakeSource):
    """A source that does what it is asked for; ``gate`` holds it up."""

    def __init__(self, *outcomes: Report) -> None:
        super().__init__(PAGERDUTY, *outcomes)
        self.verbs = frozenset({Verb.ACKNOWLEDGE, Verb.RESOLVE, Verb.MERGE})
        self.calls: list[list[str]] = []
        self.actions: list[Action] = []
        self.called = asyncio.Event()
        self.gate = asyncio.Event()
        self.gate.set()
        self.closed = 0

    async def act(
        self, action: Action, ids: Sequence[str], begun_at: datetime | None = None, course: Course | None = None
    ) -> Mapping[str, ActResult]:
        self.calls.append(list(ids))
        self.actions.append(action)
        self.called.set()
        await self.gate.wait()
        return {one: ActResult(one, ActOutcome.CONFIRMED) for one in ids}

    async def close(self) -> None:
        self.closed += 1


class Vendors:
    """What ``build`` gives instead of sources that speak to somebody, and what it was given."""

    def __init__(self, pager: Sequence[Record] = (), prometheus: Sequence[Record] = ()) -> None:
        self.pager = FakePager(report(PAGERDUTY, records=Records(alerts=tuple(pager))))
        self.prometheus = FakeSource(PROMETHEUS, report(PROMETHEUS, records=Records(alerts=tuple(prometheus))))
        self.tokens: dict[str, str] = {}

    def build(self, name: str, settings: Any, *, resolve_secret: Any, **_: Any) -> FakeSource:
        for reference in (settings.token, *settings.headers.values()):
            if reference is not None:
                self.tokens[name] = resolve_secret(reference).reveal()
        return self.pager if name == PAGERDUTY else self.prometheus


def clock() -> datetime:
    return NOW


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


@asynccontextmanager
async def rooms_of(
    vendors: Vendors,
    journal: Path,
    monkeypatch: pytest.MonkeyPatch,
    config: Config = CONFIG,
    actor: str | None = None,
    environ: Mapping[str, str] = ENVIRON,
) -> AsyncIterator[Rooms]:
    monkeypatch.setattr(assembly, "build", vendors.build)
    told = Config(sources=config.sources, services=config.services, journal=JournalSettings(path=journal))
    rooms = await open_rooms(told, environ=environ, clock=clock, actor=actor)
    try:
        yield rooms
    finally:
        vendors.pager.gate.set()
        await rooms.close()


async def actors_in(journal: Path) -> set[str]:
    keeper = JournalKeeper(journal, clock)
    events = await keeper.read_kind("action_intent")
    await keeper.close()
    return {one.actor for one in events}


SAME = (key("f1"),)
PAGED = record(PAGERDUTY, "Q1", service="Checkout API", since=before(9), keys=SAME)
FIRING = record(PROMETHEUS, "f00d", service="checkout", since=before(8), keys=SAME)
UNPAGED = record(PROMETHEUS, "beef", service="disk", since=before(7))


async def test_sources_get_the_secrets_that_the_configuration_names(
    journal: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vendors = Vendors()
    async with rooms_of(vendors, journal, monkeypatch) as rooms:
        assert [one.name for one in rooms.sources] == ["pagerduty", "prometheus"]
        assert vendors.tokens == {}, "nothing is read before it is needed"
        await rooms.look()
    assert vendors.tokens == {"pagerduty": "pd-secret", "prometheus": "prometheus-secret"}


async def test_real_sources_are_built_for_every_kind(journal: Path) -> None:
    sources = {**CONFIG.sources, "alertmanager": AlertmanagerSettings(url="http://localhost:9093")}
    config = Config(sources=sources, journal=JournalSettings(path=journal))
    rooms = await open_rooms(config, environ=ENVIRON, clock=clock)
    assert [(one.name, one.kind.value) for one in rooms.sources] == [
        ("pagerduty", "pagerduty"),
        ("prometheus", "prometheus"),
        ("alertmanager", "alertmanager"),
    ]
    await rooms.close()


async def test_a_secret_that_cannot_be_had_is_a_failure_of_its_source_alone(
    journal: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vendors = Vendors(prometheus=[UNPAGED])
    async with rooms_of(vendors, journal, monkeypatch, environ={"KEY": "prometheus-secret"}) as rooms:
        situation = await rooms.look()
        (told,) = await rooms.act(Acknowledge(), ["pagerduty/Q1"])
    pager, prometheus = situation.freshness
    assert (pager.state, prometheus.state) == (SourceState.FAILED, SourceState.OK)
    assert pager.failure is not None
    assert pager.failure.kind == "no secret"
    assert pager.failure.message.startswith("sources.pagerduty.token: env:PD_TOKEN: the environment variable PD_TOKEN")
    assert [one.id for one in situation.alerts] == ["prometheus/beef"]
    assert told.outcome is Outcome.FAILED
    assert "PD_TOKEN" in told.reason


async def test_without_any_secret_every_source_says_so(journal: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with rooms_of(Vendors(), journal, monkeypatch, environ={}) as rooms:
        situation = await rooms.look()
    assert {one.failure.kind for one in situation.freshness if one.failure} == {"no secret"}
    assert situation.verdict.reason == "pagerduty and prometheus fail."


async def test_a_refresh_looks_again_for_what_a_keyring_had_not(journal: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def locked(reference: str, **_: object) -> Secret:
        asked.append(reference)
        raise SecretError("keyring:pd/me is locked. Unlock it.")

    monkeypatch.setattr(references.Secrets.__init__, "__defaults__", (locked,))
    config = Config(sources={"pagerduty": PagerDutySettings(token="keyring:pd/me")})
    async with rooms_of(Vendors(), journal, monkeypatch, config) as rooms:
        for _ in range(2):
            await rooms.look()
        assert len(asked) == 1, "a look by itself asks nobody for a password again"
        rooms.monitor.refresh()
        await rooms.look()
    assert len(asked) == 2


async def test_a_look_merges_what_the_sources_say_under_the_names_of_the_configuration(
    journal: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vendors = Vendors([PAGED], [FIRING, UNPAGED])
    async with rooms_of(vendors, journal, monkeypatch) as rooms:
        situation = await rooms.look()
    assert {(one.id, one.service, len(one.records)) for one in situation.alerts} == {
        ("pagerduty/Q1", "checkout", 2),
        ("prometheus/beef", "disk", 1),
    }
    assert {one.state for one in situation.freshness} == {SourceState.OK}


@pytest.mark.parametrize("target", ["pagerduty/Q1", "prometheus/f00d", "Q1", "f00d"])
async def test_an_alert_is_acknowledged_by_any_of_its_ids(
    target: str, journal: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vendors = Vendors([PAGED], [FIRING])
    async with rooms_of(vendors, journal, monkeypatch) as rooms:
        (told,) = await rooms.act(Acknowledge(), [target])
    assert (told.alert_id, told.outcome) == ("pagerduty/Q1", Outcome.CONFIRMED)
    assert vendors.pager.calls == [["Q1"]]


async def test_several_ids_of_one_alert_are_one_call_and_a_report_each(
    journal: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vendors = Vendors([PAGED], [FIRING])
    async with rooms_of(vendors, journal, monkeypatch) as rooms:
        told = await rooms.act(Acknowledge(), ["f00d", "nothing", "Q1"])
    assert [one.outcome for one in told] == [Outcome.CONFIRMED, Outcome.GONE, Outcome.CONFIRMED]
    assert vendors.pager.calls == [["Q1"]]


async def test_a_bare_id_that_two_sources_hold_is_sent_to_neither(
    journal: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    twin = record(PROMETHEUS, "Q1", title="another trouble")
    vendors = Vendors([record(PAGERDUTY, "Q1", title="a trouble")], [twin])
    async with rooms_of(vendors, journal, monkeypatch) as rooms:
        (told,) = await rooms.act(Acknowledge(), ["Q1"])
    assert told.outcome is Outcome.FAILED
    assert "pagerduty/Q1" in told.reason
    assert "prometheus/Q1" in told.reason
    assert vendors.pager.calls == []


@pytest.mark.parametrize("target", ["Q9", "pagerduty/Q9", "prometheus/9", "elsewhere/9"])
async def test_an_unknown_id_is_gone_when_every_source_has_answered(
    target: str, journal: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with rooms_of(Vendors([PAGED]), journal, monkeypatch) as rooms:
        (told,) = await rooms.act(Acknowledge(), [target])
    assert (told.alert_id, told.outcome) == (target, Outcome.GONE)
    assert "`oncall-tui alerts` lists them" in told.reason


@pytest.mark.parametrize("target", ["Q9", "pagerduty/Q9", "elsewhere/9"])
async def test_an_unknown_id_has_failed_while_a_source_that_may_hold_it_is_silent(
    target: str, journal: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vendors = Vendors(prometheus=[UNPAGED])
    vendors.pager = FakePager(failed_report(PAGERDUTY, kind="unauthorised"))
    async with rooms_of(vendors, journal, monkeypatch) as rooms:
        unknown, known = await rooms.act(Acknowledge(), [target, "beef"])
    assert (unknown.alert_id, unknown.outcome, unknown.may_have_arrived) == (target, Outcome.FAILED, False)
    assert unknown.reason == (
        "nothing was sent, the alert may be active: pagerduty did not answer: pagerduty: unauthorised Is the VPN up? "
        "Then try again, or do it at the vendor itself."
    )
    assert known.outcome is Outcome.HERE_ONLY
    assert vendors.pager.calls == []


async def test_every_silent_source_is_named_also_one_that_never_answered(
    journal: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vendors = Vendors()
    vendors.pager = FakePager(failed_report(PAGERDUTY, kind="unauthorised"))
    vendors.prometheus = FakeSource(PROMETHEUS, report(SourceName("prometheus-eu")))
    async with rooms_of(vendors, journal, monkeypatch) as rooms:
        bare, own = await rooms.act(Acknowledge(), ["Q9", "prometheus/9"])
    assert bare.outcome is own.outcome is Outcome.FAILED
    assert "pagerduty did not answer" in bare.reason
    assert "prometheus has not answered yet" in bare.reason
    assert "pagerduty" not in own.reason


async def test_an_id_of_a_source_that_answered_is_gone_whoever_else_is_silent(
    journal: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vendors = Vendors([PAGED])
    vendors.prometheus = FakeSource(PROMETHEUS, failed_report(PROMETHEUS))
    async with rooms_of(vendors, journal, monkeypatch) as rooms:
        gone, unknown = await rooms.act(Acknowledge(), ["pagerduty/Q9", "Q9"])
    assert (gone.outcome, unknown.outcome) == (Outcome.GONE, Outcome.FAILED)


async def test_what_only_the_journal_knows_is_laid_over_the_alerts(
    journal: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vendors = Vendors(prometheus=[UNPAGED])
    async with rooms_of(vendors, journal, monkeypatch, actor="user:bob") as rooms:
        (told,) = await rooms.act(Acknowledge(), ["beef"])
        assert told.outcome is Outcome.HERE_ONLY
    async with rooms_of(Vendors(prometheus=[UNPAGED]), journal, monkeypatch) as later:
        (found,) = (await later.look()).alerts
    assert (found.status, found.acknowledged_by, found.is_acknowledged_here_only) == (Status.ACKNOWLEDGED, "bob", True)


def broken_file(path: Path) -> None:
    path.write_text("this is no database, whatever it is called" * 100)


async def test_a_journal_that_cannot_be_read_keeps_nobody_from_looking(
    journal: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken_file(journal)
    async with rooms_of(Vendors(prometheus=[UNPAGED]), journal, monkeypatch) as rooms:
        assert len((await rooms.look()).alerts) == 1
        assert "it is not an SQLite database" in str(rooms.journal_trouble)
        (told,) = await rooms.act(Acknowledge(), ["beef"])
    assert told.outcome is Outcome.FAILED
    assert told.reason.startswith("nothing was sent: ")


async def test_an_acknowledge_of_an_earlier_session_is_drawn_without_waiting_for_a_poll(
    journal: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The screen reads the journal after its first picture; with one source the next one may be a minute away."""
    async with rooms_of(Vendors(prometheus=[UNPAGED]), journal, monkeypatch) as rooms:
        await rooms.act(Acknowledge(), ["beef"])
    async with rooms_of(Vendors(prometheus=[UNPAGED]), journal, monkeypatch) as rooms:
        pictures: asyncio.Queue[Situation] = asyncio.Queue()
        rooms.monitor.subscribe(pictures.put_nowait)
        living = asyncio.create_task(rooms.monitor.run())
        async with asyncio.timeout(60):
            while not (first := await pictures.get()).alerts:
                continue
            assert first.alerts[0].status is Status.FIRING
            await rooms.read_own_acknowledgements()
            while (picture := await pictures.get()).alerts[0].status is Status.FIRING:
                continue
        assert picture.alerts[0].is_acknowledged_here_only
        living.cancel()


@pytest.mark.parametrize(("given", "expected"), [(None, f"user:{getpass.getuser()}"), ("user:PANA", "user:PANA")])
async def test_the_journal_says_who_acted(
    given: str | None, expected: str, journal: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with rooms_of(Vendors([PAGED]), journal, monkeypatch, actor=given) as rooms:
        await rooms.act(Acknowledge(), ["Q1"])
    assert await actors_in(journal) == {expected}


@pytest.mark.parametrize(("login", "expected"), [("a\x1b]0;b\x07na", "user:a\ufffd]0;b\ufffdna"), ("\n", "user:uid-7")])
async def test_the_journal_takes_whatever_login_the_environment_holds(
    login: str, expected: str, journal: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(getpass, "getuser", lambda: login)
    monkeypatch.setattr("os.getuid", lambda: 7)
    async with rooms_of(Vendors([PAGED]), journal, monkeypatch) as rooms:
        await rooms.act(Acknowledge(), ["Q1"])
    assert await actors_in(journal) == {expected}


async def test_what_an_earlier_session_left_open_is_told_of_and_sent(
    journal: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    intent = intent_at_vendor("R1", Acknowledge(), alert(PAGED), PAGED)
    keeper = JournalKeeper(journal, clock)
    await keeper.append(intent.stream, [intent_event(intent, "user:alice", NOW, Owner("this laptop, before", 1, "S0"))])
    await keeper.close()
    vendors = Vendors([PAGED])
    async with rooms_of(vendors, journal, monkeypatch, actor="user:alice") as rooms:
        assert [one.intent.target for one in await rooms.unsent()] == ["Q1"]
        assert [one.outcome for one in await rooms.recover()] == [Outcome.CONFIRMED]
        assert await rooms.unsent() == ()
    assert vendors.pager.calls == [["Q1"]]


async def test_after_an_act_only_the_pagers_are_asked(journal: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with rooms_of(Vendors(), journal, monkeypatch) as rooms:
        asked: list[object] = []
        monkeypatch.setattr(rooms.monitor, "refresh", asked.append)
        rooms.refresh_pagers()
    assert asked == ["pagerduty"]


async def test_close_lets_go_of_every_source_and_of_the_journal(journal: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    vendors = Vendors()
    closed: list[Path] = []
    close = Journal.close

    def noted(one: Journal) -> None:
        closed.append(Path(one.place))
        close(one)

    monkeypatch.setattr(Journal, "close", noted)
    async with rooms_of(vendors, journal, monkeypatch) as rooms:
        await rooms.look()
        assert vendors.pager.closed == 0
    assert vendors.pager.closed == 1
    assert closed == [journal]


async def test_who_only_polls_loads_nothing_that_acts_need(journal: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    vendors = Vendors()
    async with rooms_of(vendors, journal, monkeypatch) as rooms:
        await rooms.monitor.look()
        assert "responder" not in vars(rooms)
    assert "responder" not in vars(rooms), "nor is it loaded to be let go of"
    assert vendors.pager.closed == 1
