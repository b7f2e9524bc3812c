"""``oncall-tui doctor`` as a process: against the simulator's four vendors, and against real servers."""

import asyncio
import json
import os
import sys
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from oncall_tui.simulator.faults import Fault
from oncall_tui.simulator.server import Simulator, SimulatorOptions, running
from tests.integration.servers import Server, start_alertmanager, start_prometheus

VENDORS = ("prometheus", "alertmanager", "pagerduty", "sentry")


@dataclass(frozen=True)
class Told:
    """What the doctor said, and how it ended."""

    code: int | None
    answer: Mapping[str, Any]

    def of(self, source: str) -> list[tuple[str, str, str]]:
        """State, topic and words about a source, or about an area."""
        (area,) = (one for one in self.answer["areas"] if source in (one["source"], one["area"]))
        return [(one["state"], one["topic"], one["what"]) for one in area["findings"]]

    def states(self) -> dict[str, str]:
        return {one["source"] or one["area"]: one["state"] for one in self.answer["areas"]}


async def output(folder: Path, config: str, *arguments: str, **environ: str) -> tuple[int | None, str]:
    """One run of the command line; its exit code and what it printed."""
    path = folder / "oncall.toml"
    path.write_text(config)
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("SSL_", "REQUESTS_", "NO_COLOR"))}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "oncall_tui", "--config", str(path), "doctor", *arguments),
        env=bare | {"XDG_CONFIG_HOME": str(folder), "XDG_STATE_HOME": str(folder), "PYTHONUTF8": "1"} | environ,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    stdout, stderr = await asyncio.wait_for(process.communicate(), 110)
    assert stderr == b""
    assert not any(value.encode() in stdout for name, value in environ.items() if name.endswith("_TOKEN"))
    return process.returncode, stdout.decode()


async def doctor(folder: Path, config: str, *arguments: str, **environ: str) -> Told:
    code, text = await output(folder, config, "--json", *arguments, **environ)
    return Told(code, json.loads(text))


@pytest.fixture
async def simulator() -> AsyncIterator[Simulator]:
    async with running(SimulatorOptions(time.time, is_ticking=False)) as running_simulator:
        yield running_simulator


def settings(simulator: Simulator, timeout: str = "10s") -> str:
    """A configuration of the four vendors, tokens in the environment, and two checks."""
    told = simulator.announcement()
    tables = []
    for vendor in VENDORS:
        lines = [
            f"[sources.{vendor}]",
            f'kind = "{vendor}"',
            f'url = "{told[vendor]["url"]}"',
            f'timeout = "{timeout}"',
        ]
        tables += [*lines, f'token = "env:{vendor.upper()}_TOKEN"', ""]
    tables += [f'organization = "{told["sentry"]["organization"]}"']
    tables += ["[services.api]", 'aliases = ["no such name"]', "[[services.api.checks]]", 'name = "good"']
    tables += ['query = "vector(1)"', "[[services.api.checks]]", 'name = "empty"', 'query = "no_such_metric"']
    return "\n".join(tables)


def tokens(simulator: Simulator) -> dict[str, str]:
    return {f"{name.upper()}_TOKEN": endpoint.token for name, endpoint in simulator.endpoints.items()}


async def test_vendors_that_work_are_told_so_and_nothing_is_changed(simulator: Simulator, tmp_path: Path) -> None:
    told = await doctor(tmp_path, settings(simulator), **tokens(simulator))
    assert told.code == 0
    assert "failed" not in told.states().values()
    assert ("ok", "scopes", "It may acknowledge.") in told.of("pagerduty")
    assert any("Camille" in what or "@" in what for _, topic, what in told.of("pagerduty") if topic == "identity")
    assert any("event:" in what for _, topic, what in told.of("sentry") if topic == "scopes")
    assert {topic for vendor in VENDORS for _, topic, _ in told.of(vendor)} >= {
        "credential",
        "version",
        "clock",
        "budget",
    }
    assert ("warning", "checks", "1 check UNKNOWN (no data): api empty.") in told.of("picture")
    assert ("warning", "services", "Aliases that match nothing: no such name (api).") in told.of("picture")
    writes = [one for vendor in VENDORS for one in simulator.wire.received(vendor) if one.method not in ("GET", "HEAD")]
    writes = [one for one in writes if "/api/v1/query" not in one.path]
    assert [(one.vendor, one.method, one.status in (400, 404)) for one in writes] == [("pagerduty", "PUT", True)]
    assert not (tmp_path / "oncall-tui").exists(), "no journal was made"


async def test_wrong_tokens_are_told_for_each_vendor(simulator: Simulator, tmp_path: Path) -> None:
    wrong = {name: f"wrong-{value}" for name, value in tokens(simulator).items()}
    told = await doctor(tmp_path, settings(simulator), **wrong)
    assert told.code == 6
    for vendor in VENDORS:
        assert [(state, topic) for state, topic, _ in told.of(vendor)] == [("failed", "credential")], vendor


