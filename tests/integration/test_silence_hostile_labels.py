"""Labels that cannot be shown as they are, at a real Alertmanager: a silence that begins with them covers the alert."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from datetime import UTC
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from textual.widgets import Input, Static

from oncall_tui.assembly import open_rooms
from oncall_tui.clock import utc_now
from oncall_tui.config.model import AlertmanagerSettings, Config, JournalSettings
from oncall_tui.domain.alert import Status
from oncall_tui.ui.app import OncallApp
from oncall_tui.ui.screens.silence_form import MatchersField, SilenceForm
from tests.integration.screens import look_again, shows
from tests.integration.servers import start_alertmanager
from tests.integration.test_alertmanager_source import CONFIG, Wired

pytestmark = pytest.mark.integration

HOSTILE = {
    "long": "x" * 5_000,
    "lines": "first\nsecond\r\nthird\ttab  and  blanks ",
    "sequence": "\x1b]0;x\x07 \x1b[31mred \u202eright \u200bnothing \u0001",
    "marks": "e" + "\u0301" * 40,
    "quotes": 'say "hi" \\ \\n back',
}


@pytest.fixture
async def wired(tmp_path: Path) -> AsyncIterator[Wired]:
    with start_alertmanager(tmp_path, CONFIG) as server:
        one = Wired(server.url)
        one.fire("Hostile", **HOSTILE)
        one.fire("Hostile", **{**HOSTILE, "long": "x" * 4_999})
        yield one


async def muted(wired: Wired) -> list[dict[str, str]]:
    """The labels of the alerts that Alertmanager mutes, once there are any."""
    async with httpx.AsyncClient(trust_env=False) as client, asyncio.timeout(60):
        while True:
            found: list[dict[str, Any]] = (await client.get(f"{wired.url}/api/v2/alerts")).json()
            if silenced := [one["labels"] for one in found if one["status"]["silencedBy"]]:
                return silenced
            await asyncio.sleep(0.1)


async def test_the_form_covers_and_mutes_what_cannot_be_shown(wired: Wired, tmp_path: Path) -> None:
    config = Config(
        sources={"am": AlertmanagerSettings(url=wired.url, interval="5s")},
        journal=JournalSettings(path=tmp_path / "journal.sqlite3"),
    )
    app = OncallApp(config, partial(open_rooms, config, environ={}), clock=utc_now, timezone=UTC)
    async with app.run_test(size=(120, 36), notifications=True, tooltips=True) as pilot:

        def both_fire() -> bool:
            look_again(app)
            return [one.status for one in app.situation.alerts] == [Status.FIRING] * 2

        await shows(pilot, both_fire, "both alerts")
        await pilot.press("2")
        under_cursor = app.view.selected_alerts()
        await pilot.press("S")
        await shows(pilot, lambda: isinstance(app.screen, SilenceForm), "the form")
        covered = app.screen.query_one("#covered", Static)
        await shows(pilot, lambda: "covers" in str(covered.content), "what it covers")
        assert "covers 1 alert now" in str(covered.content)
        assert "not covered" not in str(covered.content)
        drawn = app.screen.query_one(MatchersField).text
        assert not any(char in drawn for char in "\x1b\x07\u202e\u200b")
        assert "x" * 500 not in drawn
        app.screen.query_one("#comment", Input).value = "known"
        await pilot.press("ctrl+s")
        (held,) = await muted(wired)
        assert held["long"] == dict(under_cursor[0].records[0].raw_labels)["long"]
        assert {**held, "long": ""} == {"alertname": "Hostile", **HOSTILE, "long": ""}


async def test_so_does_the_command_line(wired: Wired, tmp_path: Path) -> None:
    path = tmp_path / "oncall.toml"
    path.write_text(f'[sources.am]\nkind = "alertmanager"\nurl = "{wired.url}"\n')
    places = {"XDG_STATE_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path), "HOME": str(tmp_path)}
    inherited = {name: os.environ[name] for name in ("PATH", "PYTHONPATH", "LANG") if name in os.environ}

    async def run(*arguments: str) -> Any:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "oncall_tui", "--config", str(path), *arguments, "--json"),
            env=inherited | places,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
        )
        stdout, _ = await asyncio.wait_for(process.communicate(), 60)
        assert process.returncode == 0, stdout
        assert stdout.isascii() and b"\\u001b" not in stdout
        return json.loads(stdout)

    target = (await run("alerts"))["alerts"][0]["id"]
    answer = await run("silence", "--alert", target, "--for", "1h", "-m", "known", "--yes")
    assert [one["id"] for one in answer["covers"]] == [target.removeprefix("am/")]
    assert [one["outcome"] for one in answer["results"]] == ["confirmed"]
    (held,) = await muted(wired)
    assert {**held, "long": ""} == {"alertname": "Hostile", **HOSTILE, "long": ""}
