"""The colours that really reach terminals of few colours or none: the program in a terminal, its bytes read back."""

import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from fcntl import ioctl
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
DEADLINE_S = 60.0
SGR = re.compile(rb"\x1b\[([0-9;]*)m")


def painted(home: Path, **environ: str) -> set[bytes]:
    """The parameters of every SGR sequence that the first picture is painted with."""
    primary, secondary = pty.openpty()
    ioctl(secondary, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    kept = {name: value for name, value in os.environ.items() if name not in ("COLORTERM", "NO_COLOR", "TERM")}
    process = subprocess.Popen(
        [sys.executable, "-m", "oncall_tui", "--prometheus", "http://localhost:1"],
        cwd=ROOT,
        env={**kept, "XDG_CONFIG_HOME": str(home), "XDG_STATE_HOME": str(home), "PYTHONPATH": str(ROOT), **environ},
        stdin=secondary,
        stdout=secondary,
        stderr=secondary,
        start_new_session=True,
    )
    os.close(secondary)
    received, deadline = b"", time.monotonic() + DEADLINE_S
    try:
        while b"DEPLOYMENTS" not in received or b"filter" not in received:
            assert time.monotonic() < deadline, received[-500:]
            if select.select([primary], [], [], 0.1)[0]:
                received += os.read(primary, 65_536)
    finally:
        process.kill()
        process.wait()
        os.close(primary)
    return set(SGR.findall(received))


def is_of_sixteen(parameters: bytes) -> bool:
    """No colour by number or by value, and no bright ground, which the Linux console does not have."""
    codes = [int(code or b"0") for code in parameters.split(b";")]
    return all(
        code in (0, 1, 3, 4, 7, 22) or 30 <= code <= 37 or 40 <= code <= 47 or 90 <= code <= 97 for code in codes
    )


@pytest.mark.parametrize("term", ["linux", "screen", "xterm-16color", "vt220"])
def test_a_terminal_of_sixteen_colours_is_sent_no_others(term: str, tmp_path: Path) -> None:
    sent = painted(tmp_path, TERM=term)
    assert any(b"40" in one.split(b";") for one in sent), "the ground is black"
    assert [one for one in sent if not is_of_sixteen(one)] == []


def test_a_terminal_of_256_colours_is_sent_their_numbers(tmp_path: Path) -> None:
    sent = painted(tmp_path, TERM="screen-256color")
    assert any(b"48;5;" in one for one in sent)
    assert not any(b"48;2;" in one or b"38;2;" in one for one in sent)


@pytest.mark.parametrize("value", ["1", ""])
def test_with_no_color_no_colour_is_sent(value: str, tmp_path: Path) -> None:
    sent = painted(tmp_path, TERM="xterm-256color", COLORTERM="truecolor", NO_COLOR=value)
    codes = {int(code or b"0") for one in sent for code in one.split(b";")}
    assert codes <= {0, 1, 3, 4, 7, 22, 39, 49}, sent
    assert {1, 7} <= codes, "bold and reversed are left"
