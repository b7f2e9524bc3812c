"""Silences take the road of every action: intent, call, result; one that a crash left open is told of."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from oncall_tui.domain.action import Silence, Snooze, Unsilence
from oncall_tui.domain.alert import Record
from oncall_tui.domain.ids import AlertId, SourceName
from oncall_tui.domain.silence import Matcher
from oncall_tui.domain.silence import Silence as Muting
from oncall_tui.response.intent import Intent, intent_event
from oncall_tui.response.owner import Owner
from oncall_tui.response.report import Outcome
from oncall_tui.response.silencing import ActsBySilencing
from oncall_tui.sources.actors import Actor, ActOutcome, ActResult, Silencer
from tests.unit.journal.helpers import NIGHT
from tests.unit.response.helpers import Desk

AM = SourceName("alertmanager")
DEPLOY = Silence(('team="data"', 'severity=~"warning|page"'), NIGHT, NIGHT + timedelta(hours=2), "deploy")


@dataclass
class FakeSilencer:
    """Gives silences ids and remembers what it was asked."""

    made: list[Muting] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    outcome: ActOutcome = ActOutcome.CONFIRMED

    async def silences(self) -> Sequence[Muting]:
        return self.made

    async def covered_by(self, matchers: Sequence[Matcher]) -> Sequence[Record]:
        return ()

    async def silence(self, wanted: Muting) -> ActResult:
        self.made.append(wanted)
        return ActResult("S-2", self.outcome, "it was there" if self.outcome is ActOutcome.ALREADY else "")

    async def expire(self, silence_id: str) -> ActResult:
        self.ended.append(silence_id)
        return ActResult(silence_id, self.outcome)


@pytest.fixture
def silencer(desk: Desk) -> FakeSilencer:
    found = FakeSilencer()
    desk.others[AM] = ActsBySilencing(found, "alice")
    return found


def test_both_sides_are_what_they_stand_for() -> None:
    assert isinstance(FakeSilencer(), Silencer)
    assert isinstance(ActsBySilencing(FakeSilencer(), "alice"), Actor)


async def test_a_silence_is_made_as_it_was_wanted(desk: Desk, silencer: FakeSilencer) -> None:
    report = await desk.responder.silence(AM, DEPLOY)
    assert (report.outcome, report.reason, report.verb) == (Outcome.CONFIRMED, "silence S-2", "silence")
    assert report.title == 'team="data", severity=~"warning|page"'
    (made,) = silencer.made
    assert made.matchers == (Matcher("team", "data"), Matcher("severity", "warning|page", is_regex=True))
    assert (made.ends_at - made.starts_at, made.comment) == (timedelta(hours=2), "deploy")
    assert (made.created_by, made.id) == ("alice", "")
    intent, result = await desk.journal.read("silence:alertmanager")
    assert intent.payload["options"] == {
        "matchers": ['team="data"', 'severity=~"warning|page"'],
        "starts_at": "2026-11-03T03:14:05.678901Z",
        "ends_at": "2026-11-03T05:14:05.678901Z",
        "comment": "deploy",
    }
    assert (result.text("outcome"), result.text("reason")) == ("confirmed", "silence S-2")


async def test_one_takes_the_place_of_another(desk: Desk, silencer: FakeSilencer) -> None:
    report = await desk.responder.silence(AM, DEPLOY, "S-1")
    assert silencer.made[0].id == "S-1"
    assert report.reason == "silence S-2"


async def test_one_that_is_there_is_said_to_be(desk: Desk, silencer: FakeSilencer) -> None:
    silencer.outcome = ActOutcome.ALREADY
    report = await desk.responder.silence(AM, DEPLOY)
    assert (report.outcome, report.reason) == (Outcome.ALREADY, "silence S-2; it was there")


async def test_a_silence_is_ended(desk: Desk, silencer: FakeSilencer) -> None:
    report = await desk.responder.silence(AM, Unsilence(), "S-1")
    assert (report.outcome, report.title, silencer.ended) == (Outcome.CONFIRMED, "S-1", ["S-1"])


async def test_without_a_journal_nothing_is_sent(desk: Desk, silencer: FakeSilencer) -> None:
    desk.journal.failing = frozenset({1})
    report = await desk.responder.silence(AM, DEPLOY)
    assert (report.outcome, silencer.made) == (Outcome.FAILED, [])
    assert report.reason.startswith("nothing was sent: ")


async def test_what_a_crash_left_open_is_told_of_and_not_made_again(desk: Desk, silencer: FakeSilencer) -> None:
    intent = Intent("R1", DEPLOY, AlertId(""), "team", AM)
    event = intent_event(intent, "user:alice", desk.clock(), Owner("laptop", 100, "S0"))
    await desk.journal.append(intent.stream, [event])
    await desk.restarted()
    (report,) = await desk.responder.outbox.recover()
    assert (report.outcome, report.verb, silencer.made) == (Outcome.UNKNOWN, "silence", [])
    assert "look in alertmanager whether it was done" in report.reason


async def test_it_is_no_pager(silencer: FakeSilencer) -> None:
    (result,) = (await ActsBySilencing(silencer, "alice").act(Snooze(timedelta(hours=1)), ["S-1"])).values()
    assert (result.outcome, result.reason) == (ActOutcome.FAILED, "nothing was sent: no snooze here")
