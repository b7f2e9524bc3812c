"""A pager's account that is opened late: whatever is asked first opens it, or says why it cannot be opened."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any

import pytest

from oncall_tui.domain.history import History
from oncall_tui.domain.pager import EscalationPath, NewIncident, PageableService, Person, Priority
from oncall_tui.domain.pages import PageLog
from oncall_tui.monitor.late_account import LateAccount
from oncall_tui.sources.actors import (
    Actor,
    ActOutcome,
    ActResult,
    Creates,
    KnowsEscalation,
    KnowsPeople,
    KnowsPriorities,
)
from oncall_tui.sources.errors import Refused, SourceError, Unauthorised
from tests.unit.builders import NOW, PAGERDUTY
from tests.unit.monitor.fakes import FakeSource
from tests.unit.monitor.test_late import LOCKED, Opening, late

ANA, P1 = Person("PANA", "Ana"), Priority("PP1", "P1")
PATH, SHOP = EscalationPath("PPOL", "Production"), PageableService("PS1", "Shop")
PAST, PAGED = History(NOW, NOW), PageLog(NOW, NOW)
WANTED = NewIncident("It burns", "PS1", "key-1")

Ask = Callable[[LateAccount], Awaitable[object]]


class Account(FakeSource):
    """Knows one of each."""

    async def people(self, matching: str = "") -> Sequence[Person]:
        return [ANA] if matching == "an" else []

    async def priorities(self) -> Sequence[Priority]:
        return [P1]

    async def escalation_of(self, vendor_id: str) -> EscalationPath:
        assert vendor_id == "Q1"
        return PATH

    async def pageable_services(self) -> Sequence[PageableService]:
        return [SHOP]

    async def paged_for(self, service: PageableService) -> EscalationPath:
        assert service == SHOP
        return PATH

    async def history_of(self, vendor_id: str, keys: Sequence[str] = ()) -> History:
        assert (vendor_id, keys) == ("Q1", ["key"])
        return PAST

    async def pages_since(self, since: datetime) -> PageLog:
        assert since == NOW
        return PAGED

    async def create(self, wanted: NewIncident, begun_at: datetime | None = None) -> ActResult:
        assert (wanted, begun_at) == (WANTED, NOW)
        return ActResult("Q9", ActOutcome.CONFIRMED)


QUESTIONS: dict[str, tuple[Ask, object]] = {
    "people": (lambda one: one.people("an"), [ANA]),
    "priorities": (lambda one: one.priorities(), [P1]),
    "escalation": (lambda one: one.escalation_of("Q1"), PATH),
    "history": (lambda one: one.history_of("Q1", ["key"]), PAST),
    "pages": (lambda one: one.pages_since(NOW), PAGED),
    "services": (lambda one: one.pageable_services(), [SHOP]),
    "paged": (lambda one: one.paged_for(SHOP), PATH),
}


def account(one: Any) -> LateAccount:
    assert isinstance(one, LateAccount)
    return one


@pytest.mark.parametrize("question", QUESTIONS)
async def test_a_question_opens_the_account_or_says_why_it_cannot_be_asked(question: str) -> None:
    ask, answer = QUESTIONS[question]
    async with late(Opening(LOCKED, source=Account(PAGERDUTY)), kind=LateAccount) as one:
        with pytest.raises(Unauthorised, match="is locked") as locked:
            await ask(account(one))
        assert locked.value.hint == LOCKED.hint
        assert await ask(account(one)) == answer


@pytest.mark.parametrize("question", QUESTIONS)
async def test_a_source_that_knows_no_answer_says_so(question: str) -> None:
    ask, _ = QUESTIONS[question]
    async with late(Opening(), kind=LateAccount) as one:
        with pytest.raises(SourceError, match=f"^{PAGERDUTY} ") as unable:
            await ask(account(one))
        assert isinstance(unable.value, Refused)


async def test_an_incident_is_opened_or_the_reason_told() -> None:
    async with late(Opening(LOCKED, source=Account(PAGERDUTY)), kind=LateAccount) as one:
        told = await account(one).create(WANTED, NOW)
        assert (told.id, told.outcome, told.may_have_arrived) == ("", ActOutcome.FAILED, False)
        assert told.reason.startswith("nothing was sent: sources.pagerduty.token: keyring:pd/me is locked.")
        assert await account(one).create(WANTED, NOW) == ActResult("Q9", ActOutcome.CONFIRMED)


async def test_it_is_a_pager_too() -> None:
    async with late(Opening(), kind=LateAccount) as one:
        for protocol in (Actor, KnowsPeople, KnowsPriorities, KnowsEscalation, Creates):
            assert isinstance(one, protocol)
