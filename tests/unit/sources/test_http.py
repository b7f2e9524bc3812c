"""The caller that every source without a client of its own uses, and the words for what goes wrong."""

import asyncio
from email.utils import format_datetime
from typing import Any

import httpx
import pytest
import respx

from oncall_tui.sources.errors import Malformed, RateLimited, Refused, SourceError, TimedOut, Unauthorised, Unreachable
from oncall_tui.sources.retry import Retry
from tests.unit.sources.http_callers import NOW, TOKEN, URL, Build, raised_by


@respx.mock
async def test_a_get_carries_token_headers_and_parameters(build_caller: Build) -> None:
    route = respx.get(f"{URL}/things").respond(json={"a": [1]})
    caller = build_caller(headers={"X-Scope-OrgID": "team-a"})
    assert await caller.get_json("/things", {"limit": 5, "project": ["a", "b"], "q": "x y&z"}) == {"a": [1]}
    request = route.calls.last.request
    assert request.headers["Authorization"] == f"Bearer {TOKEN}"
    assert request.headers["X-Scope-OrgID"] == "team-a"
    assert request.url.params.multi_items() == [("limit", "5"), ("project", "a"), ("project", "b"), ("q", "x y&z")]


@respx.mock
async def test_a_page_has_headers_and_links(build_caller: Build) -> None:
    link = '<https://x/?cursor=0:100:0>; rel="next"; results="true"; cursor="0:100:0"'
    respx.get(f"{URL}/issues").respond(json=[], headers={"Link": link, "X-Hits": "3"})
    page = await build_caller().get_page("/issues")
    assert page.headers["x-hits"] == "3"
    assert page.links["next"]["cursor"] == "0:100:0"


@respx.mock
@pytest.mark.parametrize(
    ("status", "error", "words"),
    [
        (400, Refused, "answered 400: bad query"),
        (401, Unauthorised, "does not accept the credential"),
        (403, Unauthorised, "does not allow"),
        (404, Refused, "answered 404"),
        (407, Refused, "proxy"),
        (418, Refused, "answered 418"),
        (500, Refused, "answered 500"),
        (503, Refused, "answered 503"),
    ],
)
async def test_every_status_has_its_error_with_the_vendors_words(
    build_caller: Build, status: int, error: type[SourceError], words: str
) -> None:
    respx.get(f"{URL}/things").respond(status, json={"error": "bad query"})
    raised = await raised_by(build_caller())
    assert type(raised) is error
    assert words in str(raised)
    assert raised.hint or status == 418


@respx.mock
@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"Retry-After": "17"}, 17),
        ({"Retry-After": format_datetime(NOW.replace(minute=2), usegmt=True)}, 120),
        ({"ratelimit-reset": "9"}, 9),
        ({"X-Sentry-Rate-Limit-Reset": str(int(NOW.timestamp()) + 44)}, 44),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "nan"}, None),
        ({"Retry-After": "-5"}, 0),
        ({}, None),
    ],
)
async def test_a_rate_limit_says_how_long(build_caller: Build, headers: dict[str, str], wait: float | None) -> None:
    respx.get(f"{URL}/things").respond(429, headers=headers)
    raised = await raised_by(build_caller())
    assert type(raised) is RateLimited
    assert raised.retry_after == wait


@respx.mock
@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"<!DOCTYPE html><html></html>", "web page"),
        (b"\n  <html lang='en'>", "web page"),
        (b'{"cut": ', "not JSON"),
        (b"", "nothing"),
        (b"\xff\xfe", "not JSON"),
        (b"[" * 100_000, "not JSON"),
    ],
)
async def test_an_answer_that_is_not_json_is_malformed(build_caller: Build, body: bytes, words: str) -> None:
    respx.get(f"{URL}/things").respond(200, content=body)
    raised = await raised_by(build_caller())
    assert type(raised) is Malformed
    assert words in str(raised)


@respx.mock
async def test_an_answer_without_end_is_not_read_to_its_end(build_caller: Build) -> None:
    respx.get(f"{URL}/things").respond(200, content=b"[" + b"1," * 2_000_000)
    raised = await raised_by(build_caller())
    assert type(raised) is Malformed
    assert "longer than" in str(raised)


