"""The wizard on a real terminal: against the simulator's four vendors, and against a real Prometheus."""

import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from oncall_tui.config.load import load
from oncall_tui.config.model import AlertmanagerSettings, PagerDutySettings, PrometheusSettings, SentrySettings
from tests.integration.servers import free_port, start_alertmanager, start_prometheus
from tests.integration.terminal import Typist, typing_at

HIDDEN = "not shown while you type"
KEYS_PER_MINUTE = 120
"""Of somebody who looks for each key: people who type every day take 200 and more."""


@pytest.fixture(scope="module")
def world() -> Iterator[Any]:
    """The simulator as a process, and what it announced."""
    command = [sys.executable, "-m", "oncall_tui.simulator", "--exit-with-parent"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdin is not None
    try:
        yield json.loads(process.stdout.readline())
    finally:
        process.stdin.close()
        process.terminate()
        process.wait(timeout=20)
        process.stdout.close()


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """Somebody who was never here, on a machine without a keyring."""
    inherited = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    places = {"XDG_CONFIG_HOME": tmp_path / "config", "XDG_STATE_HOME": tmp_path / "state", "HOME": tmp_path}
    keyring = {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}
    return {
        **inherited,
        **{name: str(path) for name, path in places.items()},
        **keyring,
        "TERM": "xterm",
        "LANG": "C.UTF-8",
    }


def usual(tmp_path: Path) -> Path:
    return tmp_path / "config" / "oncall-tui" / "oncall.toml"


def tokens(world: Any) -> list[str]:
    return [world[name]["token"] for name in ("prometheus", "alertmanager", "pagerduty", "sentry")]


def with_both_servers(typist: Typist, world: Any) -> None:
    """Prometheus and Alertmanager, which both want a login here."""
    typist.answers("Address of Prometheus (Enter skips): ", world["prometheus"]["url"])
    typist.answers("User name (Enter: none, a bearer token): ")
    typist.answers(f"Token, {HIDDEN} (Enter: back): ", world["prometheus"]["token"])
    typist.waits_for("Prometheus 2.42.0 watches 13 services: admin, api,")
    typist.answers(f"Address of Alertmanager (- skips) [{world['alertmanager']['url']}]: ")
    typist.answers("Try that of Prometheus? [Y/n]: ", "n")
    typist.answers("User name (Enter: none, a bearer token): ")
    typist.answers(f"Token, {HIDDEN} (Enter: back): ", world["alertmanager"]["token"])


def with_both_accounts(typist: Typist, world: Any) -> None:
    """PagerDuty with a wrong token first, and Sentry."""
    question = f"PagerDuty token, {HIDDEN} (Enter skips): "
    typist.answers(question, world["pagerduty"]["url"])
    typist.answers(question, "u+certainly-wrong")
    typist.waits_for("does not accept the credential (401)")
    typist.answers("What now with PagerDuty? [try again]: ")
    typist.answers(question, world["pagerduty"]["token"])
    typist.waits_for("Hello Camille Roche! rewapp.pagerduty.com: 13 services, 7 teams.")
    typist.waits_for("1 platform (yours)")
    typist.answers("Which teams do you look after? [platform]: ", "1, rew")
    typist.answers(f"Sentry token, {HIDDEN} (Enter skips): ", world["sentry"]["url"])
    typist.answers(f"Sentry token, {HIDDEN} (Enter skips): ", world["sentry"]["token"])
    typist.waits_for("Hello Camille Roche! REWAPP: 11 projects.")
    typist.answers("Which projects? [all]: ")


def test_a_stranger_comes_to_all_four_vendors(world: Any, environ: dict[str, str], tmp_path: Path) -> None:
    with typing_at([], environ) as typist:
        typist.answers("Press 1, 2 or q: ", "1", end="")
        with_both_servers(typist, world)
        with_both_accounts(typist, world)
        typist.answers("Is production a production environment, to be drawn unmistakably? [Y/n]: ")
        typist.answers("Warn above how many ms (- leaves it out) [")
        typist.waits_for("There is no keyring on this machine")
        typist.answers("Where shall the 4 tokens be kept? [a private file of yours (mode 0600)]: ")
        typist.waits_for("Written and loaded again: 4 sources, readable by you alone.")
        typist.waits_for(str(usual(tmp_path)))
        typist.answers("Start the screen now? [Y/n]: ", "n")
        assert typist.leaves() == 0
    text = usual(tmp_path).read_text()
    assert not [token for token in tokens(world) if token in typist.raw or token in text]
    assert "certainly-wrong" not in typist.raw
    config = load(usual(tmp_path))
    folder = usual(tmp_path).parent
    assert config.sources["prometheus"] == PrometheusSettings(
        url=world["prometheus"]["url"], token=f"file:{folder}/prometheus.token"
    )
    assert config.sources["alertmanager"] == AlertmanagerSettings(
        url=world["alertmanager"]["url"], token=f"file:{folder}/alertmanager.token"
    )
    assert config.sources["pagerduty"] == PagerDutySettings(
        url=world["pagerduty"]["url"], token=f"file:{folder}/pagerduty.token", teams=("PTPLATF", "PTREWAR")
    )
    assert config.sources["sentry"] == SentrySettings(
        url=world["sentry"]["url"], token=f"file:{folder}/sentry.token", organization="rewapp"
    )
    assert config.is_production
    assert config.services["api"].checks[0].name == "p95"
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    kept = {path.name: path.read_text().strip() for path in folder.glob("*.token")}
    assert sorted(kept.values()) == sorted(tokens(world))


KEYRING = """
import json, os, pathlib
from keyring.backend import KeyringBackend

class Keyring(KeyringBackend):
    priority = 5
    place = pathlib.Path(os.environ["HOME"]) / "keyring.json"

    def all(self):
        return json.loads(self.place.read_text()) if self.place.exists() else {}

    def get_password(self, service, username):
        return self.all().get(f"{service}/{username}")

    def set_password(self, service, username, password):
        self.place.write_text(json.dumps(self.all() | {f"{service}/{username}": password}))
"""


def test_a_stranger_comes_to_prometheus_and_the_pager_in_two_minutes_of_typing(
    world: Any, environ: dict[str, str], tmp_path: Path
) -> None:
    """Every key counts, also those of addresses and tokens, which people paste."""
    with typing_at([], environ) as typist:
        typist.answers("Press 1, 2 or q: ", "1", end="")
        typist.answers("Address of Prometheus (Enter skips): ", world["prometheus"]["url"])
        typist.answers("User name (Enter: none, a bearer token): ")
        typist.answers(f"Token, {HIDDEN} (Enter: back): ", world["prometheus"]["token"])
        typist.answers("Address of Alertmanager (- skips) [", "-")
        question = f"PagerDuty token, {HIDDEN} (Enter skips): "
        typist.answers(question, world["pagerduty"]["url"])
        typist.answers(question, world["pagerduty"]["token"])
        typist.answers("Which teams do you look after? [platform]: ")
        typist.answers(f"Sentry token, {HIDDEN} (Enter skips): ")
        typist.answers("Is production a production environment, to be drawn unmistakably? [Y/n]: ")
        typist.answers("Warn above how many ms (- leaves it out) [")
        typist.answers("Where shall the 2 tokens be kept? [a private file of yours (mode 0600)]: ")
        typist.answers("Start the screen now? [Y/n]: ", "n")
        assert typist.leaves() == 0
    assert set(load(usual(tmp_path)).sources) == {"prometheus", "pagerduty"}
    assert len(typist.typed) <= 2 * KEYS_PER_MINUTE
    pasted = [world["prometheus"]["url"], *tokens(world), world["pagerduty"]["url"]]
    by_hand = typist.typed
    for one in pasted:
        by_hand = by_hand.replace(one, "", 1)
    assert len(by_hand) <= 20


def test_a_desktop_keeps_the_token_in_its_keyring(world: Any, environ: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "desktop_keyring.py").write_text(KEYRING)
    environ["PYTHON_KEYRING_BACKEND"] = "desktop_keyring.Keyring"
    environ["PYTHONPATH"] = os.pathsep.join([str(tmp_path), *filter(None, [environ.get("PYTHONPATH")]), os.getcwd()])
    url, token = world["pagerduty"]["url"], world["pagerduty"]["token"]
    with typing_at(["config", "init", "--pagerduty-url", url], environ) as typist:
        typist.answers("Address of Prometheus (Enter skips): ")
        typist.answers("Address of Alertmanager (Enter skips): ")
        typist.answers(f"PagerDuty token, {HIDDEN} (Enter skips): ", token)
        typist.answers("Which teams do you look after? [platform]: ", "all")
        typist.answers(f"Sentry token, {HIDDEN} (Enter skips): ")
        typist.answers("Name of the environment that you watch, e.g. production (Enter: none): ", "prod")
        typist.answers("Is prod a production environment, to be drawn unmistakably? [Y/n]: ")
        typist.answers("Where shall the token be kept? [the keyring of this desktop]: ")
        typist.answers("Start the screen now? [Y/n]: ", "n")
        assert typist.leaves() == 0
    assert load(usual(tmp_path)).sources == {
        "pagerduty": PagerDutySettings(url=url, token="keyring:oncall-tui/pagerduty")
    }
    assert json.loads((tmp_path / "keyring.json").read_text()) == {"oncall-tui/pagerduty": token}
    command = [sys.executable, "-m", "oncall_tui", "alerts", "--json"]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60, check=False)
    assert [one["state"] for one in json.loads(done.stdout)["sources"]] == ["ok"]


