"""What front ends ask PagerDuty beforehand: whom it can page, how bad things can be, who is next."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from oncall_tui.domain.pager import EscalationLevel, EscalationPath, PageableService, Person, Priority
from oncall_tui.sources.actors import KnowsEscalation, KnowsPeople, KnowsPriorities
from oncall_tui.sources.errors import Malformed, Refused, SourceError, Unauthorised
from oncall_tui.sources.pagerduty import PagerDuty
from tests.unit.sources.pagerduty_desk import ANA, BOB, EVE, Desk, held, resolved
from tests.unit.sources.pagerduty_server import HandClock, serving, source_of

ANA_, BOB_, EVE_ = (Person(one["id"], one["name"], one["email"]) for one in (ANA, BOB, EVE))
HOSTILE = "E\x1b]0;x\x07ve\u202e"


async def asked(source: PagerDuty, question: str) -> Any:
    questions: dict[str, Callable[[], Awaitable[Any]]] = {
        "people": source.people,
        "priorities": source.priorities,
        "services": source.pageable_services,
        "escalation": lambda: source.escalation_of("P1"),
    }
    return await questions[question]()


QUESTIONS = {
    "people": "/users",
    "priorities": "/priorities",
    "services": "/services",
    "escalation": "/incidents/P1",
}
every_question = pytest.mark.parametrize("question", QUESTIONS)


async def test_people_come_by_name_with_what_a_fuzzy_pick_needs() -> None:
    users = [EVE | {"name": HOSTILE}, BOB, ANA | {"role": "read_only_user"}, {"id": "PX", "email": "x@acme.example"}]
    async with serving(Desk(users=users)) as desk, source_of(desk) as source:
        assert isinstance(source, KnowsPeople)
        found = await source.people()
    assert [one.id for one in found] == ["PBOB", "PEVE", "PX"], "who cannot be paged cannot be picked"
    assert found[0] == BOB_
    assert found[1].name == "E\ufffd]0;x\ufffdve\ufffd"
    assert found[2].name == "x@acme.example"


async def test_people_are_narrowed_down_at_the_vendor() -> None:
    async with serving(Desk()) as desk, source_of(desk) as source:
        assert await source.people(" bob\n") == (BOB_,)
        assert desk.asked("GET", "/users")[0].query["query"] == "bob"


async def test_priorities_keep_the_order_of_the_account() -> None:
    given = [{"id": "PB", "name": "Bad", "description": "wake up"}, {"id": "PA", "summary": "Awkward"}]
    async with serving(Desk(priorities=given)) as desk, source_of(desk) as source:
        assert isinstance(source, KnowsPriorities)
        assert await source.priorities() == (Priority("PB", "Bad", "wake up"), Priority("PA", "Awkward"))


async def test_an_account_without_priorities_has_none() -> None:
    async with serving(Desk(priorities=[])) as desk, source_of(desk) as source:
        assert await source.priorities() == ()


async def test_services_come_by_name_without_those_switched_off() -> None:
    async with serving(Desk(services=["web", "API"])) as desk, source_of(desk) as source:
        assert await source.pageable_services() == (
            PageableService("PS1", "API", "PPOL"),
            PageableService("PS0", "web", "PPOL"),
        )


async def test_whom_a_service_pages_is_known_before_anything_is_opened_on_it() -> None:
    async with serving(Desk(services=["API"])) as desk, source_of(desk) as source:
        (service,) = await source.pageable_services()
        path = await source.paged_for(service)
        assert [[person.name for person in level.people] for level in path.levels][:2] == [["Ana Smith"], ["Bob Jones"]]
        with pytest.raises(Malformed, match="the escalation policy of a service"):
            await source.paged_for(PageableService("PS9", "without a policy"))


async def test_the_escalation_of_an_incident_says_who_would_be_paged() -> None:
    async with serving(Desk()) as desk, source_of(desk) as source:
        desk.add(held("P1", ANA))
        assert isinstance(source, KnowsEscalation)
        path = await source.escalation_of("P1")
    wait = timedelta(minutes=30)
    assert path == EscalationPath(
        "PPOL",
        "Production",
        (
            EscalationLevel(1, ("Ana Smith",), (ANA_,), wait),
            EscalationLevel(2, ("Bob Jones",), (BOB_,), wait),
            EscalationLevel(3, ("Eve Stone", "Bob Jones"), (EVE_, BOB_), wait),
        ),
    )
    assert path.level(3) == path.levels[2] and path.level(4) is None


async def test_a_level_where_nobody_is_on_call_is_empty() -> None:
    async with serving(Desk(levels=[[ANA], []])) as desk, source_of(desk) as source:
        desk.add(held("P1", ANA))
        second = (await source.escalation_of("P1")).level(2)
    assert second == EscalationLevel(2, (), (), timedelta(minutes=30))


@pytest.mark.parametrize(
    ("found", "error"), [(None, Refused), (resolved("P1"), Malformed), (held("P1", escalation_policy=7), Malformed)]
)
async def test_an_incident_without_a_policy_is_an_error_in_words(found: Any, error: type[SourceError]) -> None:
    async with serving(Desk()) as desk, source_of(desk) as source:
        desk.add(*([found] if found else []))
        with pytest.raises(error) as told:
            await source.escalation_of("P1")
    assert "pagerduty" in str(told.value)


async def test_a_policy_in_another_shape_is_an_error_in_words() -> None:
    async with serving(Desk()) as desk, source_of(desk) as source:
        desk.add(held("P1", ANA))
        desk.fail("GET /escalation_policies/PPOL", 200, {"escalation_policy": []})
        with pytest.raises(Malformed, match="/escalation_policies/PPOL"):
            await source.escalation_of("P1")


@every_question
@pytest.mark.parametrize(("status", "kind"), [(401, Unauthorised), (500, Refused)])
async def test_a_refusal_is_raised(question: str, status: int, kind: type[SourceError]) -> None:
    async with serving(Desk()) as desk, source_of(desk) as source:
        desk.add(held("P1", ANA))
        desk.fail(f"GET {QUESTIONS[question]}", status)
        with pytest.raises(kind, match=str(status)):
            await asked(source, question)


@every_question
@pytest.mark.parametrize(
    "answer", ["[]", "{}", '{"users": 7, "priorities": 7, "services": 7, "incident": 7}', "<html>"]
)
async def test_another_shape_is_an_error_in_words(question: str, answer: str) -> None:
    async with serving(Desk()) as desk, source_of(desk) as source:
        desk.fail(f"GET {QUESTIONS[question]}", 200, answer)
        with pytest.raises(SourceError):
            await asked(source, question)


@pytest.mark.parametrize("question", ["people", "priorities", "services"])
async def test_objects_that_nobody_can_read_are_an_error_in_words(question: str) -> None:
    rows = [{"name": "no id"}, {"id": 7.5}]
    async with serving(Desk()) as desk, source_of(desk) as source:
        key = QUESTIONS[question].removeprefix("/")
        desk.fail(f"GET {QUESTIONS[question]}", 200, {key: rows, "more": False})
        with pytest.raises(Malformed, match="shape nobody expected"):
            await asked(source, question)


@every_question
async def test_it_is_answered_when_polls_have_spent_the_budget(question: str) -> None:
    async with serving(Desk()) as desk, source_of(desk, HandClock(), budget=6) as source:
        desk.add(held("P1", ANA))
        for _ in range(4):
            await source.poll()
        assert await asked(source, question) is not None
        assert source.spending.sent == len(desk.requests)
