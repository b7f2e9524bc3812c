"""Resolving, archiving and assigning issues: no issue is hit that was not named, every id gets a result."""

import asyncio
import json
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import httpx
import pytest
import respx
from hypothesis import given
from hypothesis import strategies as st

from oncall_tui.domain.action import Action, Archive, Assign, Note, Resolve
from oncall_tui.domain.verb import Verb
from oncall_tui.sources.actors import Actor, ActOutcome, ActResult
from oncall_tui.sources.sentry.bulk import LONGEST_ADDRESS, PER_REQUEST, bulk_params, slices
from oncall_tui.sources.sentry.changes import Change, archiving, assigning, resolving
from tests.unit.sources.sentry_api import BASE, NOW, TOKEN, HandClock, paged, source_of
from tests.unit.sources.test_sentry_issues import issue

CONFIRMED, ALREADY, GONE, FAILED = ActOutcome.CONFIRMED, ActOutcome.ALREADY, ActOutcome.GONE, ActOutcome.FAILED
ISSUES = BASE + "issues/"
HTML = "<!DOCTYPE html><html><body>502</body></html>"
ANA = {"type": "user", "id": "3", "name": "Ana Smith", "email": "Ana@acme.example"}
TEAM = {"type": "team", "id": "5", "name": "platform"}


def shows(sentry: respx.MockRouter, *issues: dict[str, Any]) -> None:
    """What "Retrieve an Issue" tells; other ids are not found."""
    for one in issues:
        sentry.get(f"{ISSUES}{one['id']}/").respond(json=one)
    sentry.get(url__regex=rf"{ISSUES}[^/]+/$").respond(404, json={"detail": "The requested resource does not exist"})


def changes(sentry: respx.MockRouter) -> respx.Route:
    """Sentry does what it is told, and repeats it."""

    def answer(request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content)
        if "status" in body:
            return httpx.Response(200, json={**body, "status": body["status"].removesuffix("InNextRelease")})
        return httpx.Response(200, json={"assignedTo": ANA if body["assignedTo"] else None})

    return sentry.put(ISSUES).mock(side_effect=answer)


def sent(route: respx.Route) -> list[list[str]]:
    return [call.request.url.params.get_list("id") for call in route.calls]


async def acted(action: Action, *ids: str, **more: Any) -> dict[str, ActResult]:
    async with source_of() as source:
        assert isinstance(source, Actor)
        results = await source.act(action, ids, **more)
    assert list(results) == list(dict.fromkeys(ids)), "a result for every id"
    assert TOKEN not in str(results)
    return dict(results)


@pytest.mark.parametrize("ids", [(), ("",), ("1", ""), ("1", "*"), ("1&status=resolved",), ("-1",), ("1.5",), ("٣",)])
def test_a_change_without_an_id_for_each_issue_cannot_be_written(ids: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="hit every issue"):
        bulk_params(ids, "7")
    with pytest.raises(ValueError, match="hit every issue"):
        bulk_params(("1",), "")


async def test_a_change_without_an_id_cannot_be_sent(sentry: respx.MockRouter) -> None:
    route = changes(sentry)
    async with source_of() as source:
        for ids in ((), ("",), ("x",)):
            with pytest.raises(ValueError, match="hit every issue"):
                await source._actor._api.change_issues(ids, "7", {"status": "resolved"})
    assert not route.called


@given(
    st.lists(st.integers(0, 10**18).map(str), unique=True, max_size=2_500),
    st.integers(1, 10**12).map(str),
    st.text("abc", max_size=300),
)
def test_slices_hold_every_id_once_within_both_limits(ids: list[str], project: str, path: str) -> None:
    address = f"https://sentry.example.com/{path}/api/0/organizations/acme/issues/"
    parts = list(slices(ids, project, address))
    assert [one for part in parts for one in part] == ids
    for part in parts:
        assert 0 < len(part) <= PER_REQUEST
        assert len(str(httpx.URL(address, params=bulk_params(part, project)))) <= LONGEST_ADDRESS
    assert len(parts) <= 1 + sum(map(len, ids)) // 1_000 + len(ids) // 300, "few requests"


async def test_nothing_is_asked_for_nothing(sentry: respx.MockRouter) -> None:
    assert await acted(Resolve()) == {}
    assert not sentry.calls