async def test_each_fault_is_told_and_none_holds_up_the_others(simulator: Simulator, tmp_path: Path) -> None:
    simulator.wire.faults |= {
        "prometheus": Fault(delay_s=120),
        "alertmanager": Fault(is_off=True),
        "sentry": Fault(status=503),
    }
    started = monotonic()
    told = await doctor(tmp_path, settings(simulator, timeout="1s"), **tokens(simulator))
    simulator.wire.faults.clear()
    assert monotonic() - started < 100
    assert told.code == 6
    assert told.states()["pagerduty"] == "ok"
    for vendor, word in (("prometheus", "did not answer within 1 s"), ("alertmanager", "onnection"), ("sentry", "503")):
        ((state, _, what),) = told.of(vendor)
        assert state == "failed" and word in what, vendor
    assert ("warning", "checks", "2 checks could not be evaluated: their source does not answer.") in told.of("picture")


async def test_a_clock_that_is_off_and_words_that_are_new_are_no_failure(simulator: Simulator, tmp_path: Path) -> None:
    simulator.wire.faults |= {
        "prometheus": Fault(answer="unknown words"),
        "pagerduty": Fault(clock_ahead_s=900),
    }
    told = await doctor(tmp_path, settings(simulator), **tokens(simulator))
    simulator.wire.faults.clear()
    assert told.code == 0
    assert not any("do not answer" in what for _, _, what in told.of("prometheus"))
    (clock,) = (one for one in told.of("pagerduty") if one[1] == "clock")
    assert clock[0] == "warning" and "ahead of ours" in clock[2]


async def test_one_missing_token_stops_nobody_else(simulator: Simulator, tmp_path: Path) -> None:
    environ = tokens(simulator)
    del environ["SENTRY_TOKEN"]
    told = await doctor(tmp_path, settings(simulator), **environ)
    assert told.code == 6
    ((state, topic, what),) = told.of("sentry")
    assert (state, topic) == ("failed", "secret")
    assert "SENTRY_TOKEN is not set" in what
    assert told.states()["prometheus"] != "failed" and told.states()["pagerduty"] == "ok"


async def test_offline_no_vendor_hears_of_it(simulator: Simulator, tmp_path: Path) -> None:
    told = await doctor(tmp_path, settings(simulator), "--offline", **tokens(simulator))
    assert told.code == 0
    assert set(told.states()) == {"configuration", *VENDORS, "runbooks", "journal", "terminal"}
    assert not any(simulator.wire.received(vendor) for vendor in VENDORS)


async def test_text_fits_into_eighty_columns_without_colour(simulator: Simulator, tmp_path: Path) -> None:
    code, text = await output(tmp_path, settings(simulator), COLUMNS="80", **tokens(simulator))
    assert code == 0
    assert "\x1b" not in text
    assert max(map(len, text.splitlines())) <= 80
    assert text.splitlines()[-1].endswith("The screen works.")


CONFIG = """\
global: {scrape_interval: 1s, evaluation_interval: 1s, external_labels: {region: eu}}
rule_files: [rules.yml]
scrape_configs:
  - job_name: shop
    static_configs: [{targets: ["127.0.0.1:9"]}]
"""
RULES = """\
groups:
  - name: g
    rules:
      - {alert: ShopDown, expr: 'up == 0'}
      - {alert: Fine, expr: 'vector(0) > 1', annotations: {runbook_url: 'https://runbooks.example.com/fine'}}
"""
ALERTMANAGER = "route: {receiver: team-a}\nreceivers: [{name: team-a}]\n"


async def scraped(server: Server) -> None:
    """Wait until the target was scraped and the rules were evaluated, by the server's own answer."""
    import httpx

    async with httpx.AsyncClient(trust_env=False) as client, asyncio.timeout(60):
        while True:
            answer = (await client.get(f"{server.url}/api/v1/alerts")).json()
            if any(one["state"] == "firing" for one in answer["data"]["alerts"]):
                return
            await asyncio.sleep(0.1)


@pytest.mark.integration
async def test_real_servers(tmp_path: Path) -> None:
    (tmp_path / "prometheus").mkdir()
    (tmp_path / "prometheus" / "rules.yml").write_text(RULES)
    with start_prometheus(tmp_path, CONFIG) as prometheus, start_alertmanager(tmp_path, ALERTMANAGER) as alertmanager:
        await scraped(prometheus)
        config = f"""
[sources.prom]
kind = "prometheus"
url = "{prometheus.url}"
interval = "5s"
budget = 2
service_label = "app"
[sources.am]
kind = "alertmanager"
url = "{alertmanager.url}"
receiver = "team-b"
[services.shop]
aliases = ["Shop API"]
[[services.shop.checks]]
name = "refused"
query = "sum(("
"""
        told = await doctor(tmp_path, config)
    assert told.code == 6, "no alert is ever shown of a receiver that does not exist"
    words = told.of("prom")
    assert [what for state, _, what in words if state == "failed"] == []
    assert any(topic == "version" and what.startswith(("Version 2.", "Version 3.")) for _, topic, what in words)
    assert any(
        topic == "targets" and "1 target does not answer: http://127.0.0.1:9" in what for _, topic, what in words
    )
    assert any(topic == "labels" and "No target has the label `app`" in what for _, topic, what in words)
    assert any(topic == "budget" and "`budget` is 2:" in what for _, topic, what in words)
    assert any(state == "failed" and topic == "filters" for state, topic, _ in told.of("am"))
    assert any(topic == "checks" and "parse error" in what for _, topic, what in told.of("picture"))
    assert ("warning", "runbooks", "1 of 2 alert rules has no runbook: ShopDown.") in told.of("picture")
    assert ("warning", "services", "Aliases that match nothing: Shop API (shop).") in told.of("picture")
