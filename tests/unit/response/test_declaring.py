"""A new incident takes the road of every action: intent, call, result; one that a crash left open is told of."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import pytest

from oncall_tui.domain.action import Acknowledge, Create
from oncall_tui.domain.ids import AlertId
from oncall_tui.domain.pager import EscalationPath, NewIncident, PageableService, Priority
from oncall_tui.domain.verb import VERBS, Verb
from oncall_tui.response.declaring import ActsByDeclaring
from oncall_tui.response.intent import Intent, intent_event
from oncall_tui.response.owner import Owner
from oncall_tui.response.report import Outcome
from oncall_tui.sources.actors import Account, Actor, ActOutcome, ActResult
from tests.unit.response.helpers import EU, Desk, FakePager

BURNS = Create("It burns", "PS1", "high", "P1", "since 03:00")


@dataclass
class FakeAccount(FakePager):
    """Opens incidents and remembers under which key."""

    made: list[tuple[NewIncident, datetime | None]] = field(default_factory=list)
    result: ActResult = field(default_factory=lambda: ActResult("Q9", ActOutcome.CONFIRMED))

    async def pageable_services(self) -> Sequence[PageableService]:
        return ()

    async def priorities(self) -> Sequence[Priority]:
        return ()

    async def paged_for(self, service: PageableService) -> EscalationPath:
        return EscalationPath("E1", "Core")

    async def create(self, wanted: NewIncident, begun_at: datetime | None = None) -> ActResult:
        self.made.append((wanted, begun_at))
        return self.result


@dataclass
class KnowingAccount(FakeAccount):
    """Finds incidents again."""

    opened_by_key: dict[str, str] = field(default_factory=dict)

    async def opened(self, wanted: NewIncident) -> str:
        assert wanted == NewIncident("It burns", "PS1", wanted.key, "high", "P1", "since 03:00")
        return self.opened_by_key.get(wanted.key, "")


@pytest.fixture
def account(desk: Desk) -> FakeAccount:
    found = FakeAccount(verbs=frozenset({Verb.ACKNOWLEDGE}))
    desk.others[EU] = ActsByDeclaring(found, found)
    return found


def test_both_sides_are_what_they_stand_for(account: FakeAccount) -> None:
    assert isinstance(account, Account)
    assert isinstance(ActsByDeclaring(account, account), Actor)


async def test_everything_else_goes_to_the_account_itself(account: FakeAccount) -> None:
    actor = ActsByDeclaring(account, account)
    assert actor.verbs == {Verb.ACKNOWLEDGE, Verb.CREATE}
    await actor.act(Acknowledge(), ["Q1"])
    assert account.calls == [["Q1"]]


def test_no_alert_can_be_created() -> None:
    assert not any(Verb.CREATE in verbs for verbs in VERBS.values())


async def test_the_key_of_the_intent_is_the_one_it_is_found_by(desk: Desk, account: FakeAccount) -> None:
    report = await desk.responder.create(EU, BURNS)
    assert (report.outcome, report.title, report.verb) == (Outcome.CONFIRMED, "It burns", Verb.CREATE)
    assert (report.alert_id, report.made) == (f"{EU}/Q9", "Q9")
    ((wanted, begun_at),) = account.made
    assert begun_at is None
    assert wanted == NewIncident("It burns", "PS1", wanted.key, "high", "P1", "since 03:00")
    intent, result = await desk.journal.read(f"incident:{EU}:{wanted.key}")
    assert intent.text("request_id") == wanted.key
    assert intent.payload["options"] == {
        "title": "It burns",
        "service": "PS1",
        "urgency": "high",
        "priority": "P1",
        "details": "since 03:00",
    }
    assert (result.text("outcome"), result.text("made")) == ("confirmed", "Q9")


async def test_two_incidents_have_two_keys(desk: Desk, account: FakeAccount) -> None:
    await desk.responder.create(EU, BURNS)
    await desk.responder.create(EU, BURNS)
    assert len({wanted.key for wanted, _ in account.made}) == 2


@pytest.mark.parametrize(
    ("result", "outcome", "made", "may_have_arrived"),
    [
        (ActResult("Q9", ActOutcome.ALREADY, "It was opened before."), Outcome.ALREADY, "Q9", False),
        (ActResult("", ActOutcome.FAILED, "PagerDuty answered 500"), Outcome.FAILED, "", False),
        (ActResult("", ActOutcome.FAILED, "timed out", may_have_arrived=True), Outcome.FAILED, "", True),
        (ActResult("", ActOutcome.CONFIRMED), Outcome.FAILED, "", True),
    ],
)
async def test_what_came_of_it(
    desk: Desk, account: FakeAccount, result: ActResult, outcome: Outcome, made: str, may_have_arrived: bool
) -> None:
    account.result = result
    report = await desk.responder.create(EU, BURNS)
    assert (report.outcome, report.made, report.may_have_arrived) == (outcome, made, may_have_arrived)
    assert report.alert_id == (f"{EU}/{made}" if made else "")


async def test_without_a_journal_nothing_is_sent(desk: Desk, account: FakeAccount) -> None:
    desk.journal.failing = frozenset({1})
    report = await desk.responder.create(EU, BURNS)
    assert (report.outcome, account.made) == (Outcome.FAILED, [])
    assert report.reason.startswith("nothing was sent: ")


async def test_what_a_crash_left_open_is_told_of_and_not_opened_again(desk: Desk, account: FakeAccount) -> None:
    for key in ("K1", "K2"):
        intent = Intent(key, BURNS, AlertId(f"{EU}/{key}"), "It burns", EU, key)
        event = intent_event(intent, "user:alice", desk.clock(), Owner("laptop", 100, "S0"))
        await desk.journal.append(intent.stream, [event])
    await desk.restarted()
    reports = await desk.responder.outbox.recover()
    assert [(one.outcome, one.verb, one.title) for one in reports] == [(Outcome.UNKNOWN, "create", "It burns")] * 2
    assert account.made == []
    assert f"look in {EU} whether it was done" in reports[0].reason


async def test_what_a_crash_left_open_is_looked_for_by_its_key(desk: Desk) -> None:
    account = KnowingAccount(opened_by_key={"K1": "Q9"})
    desk.others[EU] = ActsByDeclaring(account, account)
    for key in ("K1", "K2"):
        intent = Intent(key, BURNS, AlertId(f"{EU}/{key}"), "It burns", EU, key)
        event = intent_event(intent, "user:alice", desk.clock(), Owner("laptop", 100, "S0"))
        await desk.journal.append(intent.stream, [event])
    await desk.restarted()
    there, missing = await desk.responder.outbox.recover()
    assert (there.outcome, there.made) == (Outcome.CONFIRMED, "Q9")
    assert (missing.outcome, missing.made) == (Outcome.FAILED, "")
    assert "nobody was paged: declare it anew" in missing.reason
    assert account.made == []
