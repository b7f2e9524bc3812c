"""What a program left on of the terminal that it had: one that is killed gives nothing back."""

import re

_SET = re.compile(rb"\x1b\[(\?[0-9;]+[hl]|>[0-9]*u|<[0-9]*u)")
_LONGEST = 40
"""Bytes at the end of a piece that may be the beginning of a sequence."""
_OFF_BEFORE = frozenset(b"1 9 47 1000 1001 1002 1003 1004 1005 1006 1015 1016 1047 1049 2004 2026 2048".split())
"""Private modes that a shell's terminal has off: keys of applications, the mouse, the other screen, pasting, focus,
sizes (xterm's control sequences)."""
_ON_BEFORE = frozenset((b"7", b"25"))
"""Those that it has on: wrapping, the cursor."""
_ALWAYS = b"\x1b>\x1b(B\x1b[0m"
"""The number keys, the letters and the colours as they were."""


class LeftOn:
    """Listens to what is drawn."""

    def __init__(self) -> None:
        self._changed: set[bytes] = set()
        self._pushed = 0
        self._rest = b""

    def hear(self, data: bytes) -> None:
        """A piece of what was drawn; sequences may be cut anywhere."""
        data = self._rest + data
        end = 0
        for found in _SET.finditer(data):
            self._take(found[1])
            end = found.end()
        begun = data.rfind(b"\x1b", max(end, len(data) - _LONGEST))
        self._rest = data[begun:] if begun >= 0 else b""

    def undo(self) -> bytes:
        """What makes it as it was. The other screen is left only where it is shown: else the cursor would jump."""
        changed = sorted(self._changed, key=int)
        undone = b"".join(b"\x1b[?%b%b" % (mode, b"h" if mode in _ON_BEFORE else b"l") for mode in changed)
        return b"\x1b[<u" * min(self._pushed, 9) + undone + _ALWAYS

    def _take(self, sequence: bytes) -> None:
        if sequence.endswith(b"u"):
            self._pushed = max(self._pushed + (1 if sequence.startswith(b">") else -1), 0)
            return
        is_on = sequence.endswith(b"h")
        for mode in sequence[1:-1].split(b";"):
            if mode in (_OFF_BEFORE if is_on else _ON_BEFORE):
                self._changed.add(mode)
            else:
                self._changed.discard(mode)
