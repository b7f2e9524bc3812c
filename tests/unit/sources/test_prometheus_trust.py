"""Whom both clients of a Prometheus source trust, and what they send nowhere else."""

import shutil
import ssl
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from aiohttp import web

from oncall_tui.config.model import CheckSettings, ServiceSettings
from oncall_tui.domain.threshold import Level
from tests.contract.vendor_server import VendorServer, vendor_server
from tests.unit.sources.prometheus_server import TOKEN, FakePrometheus, KnownToken, records_of, source_of


async def test_headers_and_basic_authentication_go_with_both_clients() -> None:
    fake = FakePrometheus()
    async with vendor_server(fake.answers()) as server:
        source = source_of(server.url, token=KnownToken(), username="jo", headers={"X-Scope-OrgID": "a"})
        await records_of(source)
        assert {request.path for request in server.requests} == set(fake.answers()) - {"/api/v1/query_range"}
        for request in server.requests:
            assert request.headers["Authorization"].startswith("Basic ")
            assert request.headers["X-Scope-OrgID"] == "a"
        await source.close()


async def test_netrc_does_not_replace_the_token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "netrc").write_text("default login other password other\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    async with vendor_server(FakePrometheus().answers()) as server:
        source = source_of(server.url, token=KnownToken())
        await records_of(source)
        assert {request.headers["Authorization"] for request in server.requests} == {f"Bearer {TOKEN}"}
        await source.close()


async def test_a_proxy_of_the_environment_is_not_asked_for_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    async with vendor_server(FakePrometheus().answers()) as server:
        source = source_of(server.url)
        await records_of(source)
        await source.close()


async def test_a_redirect_of_a_query_to_another_host_does_not_take_the_token_along() -> None:
    async with vendor_server() as elsewhere, vendor_server() as server:
        server.behaviour = lambda request: web.Response(status=302, headers={"Location": f"{elsewhere.url}/x"})
        source = source_of(server.url, token=KnownToken(), alerts=False)
        report = await source.poll()
        assert report.failure is not None
        assert report.failure.kind == "refused"
        assert elsewhere.requests == []
        await source.close()


async def test_a_check_refused_by_an_echoing_proxy_does_not_show_the_token() -> None:
    fake = FakePrometheus()
    checks = (CheckSettings(name="c", query="c"),)

    def behaviour(request: web.Request) -> web.StreamResponse:
        if request.query.get("query") == "c":
            return web.json_response({"error": f"bad header {request.headers['Authorization']}"}, status=400)
        answer = fake.answers()[request.path]
        return web.json_response(answer(request) if callable(answer) else answer)

    async with vendor_server() as server:
        server.behaviour = behaviour
        source = source_of(server.url, token=KnownToken(), services={"api": ServiceSettings(checks=checks)})
        records = await records_of(source)
        await source.close()
    assert records.services[0].readings[0].level is Level.UNKNOWN
    assert "***" in repr(records)
    assert TOKEN not in repr(records)


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """A certificate that signs itself and its key, in an environment that names no other authority."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl makes the certificate of this test")
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    key, public = tmp_path / "key.pem", tmp_path / "cert.pem"
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost"
    names = ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", str(key), "-out", str(public)]
    subprocess.run([*command.split(), *names], check=True, capture_output=True)
    return public, key


async def test_a_private_authority_is_trusted_by_both_clients_when_it_is_named(certificate: tuple[Path, Path]) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*certificate)
    server = VendorServer(answers=FakePrometheus().answers())
    runner = web.ServerRunner(web.Server(server.handle), shutdown_timeout=0.1)  # type: ignore[arg-type]
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context).start()
    url = f"https://127.0.0.1:{runner.addresses[0][1]}"
    trusting, doubting = source_of(url, ca_file=certificate[0]), source_of(url)
    queried = source_of(url, alerts=False)
    try:
        await records_of(trusting)
        assert {urlsplit(str(request.url)).path for request in server.requests} >= {"/api/v1/query", "/api/v1/alerts"}
        for source in (doubting, queried):
            report = await source.poll()
            assert report.failure is not None
            assert report.failure.kind == "unreachable"
            assert "TLS" in report.failure.message
            assert "ca_file" in report.failure.hint
    finally:
        for source in (trusting, doubting, queried):
            await source.close()
        await runner.cleanup()
