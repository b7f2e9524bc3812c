"""Changes that PagerDuty takes in bulk: what is over is left alone, what is so already is said, the rest is sent."""

import json
from typing import Any

import pytest
from aiohttp import web

from oncall_tui.domain.action import Action, Archive, Assign, Escalate, Reassign, Resolve, SetPriority
from oncall_tui.domain.alert import SourceKind
from oncall_tui.domain.verb import VERBS
from oncall_tui.sources.actors import Actor, ActOutcome, ActResult
from tests.unit.sources.pagerduty_desk import ANA, BOB, EVE, Desk, held, note, resolved
from tests.unit.sources.pagerduty_server import NOW, HandClock, acknowledged, incident, serving, source_of

CONFIRMED, ALREADY, GONE, FAILED = ActOutcome.CONFIRMED, ActOutcome.ALREADY, ActOutcome.GONE, ActOutcome.FAILED


def sent(desk: Desk) -> list[Any]:
    """The bodies of the changes."""
    return [one.body for one in desk.requests if one.method != "GET"]


def change(vendor_id: str, **fields: Any) -> dict[str, Any]:
    return {"incidents": [{"id": vendor_id, "type": "incident_reference", **fields}]}


async def done(desk: Desk, action: Action, *ids: str) -> dict[str, ActResult]:
    async with source_of(desk) as source:
        return dict(await source.act(action, ids))


async def test_it_carries_out_every_verb_of_a_pager_and_no_other() -> None:
    async with serving(Desk()) as desk, source_of(desk) as source:
        assert isinstance(source, Actor)
        assert source.verbs == VERBS[SourceKind.PAGERDUTY]
        for action in (Archive(), Assign("ana")):
            (result,) = (await source.act(action, ["P1"])).values()
            assert (result.outcome, result.may_have_arrived) == (FAILED, False)
            assert str(action.verb) in result.reason
        assert desk.requests == []


async def test_nothing_to_do_is_no_request() -> None:
    async with serving(Desk()) as desk:
        for action in (Resolve("why"), SetPriority("P1"), Escalate(2), Reassign(("PBOB",))):
            assert await done(desk, action) == {}
        assert desk.requests == []


