"""Every verb as a process against hostile vendors and with hostile arguments: text, and nothing else, comes out."""

import asyncio
import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.nasty.corpus import MARKUP, SEQUENCES, UNICODE
from tests.nasty.journal import write_hostile
from tests.nasty.vt import towers, unplain

HOSTILE_ARGUMENT = "".join(one.replace("\x00", "") for one in (*SEQUENCES.values(), *MARKUP.values()))
BYTES_THAT_ARE_NO_TEXT = b"\xff\xfe\x9b31m"
LISTINGS = ("alerts", "services", "deployments", "silences", "outbox", "runbook list", "runbook runs")
AT_ONCE = 4
"""So many processes run at the same time, so that each comes to its end on a busy machine too."""
VERBS: Sequence[list[str]] = (
    ["status"],
    ["alerts"],
    ["services"],
    ["deployments"],
    ["oncall"],
    ["silences"],
    ["doctor"],
)
OF_NO_VENDOR: Sequence[list[str]] = (
    ["outbox"],
    ["runbook", "list"],
    ["runbook", "runs"],
    ["runbook", "find", "--alertname", HOSTILE_ARGUMENT],
    ["config", "check"],
    ["config", "show"],
)
"""They tell of what is on this machine, and are run in one pass."""


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
    stdout, stderr = await asyncio.wait_for(process.communicate(), 180)
    return Ended(process.returncode, stdout.decode(), stderr.decode())


async def each(environ: Mapping[str, str], config: Path, verbs: Sequence[Sequence[str]]) -> list[Ended]:
    """Run some verbs, a few at the same time."""
    room = asyncio.Semaphore(AT_ONCE)

    async def one(verb: Sequence[str]) -> Ended:
        async with room:
            return await run(environ, "--config", str(config), *verb)

    return list(await asyncio.gather(*map(one, verbs)))


@pytest.fixture
def at_home(config: Path) -> Path:
    """The same configuration beside a journal and runbooks that somebody else has written to."""
    write_hostile(config.parent / "journal.sqlite3", datetime.now(UTC), waits=True)
    books = config.parent / "books"
    books.mkdir()
    for number, text in enumerate((*SEQUENCES.values(), *MARKUP.values(), *UNICODE.values())):
        told = json.dumps(text)
        head = f"oncall: 1\nid: b{number}\ntitle: {told}\nowner: {told}\nmatch: [{{alertname: {told}}}]\n"
        (books / f"{number}.md").write_bytes(f"---\n{head}---\n# {text}\n".encode("utf-8", "surrogatepass"))
    name = HOSTILE_ARGUMENT.replace("/", "")[:80]
    (books / f"{name}.md").write_text(f"# {name}\n", encoding="utf-8", errors="surrogatepass")
    config.write_text(config.read_text().replace("[runbooks]\n", f"[runbooks]\npaths = [{json.dumps(str(books))}]\n"))
    return config


async def test_every_verb_prints_plain_text_and_no_table_is_wider_than_the_terminal(
    at_home: Path, environ: dict[str, str], request: pytest.FixtureRequest
) -> None:
    from rich.cells import cell_len

    environ["COLUMNS"] = "80"
    verbs = [*VERBS, *(OF_NO_VENDOR if request.node.callspec.params["announcement"] == "words" else ())]
    for verb, ended in zip(verbs, await each(environ, at_home, verbs), strict=True):
        ended.assert_plain()
        assert ended.stdout, verb
        lines = ended.stdout.splitlines()
        # A sentence in the place of a table wraps by itself.
        if " ".join(verb) in LISTINGS and len(lines) > 1:
            assert [line for line in lines if cell_len(line) > 80] == []


@pytest.mark.parametrize("announcement", ["everything"], indirect=True)
async def test_json_is_valid_and_pure_ascii(at_home: Path, environ: Mapping[str, str]) -> None:
    verbs = [[*verb, "--json"] for verb in (*VERBS, *OF_NO_VENDOR)]
    for verb, ended in zip(verbs, await each(environ, at_home, verbs), strict=True):
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
        ["history", hostile],
        ["outbox", "--drop", hostile, "--drop", BYTES_THAT_ARE_NO_TEXT],
        ["runbook", "show", hostile],
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
    past: list[list[str]] = [["history", ids[0]], ["history", ids[0], "--json"]]
    ended, *told = await each(environ, config, [["ack", *ids], *past])
    for one in (ended, *told):
        one.assert_plain()
    assert told[0].stdout
    assert json.loads(told[1].stdout)
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
