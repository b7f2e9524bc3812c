"""The blocks of a markdown file that matter here, each with its lines, in the order of the file.

CommonMark through markdown-it-py, with one difference: the blocks of HTML that end at a blank line (``<details>``,
``<div>``) are no blocks here, so that a fence right under ``<summary>`` counts. Comments, ``<pre>`` and ``<script>``
stay what they are.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from oncall_tui.runbook.reading.text import bare, unix

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock
    from markdown_it.token import Token

_OWN_HTML = re.compile(r"<(?:(?:script|pre|style|textarea)(?:\s|>|$)|!--|\?|![A-Za-z]|!\[CDATA\[)", re.IGNORECASE)
"""What begins a block of HTML that ends at its own mark: the start conditions 1 to 5 of CommonMark, section 4.6."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading, its text as it is written."""

    line: int
    last: int
    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Fence:
    """A block of code."""

    line: int
    """Of its opening mark, counted from 1."""
    last: int
    info: str
    """What stands after the mark, raw; empty for a block that is only indented."""
    body: str
    """What is in it as in the file, line ends included, without the indentation of the list or quote around it."""
    info_column: int = 1
    """Where ``info`` begins, counted from 1."""
    is_closed: bool = True
    is_fenced: bool = True
    """False for code by indentation alone."""


@dataclass(frozen=True, slots=True)
class Comment:
    """A block that is an HTML comment, its marks included."""

    line: int
    last: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text, also that of an item."""

    line: int
    last: int
    text: str
    item: str = ""
    """The first paragraph of an item has its mark: ``1.``, ``-``; empty elsewhere."""
    has_fence: bool = False
    """The item holds a fence, at any depth."""


Block = Heading | Fence | Comment | Paragraph


def blocks_of(lines: Sequence[str], skipped: int = 0) -> list[Block]:
    """The blocks of a file in order.

    Args:
        lines: with their ends.
        skipped: so many lines at the beginning are no markdown: the front matter.
    """
    prose = ["\n"] * skipped + [f"{bare(line)}\n" for line in lines[skipped:]]
    tokens = _parser().parse("".join(prose))
    return list(_blocks(tokens, lines))


@cache
def _parser() -> "MarkdownIt":
    # 50 ms to import: only when a file is read.
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import html_block

    def own_html(state: "StateBlock", line: int, end: int, silent: bool) -> bool:
        start = state.bMarks[line] + state.tShift[line]
        is_own = _OWN_HTML.match(state.src[start : state.eMarks[line]])
        return bool(is_own) and html_block(state, line, end, silent)

    parser = MarkdownIt("commonmark", {"maxNesting": 100}).disable(["inline"])
    parser.block.ruler.at("html_block", own_html, {"alt": ["paragraph", "reference", "blockquote"]})
    return parser


def _blocks(tokens: "Sequence[Token]", lines: Sequence[str]) -> Iterator[Block]:
    items = _items(tokens)
    for place, token in enumerate(tokens):
        if token.map is None:
            continue
        first, last = token.map[0] + 1, token.map[1]
        if token.type in ("fence", "code_block"):
            yield _fence(token, lines)
        elif token.type == "html_block" and token.content.lstrip().startswith("<!--"):
            yield Comment(first, last, token.content)
        elif token.type == "inline" and tokens[place - 1].type == "heading_open":
            opening = tokens[place - 1].map or token.map
            yield Heading(first, opening[1], int(tokens[place - 1].tag[1:]), token.content)
        elif token.type == "inline":
            mark, has_fence = items.get(place, ("", False))
            yield Paragraph(first, last, token.content, mark, has_fence)


def _items(tokens: "Sequence[Token]") -> dict[int, tuple[str, bool]]:
    """For the first paragraph of each item, by its place: the mark of the item, and whether it holds a fence."""
    found: dict[int, tuple[str, bool]] = {}
    holders: list[int] = []
    fenced: set[int] = set()
    for place, token in enumerate(tokens):
        if token.type == "list_item_open":
            holders.append(place)
        elif token.type == "list_item_close":
            holders.pop()
        elif token.type == "fence":
            fenced.update(holders)
        elif token.type == "inline" and holders and place == holders[-1] + 2:
            opening = tokens[holders[-1]]
            found[place] = (f"{opening.info}{opening.markup}", False)
    return {place: (mark, place - 2 in fenced) for place, (mark, _) in found.items()}


def _fence(token: "Token", lines: Sequence[str]) -> Fence:
    assert token.map is not None
    first, end = token.map
    is_fenced = token.type == "fence"
    inside = token.content.split("\n")[:-1] if token.content else []
    start = first + 1 if is_fenced else first
    body = "".join(_as_in_file(line, lines[start + offset]) for offset, line in enumerate(inside))
    opening = bare(lines[first])
    column = opening.find(token.markup) + len(token.markup) + 1 if is_fenced else 1
    blank = len(token.info) - len(token.info.lstrip())
    return Fence(
        line=first + 1,
        last=end,
        info=token.info.strip(),
        body=body,
        info_column=column + blank,
        is_closed=not is_fenced or end > start + len(inside),
        is_fenced=is_fenced,
    )


def _as_in_file(line: str, raw: str) -> str:
    """A line of a fence with the bytes of the file: its end, and what the parser replaces (NUL) or expands (tabs)."""
    text = bare(raw)
    ending = raw[len(text) :]
    if not line:
        return ending
    cut = text[-len(line) :]
    return (cut if cut.replace("\0", "\ufffd") == line else unix(line)) + ending
