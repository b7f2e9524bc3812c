"""Commands out of a block that shows a terminal: prompts stripped, output dropped."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from oncall_tui.runbook.importing.placeholders import neutral
from oncall_tui.runbook.shell.syntax import script_of
from oncall_tui.runbook.shell.tools import begins_with_tool, first_word

_PROMPT = re.compile(
    r"\s*(?:"
    r"[$%\u276f\u279c]"  # $ kubectl get pods; and the arrows that some shells draw
    r"|\[[^\]\n]{1,60}\]\s?[$#]"  # [root@node1 ~]#
    r"|[\w.-]{1,40}@[\w.-]{1,60}(?:[: ][^\s$#]{0,60})?\s?[$#]"  # me@host:~$
    r"|(?:sh|bash)-[\d.]+[$#]"  # sh-4.4#
    r")\s+(?=\S)"
)
_ROOT_PROMPT = re.compile(r"\s*#\s+(?=\S)")
_OTHER_PROMPT = re.compile(
    r"\s*(?:[\w-]{1,40}(?:\([\w.]*\))?[=-]?[#>]|[\d.]+:\d+(?:\[\d+\])?>|[\w-]+ \[\w+\]>|>>>"
    r"|PS [A-Z]:\\[^>]*>|C:\\[^>]*>)\s+\S"
)
"""The prompt of something that is no shell of ours: ``postgres=#``, ``mysql>``, ``127.0.0.1:6379>``, ``>>>``."""
_MORE = re.compile(r"\s*>\s?")
_HEADERS = re.compile(r"\s*[A-Z][A-Z0-9()%/._-]*(?:(?:\s{2,}|\t)[A-Z][A-Z0-9()%/._-]*(?: [A-Z0-9()%/._-]+)*)+\s*")
"""The first line of a table that a program has printed: ``NAME   READY   STATUS``."""
_OUTPUT = re.compile(
    r"\s*(?:"
    r"[\w.-]+/[\w.:-]+ (?:created|configured|deleted|unchanged|patched|scaled|restarted|replaced|edited|labell?ed"
    r"|annotated|cordoned|uncordoned|drained|evicted|condition met)\b"  # pod/x deleted
    r"|(?:deployment|pod|node|service)(?:\.\w+)* \"[^\"]+\" \w+"  # pod "x" deleted
    r"|No resources found|Error from server|error: |Error: |Warning: |(?:WARN(?:ING)?|ERROR|FATAL|INFO)[ :]"
    r"|\d{4}-\d\d-\d\d[T ]\d\d:\d\d"  # 2026-11-21T02:14:09Z
    r"|(?:\.\.\.|\u2026|\[\.\.\.\]|<snip>|\(\d+ rows?\)|-{3,}|={3,})\s*$"
    r")"
)
"""A line that programs print and that no program is called like."""
_LONGEST_COMMAND = 60
"""Lines that one command may go on over."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a block that is to run."""

    line: int
    """Counted from 0, inside the block."""
    text: str


@dataclass(frozen=True, slots=True)
class Pieces:
    """A block without what is not to run."""

    pieces: tuple[Piece, ...]
    has_prompts: bool = False
    dropped: int = 0
    """Lines that are output."""


def has_prompts(lines: Sequence[str], *, is_session: bool = False) -> bool:
    """Whether a block shows a terminal.

    Args:
        is_session: its tag says that it does (``console``): then ``#`` before a known program is the prompt of root.
    """
    return any(_prompt(line, is_session) for line in lines)


def is_foreign_session(lines: Sequence[str]) -> bool:
    """Whether it shows the prompt of a database or an interpreter: what is typed there is no shell's."""
    return any(_OTHER_PROMPT.match(line) and not _prompt(line, False) for line in lines)


def pieces_of(text: str, *, is_session: bool = False) -> Pieces:
    """What is to run of a block.

    With prompts, each is a command, and what follows without one is output unless the command goes on. Without any,
    the block is one piece, and output is only what a table of a program's own headers begins.
    """
    lines = text.split("\n")
    if lines and not lines[-1]:
        lines.pop()
    if not has_prompts(lines, is_session=is_session):
        return _without_tables(lines)
    found: list[Piece] = []
    place = 0
    taken = 0
    while place < len(lines):
        size = _prompt(lines[place], is_session)
        if not size:
            place += 1
            continue
        command, used = _command(lines, place, size, is_session)
        found.append(Piece(place, command))
        place += used
        taken += used
    return Pieces(tuple(found), True, sum(1 for line in lines if line.strip()) - taken)


def _prompt(line: str, is_session: bool) -> int:
    """How long the prompt of a line is; 0 without one."""
    found = _PROMPT.match(line)
    if found is None and is_session:
        found = _ROOT_PROMPT.match(line)
        if found is not None and first_word(line[found.end() :]) != "" and not begins_with_tool(line[found.end() :]):
            found = None
    return found.end() if found else 0


def _command(lines: Sequence[str], place: int, size: int, is_session: bool) -> tuple[str, int]:
    """A command and the lines that it takes: as long as a backslash, a quote or a here-document keeps it open."""
    first = lines[place][size:]
    text, used = first, 1
    best = (first, 1)
    while place + used < len(lines) and used < _LONGEST_COMMAND:
        goes_on = text.endswith("\\")
        if not goes_on and script_of(neutral(text)).is_whole:
            return text, used
        following = lines[place + used]
        if _prompt(following, is_session):
            break
        text += "\n" + _continued(following, goes_on)
        used += 1
        if goes_on and best[1] == used - 1:
            best = (text, used)
    # It never closes: what follows is output, the command is as long as its backslashes say.
    return (text, used) if script_of(neutral(text)).is_whole else best


def _continued(line: str, goes_on: bool) -> str:
    more = _MORE.match(line)
    return line[more.end() :] if more and (goes_on or line.lstrip().startswith("> ")) else line


def _without_tables(lines: Sequence[str]) -> Pieces:
    kept: list[str] = []
    dropped = 0
    is_output = False
    for place, line in enumerate(lines):
        if _HEADERS.fullmatch(line) and not begins_with_tool(line):
            is_output = True
        elif is_output and (not line.strip() or begins_with_tool(lines[place])):
            is_output = False
        is_dropped = is_output or bool(_OUTPUT.match(line))
        # A blank line keeps the others where they are.
        kept.append("" if is_dropped else line)
        dropped += is_dropped
    text = "\n".join(kept)
    return Pieces((Piece(0, text),) if text.strip() else (), dropped=dropped)
