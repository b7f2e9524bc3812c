"""Markdown as somebody reads it in a terminal: a light presenter, from lines to paragraphs, items, code and tables.

It draws what people write in runbooks; what it does not know stays as it is written. Nothing of the file is ever read
as markup of ours: styles are given to spans of plain, cleaned text.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from textual.content import Content

from oncall_tui.domain.text import clean, clean_line
from oncall_tui.ui.present.runbook.inline import inline, plain_of
from oncall_tui.ui.present.runbook.table import Table, is_delimiter, width_of
from oncall_tui.ui.present.runbook.wrapping import breaks, lines_of

_ITEM = re.compile(r"(\s*)([-*+]|\d{1,9}[.)])\s+(.*)")
_FENCE = re.compile(r"\s*(`{3,}|~{3,})")
_RULE = re.compile(r"\s*([-*_])(\s*\1){2,}\s*$")
_UNDERLINE = re.compile(r"\s*(=+|-+)\s*$")
_QUOTE = re.compile(r"\s*>\s?(.*)")
_TAG_ONLY = re.compile(r"\s*</?(details|summary|br|p|div|center|a)\b[^>]*>\s*$", re.IGNORECASE)
_LONGEST = 20_000
_DEEPEST = 12
"""What is indented more is drawn no further to the right."""


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
    table: Table | None = None
    """What its lines are together; without one it is a line that only looks like a part of a table."""

    def height(self, width: int) -> int:
        """The lines that it takes on ``width`` cells."""
        if self.table is not None:
            return self.table.height(self._room(width))
        room = self._room(width)
        # What is drawn of a text is never longer than it: most of a runbook need not be drawn to know that it fits.
        if self.kind is Kind.RULE or (len(self.text) <= room and self.text.isascii()):
            return 1
        return len(breaks(self._plain, room)) + 1

    def line(self, at: int, width: int) -> Content:
        """One of its lines; an empty one below the last."""
        if self.table is not None:
            return Content.assemble(" " * self.indent, self.table.line(at, self._room(width)))
        lines = self._lines(width)
        return lines[at] if at < len(lines) else Content()

    def _lines(self, width: int) -> list[Content]:
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
        return self.text if self.kind in (Kind.CODE, Kind.TABLE) else plain_of(self.text)

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


def prose_of(lines: Iterable[str]) -> list[Prose]:
    """The prose of some lines of a file; empty lines part paragraphs and are not drawn themselves."""
    return list(_Reading().read(lines))


class _Reading:
    """Puts lines together to paragraphs."""

    def __init__(self) -> None:
        self._held: list[str] = []
        self._as: tuple[Kind, int, str] = (Kind.PARAGRAPH, 0, "")
        self._rows: list[str] = []
        """Lines of a table: of one that is none yet only the first."""
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
        if self._goes_on_a_table(line, is_other=bool(item or quote)):
            self._rows.append(line)
            return
        if self._rows:
            yield from self._end()
        if self._held and _UNDERLINE.match(line) and self._as[0] is Kind.PARAGRAPH:
            return  # The heading above was drawn; this is its underline.
        if _RULE.match(line):
            yield from self._end()
            yield Prose(Kind.RULE, "")
        elif self._begins_a_table(line):
            head = self._held.pop()
            yield from self._end()
            self._rows = [head, line]
        elif line.lstrip().startswith("|"):
            yield from self._end()
            self._rows = [line]
        elif item:
            yield from self._end()
            mark = "•" if item[2] in "-*+" else item[2]
            self._begin(Kind.ITEM, min(len(item[1]), _DEEPEST), mark, item[3])
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

    def _goes_on_a_table(self, line: str, *, is_other: bool) -> bool:
        """Whether it is the next row, or the rule below the head, without which there is no table."""
        if len(self._rows) == 1:
            return is_delimiter(line) and width_of(line) == width_of(self._rows[0])
        return bool(self._rows) and "|" in line and not is_other

    def _begins_a_table(self, line: str) -> bool:
        """Whether it is the rule below a head that is written without a bar in front."""
        is_below = bool(self._held) and self._as[0] is Kind.PARAGRAPH and "|" in self._held[-1]
        return is_below and "|" in line and is_delimiter(line) and width_of(line) == width_of(self._held[-1])

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
        if len(self._rows) > 1:
            indent = min(len(self._rows[0]) - len(self._rows[0].lstrip()), _DEEPEST)
            yield Prose(Kind.TABLE, "\n".join(self._rows), indent, table=Table(self._rows))
        elif self._rows:
            yield Prose(Kind.TABLE, self._rows[0].strip())
        self._rows = []
        if self._held:
            kind, indent, mark = self._as
            yield Prose(kind, clean_line(" ".join(self._held), _LONGEST), indent, mark)
        self._as, self._held = (Kind.PARAGRAPH, 0, ""), []
