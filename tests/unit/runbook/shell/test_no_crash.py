"""No text of a runbook ends the process: the parser of bash is given only what it survives."""

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from oncall_tui.runbook.shell.syntax import parsable

ROOT = Path(__file__).parents[4]
PARSE = """
import sys
from oncall_tui.runbook.classify import judge
from oncall_tui.runbook.execution import Kind
from oncall_tui.runbook.shell.syntax import script_of
for line in sys.stdin.buffer:
    text = bytes.fromhex(line.decode()).decode("utf-8", "surrogatepass")
    script_of(text)
    judge(Kind.SHELL, text)
print("alive")
"""


def texts(seed: int, count: int = 1_500) -> list[str]:
    """Scripts of printable characters and of those that lie far out."""
    chance = random.Random(seed)
    return [
        "".join(
            chr(chance.choice([chance.randint(32, 126), chance.randint(0x10000, 0x10FFFF)]))
            for _ in range(chance.randint(1, 80))
        )
        for _ in range(count)
    ]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_characters_from_far_out_are_survived(seed: int) -> None:
    lines = "".join(f"{text.encode('utf-8', 'surrogatepass').hex()}\n" for text in texts(seed))
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    ended = subprocess.run([sys.executable, "-c", PARSE], input=lines, env=environ, capture_output=True, text=True)
    assert (ended.returncode, ended.stdout) == (0, "alive\n"), ended.stderr[-500:]


@pytest.mark.parametrize("text", ["echo 🚒 {🚒,b}", "é", "\U0010ffff", "a🚒b" * 3, ""])
def test_every_byte_stays_where_it_was(text: str) -> None:
    data = text.encode()
    given = parsable(data)
    assert len(given) == len(data)
    assert all(new == old for new, old in zip(given, data, strict=True) if old < 0x80)
    assert given.decode().isascii() is text.isascii()
    assert max(map(ord, given.decode()), default=0) < 0x10000
