"""How PagerDuty's client reaches its host: private authorities, proxies, lazy imports, no sleep of its own."""

import asyncio
import shutil
import ssl
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from oncall_tui.domain.action import Acknowledge
from tests.unit.sources.pagerduty_server import TOKEN, FakePagerDuty, incident, serving, source_of


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for this machine that only itself vouches for, and its key."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    folder = tmp_path_factory.mktemp("tls")
    key, pem = folder / "key.pem", folder / "cert.pem"
    request = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    names = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run([*request, *names, "-days", "2", "-keyout", key, "-out", pem], check=True, capture_output=True)
    return pem, key


@pytest.fixture(autouse=True)
def no_trust_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("is_trusted", [True, False])
async def test_a_private_authority_is_trusted_when_it_is_named(
    certificate: tuple[Path, Path], is_trusted: bool
) -> None:
    pem, key = certificate
    fake = FakePagerDuty()
    fake.add(incident("P1"))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(pem, key)
    server = TestServer(fake.application(), scheme="https", host="127.0.0.1", shutdown_timeout=0.1)
    await server.start_server(ssl=context)
    fake.url = f"https://127.0.0.1:{server.port}"
    async with source_of(fake, ca_file=pem if is_trusted else None) as source:
        report = await source.poll()
    await server.close()
    if is_trusted:
        assert report.records is not None
        assert [one.id for one in report.records.alerts] == ["P1"]
    else:
        assert report.failure is not None
        assert report.failure.kind == "unreachable"
        assert "`ca_file`" in report.failure.hint
        assert fake.requests == []


async def test_requests_go_through_the_proxy_of_the_source() -> None:
    async with serving(FakePagerDuty()) as fake:
        fake.add(incident("P1"))
        proxy, fake.url = fake.url, "http://pagerduty.example"
        async with source_of(fake, proxy=proxy, allow_insecure=True) as source:
            report = await source.poll()
        assert report.failure is None
        assert {one.headers["Host"] for one in fake.requests} == {"pagerduty.example"}


async def test_the_proxy_of_the_environment_is_not_asked_for_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    async with serving(FakePagerDuty()) as fake, source_of(fake) as source:
        assert (await source.poll()).failure is None


@pytest.mark.parametrize("status", [401, 429, 500, 503])
async def test_the_vendors_client_never_sleeps(monkeypatch: pytest.MonkeyPatch, status: int) -> None:
    slept: list[float] = []
    monkeypatch.setattr("pagerduty.api_client.time", _Time(slept))
    async with serving(FakePagerDuty()) as fake:
        fake.add(incident("P1"))
        fake.fail("GET /incidents", status)
        fake.fail("PUT /incidents", status)
        async with source_of(fake) as source:
            await source.poll()
            await source.act(Acknowledge(), ["P1"])
        assert len(fake.asked("GET", "/incidents")) == len(fake.asked("PUT", "/incidents")) == 1
    async with source_of(fake) as source:
        failure = (await source.poll()).failure
    assert failure is not None and failure.kind == "unreachable"
    assert slept == []


class _Time:
    """The module ``time`` with a sleep that only counts."""

    def __init__(self, slept: list[float]) -> None:
        self.sleep = slept.append
        self.time = time.time


async def test_neither_the_log_nor_the_terminal_hears_of_the_token(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(0)
    async with serving(FakePagerDuty()) as fake:
        fake.fail("GET /incidents", 401)
        async with source_of(fake) as source:
            await source.poll()
    said = caplog.text + "".join(capfd.readouterr())
    assert TOKEN not in said
    assert TOKEN[-4:] not in said


async def test_a_server_that_trickles_is_given_up_on() -> None:
    """Each byte begins the read timeout anew; the deadline of the whole call does not."""
    fake = FakePagerDuty()

    async def trickle(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "application/json"})
        await response.prepare(request)
        while not fake.release.is_set():
            try:
                await response.write(b" ")
                await asyncio.wait_for(fake.release.wait(), 0.05)
            except TimeoutError:
                continue
            except ConnectionError:
                break
        return response

    fake._incidents = trickle  # type: ignore[method-assign, assignment]
    async with serving(fake), source_of(fake, timeout="1s") as source:
        failure = (await source.poll()).failure
        fake.release.set()
    assert failure is not None
    assert failure.kind == "timed out"


def test_importing_the_source_loads_no_client() -> None:
    code = (
        "import sys, oncall_tui.sources.pagerduty, oncall_tui.sources.sentry\n"
        "heavy = {'pagerduty', 'httpx', 'httpx2', 'requests', 'certifi'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    done: Any = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