@respx.mock
@pytest.mark.parametrize(
    ("raised", "error", "words"),
    [
        (httpx.ConnectTimeout("x"), TimedOut, "no connection"),
        (httpx.PoolTimeout("x"), TimedOut, "no connection"),
        (httpx.ReadTimeout("x"), TimedOut, "did not answer within 10 s"),
        (httpx.RemoteProtocolError("illegal status line: " + TOKEN), Malformed, "not HTTP"),
        (httpx.RemoteProtocolError("Server disconnected without " + TOKEN), Unreachable, "broke off"),
        (httpx.ReadError(TOKEN), Unreachable, "no connection"),
        (httpx.LocalProtocolError(f"Illegal header value {TOKEN}"), Refused, "cannot be written"),
        (httpx.DecodingError("x"), Malformed, "unpacked"),
        (httpx.ProxyError(TOKEN), Unreachable, "proxy"),
    ],
)
async def test_what_httpx_raises_becomes_our_words(
    build_caller: Build, raised: Exception, error: type[SourceError], words: str
) -> None:
    respx.get(f"{URL}/things").mock(side_effect=raised)
    found = await raised_by(build_caller())
    assert type(found) is error
    assert words in str(found)


@respx.mock
@pytest.mark.parametrize(
    "location",
    [
        "https://evil.example.com/things",
        "//evil.example.com/",
        "http://vendor.example.com/base/things",
        "https://vendor.example.com:8443/",
        "https://vendor.example.com@evil.example.com/",
        "https://user:pw@vendor.example.com/",
        "ftp://vendor.example.com/",
        "",
        "https://[",
    ],
)
async def test_a_redirect_away_from_home_is_refused_and_not_followed(build_caller: Build, location: str) -> None:
    respx.get(f"{URL}/things").respond(302, headers={"Location": location})
    evil = respx.route(host="evil.example.com").respond(200, json={})
    raised = await raised_by(build_caller())
    assert type(raised) is Refused
    assert not evil.called


@respx.mock
@pytest.mark.parametrize("location", ["/base/moved", "https://vendor.example.com/base/moved"])
async def test_a_redirect_on_the_same_host_is_followed(build_caller: Build, location: str) -> None:
    respx.get(f"{URL}/things").respond(301, headers={"Location": location})
    respx.get(f"{URL}/moved").respond(json="here")
    assert await build_caller().get_json("/things") == "here"


@respx.mock
async def test_an_action_is_sent_once_and_never_redirected(build_caller: Build) -> None:
    route = respx.put(f"{URL}/incidents").respond(503)
    caller = build_caller(retry=Retry())
    with pytest.raises(Refused):
        await caller.send_json("PUT", "/incidents", {"status": "acknowledged"}, {"From": "jo@example.com"})
    assert route.call_count == 1
    assert route.calls.last.request.headers["From"] == "jo@example.com"
    assert route.calls.last.request.content == b'{"status":"acknowledged"}'
    respx.put(f"{URL}/incidents").respond(307, headers={"Location": "/base/elsewhere"})
    with pytest.raises(Refused, match="sends us"):
        await caller.send_json("PUT", "/incidents", {})


@respx.mock
@pytest.mark.parametrize(
    ("outcome", "may_have_arrived"),
    [
        (httpx.ConnectError("x"), False),
        (httpx.ConnectTimeout("x"), False),
        (httpx.ReadTimeout("x"), True),
        (httpx.ReadError("x"), True),
        (httpx.Response(504), True),
        (httpx.Response(500), False),
        (httpx.Response(429), False),
        (httpx.Response(200, content=b'{"cut'), True),
    ],
)
async def test_an_action_whose_answer_is_lost_may_have_arrived(
    build_caller: Build, outcome: Any, may_have_arrived: bool
) -> None:
    respx.put(f"{URL}/incidents").mock(
        **({"side_effect": outcome} if isinstance(outcome, Exception) else {"return_value": outcome})
    )
    with pytest.raises(SourceError) as raised:
        await build_caller().send_json("PUT", "/incidents", {})
    assert raised.value.may_have_arrived is may_have_arrived


@respx.mock
async def test_reads_stop_at_the_budget_and_an_action_does_not(build_caller: Build) -> None:
    respx.get(f"{URL}/things").respond(json={})
    respx.put(f"{URL}/things").respond(204)
    caller = build_caller(budget=2)
    await caller.get_json("/things")
    raised = await raised_by(caller)
    assert type(raised) is RateLimited
    assert raised.retry_after == 60
    assert await caller.send_json("PUT", "/things") is None


@respx.mock
async def test_a_read_is_tried_again(build_caller: Build) -> None:
    async def at_once(_: float) -> None:
        return

    respx.get(f"{URL}/things").mock(
        side_effect=[httpx.ConnectError("x"), httpx.Response(502), httpx.Response(200, json=1)]
    )
    assert await build_caller(retry=Retry(sleep=at_once)).get_json("/things") == 1


async def test_close_comes_back_at_once_and_later_reads_are_refused(build_caller: Build) -> None:
    caller = build_caller()
    await asyncio.wait_for(caller.close(), 10)
    assert "closed" in str(await raised_by(caller))
