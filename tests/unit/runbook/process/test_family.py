"""Who descends from a step, where the kernel does not keep orphans together."""

import os
import signal
import subprocess
import sys
import time

from oncall_tui.runbook.process import minder
from oncall_tui.runbook.process.minder import Family, Processes, by_ps

HERE = 100


def _family(*looks: Processes) -> Family:
    left = list(looks)
    return Family(HERE, lambda: left.pop(0))


def test_descendants_are_found_in_whatever_session_they_are() -> None:
    living: Processes = {HERE: (1, b"a"), 101: (HERE, b"b"), 102: (101, b"c"), 103: (102, b"d"), 7: (1, b"e")}
    assert _family(living).left() == [101, 102, 103]


def test_who_was_met_is_still_one_when_its_parent_is_gone() -> None:
    family = _family(
        {101: (HERE, b"b"), 102: (101, b"c")},
        {102: (1, b"c"), 7: (1, b"e")},
        {102: (1, b"c"), 104: (102, b"f"), 7: (1, b"e")},
        {104: (1, b"f")},
        {},
    )
    assert [family.left() for _ in range(5)] == [[101, 102], [102], [102, 104], [104], []]


def test_a_number_that_was_given_again_is_somebody_else() -> None:
    family = _family({101: (HERE, b"b"), 102: (101, b"c")}, {102: (1, b"later")})
    assert family.left() == [101, 102]
    assert family.left() == []


def test_ps_tells_of_those_that_live_and_not_of_itself() -> None:
    dead = subprocess.Popen(["/bin/true"])
    child = subprocess.Popen(["/bin/sleep", "60"], start_new_session=True)
    try:
        deadline = time.monotonic() + 30
        while dead.pid in by_ps() and time.monotonic() < deadline:
            pass  # It is a corpse soon.
        family = Family(os.getpid(), by_ps)
        left = family.left()
        assert child.pid in left and dead.pid not in left, "and what other tests have started"
        assert not [one for one in left if one not in by_ps()], "ps itself is none of them"
        assert by_ps()[child.pid][0] == os.getpid()
    finally:
        child.kill()
        child.wait()
        dead.wait()


_ENDS = """
import os, signal, sys
sys.path.insert(0, sys.argv[1])
import minder
minder._prctl = lambda *_: None
minder._processes = minder.by_ps
grandchild = "import os, time; os.setsid(); print(os.getpid(), flush=True); time.sleep(600)"
body = f"{sys.executable} -c '{grandchild}' & trap '' INT TERM; wait; wait; sleep 600"
job = {"argv": ["/bin/sh", "-c", body], "env": {}, "cwd": "/", "feed": None, "terminal": False}
wake, waker = os.pipe()
for end in (wake, waker):
    os.set_blocking(end, False)
signal.signal(signal.SIGCHLD, lambda *_: None)
signal.set_wakeup_fd(waker, warn_on_full_buffer=False)
pid, feeding, failure = minder._spawn(job)
minding = minder.Minding(pid, wake, feeding, {"feed": None, "holds": False, "patience": (0.1, 0.1)})
minding.until_it_ends()
"""


def test_a_grandchild_with_a_session_of_its_own_is_ended_without_proc_and_without_subreaper() -> None:
    """As on macOS: the order to end comes over the socket, here a pipe."""
    folder = os.path.dirname(minder.__file__)
    script = subprocess.Popen(
        [sys.executable, "-c", _ENDS, folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
    )
    assert script.stdin is not None
    assert script.stdout is not None
    grandchild = int(script.stdout.readline())
    try:
        script.stdin.write(b"c")
        assert script.wait(30) == 0
        deadline = time.monotonic() + 30
        while _lives(grandchild) and time.monotonic() < deadline:
            time.sleep(0.01)
        assert not _lives(grandchild)
    finally:
        if _lives(grandchild):
            os.kill(grandchild, signal.SIGKILL)
        script.stdin.close()
        script.stdout.close()


def _lives(pid: int) -> bool:
    return pid in by_ps()
