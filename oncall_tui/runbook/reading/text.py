"""The bytes of a file as text and lines, so that every line can be given back as it was."""

import re
from dataclasses import dataclass

_LINES = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_ENDINGS = re.compile(r"\r\n?")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
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


def no_text(whole: str) -> str:
    """Why the bytes of a file are no text that anything can be read of, in words; empty when they are one.

    Args:
        whole: as ``Text.whole``.
    """
    data = bytes_of(whole[:1_000])
    if data.startswith(_UTF16):
        return "it is written in UTF-16, of which nothing can be read: save it as UTF-8"
    if "\0" in whole:
        return "it is no text but a program, a picture or an archive"
    return ""


def bare(line: str) -> str:
    """A line without its end."""
    return line.rstrip("\r\n")


def unix(text: str) -> str:
    """The same with line feeds only, as shells and servers want it."""
    return _ENDINGS.sub("\n", text)
