"""``oncall-tui runbook run`` as a process: at a terminal, and without one."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.integration.pseudo_terminal import PseudoTerminal, pseudo_terminal

pytestmark = pytest.mark.integration

BOOK = """\
---
oncall: 1
id: busy
title: Busy
owner: team
match: [{alertname: Busy}]
params:
  service: {from: labels.service, pattern: "[a-z]{1,9}"}
  name: {pick: rows.name}
---
# Busy

```bash {#look danger=read}
echo "hello $service"
```
<!-- oncall
danger_reason: it prints two rows
-->
```bash {#rows danger=read capture=all:tsv columns="name,age"}
printf 'a\\t1\\nb\\t2\\n'
```
<!-- oncall
confirm: {type: "touch {name}"}
undo: {none: "it stays"}
-->
```bash {#change danger=change}
touch effect-"$name"
```
<!-- oncall
undo: {none: "it ends"}
-->
```bash {#long danger=change}
bash -c 'trap "" INT TERM; echo $$ >grandchild; while :; do read -t 1 <> <(:) || :; done' & wait
```
"""


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "busy.md").write_text(BOOK)
    folders = {f"XDG_{kind}_HOME": str(tmp_path / kind.lower()) for kind in ("CONFIG", "CACHE", "STATE")}
    return {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "TERM": "xterm", "LANG": "C.UTF-8", **folders}


def command(tmp_path: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "oncall_tui", "runbook", "run", str(tmp_path / "busy.md"), *arguments]


def answer(terminal: PseudoTerminal, line: str, sign: str) -> None:
    """Type a line, once; what shows that it was taken must come."""
    terminal.does(line, sign, again_after=25.0)


def _is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_a_run_at_a_terminal_from_its_values_to_ctrl_c(tmp_path: Path, environ: dict[str, str]) -> None:
    with pseudo_terminal(command(tmp_path, "--label", "service=api"), environ) as terminal:
        terminal.read_until("Enter runs it · s skip · m by hand · q leave · ? more: ")
        assert "service = api   (label service)" in terminal.text
        answer(terminal, "\r", "? more: ")
        assert "hello api" in terminal.text
        answer(terminal, "\r", "Enter to leave it: ")
        answer(terminal, "2\r", 'type "touch b" to run it · s skip · m by hand · q leave · ? more: ')
        answer(terminal, "y\r", 'type "touch b" to run it · s skip · m by hand · q leave · ? more: ')
        assert "That is no answer here" in terminal.text
        assert not (tmp_path / "effect-b").exists()
        answer(terminal, "touch b\r", "y runs it · s skip · m by hand · q leave · ? more: ")
        assert (tmp_path / "effect-b").exists()
        terminal.press("y\r")
        deadline = time.monotonic() + 60
        while not (tmp_path / "grandchild").exists() or not (tmp_path / "grandchild").read_text().strip():
            assert time.monotonic() < deadline
            time.sleep(0.05)
        pid = int((tmp_path / "grandchild").read_text())
        assert _is_alive(pid)
        # What the terminal does at Ctrl+C: this one controls no session, so that it sends nothing itself.
        terminal.process.send_signal(signal.SIGINT)
        answer(terminal, "", "y runs it · s skip")
        assert "it is being ended" in terminal.text and "long cancelled" in terminal.text
        assert not _is_alive(pid), "its grandchild ignores SIGINT and SIGTERM"
        terminal.process.send_signal(signal.SIGINT)
        assert terminal.read_to_the_end() == 130
        assert "The run stays open: oncall-tui runbook run --resume" in terminal.text


def test_without_a_terminal_only_what_reads_is_run(tmp_path: Path, environ: dict[str, str]) -> None:
    arguments = command(tmp_path, "--label", "service=api", "--param", "name=b", "--json")
    # A `y` on its input answers nothing.
    ended = subprocess.run(arguments, env=environ, input=b"\ny\ntouch b\ny\n", capture_output=True, check=False)
    assert ended.returncode == 3, ended.stderr
    lines = [json.loads(line) for line in ended.stdout.splitlines()]
    summary = lines[-1]
    assert summary["stopped"].startswith("change does more than read (change), and nobody sits at a terminal")
    assert [one["step"] for one in lines if one["event"] == "started"] == ["look", "rows"]
    assert "".join(one["text"] for one in lines if one["event"] == "output" and one["step"] == "look") == "hello api\n"
    assert not list(tmp_path.glob("effect*"))
    listed = subprocess.run(
        [sys.executable, "-m", "oncall_tui", "runbook", "runs", "--json"], env=environ, capture_output=True, check=True
    )
    (past,) = json.loads(listed.stdout)["runs"]
    assert (past["run"], past["open"], past["started"]) == (summary["run"], True, 2)
    resumed = subprocess.run(
        [sys.executable, "-m", "oncall_tui", "runbook", "run", "--resume", past["run"], "--step", "look"],
        env=environ,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert resumed.returncode == 0, resumed.stderr
    refused = subprocess.run(
        [sys.executable, "-m", "oncall_tui", "runbook", "run", "--resume", past["run"], "--param", "service=API"],
        env=environ,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (refused.returncode, "does not fit the pattern" in refused.stderr) == (2, True), refused.stderr
    assert "taken up again" in resumed.stdout and "hello api" in resumed.stdout


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("--step", "nothing"), "no step 'nothing'"),
        (("--param", "nothing=1"), "no parameter 'nothing'"),
        (("--param", "service=API"), "--param service: typed = API is not used"),
        (("--alert", "Nothing"), "No source is watched, so that no alert 'Nothing' is known"),
        (("--resume", "01ARZ3NDEKTSV4RRFFQ69G5FAV"), "The journal has no run"),
    ],
)
def test_what_is_not_there_is_told_before_a_run_begins(
    tmp_path: Path, environ: dict[str, str], arguments: tuple[str, ...], problem: str
) -> None:
    ended = subprocess.run(
        command(tmp_path, *arguments),
        env=environ,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode in (1, 2)
    assert problem in ended.stderr
    assert "Traceback" not in ended.stderr
