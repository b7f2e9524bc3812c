"""How long a certificate is still good."""

import asyncio
import ssl
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from oncall_tui.cli.doctor.certificate import certificate_findings, judged
from oncall_tui.clock import utc_now
from oncall_tui.config.model import PrometheusSettings
from tests.integration.servers import require_binary
from tests.unit.cli.doctor.findings import OK, WARNING, only

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


def certificate(life_days: float, left_days: float) -> Mapping[str, Any]:
    ends = NOW + timedelta(days=left_days)
    form = "%b %d %H:%M:%S %Y GMT"
    return {"notBefore": (ends - timedelta(days=life_days)).strftime(form), "notAfter": ends.strftime(form)}


@pytest.mark.parametrize(
    ("life", "left", "state", "span"),
    [
        (90, 60, OK, "60 days"),
        (90, 13, WARNING, "13 days"),
        (365, 14.5, OK, "14 days"),
        (7, 3, OK, "3 days"),
        (7, 1, WARNING, "24 hours"),
        (1, 0.5, OK, "12 hours"),
    ],
)
def test_what_counts_is_two_weeks_or_a_fifth_of_its_life(life: float, left: float, state: object, span: str) -> None:
    finding = only(judged(certificate(life, left), NOW))
    assert finding.state is state
    assert span in finding.what
    assert bool(finding.advice) is (state is WARNING)


def test_without_a_certificate_there_is_nothing_to_say() -> None:
    assert judged({}, NOW) == []


@pytest.mark.parametrize("settings", [{"url": "http://127.0.0.1:9"}, {"url": "https://x", "proxy": "http://y:1"}])
async def test_plain_http_and_proxies_are_left_alone(settings: dict[str, Any]) -> None:
    assert await certificate_findings(PrometheusSettings(**settings), utc_now) == []


async def test_a_server_that_is_not_there_is_told_by_others() -> None:
    assert await certificate_findings(PrometheusSettings(url="https://127.0.0.1:9", timeout="1s"), utc_now) == []


@pytest.fixture
def own_certificate(tmp_path: Path) -> tuple[Path, Path]:
    """Key and certificate of this machine, good for five days."""
    key, own = tmp_path / "key.pem", tmp_path / "own.pem"
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    files = ["-keyout", str(key), "-out", str(own)]
    command = [require_binary("openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "5"]
    subprocess.run([*command, *files, *subject], check=True, capture_output=True)
    return key, own


async def test_the_certificate_of_a_real_server_is_read(
    own_certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    key, own = own_certificate
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(own, key)

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(listen, "localhost", 0, ssl=context)
    port = server.sockets[0].getsockname()[1]
    settings = PrometheusSettings(url=f"https://localhost:{port}", ca_file=own)
    finding = only(await certificate_findings(settings, utc_now))
    server.close()
    assert finding.state is OK, "five days of a life of five are plenty"
    assert "4 days" in finding.what or "5 days" in finding.what
