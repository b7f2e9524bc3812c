"""What a request may be sent over, and to where."""

import pytest
import respx

from oncall_tui.sources.credentials import bearer
from oncall_tui.sources.errors import Refused, Unauthorised
from tests.unit.sources.http_callers import TOKEN, Build, KnownToken, raised_by


@pytest.mark.parametrize("url", ["http://vendor.example.com", "http://10.0.0.7:9090"])
@respx.mock
async def test_a_token_does_not_travel_over_plain_http(build_caller: Build, url: str) -> None:
    route = respx.get(f"{url}/things").respond(json={})
    assert type(await raised_by(build_caller(url=url))) is Refused
    assert type(await raised_by(build_caller(url=url, credential=None, headers={"X-Auth-Token": TOKEN}))) is Refused
    assert not route.called
    await build_caller(url=url, allow_insecure=True).get_json("/things")
    await build_caller(url=url, credential=None).get_json("/things")


@respx.mock
async def test_a_token_may_travel_to_this_machine(build_caller: Build) -> None:
    for url in ("http://localhost:9090", "http://127.0.0.1:9090", "http://[::1]:9090"):
        respx.get(f"{url}/things").respond(json=url)
        assert await build_caller(url=url).get_json("/things") == url


@pytest.mark.parametrize("url", ["", "vendor.example.com", "ftp://x", "https://u:pw@x", "https://[", "http://"])
async def test_an_address_that_is_none_is_refused(build_caller: Build, url: str) -> None:
    raised = await raised_by(build_caller(url=url))
    assert type(raised) is Refused
    assert "url" in str(raised)
    assert "pw" not in str(raised)


@pytest.mark.parametrize("token", ["", "  ", "zwei worte", "caf\u00e9-token", "line\nbreak"])
async def test_a_token_that_no_header_can_carry_is_said_without_showing_it(build_caller: Build, token: str) -> None:
    with pytest.raises(Unauthorised) as raised:
        await build_caller(credential=bearer(KnownToken(token))).get_json("/things")
    assert "vendor" in str(raised.value)
    assert not token.strip() or token.strip() not in f"{raised.value} {raised.value.hint}"


async def test_a_bad_proxy_address_is_said_without_its_password(build_caller: Build) -> None:
    raised = await raised_by(build_caller(proxy="nonsense://jo:pw@proxy:1"))
    assert type(raised) is Refused
    assert "pw" not in str(raised)
