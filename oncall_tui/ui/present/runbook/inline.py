"""What stands within a paragraph, an item or a cell: code, emphasis and links, as spans of plain text."""

import re

from textual.content import Content, Span

_INLINE = re.compile(
    r"`+(?P<code>[^`]+)`+|!?\[(?P<text>[^\]]{0,300})\]\((?P<link>[^)\s]{0,800})[^)]*\)|<(?P<auto>https?://[^>\s]{1,800})>"
    r"|\*\*(?P<bold>[^*]{1,400})\*\*|__(?P<bold2>[^_]{1,400})__|(?<![\w*])\*(?P<em>[^*\s][^*]{0,400})\*(?![\w*])"
    r"|(?<!\w)_(?P<em2>[^_\s][^_]{0,400})_(?!\w)"
)
_MARK = re.compile(r"[`*_\[<]")


def inline(text: str) -> Content:
    """A paragraph with its code, emphasis and links; the address of a link is told, for nothing here opens it."""
    plain: list[str] = []
    spans: list[Span] = []
    at = length = 0

    def add(piece: str, style: str = "") -> None:
        nonlocal length
        plain.append(piece)
        if style and piece:
            spans.append(Span(length, length + len(piece), style))
        length += len(piece)

    for found in _INLINE.finditer(text):
        add(text[at : found.start()])
        at = found.end()
        name, value = found.lastgroup or "", found[found.lastgroup or 0]
        if name == "link":
            words, address = found["text"], found["link"]
            add(words, "underline")
            add(f" ({address})" if address and address != words else "", "$dim")
        else:
            style = {"code": "$mark", "auto": "underline", "bold": "bold $bright", "bold2": "bold $bright"}
            add(value, style.get(name, "italic"))
    add(text[at:])
    return Content("".join(plain), spans)


def plain_of(text: str) -> str:
    """What is left to be read of it: most texts hold nothing of the kind, and a long page is measured as a whole."""
    return inline(text).plain if _MARK.search(text) else text
