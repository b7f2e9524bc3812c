"""What goes wrong while something is done: each verb, each fault; every id has a result, and nothing is sent twice."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web

from oncall_tui.domain.action import Acknowledge, Action, Escalate, Merge, Note, Reassign, Resolve, SetPriority, Snooze
from oncall_tui.domain.alert import SourceKind
from oncall_tui.domain.pager import NewIncident
from oncall_tui.domain.verb import VERBS, Verb
from oncall_tui.sources.actors import ActOutcome, ActResult
from tests.unit.sources.pagerduty_desk import ANA, Desk, held
from tests.unit.sources.pagerduty_server import TOKEN, HandClock, serving, source_of

CONFIRMED, GONE, FAILED = ActOutcome.CONFIRMED, ActOutcome.GONE, ActOutcome.FAILED

ACTIONS: dict[str, tuple[Action, str]] = {
    "acknowledge": (Acknowledge(), "PUT /incidents"),
    "resolve": (Resolve("why"), "PUT /incidents"),
    "priority": (SetPriority("P1"), "PUT /incidents"),
    "escalate": (Escalate(2), "PUT /incidents"),
    "reassign": (Reassign(("PBOB",)), "PUT /incidents"),
    "merge": (Merge("PT"), "PUT /incidents/PT/merge"),
    "snooze": (Snooze(timedelta(hours=1)), "POST /incidents/P1/snooze"),
    "note": (Note("why"), "POST /incidents/P1/notes"),
}
"""Each verb, and the request that does it."""

ONE_BY_ONE = ("snooze", "note")
every_verb = pytest.mark.parametrize("verb", ACTIONS)


def test_no_verb_is_forgotten() -> None:
    assert {Verb(verb) for verb in ACTIONS} == VERBS[SourceKind.PAGERDUTY]


def desk_with(*ids: str, **fields: Any) -> Desk:
    desk = Desk(**fields)
    desk.add(*(held(one, ANA) for one in ("PT", *ids)))
    return desk


def changes(desk: Desk) -> list[str]:
    return [f"{one.method} {one.path}" for one in desk.requests if one.method != "GET"]


async def result_of(desk: Desk, verb: str, **settings: Any) -> ActResult:
    async with source_of(desk, **settings) as source:
        return (await source.act(ACTIONS[verb][0], ["P1"]))["P1"]


@every_verb
@pytest.mark.parametrize("status", [400, 401, 403, 429, 500, 503])
async def test_a_refusal_is_told_with_its_reason(verb: str, status: int) -> None:
    async with serving(desk_with("P1")) as desk:
        said = {"error": {"message": "Said so", "code": 2001, "errors": [f"because of {TOKEN}"]}}
        desk.fail(ACTIONS[verb][1], status, said, headers={"Retry-After": "20"} if status == 429 else None)
        result = await result_of(desk, verb)
    assert (result.id, result.outcome, result.may_have_arrived) == ("P1", FAILED, False)
    assert str(status) in result.reason and TOKEN not in result.reason
    if status == 429:
        assert "asks to wait for 20 s" in result.reason and "send it again after that" in result.reason
        assert "asked again" not in result.reason, "that is what happens to polls"
    else:
        assert "Said so" in result.reason
    assert changes(desk) == [ACTIONS[verb][1]], "sent once"


@every_verb
@pytest.mark.parametrize(
    ("status", "may_wait"),
    [(500, True), (502, True), (503, True), (529, True), (501, False), (511, False), (403, False)],
)
async def test_a_fault_that_passes_is_told_from_one_that_stays(verb: str, status: int, may_wait: bool) -> None:
    async with serving(desk_with("P1")) as desk:
        desk.fail(ACTIONS[verb][1], status)
        result = await result_of(desk, verb)
    assert (result.may_wait, result.is_theirs) == (may_wait, may_wait)
    assert str(status) in (result.held_by or result.reason)


async def test_what_is_out_of_reach_is_no_fault_of_one_incident() -> None:
    async with serving(desk_with("P1")) as desk:
        mute(desk, ACTIONS["note"][1])
        result = await result_of(desk, "note")
    assert (result.may_wait, result.may_have_arrived, result.is_theirs) == (True, True, False)
    assert "broke off the connection" in result.held_by


async def test_a_fault_at_one_slice_leaves_the_next_one_unsent_and_says_so() -> None:
    ids = [f"P{n}" for n in range(300)]
    async with serving(desk_with(*ids)) as desk, source_of(desk) as source:
        desk.fail("PUT /incidents", 502, "<html>")
        results = await source.act(Acknowledge(), ids)
    assert len(changes(desk)) == 1
    assert {one.may_wait for one in results.values()} == {True}
    assert [results[one].may_have_arrived for one in ("P0", "P299")] == [True, False]
    assert results["P299"].reason.startswith("Not sent, because of the one before")


@every_verb
@pytest.mark.parametrize("status", [400, 403])
async def test_without_an_email_the_advice_names_it(verb: str, status: int) -> None:
    async with serving(desk_with("P1", me=None)) as desk:
        desk.fail(ACTIONS[verb][1], status, {"error": {"message": "Requester User Not Found"}})
        assert "`from_email`" in (await result_of(desk, verb)).reason
        assert "`from_email`" not in (await result_of(desk, verb, from_email="ana@acme.example")).reason


@every_verb
async def test_an_incident_that_is_gone_by_then(verb: str) -> None:
    async with serving(desk_with("P1")) as desk:
        desk.fail(ACTIONS[verb][1], 404, {"error": {"message": "Not Found"}})
        result = await result_of(desk, verb)
    assert result.outcome is (GONE if verb in ONE_BY_ONE else FAILED), "in a bulk it may be another's fault"
    assert not result.may_have_arrived


@every_verb
@pytest.mark.parametrize("status", [502, 504])
async def test_an_answer_that_a_gateway_lost_may_have_arrived(verb: str, status: int) -> None:
    async with serving(desk_with("P1")) as desk:
        desk.fail(ACTIONS[verb][1], status, "<html>")
        result = await result_of(desk, verb)
    assert (result.outcome, result.may_have_arrived) == (FAILED, True)
    assert changes(desk) == [ACTIONS[verb][1]]


@every_verb
async def test_an_answer_that_is_cut_off_may_have_arrived(verb: str) -> None:
    async with serving(desk_with("P1")) as desk:
        mute(desk, ACTIONS[verb][1])
        result = await result_of(desk, verb)
    assert (result.outcome, result.may_have_arrived) == (FAILED, True)
    assert "broke off the connection" in result.reason and "asked again" not in result.reason
    assert changes(desk) == [ACTIONS[verb][1]]


@every_verb
@pytest.mark.parametrize("answer", ["not json", "[]", '{"incident": 7, "incidents": 7, "note": 7}', "null"])
async def test_an_answer_in_another_shape_is_no_yes(verb: str, answer: str) -> None:
    async with serving(desk_with("P1")) as desk:
        desk.fail(ACTIONS[verb][1], 200, answer)
        result = await result_of(desk, verb)
    assert (result.outcome, result.may_have_arrived) == (FAILED, True)


@every_verb
@pytest.mark.parametrize("known", [2, 6])
async def test_half_of_the_ids_are_unknown(verb: str, known: int) -> None:
    ids = [f"P{n}" for n in range(known)]
    ghosts = [f"X{n}" for n in range(known)]
    mixed = [one for pair in zip(ids, ghosts, strict=True) for one in pair]
    async with serving(desk_with(*ids)) as desk, source_of(desk) as source:
        results = await source.act(ACTIONS[verb][0], mixed)
    assert list(results) == mixed
    assert {results[one].outcome for one in ids} == {CONFIRMED}
    assert {results[one].outcome for one in ghosts} == {GONE}
    assert all("does not know" in results[one].reason for one in ghosts)


@pytest.mark.parametrize("verb", sorted(set(ACTIONS) - {"note"}))
async def test_when_the_state_cannot_be_read_nothing_is_sent(verb: str) -> None:
    """A note can be written whatever the state is."""
    ids = [f"P{n}" for n in range(9)]
    async with serving(desk_with(*ids)) as desk, source_of(desk) as source:
        desk.fail("GET /incidents", 500)
        desk.fail("GET /incidents/P1", 503)
        many = await source.act(ACTIONS[verb][0], ids)
        one = await source.act(ACTIONS[verb][0], ["P1"])
    assert list(many) == ids
    assert {result.outcome for result in (*many.values(), *one.values())} == {FAILED}
    assert not any(result.may_have_arrived for result in (*many.values(), *one.values()))
    assert changes(desk) == []


@every_verb
async def test_the_budget_that_polls_have_spent_holds_no_verb_up(verb: str) -> None:
    async with serving(desk_with("P1")) as desk, source_of(desk, HandClock(), budget=6) as source:
        for _ in range(4):
            await source.poll()
        assert (await source.act(ACTIONS[verb][0], ["P1"]))["P1"].outcome is CONFIRMED
        assert source.spending.sent == len(desk.requests)


def mute(desk: Desk, *changes: str) -> None:
    """Take these requests and break off the connection."""

    def fault(request: web.Request) -> web.StreamResponse | None:
        if f"{request.method} {request.path}" not in changes:
            return None
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    desk.faults.append(fault)


def tired(desk: Desk, method: str, after: int) -> None:
    """Answer 429 to every request of this method after so many."""

    def fault(request: web.Request) -> web.StreamResponse | None:
        if request.method != method or sum(one.method == method for one in desk.requests) <= after:
            return None
        return web.json_response(
            {"error": {"message": "Rate Limit Exceeded"}}, status=429, headers={"Retry-After": "9"}
        )

    desk.faults.append(fault)


def split(results: Mapping[str, ActResult]) -> tuple[int, int]:
    """How many were done and how many failed; the reasons of these say what to do."""
    failed = [one for one in results.values() if one.outcome is FAILED]
    assert all("429" in one.reason and "send it again" in one.reason and not one.may_have_arrived for one in failed)
    return sum(one.outcome is CONFIRMED for one in results.values()), len(failed)


@pytest.mark.parametrize("verb", ONE_BY_ONE)
async def test_a_rate_limit_in_the_middle_ends_what_is_sent_one_by_one(verb: str) -> None:
    ids = [f"P{n}" for n in range(30)]
    async with serving(desk_with(*ids)) as desk, source_of(desk) as source:
        tired(desk, "POST", after=10)
        results = await source.act(ACTIONS[verb][0], ids)
    assert list(results) == ids
    assert split(results) == (10, 20)
    assert len(changes(desk)) <= 12, "what is left is not sent after a request to wait"


@pytest.mark.parametrize("verb", sorted(set(ACTIONS) - set(ONE_BY_ONE)))
async def test_a_rate_limit_in_the_middle_ends_what_is_sent_in_bulk(verb: str) -> None:
    ids = [f"P{n}" for n in range(800)]
    async with serving(desk_with(*ids)) as desk, source_of(desk) as source:
        tired(desk, "PUT", after=2)
        results = await source.act(ACTIONS[verb][0], ids)
    assert list(results) == ids
    assert split(results) == (500, 300)
    assert sum(one.startswith("PUT") for one in changes(desk)) == 3


async def test_a_rate_limit_while_states_are_read_ends_the_reading() -> None:
    ghosts = [f"X{n}" for n in range(40)]
    async with serving(desk_with()) as desk, source_of(desk) as source:
        tired(desk, "GET", after=12)
        results = await source.act(Acknowledge(), ghosts)
    outcomes = [one.outcome for one in results.values()]
    assert outcomes.count(GONE) + outcomes.count(FAILED) == 40
    assert len(desk.requests) <= 15


async def test_notes_of_a_bulk_resolve_that_meet_a_rate_limit_are_told_of() -> None:
    ids = [f"P{n}" for n in range(6)]
    async with serving(desk_with(*ids)) as desk, source_of(desk) as source:
        tired(desk, "POST", after=2)
        results = await source.act(Resolve("why"), ids)
    assert {one.outcome for one in results.values()} == {CONFIRMED}
    told = [one.reason for one in results.values() if one.reason]
    assert len(told) == 4 and all("is missing" in one and "429" in one for one in told)


async def test_what_is_refused_for_all_is_not_asked_for_each() -> None:
    """An assignee that PagerDuty does not take spoils every half of every slice."""
    ids = [f"P{n}" for n in range(250)]
    async with serving(desk_with(*ids, stubborn=set(ids))) as desk, source_of(desk) as source:
        results = await source.act(Acknowledge(), ids)
    assert {one.outcome for one in results.values()} == {FAILED}
    assert all("Incident cannot be changed" in one.reason for one in results.values())
    assert len(changes(desk)) < 40


async def test_a_vendor_that_does_not_answer_is_not_asked_for_each() -> None:
    ids = [f"P{n}" for n in range(12)]
    async with serving(desk_with(*ids)) as desk, source_of(desk) as source:
        mute(desk, *(f"POST /incidents/{one}/notes" for one in ids))
        results = await source.act(Note("why"), ids)
    assert {one.outcome for one in results.values()} == {FAILED}
    assert sum(one.may_have_arrived for one in results.values()) == len(changes(desk)) <= 2
    assert sum(one.reason.startswith("Not sent") for one in results.values()) >= 10


@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500])
async def test_an_incident_that_could_not_be_opened(status: int) -> None:
    async with serving(Desk()) as desk, source_of(desk) as source:
        desk.fail("POST /incidents", status, {"error": {"message": "Said so"}})
        result = await source.create(NewIncident("t", "PSERV", "k"))
    assert (result.id, result.outcome, result.may_have_arrived) == ("", FAILED, False)
    assert str(status) in result.reason
    assert changes(desk) == ["POST /incidents"]


async def test_an_incident_whose_answer_was_lost_is_found_by_its_key() -> None:
    async with serving(Desk()) as desk, source_of(desk) as source:
        desk.fail("POST /incidents", 504, "<html>", times=1)
        wanted = NewIncident("t", "PSERV", "k")
        lost = await source.create(wanted)
        assert (lost.outcome, lost.may_have_arrived) == (FAILED, True)
        again = await source.create(wanted, HandClock()())
        assert again.outcome is CONFIRMED, "it had not arrived"
        assert (await source.create(wanted, HandClock()())).id == again.id
    assert changes(desk) == ["POST /incidents"] * 2
