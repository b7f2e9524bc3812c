"""The sections of a file: its headings with their anchors, and the phase that each is for."""

import re
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from oncall_tui.domain.text import clean_line
from oncall_tui.runbook.model import Lines, Phase, Section
from oncall_tui.runbook.reading.blocks import Block, Heading

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

_PHASES = {
    Phase.READ: "meaning impact overview background summary description about explanation context",
    Phase.DIAGNOSE: (
        "diagnosis diagnose diagnostic diagnostics symptom symptoms check checks checking investigate investigation "
        "troubleshoot troubleshooting debug debugging triage verify verification detection"
    ),
    Phase.MITIGATE: (
        "mitigation mitigate mitigations resolution resolve resolving recover recovery recovering remediation "
        "remediate fix fixes workaround solution solutions action actions rollback restore"
    ),
}
_PHASE_OF = {word: phase for phase, words in _PHASES.items() for word in words.split()}
_WORD = re.compile(r"[a-z]+")
_INLINE = re.compile(r"[*_`\[<&\\!]")
_OWN_ANCHOR = re.compile(r"\s*\{\s*#([\w.-]{1,100})\s*\}\s*$")
_NO_ANCHOR = re.compile(r"[^\w\- ]")


def sections_of(blocks: Sequence[Block], last_line: int) -> tuple[Section, ...]:
    """The sections in order. What stands before the first heading is one without a heading; it is always there."""
    headings = [one for one in blocks if isinstance(one, Heading)]
    first = headings[0].line - 1 if headings else max(last_line, 1)
    found = [Section("", "", 0, Phase.NONE, Lines(1, max(first, 1)))]
    slugs: dict[str, int] = {}
    above: list[tuple[int, Phase]] = []
    for place, heading in enumerate(headings):
        text, anchor = _split_anchor(heading.text)
        words = plain(text)
        while above and above[-1][0] >= heading.level:
            above.pop()
        phase = _phase(words) or (above[-1][1] if above else Phase.NONE)
        above.append((heading.level, phase))
        last = headings[place + 1].line - 1 if place + 1 < len(headings) else max(last_line, heading.last)
        slug = _unique(anchor or slug_of(words), slugs)
        found.append(Section(words, slug, heading.level, phase, Lines(heading.line, last)))
    return tuple(found)


def starts_of(sections: Sequence[Section]) -> list[int]:
    """Where each section but the first begins: ``bisect_right(starts, line)`` is the index of a line's section."""
    return [one.lines.first for one in sections[1:]]


def plain(markdown: str, limit: int = 400) -> str:
    """A line or paragraph of markdown as a reader sees it, on one line and cleaned."""
    if not _INLINE.search(markdown):
        return clean_line(markdown, limit)
    children = inline_parser().parseInline(markdown)[0].children or []
    return clean_line(
        "".join(" " if one.type in ("softbreak", "hardbreak") else one.content for one in children), limit
    )


def slug_of(heading: str) -> str:
    """The anchor of a heading as code hosts make it: lower case, punctuation gone, blanks as hyphens."""
    return _NO_ANCHOR.sub("", heading.strip().lower()).replace(" ", "-")


@cache
def inline_parser() -> "MarkdownIt":
    """CommonMark for one line or paragraph."""
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"maxNesting": 50})


def _split_anchor(text: str) -> tuple[str, str]:
    own = _OWN_ANCHOR.search(text)
    return (text[: own.start()], own[1]) if own else (text, "")


def _unique(slug: str, used: dict[str, int]) -> str:
    count = used.get(slug, 0)
    used[slug] = count + 1
    return f"{slug}-{count}" if count else slug


def _phase(heading: str) -> Phase:
    words = _WORD.findall(heading.lower())
    return next((_PHASE_OF[word] for word in words if word in _PHASE_OF), Phase.NONE)
