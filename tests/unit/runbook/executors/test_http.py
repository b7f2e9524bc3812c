"""HTTP steps: what is sent, where to, and how much is read."""

from datetime import timedelta

import pytest

from oncall_tui.runbook.execution import Ending, Kind, Prepared
from oncall_tui.runbook.executors.http import HttpExecutor
from oncall_tui.runbook.ports import HttpAnswer
from tests.unit.runbook.executors.fakes import FakeWeb
from tests.unit.runbook.executors.steps import begun, run

HERE = "https://api.example:8443"


def _step(body: str, target: str = HERE, timeout_s: float = 5.0) -> Prepared:
    return Prepared(Kind.HTTP, body, target=target, timeout=timedelta(seconds=timeout_s))


async def test_an_answer_comes_with_its_status() -> None:
    web = FakeWeb({f"{HERE}/healthz": HttpAnswer(503, {}, b"warming up\x1b[2J\n")})
    executed = await run(HttpExecutor(web), _step(f"GET {HERE}/healthz"))
    assert (executed.ending, executed.status, executed.exit) == (Ending.EXITED, 503, None)
    assert executed.stdout == "warming up\ufffd[2J\n"


async def test_headers_and_body_go_out_as_they_are_written() -> None:
    web = FakeWeb()
    await run(
        HttpExecutor(web), _step(f'POST {HERE}/scale\nContent-Type: application/json\nX-Why:  now\n\n{{"n": 2}}\n')
    )
    (request,) = web.asked
    assert (request.method, request.url) == ("POST", f"{HERE}/scale")
    assert request.headers == {"Content-Type": "application/json", "X-Why": "now"}
    assert request.body == b'{"n": 2}'


@pytest.mark.parametrize(
    "body",
    [
        "GET https://evil.example/",
        "GET https://api.example:8443@evil.example/",
        "GET https://api.example/",
        "GET http://api.example:8443/",
        f"GET {HERE}\\@evil.example/",
        "GET file:///etc/passwd",
        "GET gopher://api.example:8443/",
        f"GET {HERE}/a b",
        f"GET {HERE}/\x00",
        f"GET {HERE}/é",
        f"BREW {HERE}/",
        f"GET {HERE}/\nno header",
        f"GET {HERE}/\nX-A: b\x00",
        f"GET {HERE}/\nX-A: é",
        "GET https://api.example:99999/",
        "",
    ],
)
async def test_what_is_no_request_to_the_configured_host_is_not_sent(body: str) -> None:
    web = FakeWeb()
    executed = await run(HttpExecutor(web), _step(body))
    assert executed.ending is Ending.FAILED_TO_START
    assert executed.reason.startswith("nothing was sent")
    assert web.asked == []


async def test_without_a_configured_host_nothing_is_sent() -> None:
    web = FakeWeb()
    assert (await run(HttpExecutor(web), _step(f"GET {HERE}/", target=""))).ending is Ending.FAILED_TO_START
    assert web.asked == []


async def test_what_moved_within_the_host_is_followed() -> None:
    web = FakeWeb({f"{HERE}/a": HttpAnswer(302, {"location": "/b"}), f"{HERE}/b": HttpAnswer(200, {}, b"ok")})
    assert (await run(HttpExecutor(web), _step(f"GET {HERE}/a"))).status == 200


@pytest.mark.parametrize("place", ["https://evil.example/", "//evil.example/", "http://api.example:8443/", "file:///x"])
async def test_what_moved_to_another_host_is_not_followed_and_told(place: str) -> None:
    web = FakeWeb({f"{HERE}/a": HttpAnswer(302, {"location": place})})
    executed = await run(HttpExecutor(web), _step(f"GET {HERE}/a"))
    assert (executed.status, len(web.asked)) == (302, 1)
    assert "was not followed" in executed.stdout


async def test_what_moves_round_and_round_ends() -> None:
    web = FakeWeb({f"{HERE}/a": HttpAnswer(302, {"location": "/a"})})
    assert (await run(HttpExecutor(web), _step(f"GET {HERE}/a"))).status == 302
    assert len(web.asked) == 3


async def test_a_request_that_changes_something_is_sent_once() -> None:
    web = FakeWeb({f"{HERE}/a": HttpAnswer(307, {"location": "/b"})})
    assert (await run(HttpExecutor(web), _step(f"POST {HERE}/a"))).status == 307
    assert len(web.asked) == 1


async def test_an_answer_that_was_cut_gives_no_value() -> None:
    web = FakeWeb({f"{HERE}/a": HttpAnswer(200, {}, b"x" * 1000, is_cut=True)})
    executed = await run(HttpExecutor(web), _step(f"GET {HERE}/a"))
    assert (executed.plain, executed.is_truncated) == (None, True)
    assert "1 MiB" in executed.reason


async def test_a_host_that_is_not_there_is_told() -> None:
    executed = await run(HttpExecutor(FakeWeb(error="api.example refuses the connection")), _step(f"GET {HERE}/a"))
    assert executed.ending is Ending.FAILED_TO_START
    assert "refuses" in executed.reason


async def test_timeout_and_cancel() -> None:
    executor = HttpExecutor(FakeWeb(hangs=True))
    assert (await run(executor, _step(f"GET {HERE}/a", timeout_s=0.05))).ending is Ending.TIMED_OUT
    running = await begun(executor, _step(f"GET {HERE}/a"))
    running.cancel()
    executed = await running.ended()
    assert executed.ending is Ending.CANCELLED
    assert "unknown" in executed.reason


@pytest.mark.parametrize(("is_sent", "ending"), [(False, Ending.FAILED_TO_START), (True, Ending.FAULT)])
async def test_what_was_sent_without_an_answer_is_not_told_as_never_begun(is_sent: bool, ending: Ending) -> None:
    web = FakeWeb(error="no answer.", is_sent=is_sent)
    executed = await run(HttpExecutor(web), _step(f"POST {HERE}/scale"))
    assert executed.ending is ending
    assert ("whether it had an effect is unknown" in executed.reason) is is_sent