async def test_many_issues_are_read_as_a_list_and_changed_project_by_project(sentry: respx.MockRouter) -> None:
    rows = [issue(id=str(10_000_000 + n), project={"id": str(n % 2 + 1)}) for n in range(900)]
    sentry["issues"].mock(side_effect=paged(rows, 100))
    shows(sentry, issue(id="5", status="resolved"), issue(id="6", project={"id": "3"}))
    route = changes(sentry)
    ids = [row["id"] for row in rows]
    results = await acted(Resolve(in_next_release=True), *ids, "5", "6", "7")
    assert {results[one].outcome for one in ids} == {CONFIRMED}
    assert [results[one].outcome for one in ("5", "6", "7")] == [ALREADY, CONFIRMED, GONE]
    assert sorted(one for part in sent(route) for one in part) == sorted([*ids, "6"])
    for call in route.calls:
        projects = call.request.url.params.get_list("project")
        assert len(projects) == 1, "Sentry resolves in the next release of one project only"
        named = call.request.url.params.get_list("id")
        assert {row["project"]["id"] for row in rows if row["id"] in named} <= set(projects)
        assert call.request.url.params.get_list("query") == ["timesSeen:<0"]
        assert len(str(call.request.url)) <= LONGEST_ADDRESS
    assert route.call_count == 3
    assert sentry["issues"].call_count == 9


@pytest.mark.parametrize(
    ("action", "state", "outcome", "words"),
    [
        (Resolve(), {"status": "resolved"}, ALREADY, "resolved before"),
        (Resolve(), {"status": "ignored"}, CONFIRMED, ""),
        (Resolve("rolled back"), {}, CONFIRMED, "the message was not sent"),
        (Archive(), {"status": "resolved"}, GONE, "open it again"),
        (Archive(), {"status": "ignored", "substatus": "archived_forever"}, ALREADY, "archived before"),
        (Archive(), {"status": "ignored", "statusDetails": {"ignoreUntil": "2026-11-21T00:00:00Z"}}, CONFIRMED, ""),
        (
            Archive(timedelta(hours=2)),
            {"status": "ignored", "statusDetails": {"ignoreUntil": "2026-11-20T04:59:30Z"}},
            ALREADY,
            "until 20 November 04:59 UTC",
        ),
        (
            Archive(timedelta(hours=2)),
            {"status": "ignored", "statusDetails": {"ignoreUntil": "2026-11-20T04:30:00Z"}},
            CONFIRMED,
            "",
        ),
        (Assign("ana"), {"status": "resolved"}, GONE, "resolved"),
        (Assign("ana@ACME.example"), {"assignedTo": ANA}, ALREADY, "Ana Smith has it already"),
        (Assign("user:3"), {"assignedTo": ANA}, ALREADY, "has it already"),
        (Assign("3"), {"assignedTo": ANA}, ALREADY, "has it already"),
        (Assign("team:3"), {"assignedTo": {"type": "team", "id": "3"}}, ALREADY, "team:3 has it already"),
        (Assign("ana"), {"assignedTo": ANA}, CONFIRMED, ""),
        (Assign("ana"), {"assignedTo": TEAM}, CONFIRMED, ""),
        (Assign(""), {"assignedTo": None}, ALREADY, "Nobody has it"),
        (Assign(""), {"assignedTo": TEAM}, CONFIRMED, ""),
        (Resolve(), {"id": "99"}, GONE, "merged"),
        (Resolve(), {"status": None}, FAILED, "did not say how"),
        (Resolve(), {"project": None}, FAILED, "did not say how"),
        (Resolve(), {"project": {"id": "*"}}, FAILED, "did not say how"),
        (Resolve(), {"status": "brand-new"}, CONFIRMED, ""),
    ],
    ids=str,
)
async def test_the_state_is_read_first(
    sentry: respx.MockRouter, action: Action, state: dict[str, Any], outcome: ActOutcome, words: str
) -> None:
    sentry.get(f"{ISSUES}4711/").respond(json=issue(**state))
    route = changes(sentry)
    result = (await acted(action, "4711"))["4711"]
    assert (result.outcome, result.may_have_arrived) == (outcome, False), result
    assert words in result.reason
    assert route.called is (outcome is CONFIRMED)


async def test_an_archive_whose_answer_was_lost_is_found_again(sentry: respx.MockRouter) -> None:
    until = {"ignoreUntil": "2026-11-20T03:30:00Z", "actor": {"name": "Ana"}}
    sentry.get(f"{ISSUES}4711/").respond(json=issue(status="ignored", statusDetails=until))
    route = changes(sentry)
    half_an_hour, begun_at = Archive(timedelta(minutes=30)), NOW - timedelta(minutes=5)
    assert (await acted(half_an_hour, "4711", begun_at=NOW - timedelta(seconds=30)))["4711"].by == "Ana"
    assert (await acted(Archive(timedelta(minutes=35)), "4711", begun_at=begun_at))["4711"].outcome is ALREADY
    assert not route.called
    assert (await acted(Archive(timedelta(minutes=35)), "4711"))["4711"].outcome is CONFIRMED


