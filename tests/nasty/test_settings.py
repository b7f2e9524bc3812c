"""Settings, themes and a journal in hostile text: what the verbs say of them is plain."""

import asyncio
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.nasty.corpus import EVERYTHING
from tests.nasty.journal import write_hostile
from tests.nasty.test_command_line import HOSTILE_ARGUMENT, run
from tests.nasty.themes import write_themes
from tests.nasty.vt import unplain

VERBS = (
    ["config", "check"],
    ["config", "check", "--json"],
    ["config", "show"],
    ["config", "show", "--json"],
    ["doctor", "--offline"],
    ["doctor", "--offline", "--json"],
    ["status"],
)
WRONG = """
[{q}]
{q} = {q}

[sources.{q}]
kind = {q}
url = {q}
token = {q}
{q} = {q}

[sources.prometheus]
kind = "prometheus"
url = "http://127.0.0.1:1/{bare}"
token = {q}
ca_file = {q}
service_label = {q}
interval = {q}
headers = {{ {q} = {q} }}

[sources.alertmanager]
kind = "alertmanager"
url = "http://127.0.0.1:1"
receiver = {q}
filters = [{q}]

[environments.{q}]
production = {q}

[display]
environment = {q}
theme = {q}
[display.chart]
title = {q}
[[display.chart.lines]]
name = {q}
query = {q}

[services.{q}]
aliases = [{q}]
[[services.{q}.checks]]
name = {q}
query = {q}
warning = {q}

[keys]
{q} = {q}
"list.sort" = {q}

[severity.prometheus]
{q} = {q}

[notify]
bell = {q}
protocol = {q}

[journal]
path = {q}
"""
NOT_EVEN_TOML = "[sources.\x1b]0;PWNED\x07\u202e"


def quoted(text: str) -> str:
    """As a string of TOML; every control character of it is allowed there when it is escaped."""
    return json.dumps(text.encode("utf-8", "replace").decode(), ensure_ascii=True) if text.isascii() else _wide(text)


def _wide(text: str) -> str:
    return '"' + "".join(f"\\U{ord(char):08x}" for char in text.encode("utf-8", "replace").decode()) + '"'


def configurations() -> Mapping[str, str]:
    short = {name: text for name, text in EVERYTHING.items() if len(text) < 200}
    together = WRONG.format(q=quoted(" ".join(short.values())), bare=quoted(HOSTILE_ARGUMENT)[1:-1])
    return {"everything": together, "not even TOML": NOT_EVEN_TOML, "nothing": ""}


@pytest.mark.parametrize("text", configurations().values(), ids=configurations())
async def test_what_is_said_of_settings_is_plain_text(text: str, environ: Mapping[str, str], tmp_path: Path) -> None:
    place = tmp_path / "oncall.toml"
    place.write_bytes(text.encode("utf-8", "surrogatepass"))
    write_themes(tmp_path / "oncall-tui" / "themes")
    write_hostile(tmp_path / "oncall-tui" / "journal.sqlite3", datetime.now(UTC))
    runs = [run(environ, "--config", str(place), *verb) for verb in VERBS]
    for verb, ended in zip(VERBS, await asyncio.gather(*runs), strict=True):
        ended.assert_plain()
        assert ended.stdout or ended.stderr, verb
        if "--json" in verb and ended.stdout:
            assert ended.stdout.isascii(), verb
            told = json.dumps(json.loads(ended.stdout), ensure_ascii=False)
            assert not unplain(told, besides="\n"), verb
