"""One source, examined: what a source says, what it does not say in time, and what it said before."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest

from oncall_tui.cli.doctor.sources import examine
from oncall_tui.config.model import AnySource, PrometheusSettings, SentrySettings
from oncall_tui.config.secrets import Secret, SecretError
from oncall_tui.domain.alert import SourceKind
from oncall_tui.domain.ids import SourceName
from oncall_tui.domain.service import Service
from oncall_tui.domain.severity import SeverityMap
from oncall_tui.domain.situation import Failure
from oncall_tui.domain.threshold import Check, Level, Reading
from oncall_tui.sources.base import AlertRule, Capability, Finding, Records, Report, Source, Spending, Topic
from oncall_tui.sources.errors import Refused
from oncall_tui.sources.registry import SecretResolver, build
from oncall_tui.sources.skew import Skew
from tests.unit.cli.doctor.findings import FAILED, OK, WARNING, only, told

PROM = SourceName("prom")
NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
SETTINGS = PrometheusSettings(url="http://127.0.0.1:9")
FINE = Finding(OK, "Answers queries.", topic=Topic.CREDENTIAL)


@dataclass
class FakeSource:
    """A source that says what it was told to say."""

    found: Sequence[Finding] = (FINE,)
    records: Records | None = field(default_factory=Records)
    failure: Failure | None = None
    clock_skew: float | None = None
    names: Sequence[str] | Exception = ()
    hangs: bool = False
    name: SourceName = PROM
    kind: SourceKind = SourceKind.PROMETHEUS
    capabilities: frozenset[Capability] = frozenset()
    polled: int = 0
    closed: int = 0

    @property
    def spending(self) -> Spending:
        return Spending(10 + 7 * self.polled, 240)

    async def check(self) -> Sequence[Finding]:
        if self.hangs:
            await asyncio.Event().wait()
        return self.found

    async def poll(self) -> Report:
        self.polled += 1
        return Report(self.name, self.kind, NOW, 0.1, self.records, self.failure, self.clock_skew)

    async def service_names(self) -> frozenset[str]:
        if isinstance(self.names, Exception):
            raise self.names
        return frozenset(self.names)

    async def close(self) -> None:
        self.closed += 1


async def examined(source: FakeSource, polls: int = 1, **options: Any) -> Any:
    return await examine("prom", SETTINGS, lambda: source, clock=lambda: NOW, polls=polls, **options)


async def test_it_is_checked_polled_asked_for_names_and_closed() -> None:
    source = FakeSource(names=("api",))
    assert isinstance(source, Source)
    found = await examined(source, polls=2)
    assert (source.polled, source.closed) == (2, 1)
    assert (found.sent, found.names) == ([7, 7], {"api"})
    assert found.findings == [FINE]


async def test_who_does_not_answer_is_not_polled() -> None:
    wrong = Finding(FAILED, "prom: nobody knows the name p.example.com.", "VPN down?", Topic.REACHABILITY)
    source = FakeSource(found=(wrong,))
    found = await examined(source)
    assert (source.polled, source.closed) == (0, 1)
    assert only(found.findings).what == "Nobody knows the name p.example.com."


async def test_a_host_keeps_its_small_letters() -> None:
    wrong = Finding(FAILED, "prom: p.example.com refuses the connection.", topic=Topic.REACHABILITY)
    found = await examined(FakeSource(found=(wrong,)))
    assert only(found.findings).what == "p.example.com refuses the connection."


@pytest.mark.parametrize(
    "found",
    [
        (FINE, Finding(FAILED, "The list of targets is not told (500).", topic=Topic.REACHABILITY)),
        (Finding(FAILED, "The query is refused.", topic=Topic.FILTERS),),
    ],
    ids=["a later question failed", "it answers that a filter is wrong"],
)
async def test_who_answers_is_polled_whatever_else_is_wrong(found: tuple[Finding, ...]) -> None:
    source = FakeSource(found=found)
    await examined(source)
    assert source.polled == 1


async def test_a_vendor_that_hangs_is_broken_off_and_closed() -> None:
    source = FakeSource(hangs=True)
    found = await examined(source, patience=0.05)
    finding = only(found.findings)
    assert (finding.state, finding.topic, source.closed) == (FAILED, Topic.REACHABILITY, 1)


async def test_a_poll_that_fails_after_a_good_check_is_told() -> None:
    source = FakeSource(records=None, failure=Failure("malformed", "It answers nonsense.", "Report it."))
    finding = (await examined(source)).findings[-1]
    assert (finding.state, finding.what, finding.advice) == (
        FAILED,
        "A poll failed: It answers nonsense.",
        "Report it.",
    )


@pytest.mark.parametrize(
    ("skew", "state", "words"),
    [
        (0.4, OK, "Clocks agree."),
        (-59.0, OK, "Clocks agree."),
        (600.0, WARNING, "Its clock is 10 min ahead of ours"),
        (-7200.0, WARNING, "Its clock is 2 h behind ours"),
    ],
)
async def test_the_clocks_are_compared(skew: float, state: object, words: str) -> None:
    warning = Skew(lambda: NOW)
    warning.seconds = skew
    source = FakeSource(clock_skew=skew, records=Records(warnings=warning.warnings("prom")))
    found = await examined(source)
    assert [one.state for one in found.findings[1:]] == [state], "told once, though the poll warns too"
    assert found.findings[1].what.startswith(words)


async def test_without_the_time_nothing_is_said_of_clocks() -> None:
    assert told((await examined(FakeSource())).findings, Topic.CLOCK) == []


async def test_what_a_poll_warns_of_is_told_unless_it_is_told_better() -> None:
    reading = Reading(Check("p95", "api"), Level.UNKNOWN, None, "no data")
    warnings = ("api p95: no data", "2 alert rules cannot be evaluated: x", "partial response")
    records = Records(services=(Service("api", readings=(reading,)),), warnings=warnings)
    rules = Finding(WARNING, "2 alert rules cannot be evaluated: x.", topic=Topic.RULES)
    found = await examined(FakeSource(found=(FINE, rules), records=records))
    assert [one.what for one in found.findings[2:]] == ["Partial response."]


@pytest.mark.parametrize("error", [Refused("no such thing"), AttributeError("'str' object has no attribute 'get'")])
async def test_a_source_that_cannot_list_its_services_is_no_worse_for_it(error: Exception) -> None:
    found = await examined(FakeSource(names=error))
    assert found.names is None
    assert found.findings == [FINE]


def building(settings: AnySource, read: SecretResolver) -> Callable[[], Source]:
    return partial(build, "it", settings, severities=SeverityMap(), clock=lambda: NOW, resolve_secret=read)


async def test_a_secret_that_cannot_be_had_is_a_finding() -> None:
    def nothing(reference: str) -> Secret:
        raise SecretError(f"{reference} is empty.")

    settings = SentrySettings(token="env:X", organization="acme")
    found = await examine("it", settings, building(settings, nothing), clock=lambda: NOW, polls=1)
    finding = only(found.findings)
    assert (finding.state, finding.topic, finding.what) == (FAILED, Topic.SECRET, "env:X is empty.")


async def test_an_unreachable_host_is_a_finding() -> None:
    found = await examine("it", SETTINGS, building(SETTINGS, Secret), clock=lambda: NOW, polls=1)
    finding = only(found.findings)
    assert (finding.state, finding.topic) == (FAILED, Topic.REACHABILITY)
    assert finding.what == "127.0.0.1:9 refuses the connection."
    assert finding.advice
    assert found.polls == []


class Ruled(FakeSource):
    """A source that lists its alert rules, or cannot."""

    rules: Sequence[AlertRule] | Exception = ()

    async def alert_rules(self) -> Sequence[AlertRule]:
        if isinstance(self.rules, Exception):
            raise self.rules
        return self.rules


async def test_it_is_asked_for_its_alert_rules() -> None:
    source = Ruled()
    source.rules = (AlertRule("Slow"),)
    assert [one.name for one in (await examined(source)).rules] == ["Slow"]


@pytest.mark.parametrize("error", [Refused("no rules"), KeyError("data")])
async def test_rules_that_cannot_be_had_keep_nothing_else_from_being_told(error: Exception) -> None:
    source = Ruled(names=("api",))
    source.rules = error
    found = await examined(source)
    assert (found.rules, found.names) == ((), frozenset({"api"}))