@pytest.mark.parametrize(
    ("action", "words"),
    [
        (Note("hello"), "has no note"),
        (Archive(timedelta(0)), "longer than nothing"),
        (Archive(timedelta(minutes=-1)), "longer than nothing"),
        (Assign("team:nobody"), "no team nobody"),
        (Assign("team:"), "cannot be part of an address"),
        (Assign("team:.."), "cannot be part of an address"),
    ],
)
async def test_what_sentry_cannot_do_is_said_and_nothing_is_sent(
    sentry: respx.MockRouter, action: Action, words: str
) -> None:
    sentry.get(url__regex=r".*/api/0/teams/acme/.*").respond(404, json={"detail": "none"})
    route = changes(sentry)
    for result in (await acted(action, "1", "2")).values():
        assert (result.outcome, result.may_have_arrived) == (FAILED, False)
        assert result.reason.startswith("nothing was sent: ")
        assert words in result.reason
    assert not route.called


async def test_what_is_no_id_of_an_issue_leads_to_no_address(sentry: respx.MockRouter) -> None:
    shows(sentry, issue(id="1"))
    route = changes(sentry)
    results = await acted(Resolve(), "../../x", "1", "", "*", "1&id=2", "1")
    assert [one.outcome for one in results.values()] == [FAILED, CONFIRMED, FAILED, FAILED, FAILED]
    assert sent(route) == [["1"]]
    assert {call.request.url.path for call in sentry.calls} == {
        "/api/0/organizations/acme/issues/",
        "/api/0/organizations/acme/issues/1/",
    }


async def test_a_team_that_the_token_may_not_ask_for_names_the_scope(sentry: respx.MockRouter) -> None:
    sentry.get("https://us.sentry.io/api/0/teams/acme/platform/").respond(403)
    result = (await acted(Assign("team:platform"), "1"))["1"]
    assert "team:read" in result.reason


async def test_a_member_that_nobody_knows_is_named(sentry: respx.MockRouter) -> None:
    shows(sentry, issue(id="1"))
    sentry.put(ISSUES).respond(400, json={"assignedTo": ["Unknown actor input"]})
    result = (await acted(Assign("nob\x1b[2Jody"), "1"))["1"]
    assert (result.outcome, result.may_have_arrived) == (FAILED, False)
    assert "Is nob\ufffd[2Jody a member" in result.reason


async def test_without_a_token_nothing_is_asked(sentry: respx.MockRouter) -> None:
    async with source_of(has_token=False) as source:
        result = (await source.act(Resolve(), ["1"]))["1"]
    assert result.outcome is FAILED
    assert "there is no token" in result.reason
    assert not sentry.calls


@pytest.mark.parametrize("action", [Resolve(), Assign("team:platform")])
async def test_without_an_organization_nothing_is_asked(sentry: respx.MockRouter, action: Action) -> None:
    async with source_of(organization="") as source:
        result = (await source.act(action, ["1"]))["1"]
    assert result.outcome is FAILED
    assert "`organization = " in result.reason
    assert not sentry.calls


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
JSON = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner))
STATES = st.fixed_dictionaries(
    {},
    optional={
        "status": st.sampled_from(["resolved", "ignored", "unresolved"]) | JSON,
        "statusDetails": st.fixed_dictionaries({}, optional={"ignoreUntil": JSON, "actor": JSON}) | JSON,
        "assignedTo": st.fixed_dictionaries({}, optional={"type": JSON, "id": JSON, "name": JSON, "email": JSON})
        | JSON,
    },
)
CHANGES = (
    resolving(Resolve()),
    archiving(Archive(), NOW),
    archiving(Archive(timedelta(hours=1)), NOW),
    *(assigning(Assign(to), to) for to in ("", "ana", "ana@acme.example", "user:3", "team:5", "7")),
)


@given(STATES, st.sampled_from(CHANGES))
def test_whatever_sentry_says_is_understood_or_confirms_nothing(said: dict[str, Any], change: Change) -> None:
    settled = change.settled(said)
    assert settled is None or settled.outcome in (ALREADY, GONE)
    if change.is_confirmed(said):
        assert said.get("status") in ("resolved", "ignored") if "status" in change.body else "assignedTo" in said


