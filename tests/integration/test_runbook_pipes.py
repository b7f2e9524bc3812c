"""``oncall-tui runbook run`` with streams that are no terminal: nothing but reading is run, whatever is typed."""

import contextlib
import json
import os
import pty
import shlex
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.integration.pseudo_terminal import pseudo_terminal

pytestmark = pytest.mark.integration

BOOK = """\
---
oncall: 1
id: busy
owner: team
match: [{alertname: Busy}]
---
# Busy

```bash {#look danger=read}
echo hello
```
<!-- oncall
undo: {none: "it stays"}
-->
```bash {#change danger=change}
touch effect
```
"""
PLAIN = "# Plain\n\n```\ndate -u +%s\n```\n\n```\ntouch effect\n```\n"
YES = b"\ny\ny\ndestroy change\n"
REFUSED = "does more than read (change), and nobody sits at a terminal to confirm it: nothing of it was started."


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "busy.md").write_text(BOOK)
    (tmp_path / "plain.md").write_text(PLAIN)
    folders = {f"XDG_{kind}_HOME": str(tmp_path / kind.lower()) for kind in ("CONFIG", "CACHE", "STATE")}
    return {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "TERM": "xterm", "LANG": "C.UTF-8", **folders}


def command(file: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "oncall_tui", "runbook", "run", str(file), *arguments]


def run(argv: Sequence[str], environ: dict[str, str], terminals: set[str]) -> tuple[int, str]:
    """The exit code and all that was printed; the streams that are no terminal are pipes, and yes is typed on both."""
    master, slave = pty.openpty()
    os.write(master, YES)
    stdin, stdout, stderr = (slave if name in terminals else subprocess.PIPE for name in ("stdin", "stdout", "stderr"))
    process = subprocess.Popen(argv, env=environ, stdin=stdin, stdout=stdout, stderr=stderr)
    os.close(slave)
    try:
        piped = process.communicate(None if "stdin" in terminals else YES, timeout=60)
    finally:
        process.kill()
    said = "".join(one.decode() for one in piped if one)
    # Without the other side there is nothing more to come.
    with contextlib.suppress(OSError):
        while piece := os.read(master, 65_536):
            said += piece.decode()
    os.close(master)
    return process.returncode, said.replace("\r\n", "\n")


@pytest.mark.parametrize(
    "terminals",
    [{"stdout", "stderr"}, {"stdin", "stderr"}, {"stdin", "stdout"}],
    ids=lambda names: "+".join(sorted(names)),
)
def test_unless_all_three_are_a_terminal_only_what_reads_is_run(
    tmp_path: Path, environ: dict[str, str], terminals: set[str]
) -> None:
    code, said = run(command(tmp_path / "busy.md"), environ, terminals)
    assert code == 3, said
    assert "hello" in said and REFUSED in said.replace("\n", " ")
    assert "Traceback" not in said
    assert not (tmp_path / "effect").exists()


def test_a_plain_runbook_is_no_way_around_it(tmp_path: Path, environ: dict[str, str]) -> None:
    code, said = run(command(tmp_path / "plain.md", "--json"), environ, set())
    lines = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    assert (code, [one["step"] for one in lines if one["event"] == "started"]) == (3, ["s1"])
    assert lines[-1]["stopped"].startswith("s2 does more than read")
    assert not (tmp_path / "effect").exists()


def test_as_json_stdout_may_go_elsewhere_since_all_is_shown_on_stderr(tmp_path: Path, environ: dict[str, str]) -> None:
    out = tmp_path / "out"
    words = shlex.join(command(tmp_path / "busy.md", "--json", "--step", "change"))
    with pseudo_terminal(["bash", "-c", f"{words} >{out}"], environ) as terminal:
        terminal.read_until("y runs it · s skip")
        assert "   | touch effect" in terminal.text
        terminal.does("y\r", "leave it open: ", again_after=25.0)
        terminal.press("\r")
        assert terminal.read_to_the_end() == 0
    assert (tmp_path / "effect").exists()
    assert json.loads(out.read_text().splitlines()[-1])["changes"] == ["change"]


@pytest.mark.parametrize("closing", ["<&-", "<&- >&- 2>&-"])
def test_streams_that_are_closed_are_no_terminal(tmp_path: Path, environ: dict[str, str], closing: str) -> None:
    words = shlex.join(command(tmp_path / "busy.md"))
    ended = subprocess.run(
        ["bash", "-c", f"{words} {closing}"], env=environ, capture_output=True, text=True, check=False, timeout=60
    )
    assert ended.returncode == 3, ended.stderr
    assert "Traceback" not in ended.stderr
    assert not (tmp_path / "effect").exists()
