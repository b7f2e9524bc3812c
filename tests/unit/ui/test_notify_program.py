"""A real process: what it gets, how it ends, and what is left of it."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from time import monotonic, sleep

import pytest

from oncall_tui.ui.notify_program import Program

PATH = os.fsencode(os.environ["PATH"])
SHELL = "/bin/sh"


def run(script: str, timeout: float = 20, **environ: str) -> str:
    own = {name.encode(): value.encode() for name, value in environ.items()}
    return Program().run([SHELL, "-c", script], {b"PATH": PATH, **own}, timeout)


def test_it_gets_the_variables_no_input_and_no_terminal(tmp_path: Path) -> None:
    told = tmp_path / "told"
    script = f'{{ printf "%s|" "$ONCALL_ALERT_TITLE"; cat; echo "$#"; [ -t 0 ] || echo none; }} > {told}'
    assert run(script, ONCALL_ALERT_TITLE="disk [/dev/sda1] full; $(id) é") == ""
    assert told.read_text() == "disk [/dev/sda1] full; $(id) é|0\nnone\n"


def test_it_leads_a_session_of_its_own(tmp_path: Path) -> None:
    told = tmp_path / "told"
    assert run(f"ps -o pid=,pgid=,sid= -p $$ > {told}") == ""
    pid, group, session = map(int, told.read_text().split())
    assert pid == group == session != os.getsid(0)


def test_what_it_prints_goes_nowhere(capfd: pytest.CaptureFixture[str]) -> None:
    assert run("echo loud; echo louder >&2") == ""
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("script", "words"), [("exit 3", "ended with exit code 3"), ("kill -9 $$", "was ended by signal 9")]
)
def test_how_it_failed_is_told(script: str, words: str) -> None:
    assert run(script) == words


def test_what_cannot_be_started_is_told(tmp_path: Path) -> None:
    missing, plain = tmp_path / "missing", tmp_path / "plain"
    plain.write_text("no program")
    assert Program().run([str(missing)], {}, 5) == "cannot be started: No such file or directory"
    assert Program().run([str(plain)], {}, 5) == "cannot be started: Permission denied"
    assert Program().run(["sh", "a\0b"], {b"PATH": PATH}, 5) == "cannot be started: its arguments cannot be passed on"


def test_what_takes_too_long_is_ended_with_everything_it_has_started(tmp_path: Path) -> None:
    child = tmp_path / "child"
    # The child is deaf to a polite word, and the parent ends at once.
    script = f"sh -c 'trap \"\" TERM; echo $$ > {child}; while :; do sleep 1; done' & while :; do sleep 1; done"
    begun = monotonic()
    assert run(script, timeout=3) == "took longer than 3 s and was ended"
    assert monotonic() - begun < 60
    assert is_gone(int(child.read_text()))


def test_it_can_be_told_to_end(tmp_path: Path) -> None:
    program, begun, ended = Program(), tmp_path / "begun", list[str]()
    script = f"touch {begun}; while :; do sleep 1; done"
    thread = threading.Thread(target=lambda: ended.append(program.run([SHELL, "-c", script], {b"PATH": PATH}, 60)))
    thread.start()
    until = monotonic() + 60
    while not begun.exists() and monotonic() < until:
        sleep(0.02)
    program.stop()
    thread.join(20)
    assert ended == [f"was ended by signal {signal.SIGTERM.value}"]
    program.stop()


def test_what_is_deaf_to_that_is_killed_before_the_interpreter_ends(tmp_path: Path) -> None:
    begun = tmp_path / "begun"
    deaf = f"trap '' TERM; echo $$ > {begun}; while :; do sleep 1; done"
    screen = f"""
import os, threading, time
from oncall_tui.ui.notify_program import Program
program = Program()
run = lambda: program.run(["/bin/sh", "-c", {deaf!r}], {{b"PATH": os.environb[b"PATH"]}}, 60)
threading.Thread(target=run, daemon=True).start()
until = time.monotonic() + 30
while not (os.path.exists({str(begun)!r}) and open({str(begun)!r}).read().endswith("\\n")) and time.monotonic() < until:
    time.sleep(0.02)
program.stop()
"""
    done = subprocess.run([sys.executable, "-c", screen], timeout=120, check=True, capture_output=True)
    assert done.stderr == b""
    assert is_gone(int(begun.read_text()))


def is_gone(pid: int) -> bool:
    """Whether a process that is not ours to reap ends within some seconds."""
    until = monotonic() + 30
    while monotonic() < until:
        stat = Path(f"/proc/{pid}/stat")
        if not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] == "Z":
            return True
        sleep(0.02)
    return False