class TestResolve:
    async def test_the_resolution_is_sent_and_written_as_a_note(self) -> None:
        async with serving(Desk()) as desk:
            desk.add(held("P1", ANA), acknowledged("P2"))
            results = await done(desk, Resolve(" rolled back \n"), "P1", "P2")
        assert results == {one: ActResult(one, CONFIRMED, by="Ana Smith") for one in ("P1", "P2")}
        assert sent(desk)[0] == {
            "incidents": [
                {"id": one, "type": "incident_reference", "status": "resolved", "resolution": "rolled back"}
                for one in ("P1", "P2")
            ]
        }
        assert [one["content"] for notes in desk.notes.values() for one in notes] == ["rolled back"] * 2

    async def test_without_words_there_is_no_note(self) -> None:
        async with serving(Desk()) as desk:
            desk.add(held("P1", ANA))
            assert (await done(desk, Resolve(), "P1"))["P1"].outcome is CONFIRMED
        assert sent(desk) == [change("P1", status="resolved")]

    async def test_the_next_release_is_not_taken_for_now(self) -> None:
        async with serving(Desk()) as desk:
            desk.add(held("P1", ANA))
            result = (await done(desk, Resolve(in_next_release=True), "P1"))["P1"]
        assert result.outcome is FAILED and "knows no releases" in result.reason
        assert desk.requests == []

    async def test_what_is_resolved_stays_so_and_says_by_whom(self) -> None:
        async with serving(Desk()) as desk:
            desk.add(resolved("P1"))
            result = (await done(desk, Resolve("why"), "P1"))["P1"]
        assert result == ActResult("P1", ALREADY, "Resolved by Bob Jones before.", "Bob Jones")
        assert sent(desk) == []

    async def test_a_note_that_failed_is_told_and_the_resolve_counts(self) -> None:
        async with serving(Desk()) as desk:
            desk.add(held("P1", ANA))
            desk.fail("POST /incidents/P1/notes", 403, {"error": {"message": "No notes for you"}})
            result = (await done(desk, Resolve("why"), "P1"))["P1"]
        assert (result.outcome, result.may_have_arrived) == (CONFIRMED, False)
        assert result.reason.startswith("The note with the resolution is missing: ")
        assert "No notes for you" in result.reason

    async def test_a_resolve_that_failed_has_no_note(self) -> None:
        async with serving(Desk()) as desk:
            desk.add(held("P1", ANA))
            desk.fail("PUT /incidents", 500)
            assert (await done(desk, Resolve("why"), "P1"))["P1"].outcome is FAILED
        assert desk.notes == {}

    async def test_a_resolution_that_is_too_long_is_refused_before_anything_is_sent(self) -> None:
        async with serving(Desk()) as desk:
            desk.add(held("P1", ANA))
            result = (await done(desk, Resolve("x" * 25_001), "P1"))["P1"]
        assert result.outcome is FAILED and "25,000 at most" in result.reason
        assert desk.requests == []

    @pytest.mark.parametrize(
        ("by", "at", "has_note", "is_written"),
        [
            (ANA, "2026-11-20T03:00:05Z", False, True),
            (ANA, "2026-11-20T03:00:05Z", True, False),
            (BOB, "2026-11-20T03:00:05Z", False, False),
            (ANA, "2026-11-20T02:30:00Z", False, False),
        ],
        ids=["ours and new", "has its note", "of somebody else", "of long before"],
    )
    async def test_the_note_of_a_resolve_whose_end_is_not_known_is_made_up_for(
        self, by: dict[str, Any], at: str, has_note: bool, is_written: bool
    ) -> None:
        async with serving(Desk()) as desk, source_of(desk) as source:
            desk.add(resolved("P1", by, at))
            desk.notes = {"P1": [note("why", at="2026-11-20T03:00:06Z")] if has_note else []}
            result = (await source.act(Resolve("why"), ["P1"], NOW))["P1"]
        assert (result.outcome, result.by) == (ALREADY, by["name"])
        assert sent(desk) == ([{"note": {"content": "why"}}] if is_written else [])

    async def test_who_we_are_cannot_be_asked_and_the_missing_note_is_told(self) -> None:
        async with serving(Desk()) as desk, source_of(desk) as source:
            desk.add(resolved("P1", ANA, "2026-11-20T03:00:05Z"))
            desk.fail("GET /users/me", 500)
            result = (await source.act(Resolve("why"), ["P1"], NOW))["P1"]
        assert result.outcome is ALREADY
        assert result.reason.startswith("Resolved by Ana Smith before. The note with the resolution is missing: ")