def test_what_was_written_answers(world: Any, environ: dict[str, str], tmp_path: Path) -> None:
    environ |= {f"T{number}": token for number, token in enumerate(tokens(world))}
    options = ["--prometheus", world["prometheus"]["url"], "--prometheus-token", "env:T0"]
    options += ["--alertmanager", world["alertmanager"]["url"], "--alertmanager-token", "env:T1"]
    options += ["--pagerduty-url", world["pagerduty"]["url"], "--pagerduty-token", "env:T2"]
    options += ["--pagerduty-team", "platform", "--sentry-url", world["sentry"]["url"], "--sentry-token", "env:T3"]

    def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "oncall_tui", *arguments]
        return subprocess.run(
            command, env=environ, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False
        )

    made = run("config", "init", "--yes", "--json", *options)
    assert made.returncode == 0, made.stderr
    assert [(one["name"], one["is_checked"]) for one in json.loads(made.stdout)["sources"]] == [
        ("prometheus", True),
        ("alertmanager", True),
        ("pagerduty", True),
        ("sentry", True),
    ]
    assert run("config", "check").returncode == 0
    services = run("services", "--json")
    assert services.returncode == 0, services.stderr
    assert len(json.loads(services.stdout)["services"]) == 13
    wrong = run("config", "init", "--yes", "--force", *options, "--pagerduty-token", "env:T3")
    assert wrong.returncode == 4
    assert "does not accept the credential" in wrong.stderr
    assert not [token for token in tokens(world) if token in wrong.stderr + made.stderr + made.stdout]


