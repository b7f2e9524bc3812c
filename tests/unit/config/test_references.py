"""All secrets of a configuration: read once each, told about together, each hidden from the helpers of the others."""

import shlex
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from oncall_tui.config.model import Config, PagerDutySettings, PrometheusSettings, SentrySettings
from oncall_tui.config.references import SecretsError, references_of, secrets_of, variables_of
from oncall_tui.config.secrets import Secret

ENVIRON = {"PD_TOKEN": "pd-secret", "SENTRY_TOKEN": "sentry-secret", "PATH": "/bin", "HOME": "/home/me"}
KEPT = {
    "PATH": "/bin",
    "HOME": "/home/me",
    "LANG": "fr_FR.UTF-8",
    "LC_ALL": "C.UTF-8",
    "XDG_RUNTIME_DIR": "/run/user/1000",
    "SSH_AUTH_SOCK": "/run/ssh",
    "GPG_AGENT_INFO": "/run/gpg",
    "PASSWORD_STORE_DIR": "/home/me/.pass",
}


async def at_once(call: Callable[[], Secret]) -> Secret:
    return call()


def config_of(prometheus: str | None = None, **headers: str) -> Config:
    return Config(
        sources={
            "pagerduty": PagerDutySettings(token="env:PD_TOKEN"),
            "pagerduty-eu": PagerDutySettings(token="env:PD_TOKEN"),
            "sentry": SentrySettings(token="env:SENTRY_TOKEN", organization="acme"),
            "prometheus": PrometheusSettings(url="http://localhost:9090", token=prometheus, headers=headers),
        }
    )


def test_every_reference_is_named_with_the_keys_that_hold_it() -> None:
    config = config_of(**{"X-Scope-OrgID": "acme", "X-Api-Key": "file:/run/key"})
    assert references_of(config) == {
        "env:PD_TOKEN": ("sources.pagerduty.token", "sources.pagerduty-eu.token"),
        "env:SENTRY_TOKEN": ("sources.sentry.token",),
        "file:/run/key": ("sources.prometheus.headers.X-Api-Key",),
    }
    assert variables_of(config) == {"PD_TOKEN", "SENTRY_TOKEN"}


async def test_each_reference_is_read_once() -> None:
    asked: list[object] = []

    async def run(call: Callable[[], Secret]) -> Secret:
        asked.append(call)
        return call()

    found = await secrets_of(config_of(), ENVIRON, run)
    assert {reference: one.reveal() for reference, one in found.items()} == {
        "env:PD_TOKEN": "pd-secret",
        "env:SENTRY_TOKEN": "sentry-secret",
    }
    assert len(asked) == 2


async def test_what_cannot_be_had_is_told_together_under_its_keys(tmp_path: Path) -> None:
    config = config_of(f"file:{tmp_path}/none", Authorization="command:no-such-helper --get\x1b")
    with pytest.raises(SecretsError) as caught:
        await secrets_of(config, {"SENTRY_TOKEN": "sentry-secret"}, at_once)
    pagerduty, prometheus, header = str(caught.value).splitlines()
    assert caught.value.problems == (pagerduty, prometheus, header)
    assert pagerduty.startswith("sources.pagerduty.token and sources.pagerduty-eu.token: env:PD_TOKEN: ")
    assert "PD_TOKEN is not set" in pagerduty
    assert prometheus.startswith(f"sources.prometheus.token: file:{tmp_path}/none cannot be read")
    assert header.startswith("sources.prometheus.headers.Authorization: command:no-such-helper cannot be started")
    assert "sentry" not in str(caught.value)


async def test_a_fault_of_ours_is_not_taken_for_a_missing_secret() -> None:
    async def run(call: Callable[[], Secret]) -> Secret:
        raise RuntimeError("no thread")

    with pytest.raises(RuntimeError, match="no thread"):
        await secrets_of(config_of(), ENVIRON, run)


async def test_a_helper_sees_the_environment_without_the_tokens_of_others(tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    code = f"import os, pathlib; pathlib.Path({str(seen)!r}).write_text('\\n'.join(os.environ)); print('secret')"
    helper = f"command:{shlex.join([sys.executable, '-c', code])}"
    found = await secrets_of(config_of(helper), {**ENVIRON, **KEPT}, at_once)
    assert found[helper] == Secret("secret")
    names = set(seen.read_text().splitlines())
    assert set(KEPT) <= names
    assert not names & {"PD_TOKEN", "SENTRY_TOKEN"}
