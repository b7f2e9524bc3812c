"""The bytes of a file as text and lines, so that every line can be given back as it was."""

import re

from oncall_tui.dataclass import dataclass

_LINES = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_ENDINGS = re.compile(r"\r\n?")
BOM = "\ufeff"


@dataclass(frozen=True, slots=True)
class Text:
    """A file as text: the whole of it, and line by line with the line ends."""

    whole: str
    """Byte for byte: what is not UTF-8 stands as lone surrogates, ``bytes_of`` gives the same bytes back."""
    lines: tuple[str, ...]
    """As CommonMark counts them; without the byte order mark."""


def text_of(data: bytes) -> Text:
    """A file as text. Never fails: what is not UTF-8 is kept, and later keeps its step from running."""
    whole = data.decode("utf-8", "surrogateescape")
    return Text(whole, tuple(_LINES.findall(whole.removeprefix(BOM))))


def bytes_of(text: str) -> bytes:
    """The bytes that a text of ``text_of`` was made of."""
    return text.encode("utf-8", "surrogateescape")


def bare(line: str) -> str:
    """A line without its end."""
    return line.rstrip("\r\n")


def unix(text: str) -> str:
    """The same with line feeds only, as shells and servers want it."""
    return _ENDINGS.sub("\n", text)
