"""The secrets of a configuration: read once each, told about together, each hidden from the helpers of the others."""

import shlex
import sys
import threading
from collections.abc import Collection, Mapping
from pathlib import Path

import pytest

from oncall_tui.config.model import Config, PagerDutySettings, PrometheusSettings, SentrySettings
from oncall_tui.config.references import Secrets, SecretsError, references_of, variables_of
from oncall_tui.config.secrets import Secret, SecretError

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


class Keeper:
    """Reads secrets in the place of ``resolve``, and counts; one that is locked cannot be had."""

    def __init__(self, *locked: str) -> None:
        self.asked: list[str] = []
        self.locked = set(locked)

    def __call__(self, reference: str, /, *, environ: Mapping[str, str], withheld: Collection[str]) -> Secret:
        self.asked.append(reference)
        if reference in self.locked:
            raise SecretError(f"{reference} is locked. Unlock it.")
        return Secret(f"secret of {reference}")


def config_of(prometheus: str | None = None, **headers: str) -> Config:
    return Config(
        sources={
            "pagerduty": PagerDutySettings(token="env:PD_TOKEN"),
            "pagerduty-eu": PagerDutySettings(token="env:PD_TOKEN"),
            "sentry": SentrySettings(token="env:SENTRY_TOKEN", organization="acme"),
            "prometheus": PrometheusSettings(url="http://localhost:9090", token=prometheus, headers=headers),
        }
    )


def problem_of(secrets: Secrets, source: str) -> SecretsError:
    with pytest.raises(SecretsError) as caught:
        secrets.of(source)
    return caught.value


def test_every_reference_is_named_with_the_keys_that_hold_it() -> None:
    config = config_of(**{"X-Scope-OrgID": "acme", "X-Api-Key": "file:/run/key"})
    assert references_of(config) == {
        "env:PD_TOKEN": ("sources.pagerduty.token", "sources.pagerduty-eu.token"),
        "env:SENTRY_TOKEN": ("sources.sentry.token",),
        "file:/run/key": ("sources.prometheus.headers.X-Api-Key",),
    }
    assert variables_of(config) == {"PD_TOKEN", "SENTRY_TOKEN"}


def test_a_source_gets_its_own_secrets_and_no_other() -> None:
    secrets = Secrets(config_of(), ENVIRON)
    assert {reference: one.reveal() for reference, one in secrets.of("sentry").items()} == {
        "env:SENTRY_TOKEN": "sentry-secret"
    }
    assert secrets.of("prometheus") == {}


def test_each_reference_is_read_once_however_many_sources_ask_at_the_same_time() -> None:
    keeper = Keeper()
    secrets = Secrets(config_of(), ENVIRON, keeper)
    asking = [threading.Thread(target=secrets.of, args=(name,)) for name in ("pagerduty", "pagerduty-eu") * 4]
    for one in asking:
        one.start()
    for one in asking:
        one.join()
    assert keeper.asked == ["env:PD_TOKEN"]


def test_what_a_source_lacks_is_told_together_under_its_keys(tmp_path: Path) -> None:
    config = config_of(f"file:{tmp_path}/none", Authorization="command:no-such-helper --get\x1b")
    error = problem_of(Secrets(config, {"SENTRY_TOKEN": "sentry-secret"}), "prometheus")
    token, header = str(error).splitlines()
    assert error.problems == (token, header)
    assert token.startswith(f"sources.prometheus.token: file:{tmp_path}/none cannot be read")
    assert header.startswith("sources.prometheus.headers.Authorization: command:no-such-helper cannot be started")
    assert error.hint == "It is read again when you refresh."


def test_a_secret_that_one_source_lacks_is_no_matter_of_the_others() -> None:
    secrets = Secrets(config_of(), {"SENTRY_TOKEN": "sentry-secret"})
    error = problem_of(secrets, "pagerduty-eu")
    assert str(error).startswith("sources.pagerduty-eu.token: env:PD_TOKEN: ")
    assert error.hint == "", "the environment of a process does not change"
    assert len(secrets.of("sentry")) == 1


def test_a_file_is_looked_for_each_time(tmp_path: Path) -> None:
    path = tmp_path / "token"
    secrets = Secrets(config_of(f"file:{path}"), ENVIRON)
    assert problem_of(secrets, "prometheus").hint == "It is looked for again by itself."
    path.write_text("come-late")
    path.chmod(0o600)
    assert [one.reveal() for one in secrets.of("prometheus").values()] == ["come-late"]


@pytest.mark.parametrize("place", ["keyring:pd/me", "command:pass show pd"])
def test_nobody_is_asked_again_for_a_password_who_has_not_asked_for_it(place: str) -> None:
    keeper = Keeper(place)
    secrets = Secrets(config_of(place), ENVIRON, keeper)
    first, second = problem_of(secrets, "prometheus"), problem_of(secrets, "prometheus")
    assert str(first) == str(second) == f"sources.prometheus.token: {place} is locked. Unlock it."
    assert keeper.asked == [place]
    keeper.locked.clear()
    secrets.renew("prometheus")
    assert [one.reveal() for one in secrets.of("prometheus").values()] == [f"secret of {place}"]


def test_a_fault_of_ours_is_not_taken_for_a_missing_secret() -> None:
    def read(reference: str, /, *, environ: Mapping[str, str], withheld: Collection[str]) -> Secret:
        raise RuntimeError("no thread")

    with pytest.raises(RuntimeError, match="no thread"):
        Secrets(config_of(), ENVIRON, read).of("pagerduty")


def test_a_helper_sees_the_environment_without_the_tokens_of_others(tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    code = f"import os, pathlib; pathlib.Path({str(seen)!r}).write_text('\\n'.join(os.environ)); print('secret')"
    helper = f"command:{shlex.join([sys.executable, '-c', code])}"
    found = Secrets(config_of(helper), {**ENVIRON, **KEPT}).of("prometheus")
    assert found[helper] == Secret("secret")
    names = set(seen.read_text().splitlines())
    assert set(KEPT) <= names
    assert not names & {"PD_TOKEN", "SENTRY_TOKEN"}
