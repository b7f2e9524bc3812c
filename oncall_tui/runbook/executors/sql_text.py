"""What psql would not take for SQL: the last barrier before a statement is handed to it.

psql reads ``\\x`` outside of quotes as a command of its own, of which ``\\!`` is a shell and ``\\o`` a file, and puts
the value of ``:name`` into the text as it is. Only ``:'name'`` and ``:"name"`` are quoted by psql (psql, "SQL
Interpolation" and "Meta-Commands").
"""

import re

_PARTS = re.compile(
    r"""
    (?P<comment> --[^\n\r]* )
  | (?P<odd> \d(?:[eE]'|\$\w*\$) )
  | (?P<block> /\* )
  | (?P<escape> \b[eE]'(?:[^'\\]|\\.|'')*' )
  | (?P<text> '(?:[^']|'')*' )
  | (?P<name> "(?:[^"]|"")*" )
  | (?P<dollar> (?<![\w$])\$(?P<tag>[A-Za-z_\x80-\uffff][\w]*)?\$ )
  | (?P<quoted> :(?:'[A-Za-z_]\w*'|"[A-Za-z_]\w*") )
  | (?P<test> :\{\?\w+\} )
  | (?P<cast> :: | := )
  | (?P<raw> :[A-Za-z_\x80-\uffff] )
  | (?P<backslash> \\ )
  | (?P<open> ['"] )
    """,
    re.VERBOSE | re.DOTALL,
)
_BLOCK = re.compile(r"/\*|\*/")


def refusal(body: str) -> str:
    """Why psql must not get this text, in words; empty when it may."""
    if "\0" in body:
        return "the statement holds a byte 0"
    at = 0
    while (match := _PARTS.search(body, at)) is not None:
        at = match.end()
        line = body.count("\n", 0, match.start()) + 1
        if match["backslash"]:
            return f"line {line} holds a backslash outside of quotes, which psql takes for a command of its own"
        if match["odd"]:
            return f"line {line} has a quote right behind a number, which is not read everywhere alike. Part them"
        if match["raw"]:
            return f"line {line} has :name without quotes, which puts a value into the text as it is. Write :'name'"
        if match["open"]:
            return f"the quote on line {line} does not end"
        if match["block"]:
            at = _after_block(body, at)
        elif match["dollar"]:
            at = body.find(match["dollar"], at) + len(match["dollar"])
            if at < match.end():
                return f"the text that begins with {match['dollar']} on line {line} does not end"
        if at < 0:
            return f"the comment that begins on line {line} does not end"
    return ""


def _after_block(body: str, at: int) -> int:
    """Where a comment ends, which may hold others; -1 for nowhere."""
    depth = 1
    while depth:
        match = _BLOCK.search(body, at)
        if match is None:
            return -1
        depth += 1 if match[0] == "/*" else -1
        at = match.end()
    return at
