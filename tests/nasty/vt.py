"""A strict reader of what a program sends to a terminal: whatever is not known to be ours is told, byte for byte.

Source: ECMA-48 for the shape of sequences; xterm, ctlseqs, for what they do. It knows nothing of the product: what is
allowed is written down here a second time.
"""

import base64
import binascii
import re
import unicodedata
from dataclasses import dataclass, field
from functools import cache

_SEQUENCE = re.compile(
    r"\x1b\[(?P<parameters>[0-?]*)(?P<between>[ -/]*)(?P<final>[@-~])"
    r"|\x1b\](?P<osc>[^\x07\x1b]*)(?P<end>\x07|\x1b\\)"
)
_JOINERS = "\u200c\u200d"
_INVISIBLE = frozenset("\u115f\u1160\u3164\uffa0\u2800\u034f\u17b4\u17b5")
_BLANK_BUT_COUNTED = "\u2800"
MODES = frozenset({25, 1000, 1002, 1003, 1004, 1006, 1015, 1016, 2004, 2026, 2048, 7})
"""Private modes that the screen may set: the other screen, the cursor, the mouse, focus, pasting, frames, wrapping."""
_COLOUR = re.compile(r"(?<![0-9])[34]8;(?:2;\d+;\d+;\d+|5;\d+)")
"""A colour within a sequence of attributes. Of these blinking, 5, is never used."""
_OTHER_SCREEN = "?1049"
_LINK = re.compile(r"8;(?:id=[0-9-]+;https?://[!-~]+|;)")
_POINTER = re.compile(r"22;[a-z-]*")
_CLIPBOARD = re.compile(r"52;c;([A-Za-z0-9+/=]*)")
_NOTIFICATION = re.compile(r"9;oncall-tui[^\x1b]*|777;notify;oncall-tui[^;]*;[^;]*")


@dataclass
class Said:
    """What a terminal was told."""

    text: str = ""
    """What was drawn, in the order of its drawing; sequences are line breaks here."""
    links: set[str] = field(default_factory=set)
    copied: list[str] = field(default_factory=list)
    notified: list[str] = field(default_factory=list)
    bells: int = 0
    is_other_screen: bool = False
    """Whether the other screen is shown at the end."""
    wrong: list[str] = field(default_factory=list)
    """Everything that no screen of ours has a reason to send, with what stands around it."""


@cache
def is_plain(char: str) -> bool:
    """Whether a character may be drawn: it moves nothing, turns nothing round and can be seen."""
    if char in _JOINERS or char == _BLANK_BUT_COUNTED:
        return True
    return unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Zl", "Zp") and char not in _INVISIBLE


def unplain(text: str, *, besides: str = "") -> list[str]:
    """What must not be drawn, with what stands around it; ``besides`` holds what may be there all the same."""
    if text.isascii() and text.isprintable():
        return []
    return [
        ascii(text[max(at - 30, 0) : at + 30])
        for at, char in enumerate(text)
        if not is_plain(char) and char not in besides
    ]


def towers(text: str) -> list[str]:
    """Letters under more than eight characters that take no room of their own: they are drawn over other lines."""
    return [ascii(found[0][:40]) for found in _TOWER.finditer(text)]


_TOWER = re.compile(r"[\u0300-\u036f\u20d0-\u20ff\u200c\u200d\ufe00-\ufe0f\u1160-\u11ff]{9,}")


def read(data: bytes) -> Said:
    """Read all that was sent by a screen."""
    said = Said()
    text = data.decode("utf-8", "surrogateescape")
    drawn: list[str] = []
    at = 0
    for found in _SEQUENCE.finditer(text):
        if found.start() < at:
            continue
        drawn.append(_draw(said, text[at : found.start()]))
        at = found.end()
        fine = _osc(said, found["osc"]) if found["osc"] is not None else _csi(said, found)
        if not fine:
            said.wrong.append(ascii(text[max(found.start() - 60, 0) : found.end() + 40]))
        drawn.append("\n" if found["final"] == "H" else "")
    drawn.append(_draw(said, text[at:]))
    said.text = "".join(drawn)
    said.wrong += towers(said.text)
    return said


def _draw(said: Said, text: str) -> str:
    """What is left of it on the screen."""
    said.bells += text.count("\a")
    text = text.replace("\a", "")
    said.wrong += unplain(text, besides="\r\n")
    return text


def _csi(said: Said, found: "re.Match[str]") -> bool:
    parameters, between, final = found["parameters"], found["between"], found["final"]
    if final == "m":
        return not between and _is_style(parameters)
    if final == "H":
        return not between and re.fullmatch(r"\d+;\d+", parameters) is not None
    if final in "hl" and parameters == _OTHER_SCREEN:
        was, said.is_other_screen = said.is_other_screen, final == "h"
        return not between and was is not said.is_other_screen
    if final in "hl":
        return not between and parameters[:1] == "?" and parameters[1:].isdecimal() and int(parameters[1:]) in MODES
    if final == "p":
        return between == "$" and parameters in ("?2026", "?2048")
    return final == "u" and not between and re.fullmatch(r"<|>\d+", parameters) is not None


@cache
def _is_style(parameters: str) -> bool:
    attributes = _COLOUR.sub("", parameters)
    return re.fullmatch(r"[0-9;]*", parameters) is not None and "5" not in attributes.split(";")


def _osc(said: Said, body: str) -> bool:
    if unplain(body):
        return False
    if _LINK.fullmatch(body):
        said.links |= {body.split(";", 2)[2]} - {""}
        return True
    if clipboard := _CLIPBOARD.fullmatch(body):
        try:
            copied = base64.b64decode(clipboard[1], validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            return False
        said.copied.append(copied)
        return copied != "PWNED" and not unplain(copied, besides="\n")
    if _NOTIFICATION.fullmatch(body):
        said.notified.append(body)
        return len(body) < 400
    return _POINTER.fullmatch(body) is not None
