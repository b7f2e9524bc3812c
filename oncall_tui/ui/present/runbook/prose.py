"""Markdown as somebody reads it in a terminal: a light presenter, from lines to paragraphs, items, code and tables.

It draws what people write in runbooks; what it does not know stays as it is written. Nothing of the file is ever read
as markup of ours: styles are given to spans of plain, cleaned text.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from textual.content import Content, Span

from oncall_tui.domain.text import clean, clean_line
from oncall_tui.ui.present.runbook.wrapping import breaks, lines_of

_ITEM = re.compile(r"(\s*)([-*+]|\d{1,9}[.)])\s+(.*)")
_FENCE = re.compile(r"\s*(`{3,}|~{3,})")
_RULE = re.compile(r"\s*([-*_])(\s*\1){2,}\s*$")
_UNDERLINE = re.compile(r"\s*(=+|-+)\s*$")
_QUOTE = re.compile(r"\s*>\s?(.*)")
_TAG_ONLY = re.compile(r"\s*</?(details|summary|br|p|div|center|a)\b[^>]*>\s*$", re.IGNORECASE)
_INLINE = re.compile(
    r"`+(?P<code>[^`]+)`+|!?\[(?P<text>[^\]]{0,300})\]\((?P<link>[^)\s]{0,800})[^)]*\)|<(?P<auto>https?://[^>\s]{1,800})>"
    r"|\*\*(?P<bold>[^*]{1,400})\*\*|__(?P<bold2>[^_]{1,400})__|(?<![\w*])\*(?P<em>[^*\s][^*]{0,400})\*(?![\w*])"
    r"|(?<!\w)_(?P<em2>[^_\s][^_]{0,400})_(?!\w)"
)
_LONGEST = 20_000


class Kind(StrEnum):
    """What a piece of prose is."""

    PARAGRAPH = "paragraph"
    ITEM = "item"
    QUOTE = "quote"
    CODE = "code"
    """One line of it, never wrapped into another shape."""
    TABLE = "table"
    RULE = "rule"


@dataclass(frozen=True, slots=True)
class Prose:
    """A paragraph, an item, or a line of code."""

    kind: Kind
    text: str
    indent: int = 0
    mark: str = ""
    """In front of an item: ``•`` or its number."""

    def height(self, width: int) -> int:
        """The lines that it takes on ``width`` cells."""
        room = self._room(width)
        # What is drawn of a text is never longer than it: most of a runbook need not be drawn to know that it fits.
        if self.kind is Kind.RULE or (len(self.text) <= room and self.text.isascii()):
            return 1
        return len(breaks(self._plain, room)) + 1

    def lines(self, width: int) -> list[Content]:
        """It, drawn."""
        if self.kind is Kind.RULE:
            return [Content.styled("─" * max(width - 2, 1), "$faint")]
        if self.kind in (Kind.CODE, Kind.TABLE):
            content = Content.styled(self._plain, "$mark" if self.kind is Kind.CODE else "$foreground")
        else:
            content = inline(self.text)
        first, rest = self._lead()
        drawn = lines_of(content, self._room(width))
        return [Content.assemble(first if at == 0 else rest, line) for at, line in enumerate(drawn)]

    @property
    def _plain(self) -> str:
        return self.text if self.kind in (Kind.CODE, Kind.TABLE) else inline(self.text).plain

    def _room(self, width: int) -> int:
        lead = len(self.mark) + 1 if self.kind is Kind.ITEM else 2 if self.kind in (Kind.QUOTE, Kind.CODE) else 0
        return width - self.indent - lead

    def _lead(self) -> tuple[Content, Content]:
        """What stands in front of the first line, and of the others."""
        blank = " " * self.indent
        if self.kind is Kind.ITEM:
            return Content.styled(f"{blank}{self.mark} ", "$dim"), Content(blank + " " * (len(self.mark) + 1))
        if self.kind in (Kind.QUOTE, Kind.CODE):
            bar = Content.styled(f"{blank}▏ ", "$faint" if self.kind is Kind.CODE else "$accent")
            return bar, bar
        return Content(blank), Content(blank)


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


def prose_of(lines: Iterable[str]) -> list[Prose]:
    """The prose of some lines of a file; empty lines part paragraphs and are not drawn themselves."""
    return list(_Reading().read(lines))


class _Reading:
    """Puts lines together to paragraphs."""

    def __init__(self) -> None:
        self._held: list[str] = []
        self._as: tuple[Kind, int, str] = (Kind.PARAGRAPH, 0, "")
        self._fence = ""
        self._in_comment = False

    def read(self, lines: Iterable[str]) -> Iterator[Prose]:
        for raw in lines:
            line = clean(raw.rstrip("\r\n"), _LONGEST).expandtabs(4).rstrip()
            yield from self._line(line)
        yield from self._end()

    def _line(self, line: str) -> Iterator[Prose]:
        if self._is_comment(line):
            return
        fence = _FENCE.match(line)
        if self._fence:
            if fence and line.strip().startswith(self._fence):
                self._fence = ""
            else:
                yield Prose(Kind.CODE, line)
            return
        if fence:
            yield from self._end()
            self._fence = fence[1]
        elif not line.strip() or _TAG_ONLY.match(line):
            yield from self._end()
        else:
            yield from self._text(line)

    def _text(self, line: str) -> Iterator[Prose]:
        item, quote = _ITEM.match(line), _QUOTE.match(line)
        if self._held and _UNDERLINE.match(line) and self._as[0] is Kind.PARAGRAPH:
            return  # The heading above was drawn; this is its underline.
        if _RULE.match(line):
            yield from self._end()
            yield Prose(Kind.RULE, "")
        elif line.lstrip().startswith("|"):
            yield from self._end()
            yield Prose(Kind.TABLE, line.strip())
        elif item:
            yield from self._end()
            mark = "•" if item[2] in "-*+" else item[2]
            self._begin(Kind.ITEM, min(len(item[1]), 12), mark, item[3])
        elif quote:
            if self._as[0] is not Kind.QUOTE:
                yield from self._end()
                self._begin(Kind.QUOTE, 0, "", quote[1])
            else:
                self._held.append(quote[1])
        elif not self._held and line.startswith("    "):
            yield Prose(Kind.CODE, line[4:])
        elif self._held:
            self._held.append(line)
        else:
            self._begin(Kind.PARAGRAPH, 0, "", line)

    def _is_comment(self, line: str) -> bool:
        """Comments hold directives; those who read the page on a code host do not see them either."""
        if self._in_comment:
            self._in_comment = "-->" not in line
            return True
        if not self._fence and line.lstrip().startswith("<!--"):
            self._in_comment = "-->" not in line
            return True
        return False

    def _begin(self, kind: Kind, indent: int, mark: str, text: str) -> None:
        self._as, self._held = (kind, indent, mark), [text]

    def _end(self) -> Iterator[Prose]:
        if self._held:
            kind, indent, mark = self._as
            yield Prose(kind, clean_line(" ".join(self._held), _LONGEST), indent, mark)
        self._as, self._held = (Kind.PARAGRAPH, 0, ""), []
