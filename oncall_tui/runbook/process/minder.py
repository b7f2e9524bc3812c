"""Stands between this program and what it runs, so that an end is an end. Run as a script, by path, and by nobody else.

The minder is a process of its own: it outlives a crash of the one who asked (the control socket closes, and that is
the order to end), and on Linux every orphan of the command comes back to it (``PR_SET_CHILD_SUBREAPER``, prctl(2)),
whatever session it moved to. Elsewhere it ends the process group and who descends from it when the order comes, also
in sessions of their own; an orphan that left the group before is not found. It imports the standard library only,
since it starts anew for every step.

Control socket (standard input): eight bytes of length and a marshalled job come in, then ``c`` for "end it". Lines go
out: ``started PID``, ``failed chdir|exec ERRNO``, ``ended STATUS PID:NAME …`` with what is still there.
"""

import fcntl
import marshal
import os
import select
import signal
import sys
import termios
import time
from collections.abc import Callable
from typing import Any

_SET_CHILD_SUBREAPER = 36
_SET_PDEATHSIG = 1
_LOOK = 0.05
"""Seconds between two looks at what is left, while it is being ended."""
_AFTER_KILL = 2.0
"""Seconds that what was killed may take to be gone; only what we may not signal, or the kernel holds, takes longer."""


def main() -> None:
    """Run one job."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGPIPE):
        signal.signal(number, signal.SIG_IGN)
    job = marshal.loads(_exactly(int(_exactly(8))))
    _prctl(_SET_CHILD_SUBREAPER, 1)
    wake, waker = os.pipe()
    for end in (wake, waker):
        os.set_blocking(end, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(waker, warn_on_full_buffer=False)
    pid, feeding, failure = _spawn(job)
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 1)
    os.dup2(null, 2)
    if failure:
        os.waitpid(pid, 0)
        _say(f"failed {failure}")
        return
    _say(f"started {pid}")
    Minding(pid, wake, feeding, job).until_it_ends()


def _exactly(count: int) -> bytes:
    data = b""
    while len(data) < count:
        more = os.read(0, count - len(data))
        if not more:
            sys.exit(1)
        data += more
    return data


def _say(line: str) -> None:
    try:
        os.write(0, line.encode("utf-8", "replace") + b"\n")
    except OSError:
        return  # Nobody listens any more: what is left to do does not need a listener.


def _prctl(option: int, value: int) -> None:
    """On Linux. Elsewhere, and where there is no C library to be had, only the process group is ended."""
    if not sys.platform.startswith("linux"):
        return
    try:
        import ctypes

        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)
    except (ImportError, OSError, AttributeError):
        return


def _spawn(job: dict[str, Any]) -> tuple[int, int, str]:
    """Start it in a session of its own: its pid, where its input is fed, and why it did not start."""
    told, telling = os.pipe()
    given, feeding = os.pipe()
    pid = os.fork()
    if pid == 0:
        what = "exec"
        try:
            _prctl(_SET_PDEATHSIG, signal.SIGKILL)
            _as_child(job, given, feeding)
            what = "chdir"
            os.chdir(job["cwd"])
            what = "exec"
            os.execve(job["argv"][0], job["argv"], job["env"])
        except OSError as error:
            os.write(telling, f"{what} {error.errno}".encode())
        finally:
            os._exit(127)
    os.close(telling)
    os.close(given)
    failure = os.read(told, 100).decode()
    os.close(told)
    return pid, feeding, failure


def _as_child(job: dict[str, Any], given: int, feeding: int) -> None:
    os.setsid()
    os.close(feeding)
    if job["terminal"]:
        fcntl.ioctl(1, termios.TIOCSCTTY, 0)
        os.dup2(1, 0)
    elif job["feed"] is not None:
        os.dup2(given, 0)
    else:
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    signal.set_wakeup_fd(-1)
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        if signal.getsignal(number) is not signal.SIG_DFL:
            signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())


class Minding:
    """One command, from its start to its end."""

    def __init__(self, pid: int, wake: int, feeding: int, job: dict[str, Any]) -> None:
        self._pid = pid
        self._wake = wake
        self._feeding: int | None = feeding
        self._feed: bytes = job["feed"] or b""
        self._holds: bool = job["holds"]
        self._patience: tuple[float, float] = job["patience"]
        self._status: int | None = None
        self._family = Family(os.getpid(), _processes)
        os.set_blocking(feeding, False)

    def until_it_ends(self) -> None:
        """Wait for its own end, or for the order to end it."""
        while self._status is None:
            readable, writable, _ = select.select([0, self._wake], self._hungry(), [])
            if writable:
                self._feed_on()
            if self._wake in readable:
                os.read(self._wake, 4096)
                self._reap()
            if 0 in readable:
                self._ended_for_good()
                break
        # What is told apart from our own end: processes that were left in the background go on, as from any shell.
        names = " ".join(f"{pid}:{_name_of(pid)}" for pid in self._left()[:20])
        _say(f"ended {self._status if self._status is not None else -1} {names}")

    def _hungry(self) -> list[int]:
        """Where there is input to be written; its end is closed once there is no more."""
        if self._feeding is not None and not self._feed and not self._holds:
            os.close(self._feeding)
            self._feeding = None
        return [self._feeding] if self._feeding is not None and self._feed else []

    def _feed_on(self) -> None:
        assert self._feeding is not None
        try:
            self._feed = self._feed[os.write(self._feeding, self._feed[:65_536]) :]
        except BlockingIOError:
            return
        except OSError:
            self._feed, self._holds = b"", False  # It reads no more of it.

    def _ended_for_good(self) -> None:
        """SIGINT to the group, SIGTERM to everything, SIGKILL to everything, each after its time."""
        if self._feeding is not None:
            os.close(self._feeding)
            self._feeding = None
        # Before anybody dies: whose parent is gone is found nowhere but on Linux.
        self._left()
        _signal_group(self._pid, signal.SIGINT)
        if self._gone_within(self._patience[0], 0):
            return
        _signal_group(self._pid, signal.SIGTERM)
        if self._gone_within(self._patience[1], signal.SIGTERM):
            return
        _signal_group(self._pid, signal.SIGKILL)
        self._gone_within(_AFTER_KILL, signal.SIGKILL)

    def _gone_within(self, seconds: float, number: int) -> bool:
        """Whether everything is gone before that. Who is met for the first time gets the signal, if there is one."""
        deadline = time.monotonic() + seconds
        met: set[int] = set()
        while True:
            self._reap()
            left = self._left()
            if not left and self._status is not None:
                return True
            for pid in left if number else ():
                if pid not in met or number == signal.SIGKILL:
                    met.add(pid)
                    _signal(pid, number)
            if time.monotonic() >= deadline:
                return False
            select.select([self._wake], [], [], _LOOK)
            _drained(self._wake)

    def _reap(self) -> None:
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            if pid == self._pid:
                self._status = status

    def _left(self) -> list[int]:
        """Every process that descends from here and is no corpse; where none can be found, the group if it has one."""
        return self._family.left() or ([-self._pid] if _signal_group(self._pid, 0) else [])


class Family:
    """The descendants of a process. Who was met once stays one, whoever becomes its parent."""

    def __init__(self, pid: int, look: "Callable[[], Processes]") -> None:
        self._pid = pid
        self._look = look
        self._met: dict[int, bytes] = {}

    def left(self) -> list[int]:
        """Those that live."""
        living = self._look()
        ours = {pid for pid, begun in self._met.items() if pid in living and living[pid][1] == begun} | {self._pid}
        grown = True
        while grown:
            more = {pid for pid, (parent, _) in living.items() if parent in ours} - ours
            grown = bool(more)
            ours |= more
        self._met = {pid: living[pid][1] for pid in ours if pid in living and pid != self._pid}
        return sorted(self._met)


Processes = dict[int, tuple[int, bytes]]
"""Of every living process its parent, and when it began: a number may be given again."""


def _processes() -> Processes:
    try:
        pids = [int(name) for name in os.listdir("/proc") if name.isdigit()]
    except OSError:
        pids = []
    return _by_proc(pids) if pids else by_ps()


def _by_proc(pids: list[int]) -> Processes:
    living = {}
    for pid in pids:
        try:
            with open(f"/proc/{pid}/stat", "rb") as file:
                told = file.read().rpartition(b")")[2].split()
            if told[0] not in (b"Z", b"X"):
                living[pid] = (int(told[1]), told[19])
        except (OSError, ValueError, IndexError):
            continue
    return living


def by_ps() -> Processes:
    """By ps(1), as POSIX, macOS and the BSDs have it: 10 ms, and only while something is being ended."""
    import subprocess  # Not where /proc is: a minder starts for every step.

    command = ["/bin/ps", "-A", "-o", "pid=", "-o", "ppid=", "-o", "stat=", "-o", "lstart="]
    try:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, env={"LC_ALL": "C"})
        out = process.communicate(timeout=5.0)[0]
    except (OSError, subprocess.SubprocessError):
        return {}
    living = {}
    for line in out.splitlines():
        words = line.split(None, 3)
        if len(words) == 4 and not words[2].startswith(b"Z") and int(words[0]) != process.pid:
            living[int(words[0])] = (int(words[1]), words[3])
    return living


def _name_of(pid: int) -> str:
    try:
        with open(f"/proc/{pid}/comm", encoding="utf-8", errors="replace") as file:
            return "".join(file.read().split()) or "?"
    except OSError:
        return "?"


def _signal(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except OSError:
        return  # Gone already, or not ours to signal: what is left is told at the end.


def _signal_group(group: int, number: int) -> bool:
    try:
        os.killpg(group, number)
    except OSError:
        return False
    return True


def _drained(descriptor: int) -> None:
    try:
        os.read(descriptor, 4096)
    except BlockingIOError:
        return


if __name__ == "__main__":
    main()
