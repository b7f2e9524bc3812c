"""Silences take the road of every action: intent, call, result; one that a crash left open is told of."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from oncall_tui.domain.action import Silence, Snooze, Unsilence
from oncall_tui.domain.alert import Record
from oncall_tui.domain.ids import AlertId, SourceName
from oncall_tui.domain.silence import Matcher, read_matcher
from oncall_tui.domain.silence import Silence as Muting
from oncall_tui.response.intent import Intent, intent_event
from oncall_tui.response.owner import Owner
from oncall_tui.response.report import Outcome
from oncall_tui.response.silencing import ActsBySilencing
from oncall_tui.sources.actors import Actor, ActOutcome, ActResult, Finds, Silencer
from oncall_tui.sources.errors import Unreachable
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

    standing: list[Muting] | None = field(default_factory=list)
    """None: nobody answers."""

    async def silences(self) -> Sequence[Muting]:
        if self.standing is None:
            raise Unreachable("alertmanager: it is away")
        return self.standing

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
    actor = ActsBySilencing(FakeSilencer(), "alice")
    assert isinstance(actor, Actor)
    assert isinstance(actor, Finds)


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


STANDS = Muting(
    tuple(read_matcher(one) for one in DEPLOY.matchers), NIGHT, NIGHT + timedelta(hours=2), "deploy", "alice", "S-7"
)
ELSEWHERE = replace(STANDS, created_by="bob")
LATER = replace(STANDS, ends_at=STANDS.ends_at + timedelta(seconds=1))


@pytest.mark.parametrize(
    ("action", "target", "standing", "outcome", "words"),
    [
        (DEPLOY, "", [ELSEWHERE, STANDS], Outcome.CONFIRMED, "silence S-7"),
        (DEPLOY, "", [ELSEWHERE, LATER], Outcome.FAILED, "there is no such silence: do it anew"),
        (DEPLOY, "S-7", [STANDS], Outcome.CONFIRMED, "silence S-7"),
        (DEPLOY, "S-7", [LATER], Outcome.FAILED, "it was not changed: do it anew"),
        (Unsilence(), "S-7", [], Outcome.CONFIRMED, "before the answer"),
        (Unsilence(), "S-7", [STANDS], Outcome.FAILED, "it goes on: end it anew"),
        (DEPLOY, "", None, Outcome.UNKNOWN, "look in alertmanager whether it was done"),
    ],
)
async def test_what_a_crash_left_open_is_looked_for_and_not_made_again(
    desk: Desk,
    silencer: FakeSilencer,
    action: Silence | Unsilence,
    target: str,
    standing: list[Muting] | None,
    outcome: Outcome,
    words: str,
) -> None:
    silencer.standing = standing
    intent = Intent("R1", action, AlertId(target), "team", AM, target)
    event = intent_event(intent, "user:alice", desk.clock(), Owner("laptop", 100, "S0"))
    await desk.journal.append(intent.stream, [event])
    await desk.restarted()
    (report,) = await desk.responder.outbox.recover()
    assert (report.outcome, report.verb, silencer.made, silencer.ended) == (outcome, action.verb, [], [])
    assert words in report.reason
    assert await desk.responder.outbox.recover() == [], "each is told of once"


async def test_two_that_a_crash_left_open_are_told_of_each(desk: Desk, silencer: FakeSilencer) -> None:
    silencer.standing = [STANDS]
    for number, action in enumerate((DEPLOY, replace(DEPLOY, comment="another"))):
        intent = Intent(f"R{number}", action, AlertId(""), f"team {number}", AM)
        event = intent_event(intent, "user:alice", desk.clock(), Owner("laptop", 100, "S0"))
        await desk.journal.append(intent.stream, [event])
    await desk.restarted()
    told = await desk.responder.outbox.recover()
    assert [(one.title, one.outcome) for one in told] == [("team 0", Outcome.CONFIRMED), ("team 1", Outcome.FAILED)]


async def test_it_is_no_pager(silencer: FakeSilencer) -> None:
    (result,) = (await ActsBySilencing(silencer, "alice").act(Snooze(timedelta(hours=1)), ["S-1"])).values()
    assert (result.outcome, result.reason) == (ActOutcome.FAILED, "nothing was sent: no snooze here")