@pytest.mark.parametrize("end", ["\x03", "\x04"])
@pytest.mark.parametrize("is_hidden", [False, True])
def test_leaving_writes_nothing_and_leaves_the_terminal_as_it_was(
    end: str, is_hidden: bool, environ: dict[str, str], tmp_path: Path
) -> None:
    with typing_at(["config", "init"], environ) as typist:
        if is_hidden:
            typist.answers("Address of Prometheus (Enter skips): ")
            typist.answers("Address of Alertmanager (Enter skips): ")
            typist.answers(f"PagerDuty token, {HIDDEN} (Enter skips): ", "", end=end)
        else:
            typist.answers("Address of Prometheus (Enter skips): ", "", end=end)
        typist.waits_for("Nothing was written.")
        assert typist.leaves() == 130
    assert "Traceback" not in typist.raw
    assert not (tmp_path / "config").exists()


def test_a_vendor_that_hangs_can_be_left_with_ctrl_c(environ: dict[str, str], tmp_path: Path) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as silent, typing_at(["config", "init"], environ) as typist:
        typist.answers("Address of Prometheus (Enter skips): ", f"127.0.0.1:{silent.getsockname()[1]}")
        typist.waits_for("asking 127.0.0.1:")
        typist.types("", end="\x03")
        typist.waits_for("Nothing was written.")
        assert typist.leaves() == 130
    assert "Traceback" not in typist.raw


def test_a_pipe_is_told_the_options_and_does_not_hang(environ: dict[str, str]) -> None:
    command = [sys.executable, "-m", "oncall_tui", "config", "init"]
    done = subprocess.run(command, env=environ, input="", capture_output=True, text=True, timeout=30, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "There is no terminal to ask on." in done.stderr
    assert "--pagerduty-token env:PAGERDUTY_TOKEN" in done.stderr


@pytest.mark.integration
def test_a_real_prometheus_names_its_alertmanager(environ: dict[str, str], tmp_path: Path) -> None:
    port = free_port()
    with start_alertmanager(tmp_path) as alertmanager:
        config = f"""
global: {{scrape_interval: 1s, external_labels: {{env: lab}}}}
alerting: {{alertmanagers: [{{static_configs: [{{targets: ['{alertmanager.url.removeprefix("http://")}']}}]}}]}}
scrape_configs:
  - {{job_name: gone, static_configs: [{{targets: ['127.0.0.1:{port}']}}]}}
"""
        with start_prometheus(tmp_path, config) as server:
            _wait_for_up(server.url)
            with typing_at(["config", "init", "--prometheus", server.url], environ) as typist:
                typist.waits_for("Prometheus 2")
                typist.waits_for("watches 1 service: gone.")
                typist.answers(f"Address of Alertmanager (- skips) [{alertmanager.url}]: ")
                typist.waits_for("Answers; 0 alerts.")
                typist.answers(f"PagerDuty token, {HIDDEN} (Enter skips): ")
                typist.answers(f"Sentry token, {HIDDEN} (Enter skips): ")
                typist.answers("Is lab a production environment, to be drawn unmistakably? [y/N]: ")
                typist.answers("Start the screen now? [Y/n]: ", "n")
                assert typist.leaves() == 0
    found = load(usual(tmp_path))
    assert found.sources["prometheus"] == PrometheusSettings(url=server.url, environment="lab")
    assert found.sources["alertmanager"] == AlertmanagerSettings(url=alertmanager.url, environment="lab")
    assert not found.is_production


def _wait_for_up(url: str) -> None:
    """Wait until the server has scraped its target once."""
    import time
    from urllib.request import ProxyHandler, build_opener

    opener = build_opener(ProxyHandler({}))
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with opener.open(f"{url}/api/v1/query?query=up", timeout=5) as answer:
            if json.load(answer)["data"]["result"]:
                return
        time.sleep(0.05)
    pytest.fail("Prometheus scraped nothing within 20 s")
