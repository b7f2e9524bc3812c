"""The command line as a process, against the simulator's four vendors over real HTTP."""

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from oncall_tui.simulator.server import Simulator, SimulatorOptions, running

VENDORS = ("prometheus", "alertmanager", "pagerduty", "sentry")


@dataclass(frozen=True)
class Ended:
    """How a process ended."""

    code: int | None
    stdout: str
    stderr: str

    @property
    def answer(self) -> Any:
        return json.loads(self.stdout)


@dataclass(frozen=True)
class CommandLine:
    """The command line with a configuration for a running simulator."""

    simulator: Simulator
    config: Path
    environ: dict[str, str]

    async def start(self, *arguments: str) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "oncall_tui", "--config", str(self.config), *arguments),
            env=self.environ,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )

    async def run(self, *arguments: str) -> Ended:
        process = await self.start(*arguments)
        stdout, stderr = await asyncio.wait_for(process.communicate(), 60)
        assert not any(endpoint.token in (stdout + stderr).decode() for endpoint in self.simulator.endpoints.values())
        assert b"Traceback" not in stderr
        return Ended(process.returncode, stdout.decode(), stderr.decode())


def written(simulator: Simulator) -> str:
    """A configuration of the four vendors, tokens in the environment."""
    lines: list[str] = []
    for name in VENDORS:
        told = simulator.announcement()[name]
        lines += [f"[sources.{name}]", f'kind = "{name}"', f'url = "{told["url"]}"', f'token = "env:{name.upper()}"']
        lines += [f'from_email = "{told["email"]}"'] if "email" in told else []
        lines += [f'organization = "{told["organization"]}"'] if "organization" in told else []
    return "\n".join(lines)


@pytest.fixture
async def shell(tmp_path: Path) -> AsyncIterator[CommandLine]:
    async with running(SimulatorOptions(clock=time.time, incidents=3)) as simulator:
        path = tmp_path / "oncall.toml"
        path.write_text(written(simulator))
        tokens = {name.upper(): simulator.endpoints[name].token for name in VENDORS}
        places = {"XDG_STATE_HOME": str(tmp_path / "state"), "XDG_CONFIG_HOME": str(tmp_path), "HOME": str(tmp_path)}
        inherited = {name: os.environ[name] for name in ("PATH", "PYTHONPATH", "LANG") if name in os.environ}
        yield CommandLine(simulator, path, {**inherited, **places, **tokens})


async def test_every_listing_hears_all_four_vendors(shell: CommandLine) -> None:
    verbs = ("alerts", "services", "deployments")
    for verb, ended in zip(verbs, await asyncio.gather(*(shell.run(one, "--json") for one in verbs)), strict=True):
        assert (ended.code, ended.stderr) == (0, ""), verb
        assert {one["name"]: one["state"] for one in ended.answer["sources"]}.keys() == set(VENDORS)
        assert all(one["error"] is None for one in ended.answer["sources"])
        assert ended.answer[verb]


async def test_the_status_is_told_in_words_and_by_the_code(shell: CommandLine) -> None:
    ended = await shell.run("status", "--json")
    codes = {"up": 0, "degraded": 1, "down": 2, "unknown": 3}
    assert ended.code == codes[ended.answer["health"]]
    assert ended.answer["health"] in ("degraded", "down")
    assert ended.answer["services_by_health"]["up"] > 0


async def test_an_alert_is_acknowledged_by_any_of_its_ids(shell: CommandLine) -> None:
    alerts = (await shell.run("alerts", "--json")).answer["alerts"]
    paged = [one for one in alerts if one["status"] == "firing" and one["id"].startswith("pagerduty/")]
    first, second = paged[0]["id"], paged[1]["id"].removeprefix("pagerduty/")
    ended = await shell.run("ack", "--json", first, second, "nowhere")
    assert [one["outcome"] for one in ended.answer["results"]] == ["confirmed", "confirmed", "gone"]
    assert ended.code == 5
    again = (await shell.run("alerts", "--json")).answer["alerts"]
    assert {one["status"] for one in again if one["id"] in (first, f"pagerduty/{second}")} == {"acknowledged"}
    repeated = await shell.run("ack", "--json", first)
    assert [one["outcome"] for one in repeated.answer["results"]] == ["already"]
    assert repeated.code == 0


async def test_a_wrong_token_is_named_and_the_rest_is_listed(shell: CommandLine) -> None:
    shell.environ["PAGERDUTY"] = "wrong"
    ended = await shell.run("alerts", "--json")
    assert ended.code == 4
    errors = {one["name"]: (one["error"] or {}).get("kind") for one in ended.answer["sources"]}
    assert errors == {"prometheus": None, "alertmanager": None, "pagerduty": "unauthorised", "sentry": None}
    assert ended.stderr.startswith("pagerduty is missing here: unauthorised: ")
    assert ended.answer["alerts"]


async def test_a_secret_that_is_missing_is_named_and_the_rest_is_listed(shell: CommandLine) -> None:
    del shell.environ["SENTRY"]
    ended = await shell.run("alerts", "--json")
    assert ended.code == 4
    errors = {one["name"]: (one["error"] or {}).get("kind") for one in ended.answer["sources"]}
    assert errors == {"prometheus": None, "alertmanager": None, "pagerduty": None, "sentry": "no secret"}
    assert ended.stderr.startswith("sentry is missing here: no secret: sources.sentry.token: env:SENTRY: ")
    assert ended.answer["alerts"]


async def test_without_any_secret_nothing_is_known_and_that_is_said(shell: CommandLine) -> None:
    for name in VENDORS:
        del shell.environ[name.upper()]
    alerts, status = await asyncio.gather(shell.run("alerts"), shell.run("status"))
    assert (alerts.code, alerts.stdout) == (4, "Nothing is known: no source answered.\n")
    assert alerts.stderr.count("is not set in this shell") == len(VENDORS)
    assert (status.code, status.stdout.split()[0]) == (3, "UNKNOWN")


async def test_one_address_is_enough_and_silence_is_not_good_news(shell: CommandLine) -> None:
    shell.config.write_text("")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "oncall_tui", "--prometheus", "http://127.0.0.1:1", "alerts"),
        env=shell.environ,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    stdout, stderr = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 4
    assert stdout.decode() == "Nothing is known: no source answered.\n"
    assert stderr.decode().startswith("prometheus is missing here: unreachable: ")


async def test_a_journal_that_cannot_be_written_hides_no_alert_and_nothing_is_sent(
    shell: CommandLine, tmp_path: Path
) -> None:
    (tmp_path / "state").write_text("a file where a folder should be")
    listed = await shell.run("alerts", "--json")
    assert listed.code == 0
    assert "journal" in listed.stderr
    firing = next(one["id"] for one in listed.answer["alerts"] if one["status"] == "firing")
    ended = await shell.run("ack", "--json", firing)
    (told,) = ended.answer["results"]
    assert (ended.code, told["outcome"]) == (5, "failed")
    assert told["reason"].startswith("nothing was sent: The journal ")


async def test_an_interrupt_ends_it_while_a_vendor_is_silent(shell: CommandLine) -> None:
    asked = asyncio.Event()

    async def keep_silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.set()
        await reader.read()
        writer.close()

    silent = await asyncio.start_server(keep_silent, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{silent.sockets[0].getsockname()[1]}"
    shell.config.write_text(f'[sources.silent]\nkind = "prometheus"\nurl = "{url}"\n')
    async with silent:
        process = await shell.start("alerts")
        await asyncio.wait_for(asked.wait(), 30)
        process.send_signal(signal.SIGINT)
        _, stderr = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode == 130
    assert b"Traceback" not in stderr
