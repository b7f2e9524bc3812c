"""Every verb as a process against hostile vendors and with hostile arguments: text, and nothing else, comes out."""

import asyncio
import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.nasty.corpus import MARKUP, SEQUENCES, UNICODE
from tests.nasty.vt import towers, unplain

HOSTILE_ARGUMENT = "".join(one.replace("\x00", "") for one in (*SEQUENCES.values(), *MARKUP.values()))
BYTES_THAT_ARE_NO_TEXT = b"\xff\xfe\x9b31m"
LISTINGS = ("alerts", "services", "deployments")
VERBS: Sequence[list[str]] = (
    ["status"],
    ["alerts"],
    ["services"],
    ["deployments"],
    ["doctor"],
    ["config", "check"],
    ["config", "show"],
)


@dataclass(frozen=True)
class Ended:
    """How a process ended."""

    code: int | None
    stdout: str
    stderr: str

    def assert_plain(self) -> None:
        """Lines of text that a terminal has nothing to obey in, and no traceback."""
        for text in (self.stdout, self.stderr):
            assert unplain(text, besides="\n\t") == []
            assert towers(text) == []
        assert "Traceback" not in self.stderr


async def run(environ: Mapping[str, str], *arguments: str | bytes) -> Ended:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "oncall_tui",
        *arguments,
        env=environ,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    stdout, stderr = await asyncio.wait_for(process.communicate(), 60)
    return Ended(process.returncode, stdout.decode(), stderr.decode())


async def each(environ: Mapping[str, str], config: Path, verbs: Sequence[Sequence[str]]) -> list[Ended]:
    """Run some verbs at the same time."""
    return list(await asyncio.gather(*(run(environ, "--config", str(config), *verb) for verb in verbs)))


async def test_every_verb_prints_plain_text_and_no_table_is_wider_than_the_terminal(
    config: Path, environ: dict[str, str]
) -> None:
    from rich.cells import cell_len

    environ["COLUMNS"] = "80"
    for verb, ended in zip(VERBS, await each(environ, config, VERBS), strict=True):
        ended.assert_plain()
        assert ended.stdout, verb
        lines = ended.stdout.splitlines()
        # A sentence in the place of a table wraps by itself.
        if verb[0] in LISTINGS and len(lines) > 1:
            assert [line for line in lines if cell_len(line) > 80] == []


@pytest.mark.parametrize("announcement", ["everything"], indirect=True)
async def test_json_is_valid_and_pure_ascii(config: Path, environ: Mapping[str, str]) -> None:
    verbs = [[*verb, "--json"] for verb in VERBS]
    for verb, ended in zip(verbs, await each(environ, config, verbs), strict=True):
        assert json.loads(ended.stdout), verb
        assert ended.stdout.isascii(), verb
        assert not unplain(json.dumps(json.loads(ended.stdout), ensure_ascii=False), besides="\n"), verb
        ended.assert_plain()


@pytest.mark.parametrize("announcement", ["words"], indirect=True)
async def test_arguments_from_anywhere_are_quoted_as_text(config: Path, environ: Mapping[str, str]) -> None:
    hostile = HOSTILE_ARGUMENT
    lines: list[list[Any]] = [
        ["ack", hostile],
        ["ack", UNICODE["bidi overrides"], "a\nb", BYTES_THAT_ARE_NO_TEXT],
        ["ack", "--json", hostile, BYTES_THAT_ARE_NO_TEXT],
        ["alerts", "--match", hostile],
        ["alerts", "--match", BYTES_THAT_ARE_NO_TEXT],
        ["alerts", "--sort", hostile],
        ["alerts", f"--{hostile}"],
        ["alerts", hostile],
        ["status", f"--{hostile}"],
        ["doctor", hostile],
        ["doctor", "--source", hostile],
        [hostile],
        [f"--{hostile}"],
        ["config", hostile],
    ]
    for arguments, ended in zip(lines, await each(environ, config, lines), strict=True):
        ended.assert_plain()
        assert ended.stdout or ended.stderr, arguments


async def test_files_and_addresses_from_anywhere_are_quoted_as_text(environ: Mapping[str, str], tmp_path: Path) -> None:
    hostile = HOSTILE_ARGUMENT.replace("/", "")[:180]
    lines: list[list[str | bytes]] = [
        ["--config", hostile, "status"],
        ["--config", str(tmp_path).encode() + b"/" + BYTES_THAT_ARE_NO_TEXT, "config", "check"],
        ["--config", str(tmp_path).encode() + b"/" + BYTES_THAT_ARE_NO_TEXT, "config", "check", "--json"],
        ["--prometheus", hostile, "status"],
        ["--prometheus", f"http://{hostile}", "alerts"],
        ["--prometheus", f"http://127.0.0.1:1/{hostile}", "alerts"],
        ["--prometheus", b"http://127.0.0.1:1/" + BYTES_THAT_ARE_NO_TEXT, "alerts", "--json"],
    ]
    for arguments, ended in zip(lines, await asyncio.gather(*(run(environ, *line) for line in lines)), strict=True):
        ended.assert_plain()
        assert ended.code, arguments
        assert ended.stdout or ended.stderr, arguments


@pytest.mark.parametrize("announcement", ["words"], indirect=True)
async def test_a_refused_acknowledge_is_told_as_text(config: Path, environ: Mapping[str, str]) -> None:
    listed = await run(environ, "--config", str(config), "alerts", "--json")
    ids = [one["id"] for one in json.loads(listed.stdout)["alerts"] if one["id"].startswith("pagerduty/")]
    ended = await run(environ, "--config", str(config), "ack", *ids)
    ended.assert_plain()
    assert ended.code == 5
    assert "PWNED" in ended.stdout
    assert os.linesep not in ended.stdout.splitlines()[0]


_PATHS = ("ONCALL_TUI_CONFIG", "HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME")
VARIABLES = (
    ("", _PATHS),
    ("/", _PATHS),
    ("", ("TERM", "COLORTERM", "TERM_PROGRAM", "TERM_PROGRAM_VERSION", "LC_TERMINAL", "TMUX", "STY", "SSH_CONNECTION")),
    ("", ("USER", "LOGNAME", "HOSTNAME", "TZ", "LANG", "COLUMNS", "LINES", "NO_COLOR", "PYTHON_KEYRING_BACKEND")),
    ("", ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")),
)
"""What the value begins with, and those that are read for the same end, which are hostile together."""


async def test_variables_from_anywhere_are_quoted_as_text(environ: Mapping[str, str]) -> None:
    hostile = HOSTILE_ARGUMENT.replace("/", "")[:180]
    worlds = [{**environ, **dict.fromkeys(names, f"{root}{hostile}")} for root, names in VARIABLES]
    runs = [run(world, "doctor") for world in worlds]
    runs += [run(world, "--prometheus", "http://127.0.0.1:1", "status") for world in worlds[-2:]]
    for ended in await asyncio.gather(*runs):
        ended.assert_plain()
        assert ended.stdout or ended.stderr
