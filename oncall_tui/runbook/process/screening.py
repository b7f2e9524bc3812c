"""Output of programs on its way to the screen and to the disk: bytes become lines that are safe to draw and to keep.

In this order, each across the borders of the pieces that are read: UTF-8 is decoded, control sequences are taken out,
lines are put together, each line is cleaned and redacted. A line that does not end is let go of in pieces.
"""

import codecs
import re
from collections.abc import Callable, Iterable
from urllib.parse import quote

from oncall_tui.domain.text import REPLACEMENT, clean
from oncall_tui.journal.redact import redacted_text

LONGEST_LINE = 16_384
"""Characters after which a line is let go of without its end."""
HELD = 4_096
"""Characters that then stay: a secret that has begun there is seen when the rest of it comes."""
_LONGEST_SEQUENCE = 4_096
_LONGEST_KEY = 200
"""Lines of a private key that never ends, after which it counts as none."""

_SEQUENCE = re.compile(
    # ECMA-48: CSI with its parameters; strings (DCS, SOS, OSC, PM, APC) to ST, or BEL; two-character escapes.
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|(?:\x1b[PX\]^_]|[\x90\x98\x9d\x9e\x9f])[^\x1b\x07\x9c]*(?:\x1b\\|\x07|\x9c)"
    r"|\x1b[ -/]*[0-~](?<![\[P\]X^_])"
)
_BEGUN = re.compile(
    r"(?:\x1b|(?:\x1b\[|\x9b)[0-?]*[ -/]*|(?:\x1b[PX\]^_]|[\x90\x98\x9d\x9e\x9f])[^\x1b\x07\x9c]*\x1b?|\x1b[ -/]+)\Z"
)
_LOOKS_ONLY = re.compile(r"(?:\x1b\[|\x9b)[0-9;:]*[mK]")
"""Colours, and the clearing of a line's rest: what is lost with them is no information."""
_PLAIN = bytes(range(0x20, 0x7F)) + b"\n\t"
"""Of ASCII what is drawn as it is."""
_KEY_BEGINS = re.compile(r"-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----")
_KEY_ENDS = re.compile(r"-----END [A-Z ]{0,40}PRIVATE KEY-----")

Redact = Callable[[str], str]


class Screening:
    """One stream of output of one execution. Not for several threads at once."""

    def __init__(self, redact: Redact) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._redact = redact
        self._begun = ""
        self._line = ""
        self._key_lines = 0

    def feed(self, data: bytes, is_last: bool = False) -> str:
        """What can be shown of all that came so far and was not shown yet."""
        text = self._begun + self._decoder.decode(data, is_last)
        self._begun = ""
        if not is_last and (begun := _unfinished(text)):
            text, self._begun = text[: -len(begun)], begun
        if "\x1b" in text or not text.isascii():  # Every sequence begins with one of them.
            text = _SEQUENCE.sub(_replaced, text)
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        return self._lines(text, is_last)

    def _lines(self, text: str, is_last: bool) -> str:
        whole, end, rest = (self._line + text).rpartition("\n")
        done = self._of_lines(whole + end)
        if is_last:
            done += self._of_lines(rest)
            rest = ""
        elif len(rest) > LONGEST_LINE:
            rest = self._redact(rest)
            blank = rest.rfind(" ", 0, len(rest) - HELD)
            border = blank + 1 if blank > 0 else max(len(rest) - HELD, 0)
            done += clean(rest[:border], border + 1)
            rest = rest[border:]
        self._line = rest
        return done

    def _of_lines(self, text: str) -> str:
        """Whole lines as they may be seen: redacted together, which costs a third of redacting each."""
        if self._key_lines or _KEY_BEGINS.search(text):
            text = "".join(self._without_key(line) for line in text.splitlines(keepends=True))
        text = self._redact(text)
        if text.isascii():
            # Most output holds nothing to clean, which this tells in a tenth of the time that cleaning takes.
            return clean(text, len(text) + 1) if text.encode().translate(None, _PLAIN) else text
        return "".join(clean(line, len(line) + 1) for line in text.splitlines(keepends=True))

    def _without_key(self, line: str) -> str:
        """The lines of a private key are one mark."""
        if self._key_lines:
            self._key_lines = 0 if _KEY_ENDS.search(line) or self._key_lines > _LONGEST_KEY else self._key_lines + 1
            return ""
        if _KEY_BEGINS.search(line) and not _KEY_ENDS.search(line):
            self._key_lines = 1
            return _KEY_BEGINS.split(line)[0] + "[redacted private key]\n"
        return line


def _unfinished(text: str) -> str:
    """The end of a text that may be the beginning of a control sequence, or of a line end; empty for none."""
    tail = text[-_LONGEST_SEQUENCE:]
    if match := _BEGUN.search(tail):
        # One that fills the whole tail is none, or one that shall not be waited for.
        return match[0] if len(match[0]) < _LONGEST_SEQUENCE else ""
    return "\r" if text.endswith("\r") else ""


def _replaced(match: re.Match[str]) -> str:
    return "" if _LOOKS_ONLY.fullmatch(match[0]) else REPLACEMENT


def redactor(secrets: Iterable[str]) -> Redact:
    """Takes out these very secrets, as they are and as addresses spell them, and whatever looks like a secret."""
    known: set[str] = set()
    for secret in secrets:
        lines = {secret, *(one for one in secret.splitlines() if len(one) >= 8)}
        known |= {form for line in lines for form in (line, quote(line, safe=""), clean(line)) if form.strip()}
    expression = re.compile("|".join(re.escape(one) for one in sorted(known, key=len, reverse=True))) if known else None

    def redact(text: str) -> str:
        if expression is not None:
            text = expression.sub("[redacted secret]", text)
        return redacted_text(text)[0]

    return redact