FAULTS: list[tuple[httpx.Response | Exception, str, bool]] = [
    (httpx.Response(401, json={"detail": "Invalid token"}), "(401): Invalid token", False),
    (httpx.Response(403, json={"detail": "no permission"}), "scope event:write", False),
    (httpx.Response(429, headers={"Retry-After": "37"}), "asks to wait for 37 s (429)", False),
    (httpx.Response(500), "answered 500", False),
    (httpx.Response(502, text=HTML), "answered 502.", True),
    (httpx.Response(400, text=f"you sent Bearer {TOKEN}"), "answered 400", False),
    (httpx.Response(302, headers={"Location": "https://login.example/"}), "the token stays here", False),
    (httpx.Response(200, text=HTML), "web page instead of data", True),
    (httpx.Response(200, text='{"status": "reso'), "not JSON", True),
    (httpx.Response(204), "did not confirm", True),
    (httpx.Response(200, json=[]), "did not confirm", True),
    (httpx.Response(200, json={}), "did not confirm", True),
    (httpx.Response(200, json={"status": "unresolved"}), "did not confirm", True),
    (httpx.Response(200, json={"status": 7}), "did not confirm", True),
    (httpx.ReadTimeout("slow"), "did not answer", True),
    (httpx.ReadError("reset"), "no connection", True),
    (httpx.ConnectError("refused"), "no connection", False),
]


def told(fault: httpx.Response | Exception) -> Any:
    return {"side_effect": fault} if isinstance(fault, Exception) else {"return_value": fault}


@pytest.mark.parametrize(("fault", "words", "may_have_arrived"), FAULTS, ids=str)
async def test_a_change_that_fails_says_why_and_whether_it_may_have_arrived(
    sentry: respx.MockRouter, fault: httpx.Response | Exception, words: str, may_have_arrived: bool
) -> None:
    shows(sentry, issue(id="1"))
    route = sentry.put(ISSUES).mock(**told(fault))
    result = (await acted(Resolve(), "1"))["1"]
    assert (result.outcome, result.may_have_arrived) == (FAILED, may_have_arrived)
    assert words in result.reason
    assert route.call_count == 1, "never again by itself"


@pytest.mark.parametrize("fault", [one for one, _, _ in FAULTS[:7]], ids=str)
@pytest.mark.parametrize("ids", [("1",), ("1", "2", "3", "4", "5")], ids=["one", "many"])
async def test_nothing_is_sent_when_it_is_not_known_how_things_stand(
    sentry: respx.MockRouter, fault: httpx.Response | Exception, ids: tuple[str, ...]
) -> None:
    sentry.get(url__regex=rf"{ISSUES}.*").mock(**told(fault))
    sentry["issues"].mock(**told(fault))
    route = changes(sentry)
    for result in (await acted(Resolve(), *ids)).values():
        assert (result.outcome, result.may_have_arrived) == (FAILED, False)
        assert result.reason.startswith("nothing was sent: ")
    assert not route.called


@pytest.mark.parametrize(
    ("answer", "outcomes"),
    [
        (httpx.Response(429), [FAILED, FAILED]),
        (httpx.Response(403), [FAILED, FAILED]),
        (httpx.Response(500), [FAILED, FAILED]),
        (httpx.Response(400, json={"detail": "No release data present"}), [FAILED, CONFIRMED]),
    ],
)
async def test_what_holds_for_every_request_ends_the_rest_and_what_does_not_leaves_it(
    sentry: respx.MockRouter, answer: httpx.Response, outcomes: Iterable[ActOutcome]
) -> None:
    shows(sentry, issue(id="1", project={"id": "1"}), issue(id="2", project={"id": "2"}))
    good = httpx.Response(200, json={"status": "resolved"})
    route = sentry.put(ISSUES).mock(side_effect=[answer, good])
    results = await acted(Resolve(), "1", "2")
    assert [one.outcome for one in results.values()] == outcomes
    assert route.call_count == sum(1 for one in outcomes if one is CONFIRMED) + 1
    assert results["2"].reason.startswith("nothing was sent: ") is (results["2"].outcome is FAILED)


async def test_an_act_does_not_wait_behind_polls(sentry: respx.MockRouter) -> None:
    shows(sentry, issue(id="1"))
    changes(sentry)
    async with source_of(budget=2) as source:
        await source.poll()
        failure = (await source.poll()).failure
        assert failure is not None, "the budget of this minute is spent"
        assert (await source.act(Resolve(), ["1"]))["1"].outcome is CONFIRMED
        assert source.verbs == {Verb.RESOLVE, Verb.ARCHIVE, Verb.ASSIGN}


async def test_an_act_that_is_given_up_leaves_nothing_behind(sentry: respx.MockRouter) -> None:
    asked = asyncio.Event()

    async def hang(_: httpx.Request) -> httpx.Response:
        asked.set()
        await asyncio.Event().wait()
        raise AssertionError

    sentry.get(f"{ISSUES}1/").mock(side_effect=hang)
    route = changes(sentry)
    async with source_of(HandClock()) as source:
        task = asyncio.create_task(source.act(Resolve(), ["1"]))
        await asked.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert not route.called
