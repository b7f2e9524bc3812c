"""Secrets: each read once, failing alone, and never shown."""

import threading
from pathlib import Path

import pytest

from oncall_tui.cli.doctor import secrets
from oncall_tui.cli.doctor.secrets import has_failed, read_secrets
from oncall_tui.config.model import Config, PagerDutySettings, PrometheusSettings, SentrySettings
from oncall_tui.config.secrets import Secret
from oncall_tui.sources.base import Topic
from tests.unit.cli.doctor.findings import FAILED, OK, WARNING, only

TOKEN = "u+SECRETtoken4711"


def config(**sources: str) -> Config:
    return Config(sources={name: PagerDutySettings(token=reference) for name, reference in sources.items()})


async def test_one_that_is_missing_does_not_stop_the_others(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(TOKEN)
    file.chmod(0o644)
    found = config(good="env:GOOD", absent="env:ABSENT", open=f"file:{file}")
    read = await read_secrets(found, {"GOOD": TOKEN})
    findings = {name: only(read.findings(one)) for name, one in found.sources.items()}
    assert {name: one.state for name, one in findings.items()} == {"good": OK, "absent": FAILED, "open": FAILED}
    assert "ABSENT is not set" in findings["absent"].what and "Set it" in findings["absent"].advice
    assert "mode 0644" in findings["open"].what and "chmod 600" in findings["open"].advice
    assert has_failed([findings["open"]]) and not has_failed([findings["good"]])
    assert read.resolve("env:GOOD") == Secret(TOKEN)
    assert TOKEN not in repr(findings)


async def test_a_reference_that_two_sources_hold_is_read_once() -> None:
    asked: list[str] = []

    def read(reference: str) -> Secret:
        asked.append(reference)
        return Secret(TOKEN)

    await read_secrets(config(a="env:X", b="env:X"), {}, read=read)
    assert asked == ["env:X"]


async def test_headers_are_secrets_too() -> None:
    settings = PrometheusSettings(url="https://p", headers={"X-Scope-OrgID": "team", "X-Token": "env:ABSENT"})
    read = await read_secrets(Config(sources={"p": settings}), {})
    finding = only(read.findings(settings))
    assert (finding.state, finding.topic) == (FAILED, Topic.SECRET)
    assert "`headers.X-Token`" in finding.what


async def test_a_store_that_never_answers_is_given_up() -> None:
    release = threading.Event()

    def read(reference: str) -> Secret:
        release.wait(30)
        return Secret(TOKEN)

    settings = SentrySettings(token="keyring:a/b")
    outcome = await read_secrets(Config(sources={"s": settings}), {}, read=read, patience=0.05)
    release.set()
    finding = only(outcome.findings(settings))
    assert finding.state is FAILED
    assert "keyring:a/b has not answered" in finding.what


async def test_a_store_that_is_slow_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "SLOW_S", 0.0)
    found = config(pd="env:X")
    read = await read_secrets(found, {"X": TOKEN})
    assert only(read.findings(found.sources["pd"])).state is WARNING