class TestPriority:
    @pytest.mark.parametrize("name", ["P2", "p2", " p2 "])
    async def test_it_is_found_by_name_in_any_case(self, name: str) -> None:
        async with serving(Desk()) as desk:
            desk.add(held("P1", ANA))
            assert (await done(desk, SetPriority(name), "P1"))["P1"] == ActResult("P1", CONFIRMED)
        assert sent(desk) == [change("P1", priority={"id": "PPRIO2", "type": "priority_reference"})]

    async def test_an_empty_name_takes_it_away(self) -> None:
        async with serving(Desk()) as desk:
            desk.add(held("P1", ANA, priority=desk.priorities[0]), held("P2", ANA))
            results = await done(desk, SetPriority(""), "P1", "P2")
        assert [one.outcome for one in results.values()] == [CONFIRMED, ALREADY]
        assert sent(desk) == [change("P1", priority=None)]
        assert not desk.asked("GET", "/priorities")

    async def test_what_has_it_already_or_is_over_is_left_alone(self) -> None:
        async with serving(Desk()) as desk:
            desk.add(held("P1", ANA, priority=desk.priorities[1]), resolved("P2"))
            results = await done(desk, SetPriority("p2"), "P1", "P2")
        assert [one.outcome for one in results.values()] == [ALREADY, GONE]
        assert "P2 already" in results["P1"].reason
        assert sent(desk) == []

    async def test_an_unknown_name_fails_with_those_there_are(self) -> None:
        async with serving(Desk()) as desk:
            desk.add(held("P1", ANA))
            result = (await done(desk, SetPriority("P9\x1b[31m"), "P1"))["P1"]
        assert result.outcome is FAILED
        assert "there are P1, P2, P3" in result.reason and "\x1b" not in result.reason
        assert not desk.asked("GET", "/incidents/P1"), "nothing is read for what cannot be done"

    @pytest.mark.parametrize("status", [200, 402])
    async def test_an_account_without_priorities_is_told_of(self, status: int) -> None:
        async with serving(Desk(priorities=[])) as desk:
            desk.add(held("P1", ANA))
            if status != 200:
                desk.fail("GET /priorities", status, {"error": {"message": "Account does not have the abilities"}})
            result = (await done(desk, SetPriority("P1"), "P1"))["P1"]
        assert result.outcome is FAILED and "has no priorities" in result.reason and "switch" in result.reason

    async def test_they_are_read_once_and_again_for_a_name_that_is_new(self) -> None:
        clock = HandClock()
        async with serving(Desk()) as desk, source_of(desk, clock) as source:
            desk.add(held("P1", ANA))
            for name in ("P1", "P2"):
                await source.act(SetPriority(name), ["P1"])
            assert len(desk.asked("GET", "/priorities")) == 1
            desk.priorities.append({"id": "PNEW", "name": "SEV-0"})
            assert (await source.act(SetPriority("sev-0"), ["P1"]))["P1"].outcome is CONFIRMED
            assert len(desk.asked("GET", "/priorities")) == 2
            clock.forward(16 * 60)
            await source.act(SetPriority("P1"), ["P1"])
            assert len(desk.asked("GET", "/priorities")) == 3

    async def test_an_answer_with_another_priority_is_no_yes(self) -> None:
        async with serving(Desk()) as desk:
            desk.add(held("P1", ANA))
            desk.fail("PUT /incidents", 200, {"incidents": [held("P1", ANA)]})
            result = (await done(desk, SetPriority("P1"), "P1"))["P1"]
        assert (result.outcome, result.may_have_arrived) == (FAILED, True)


class TestReassign:
    async def test_assignments_are_sent_and_confirmed(self) -> None:
        async with serving(Desk()) as desk:
            desk.add(held("P1", ANA))
            result = (await done(desk, Reassign(("PBOB", "PEVE", "PBOB")), "P1"))["P1"]
        assert result == ActResult("P1", CONFIRMED)
        assignments = [{"assignee": {"id": one, "type": "user_reference"}} for one in ("PBOB", "PEVE")]
        assert sent(desk) == [change("P1", assignments=assignments)]

    async def test_who_has_it_already_is_said(self) -> None:
        async with serving(Desk()) as desk:
            desk.add(held("P1", BOB, EVE), held("P2", BOB), resolved("P3"))
            results = await done(desk, Reassign(("PEVE", "PBOB")), "P1", "P2", "P3")
        assert [one.outcome for one in results.values()] == [ALREADY, CONFIRMED, GONE]
        assert results["P1"].by == "Bob Jones and Eve Stone"
        assert "open it again" in results["P3"].reason

    async def test_nobody_is_refused_in_words(self) -> None:
        async with serving(Desk()) as desk:
            assert (await done(desk, Reassign(()), "P1"))["P1"].outcome is FAILED
            assert desk.requests == []

    async def test_an_answer_without_them_is_no_yes(self) -> None:
        async with serving(Desk()) as desk:
            desk.add(held("P1", ANA))
            desk.fail("PUT /incidents", 200, {"incidents": [held("P1", ANA)]})
            result = (await done(desk, Reassign(("PBOB",)), "P1"))["P1"]
        assert (result.outcome, result.may_have_arrived) == (FAILED, True)


