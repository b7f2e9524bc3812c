"""Steps in running text: items to tick, numbered instructions, commands as inline code."""

import re
from collections.abc import Iterator

from oncall_tui.runbook.reading.blocks import Paragraph
from oncall_tui.runbook.reading.outline import inline_parser, plain
from oncall_tui.runbook.shell.tools import TOOLS, first_word

_TASK = re.compile(r"\[[ xX]\]\s+(?=\S)")
_NUMBERED = re.compile(r"\d{1,9}[.)]")
_LINK_ONLY = re.compile(r"!?\[[^\]]*\]\([^)]*\)[.:]?")
_AFTER_MARK = re.compile(r"`\s*([^\s`]+)")
_LONGEST = 2_000


def task_words(paragraph: Paragraph) -> str:
    """The words of a task-list item; empty when it is none."""
    found = _TASK.match(paragraph.text) if paragraph.item else None
    return plain(paragraph.text[found.end() :], _LONGEST) if found else ""


def instruction_words(paragraph: Paragraph) -> str:
    """The words of a numbered item that holds no fence; empty for anything else, also for an entry of contents."""
    is_instruction = _NUMBERED.fullmatch(paragraph.item) and not paragraph.has_fence
    if not is_instruction or _LINK_ONLY.fullmatch(paragraph.text.strip()):
        return ""
    return plain(paragraph.text, _LONGEST)


def inline_commands(paragraph: Paragraph) -> Iterator[tuple[int, str]]:
    """Inline code that begins with a known program and has an argument, each with its line."""
    if "`" not in paragraph.text or TOOLS.isdisjoint(_AFTER_MARK.findall(paragraph.text)):
        return  # Most code in prose is a name: only what may hold a command is parsed.
    line = paragraph.line
    for one in inline_parser().parseInline(paragraph.text)[0].children or []:
        if one.type in ("softbreak", "hardbreak"):
            line += 1
        elif one.type == "code_inline" and first_word(one.content) in TOOLS and len(one.content.split()) > 1:
            yield line, one.content
