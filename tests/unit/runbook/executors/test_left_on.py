"""What a program left on of the terminal is undone, and nothing else."""

import pytest

from oncall_tui.runbook.executors.left_on import LeftOn

ALWAYS = b"\x1b>\x1b(B\x1b[0m"


@pytest.mark.parametrize(
    ("drawn", "undone"),
    [
        (b"plain \x1b[31mred\x1b[2J", b""),
        (b"\x1b[?1049h\x1b[?25l vi", b"\x1b[?25h\x1b[?1049l"),
        (b"\x1b[?1049h\x1b[?25l vi \x1b[?25h\x1b[?1049l", b""),
        (b"\x1b[?1000;1006;2004h", b"\x1b[?1000l\x1b[?1006l\x1b[?2004l"),
        (b"\x1b[?7l\x1b[?1h", b"\x1b[?1l\x1b[?7h"),
        (b"\x1b[?25h\x1b[?1049l left before it was entered", b""),
        (b"\x1b[>25u\x1b[>1u\x1b[<u", b"\x1b[<u"),
        (b"\x1b[<u", b""),
        (b"\x1b[>1u" * 1000, b"\x1b[<u" * 9),
        (b"\x1b[?99999h\x1b[?;h\x1b[?12h", b""),
        (b"\x1b" * 100 + b"[?1003h", b"\x1b[?1003l"),
    ],
)
@pytest.mark.parametrize("size", [1, 3, 10_000])
def test_what_is_left_on(drawn: bytes, undone: bytes, size: int) -> None:
    left = LeftOn()
    for at in range(0, len(drawn), size):
        left.hear(drawn[at : at + size])
    assert left.undo() == undone + ALWAYS


def test_what_is_no_sequence_is_not_kept() -> None:
    left = LeftOn()
    for _ in range(1000):
        left.hear(b"\x1b[" + b"0;" * 500)
    assert len(left._rest) <= 40
