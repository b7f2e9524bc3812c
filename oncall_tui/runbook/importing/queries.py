"""PromQL in imported files: a placeholder inside a string becomes a reference, anywhere else it cannot."""

import re
from dataclasses import dataclass

from oncall_tui.runbook.importing.placeholders import Placeholder, neutral, placeholders_of

LONGEST = 4_000
"""Characters of an expression."""
_DEEPEST = 40
_SIGNS = re.compile(r"[-+\s]+")


@dataclass(frozen=True, slots=True)
class Query:
    """One expression that can be asked, or why it cannot."""

    line: int
    """Counted from 0, inside the fence."""
    text: str
    used: tuple[Placeholder, ...] = ()
    refused: str = ""


def queries_of(body: str) -> list[Query]:
    """The expressions of a fence: the whole of it, else one on each line when each of them is one."""
    whole = _query(0, body.strip("\n"))
    lines = [
        (number, line) for number, line in enumerate(body.split("\n")) if line.strip() and not line.startswith("#")
    ]
    if whole.refused and len(lines) > 1:
        each = [_query(number, line) for number, line in lines]
        if not any(one.refused for one in each):
            return each
    return [whole]


def parses(text: str) -> bool:
    """Whether it is one expression of PromQL; what is longer or deeper than any that is asked counts as none."""
    if len(text) > LONGEST or _depth(text) > _DEEPEST:
        # The parser is native code that recurses: deep enough, it ends the process.
        return False
    import promql_parser

    try:
        promql_parser.parse(text)
    except ValueError:
        return False
    return True


def _depth(text: str) -> int:
    """How deep brackets and runs of signs nest, strings and comments counted as well: rather too deep than too flat."""
    depth = deepest = 0
    for char in text:
        if char in "([{":
            depth += 1
            deepest = max(deepest, depth)
        elif char in ")]}":
            depth -= 1
    longest_signs = max((len(run) for run in _SIGNS.findall(text)), default=0)
    return max(deepest, longest_signs)


def _query(line: int, text: str) -> Query:
    if "{{" in text or "$" in text:
        return Query(line, text, refused="it holds a template of another tool")
    if not parses(neutral(text)):
        return Query(line, text, refused="it does not parse as PromQL")
    result, position, used = "", 0, []
    for one in placeholders_of(text):
        if not in_quotes(text, one.start):
            return Query(line, text, (one,), f"<{one.inside}> stands outside double quotes")
        result += text[position : one.start] + f"{{{{{one.name}}}}}"
        position = one.end
        used.append(one)
    return Query(line, result + text[position:], tuple(used))


def in_quotes(text: str, position: int) -> bool:
    """Whether a position is inside a double-quoted string of PromQL."""
    quote = ""
    at = 0
    while at < position:
        char = text[at]
        if quote and char == "\\" and quote != "`":
            at += 1
        elif quote and char == quote:
            quote = ""
        elif not quote and char in "\"'`":
            quote = char
        elif not quote and char == "#":
            at = text.find("\n", at) if "\n" in text[at:] else len(text)
        at += 1
    return quote == '"'