class TestEscalate:
    async def test_the_level_is_sent_and_the_policy_never(self) -> None:
        async with serving(Desk()) as desk:
            desk.add(held("P1", ANA), acknowledged("P2", escalation_policy={"id": "PPOL"}))
            results = await done(desk, Escalate(2), "P1", "P2")
        assert [one.outcome for one in results.values()] == [CONFIRMED, CONFIRMED]
        (body,) = sent(desk)
        assert all(row.keys() == {"id", "type", "escalation_level"} for row in body["incidents"])
        assert len(desk.asked("GET", "/escalation_policies/PPOL")) == 1, "one policy is read once"

    async def test_who_is_at_the_level_already_is_said(self) -> None:
        async with serving(Desk()) as desk:
            desk.add(
                held("P1", BOB, EVE),
                held("P2", BOB, EVE, assigned_via="direct_assignment"),
                held("P3", EVE),
                resolved("P4"),
            )
            results = await done(desk, Escalate(3), "P1", "P2", "P3", "P4")
        assert [one.outcome for one in results.values()] == [ALREADY, CONFIRMED, CONFIRMED, GONE]
        assert results["P1"].reason == "It is at level 3: Bob Jones and Eve Stone had it before."

    @pytest.mark.parametrize("level", [0, -1, 4])
    async def test_a_level_that_is_not_there_is_refused_in_words(self, level: int) -> None:
        async with serving(Desk()) as desk:
            desk.add(held("P1", ANA))
            result = (await done(desk, Escalate(level), "P1"))["P1"]
        assert result.outcome is FAILED
        assert ("begin at 1" if level < 1 else "Production has levels 1 to 3") in result.reason
        assert sent(desk) == []

    @pytest.mark.parametrize("status", [403, 404])
    async def test_a_token_that_may_not_read_policies_may_escalate(self, status: int) -> None:
        async with serving(Desk()) as desk:
            desk.add(held("P1", ANA))
            desk.fail("GET /escalation_policies/PPOL", status)
            assert (await done(desk, Escalate(2), "P1"))["P1"].outcome is CONFIRMED

    @pytest.mark.parametrize("status", [429, 500])
    async def test_a_level_that_cannot_be_looked_up_now_is_not_paged(self, status: int) -> None:
        async with serving(Desk()) as desk:
            desk.add(held("P1", ANA))
            desk.fail("GET /oncalls", status)
            result = (await done(desk, Escalate(2), "P1"))["P1"]
        assert (result.outcome, result.may_have_arrived) == (FAILED, False)
        assert str(status) in result.reason
        assert sent(desk) == []

    async def test_an_incident_that_names_no_policy_is_left_to_pagerduty(self) -> None:
        async with serving(Desk()) as desk:
            desk.add(incident("P1"))
            assert (await done(desk, Escalate(2), "P1"))["P1"].outcome is CONFIRMED


@pytest.mark.parametrize("action", [Resolve(), SetPriority("P1"), Reassign(("PBOB",)), Escalate(2)])
async def test_a_state_that_nobody_knows_is_no_reason_to_send(action: Action) -> None:
    async with serving(Desk()) as desk:
        desk.add(held("P1", ANA, status="melting"), held("P2", ANA, status=None))
        results = await done(desk, action, "P1", "P2")
    assert {one.outcome for one in results.values()} == {FAILED}
    assert all("did not say how" in one.reason for one in results.values())
    assert sent(desk) == []


class Paging(Desk):
    """Answers a change with the first page of what was changed."""

    async def _manage(self, request: web.Request) -> web.Response:
        answer = json.loads((await super()._manage(request)).text or "{}")
        return web.json_response({"incidents": answer["incidents"][:2], "limit": 2, "offset": 0, "more": True})


@pytest.mark.parametrize("count", [3, 9])
async def test_an_answer_that_is_a_page_of_a_list_is_looked_up_to_its_end(count: int) -> None:
    """`Manage incidents` has the parameters of a list: what its answer leaves out is read."""
    ids = [f"P{n}" for n in range(count)]
    async with serving(Paging()) as desk:
        desk.add(*(held(one, BOB) for one in ids))
        results = await done(desk, SetPriority("P2"), *ids)
    assert {one.outcome for one in results.values()} == {CONFIRMED}
    assert len(desk.asked("PUT", "/incidents")) == 1
