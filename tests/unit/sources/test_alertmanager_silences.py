"""Silences: what is refused before it is sent, and what is told of a vendor that fails."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
import respx
from aiohttp import web
from aiohttp.test_utils import TestServer

from oncall_tui.config.model import AlertmanagerSettings
from oncall_tui.domain.ids import SourceName
from oncall_tui.domain.severity import SeverityMap
from oncall_tui.domain.silence import Matcher, Silence, SilenceState, read_matcher
from oncall_tui.sources.actors import ActOutcome, ActResult, Silencer
from oncall_tui.sources.alertmanager import Alertmanager
from oncall_tui.sources.alertmanager.matching import filter_of, objection_to
from oncall_tui.sources.errors import Malformed, RateLimited, Refused, SourceError, TimedOut, Unauthorised, Unreachable
from oncall_tui.sources.retry import NO_RETRY

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
URL = "https://am.example.com"
SILENCES = f"{URL}/api/v2/silences"
ID = "e2b9d387-c68f-4233-939f-7eac14bae592"
ONE = f"{URL}/api/v2/silence/{ID}"
TOKEN = "am-s3cret-t0ken"
HTML = "<!DOCTYPE html><html><body>502</body></html>"
DISK = Matcher("alertname", "Disk")


class Secret:
    def reveal(self) -> str:
        return TOKEN


def source_at(url: str = URL, **settings: Any) -> Alertmanager:
    return Alertmanager(
        SourceName("am"),
        AlertmanagerSettings(url=url, **settings),
        token=Secret(),
        headers={},
        severities=SeverityMap(),
        clock=lambda: NOW,
        retry=NO_RETRY,
    )


@pytest.fixture
async def source() -> AsyncIterator[Alertmanager]:
    one = source_at()
    yield one
    await one.close()


def wanted(*matchers: Matcher, **changes: Any) -> Silence:
    asked = {"starts_at": NOW, "ends_at": NOW + timedelta(hours=2), "comment": "known", "created_by": "jo"}
    return Silence(matchers=matchers or (DISK,), **{**asked, **changes})


def row(**more: Any) -> dict[str, Any]:
    return {
        "id": ID,
        "status": {"state": "active"},
        "matchers": [{"name": "alertname", "value": "Disk", "isRegex": False}],
        "startsAt": "2026-11-21T02:30:00.000Z",
        "endsAt": "2026-11-21T04:00:00.000Z",
        "createdBy": "jo",
        "comment": "known",
    } | more


def regex(value: str, *, is_equal: bool = True) -> Matcher:
    return Matcher("a", value, is_regex=True, is_equal=is_equal)


@respx.mock
@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (Silence((), NOW, NOW + timedelta(hours=1), "", "jo"), "needs a matcher"),
        (wanted(Matcher("a", ""), Matcher("b", "x", is_equal=False)), "would mute every alert"),
        (wanted(regex(".*"), regex("x?|y"), regex(".+", is_equal=False)), "would mute every alert"),
        (wanted(ends_at=NOW), "ends before it begins"),
        (wanted(starts_at=NOW - timedelta(hours=2), ends_at=NOW - timedelta(seconds=1)), "in the past"),
        (wanted(starts_at=NOW + timedelta(hours=3)), "ends before it begins"),
        (wanted(Matcher("a", "\ud83d")), "half a character"),
    ],
)
async def test_what_alertmanager_would_refuse_is_said_and_nothing_is_sent(
    source: Alertmanager, asked: Silence, words: str
) -> None:
    result = await source.silence(asked)
    assert (result.outcome, result.may_have_arrived) == (ActOutcome.FAILED, False)
    assert result.reason.startswith("nothing was sent: ")
    assert words in result.reason
    assert not respx.calls, "no request at all"
    if words in ("needs a matcher", "would mute every alert", "half a character"):
        with pytest.raises(Refused, match=words):
            await source.covered_by(asked.matchers)


@pytest.mark.parametrize(
    "matcher",
    [
        regex("[[:alpha:]]*"),
        regex("[[:alpha:]]*", is_equal=False),
        regex("a{,3}"),
        regex(r"\Q*\E"),
        regex("("),
        regex("(?s).*"),
        regex(".+"),
        regex("x"),
        Matcher("a", "x"),
        Matcher("a", "", is_equal=False),
    ],
    ids=str,
)
def test_what_only_re2_can_judge_is_left_to_alertmanager(matcher: Matcher) -> None:
    assert objection_to([Matcher("b", ""), matcher]) == ""


def test_a_matcher_is_written_as_a_filter_that_can_be_read_again() -> None:
    for value in ('"', "\\", "\\n", "\n", "a b", "é 💥", '\\"', "x\\", ""):
        for one in (Matcher("a_1", value), Matcher("a:b", value, True), Matcher("a", value, True, False)):
            if ":" not in one.name:
                assert read_matcher(filter_of(one)) == one
    assert filter_of(Matcher('été-a"b', "x", is_equal=False)) == '"été-a\\"b"!="x"'


@respx.mock
async def test_the_silences_are_cleaned_and_those_that_ended_are_left_out(source: Alertmanager) -> None:
    assert isinstance(source, Silencer)
    hostile = "a\x1b[2J\u202eb"
    matchers = [{"name": f"n{hostile}", "value": f"1\n{hostile}", "isRegex": True, "isEqual": False}]
    rows = [
        row(id="later", endsAt="2026-11-21T05:00:00.000Z"),
        row(id="old", status={"state": "expired"}),
        row(id="pending", status={"state": "pending"}, endsAt="2026-11-21T04:30:00Z"),
        row(id="next", matchers=matchers, comment=hostile, createdBy=hostile),
        {"id": "strange"},
    ]
    respx.get(SILENCES).respond(json=rows)
    found = await source.silences()
    assert [(one.id, one.state) for one in found] == [
        ("next", SilenceState.ACTIVE),
        ("pending", SilenceState.PENDING),
        ("later", SilenceState.ACTIVE),
    ]
    assert found[0].matchers == (Matcher("na\ufffd[2J\ufffdb", "1\na\ufffd[2J\ufffdb", True, False),)
    assert (found[0].comment, found[0].created_by) == ("a\ufffd[2J\ufffdb",) * 2
    assert (found[0].starts_at, found[0].ends_at) == (NOW - timedelta(minutes=30), NOW + timedelta(hours=1))


@respx.mock
@pytest.mark.parametrize(
    ("told", "changes", "outcome"),
    [
        ({}, {}, ActOutcome.ALREADY),
        ({"endsAt": "2026-11-21T04:00:00.0004Z"}, {}, ActOutcome.ALREADY),
        ({"status": {"state": "pending"}, "startsAt": "2026-11-21T03:00:00Z"}, {}, ActOutcome.ALREADY),
        ({"status": {"state": "pending"}, "startsAt": "2026-11-21T03:30:00Z"}, {}, ActOutcome.CONFIRMED),
        ({}, {"starts_at": NOW + timedelta(minutes=30)}, ActOutcome.CONFIRMED),
        ({"status": {"state": "expired"}}, {}, ActOutcome.CONFIRMED),
        ({"comment": "other"}, {}, ActOutcome.CONFIRMED),
        ({"createdBy": "kim"}, {}, ActOutcome.CONFIRMED),
        ({"endsAt": "2026-11-21T04:00:01Z"}, {}, ActOutcome.CONFIRMED),
        ({"matchers": [{"name": "alertname", "value": "Disk", "isRegex": True}]}, {}, ActOutcome.CONFIRMED),
    ],
)
async def test_only_the_very_same_silence_counts_as_there_already(
    source: Alertmanager, told: dict[str, Any], changes: dict[str, Any], outcome: ActOutcome
) -> None:
    respx.get(SILENCES).respond(json=[row(**told)])
    sent = respx.post(SILENCES).respond(json={"silenceID": "new"})
    result = await source.silence(wanted(ends_at=NOW + timedelta(hours=1), **changes))
    assert result.outcome is outcome, result.reason
    assert (result.id, sent.call_count) == ((ID, 0) if outcome is ActOutcome.ALREADY else ("new", 1))


@respx.mock
@pytest.mark.parametrize(("state", "said"), [("expired", "make a new one"), (None, "no such silence")])
async def test_an_end_is_not_moved_where_there_is_none_any_more(
    source: Alertmanager, state: str | None, said: str
) -> None:
    respx.get(SILENCES).respond(json=[row(status={"state": state})] if state else [])
    sent = respx.post(SILENCES)
    result = await source.silence(wanted(id=ID))
    assert (result.id, result.outcome, sent.called) == (ID, ActOutcome.GONE, False)
    assert said in result.reason


Fault = httpx.Response | Exception
FAULTS: list[tuple[Fault, str, bool]] = [
    (httpx.Response(401), "does not accept the credential (401)", False),
    (httpx.Response(403, text="no"), "does not allow this (403): no", False),
    (httpx.Response(429, headers={"Retry-After": "37"}), "asks to wait for 37 s (429)", False),
    (httpx.Response(500, json="disk full"), "answered 500: disk full", False),
    (httpx.Response(400, json="silence invalid"), "answered 400: silence invalid", False),
    (httpx.Response(502, text=HTML), "answered 502.", True),
    (httpx.Response(302, headers={"Location": "https://login.example/"}), "the token stays here", False),
    (httpx.Response(401, text=f"you sent Bearer {TOKEN}"), "(401)", False),
    (httpx.ReadTimeout("slow"), "did not answer", True),
    (httpx.ReadError("reset"), "no connection", True),
    (httpx.ConnectError("refused"), "no connection", False),
]


def told(fault: Fault) -> Any:
    return {"side_effect": fault} if isinstance(fault, Exception) else {"return_value": fault}


@respx.mock
@pytest.mark.parametrize(("fault", "words", "may_have_arrived"), FAULTS, ids=str)
@pytest.mark.parametrize("verb", ["create", "expire"])
async def test_an_act_that_fails_says_why_and_whether_it_may_have_arrived(
    source: Alertmanager, verb: str, fault: Fault, words: str, may_have_arrived: bool
) -> None:
    respx.get(SILENCES).respond(json=[])
    respx.get(ONE).respond(json=row())
    sent = (respx.post(SILENCES) if verb == "create" else respx.delete(ONE)).mock(**told(fault))
    result = await (source.silence(wanted()) if verb == "create" else source.expire(ID))
    assert (result.outcome, result.may_have_arrived) == (ActOutcome.FAILED, may_have_arrived)
    assert words in result.reason
    assert not result.reason.startswith("nothing was sent")
    assert TOKEN not in str(result)
    assert sent.call_count == 1, "never again by itself"


@respx.mock
@pytest.mark.parametrize(("fault", "words", "_"), FAULTS, ids=str)
@pytest.mark.parametrize("verb", ["create", "expire"])
async def test_nothing_is_sent_when_it_is_not_known_how_things_stand(
    source: Alertmanager, verb: str, fault: Fault, words: str, _: bool
) -> None:
    for address in (SILENCES, ONE):
        respx.get(address).mock(**told(fault))
    result = await (source.silence(wanted()) if verb == "create" else source.expire(ID))
    assert (result.outcome, result.may_have_arrived) == (ActOutcome.FAILED, False)
    assert result.reason.startswith("nothing was sent: ")
    assert words in result.reason
    assert {call.request.method for call in respx.calls} == {"GET"}


@respx.mock
@pytest.mark.parametrize("answer", [{}, [], {"silenceID": True}, {"silenceID": ""}, {"silenceID": "a\x1bb"}, None])
async def test_an_answer_without_an_id_confirms_nothing(source: Alertmanager, answer: Any) -> None:
    respx.get(SILENCES).respond(json=[])
    respx.post(SILENCES).respond(json=answer)
    result = await source.silence(wanted())
    assert (result.outcome, result.may_have_arrived) == (ActOutcome.FAILED, True)
    assert "did not confirm" in result.reason


@respx.mock
@pytest.mark.parametrize("body", [{}, [], 7, {"status": "active"}, {"status": {"state": 7}}])
async def test_a_silence_in_a_strange_shape_is_not_ended(source: Alertmanager, body: Any) -> None:
    respx.get(ONE).respond(json=body)
    result = await source.expire(ID)
    assert result == ActResult(ID, ActOutcome.FAILED, result.reason)
    assert "did not say how this silence stands" in result.reason


@respx.mock
@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (httpx.Response(404), ActOutcome.GONE),
        (httpx.Response(500, json="silence not found"), ActOutcome.GONE),
        (httpx.Response(500, json=f"silence {ID} already expired"), ActOutcome.ALREADY),
        (httpx.Response(200), ActOutcome.CONFIRMED),
    ],
)
async def test_what_somebody_else_ended_meanwhile_is_told_as_such(
    source: Alertmanager, answer: httpx.Response, outcome: ActOutcome
) -> None:
    respx.get(ONE).respond(json=row())
    respx.delete(ONE).mock(return_value=answer)
    assert (await source.expire(ID)).outcome is outcome


@respx.mock
@pytest.mark.parametrize("silence_id", ["", ".", "..", "../status", "a/b", "a?b", "é"])
async def test_an_id_that_is_none_leads_to_no_address(source: Alertmanager, silence_id: str) -> None:
    result = await source.expire(silence_id)
    assert result.outcome in (ActOutcome.GONE, ActOutcome.FAILED)
    assert not respx.calls


ERRORS: list[tuple[Fault, type[SourceError]]] = [
    (httpx.Response(401), Unauthorised),
    (httpx.Response(403), Unauthorised),
    (httpx.Response(429), RateLimited),
    (httpx.Response(400, json="bad matcher format"), Refused),
    (httpx.Response(502, text=HTML), Refused),
    (httpx.Response(200, text=HTML), Malformed),
    (httpx.Response(200, text=""), Malformed),
    (httpx.Response(200, json={"a": 1}), Malformed),
    (httpx.Response(200, json=[{"id": 7}]), Malformed),
    (httpx.ReadTimeout("slow"), TimedOut),
    (httpx.ConnectError("refused"), Unreachable),
]


@respx.mock
@pytest.mark.parametrize(("fault", "kind"), ERRORS, ids=str)
@pytest.mark.parametrize("ask", [lambda one: one.silences(), lambda one: one.covered_by([DISK])], ids=["list", "cover"])
async def test_a_list_that_cannot_be_read_is_an_error(
    source: Alertmanager, fault: Fault, kind: type[SourceError], ask: Callable[[Alertmanager], Any]
) -> None:
    respx.get(SILENCES).mock(**told(fault))
    respx.get(f"{URL}/api/v2/alerts").mock(**told(fault))
    with pytest.raises(kind) as caught:
        await ask(source)
    assert TOKEN not in str(caught.value)


@respx.mock
async def test_matchers_that_are_refused_are_no_fault_of_the_settings(source: Alertmanager) -> None:
    respx.get(f"{URL}/api/v2/alerts").respond(400, json="bad matcher format")
    with pytest.raises(Refused) as caught:
        await source.covered_by([DISK])
    assert (caught.value.status, caught.value.hint) == (400, "Mend the matchers.")
    assert "bad matcher format" in str(caught.value)


@respx.mock
async def test_acts_do_not_wait_behind_polls() -> None:
    respx.get(f"{URL}/api/v2/alerts").respond(json=[])
    respx.get(SILENCES).respond(json=[])
    respx.post(SILENCES).respond(json={"silenceID": ID})
    source = source_at(budget=1)
    assert (await source.poll()).failure is None
    failure = (await source.poll()).failure
    assert failure is not None, "the budget of this minute is spent"
    assert (await source.silence(wanted())).outcome is ActOutcome.CONFIRMED
    assert await source.covered_by([DISK]) == ()
    await source.close()


@pytest.mark.parametrize("is_answered", [True, False])
async def test_a_connection_that_breaks_after_the_request_leaves_a_silence_that_is_found_again(
    is_answered: bool,
) -> None:
    """Over real sockets: the silence is made, its answer is lost, and a second attempt finds it."""
    made: list[dict[str, Any]] = []

    async def listed(_: web.Request) -> web.Response:
        return web.json_response(made)

    async def post(request: web.Request) -> web.Response:
        made.append({**await request.json(), "id": ID, "status": {"state": "active"}})
        if not is_answered and request.transport is not None:
            request.transport.abort()
        return web.json_response({"silenceID": ID})

    app = web.Application()
    app.add_routes([web.get("/api/v2/silences", listed), web.post("/api/v2/silences", post)])
    async with TestServer(app) as server:
        source = source_at(str(server.make_url("")).rstrip("/"))
        first = await source.silence(wanted())
        second = await source.silence(wanted())
        await source.close()
        await asyncio.sleep(0)
    if is_answered:
        assert first == ActResult(ID, ActOutcome.CONFIRMED)
    else:
        assert (first.outcome, first.may_have_arrived) == (ActOutcome.FAILED, True)
        assert "broke off the connection" in first.reason
    assert (second.outcome, second.id, len(made)) == (ActOutcome.ALREADY, ID, 1)
