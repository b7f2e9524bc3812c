"""The words of SQL: comments and quotes of PostgreSQL with the variables of psql, or those of MySQL."""

import re
from dataclasses import dataclass
from enum import StrEnum

from oncall_tui.runbook.classify.verdict import Unjudged


class Dialect(StrEnum):
    """Whose quotes and comments."""

    POSTGRESQL = "postgresql"
    MYSQL = "mysql"


class Sort(StrEnum):
    """What a token is."""

    WORD = "word"
    QUOTED = "quoted"
    """A name in quotes."""
    STRING = "string"
    NUMBER = "number"
    SIGN = "sign"
    VARIABLE = "variable"
    """``:'name'`` or ``:"name"`` of psql."""
    RAW = "raw"
    """``:name`` of psql: text that becomes part of the statement."""
    BACKSLASH = "backslash"
    """Outside quotes: a command of psql, ``\\!`` among them."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a string or a sign of a statement."""

    sort: Sort
    text: str
    line: int
    """From 1."""

    def says(self, *words: str) -> bool:
        """Whether it is one of these bare words, or signs."""
        return self.sort in (Sort.WORD, Sort.SIGN) and self.text.lower() in words


LONGEST = 200_000
_SHARED = (
    ("blank", r"[ \t\n\r\f\v]+"),
    ("number", r"(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?(?![A-Za-z_])"),
)
_POSTGRESQL = re.compile(
    "|".join(
        f"(?P<{name}>{pattern})"
        for name, pattern in (
            *_SHARED,
            ("comment", r"--[^\n\r]*"),
            ("block", r"/\*"),
            ("escaped", r"[eE]'(?:[^'\\]|\\.|'')*'"),
            ("string", r"(?:[nNbBxX])?'(?:[^']|'')*'"),
            ("dollar", r"\$(?P<tag>(?:[A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*)?)\$"),
            ("variable", r":(?:'\w+'|\"\w+\")"),
            ("cast", r"::|:="),
            ("raw", r":[A-Za-z_]\w*|:\{\?\w+\}|:\{"),
            ("quoted", r'"(?:[^"]|"")*"'),
            ("word", r"[A-Za-z_\u0080-\uffff][A-Za-z0-9_$\u0080-\uffff]*"),
            ("backslash", r"\\"),
            ("operator", r"[-+*/<>=~!@#%^&|?]+?(?=--|/\*)|[-+*/<>=~!@#%^&|?]+"),
            ("sign", r"[;,().:\[\]]"),
        )
    ),
    re.DOTALL,
)
_MYSQL = re.compile(
    "|".join(
        f"(?P<{name}>{pattern})"
        for name, pattern in (
            *_SHARED,
            ("comment", r"--(?=[ \t\n])[^\n\r]*"),
            ("block", r"/\*(?![!+M])"),
            ("string", r"'(?:[^'\\]|'')*'|\"(?:[^\"\\]|\"\")*\""),
            ("quoted", r"`[^`]*`"),
            ("word", r"@{0,2}[A-Za-z_\u0080-\uffff][A-Za-z0-9_$\u0080-\uffff]*"),
            ("backslash", r"\\"),
            ("operator", r"<=>|<=|>=|<>|!=|:=|&&|\|\||[-+*/<>=!%^&|~](?![*/])"),
            ("sign", r"[;,().]"),
        )
    ),
    re.DOTALL,
)
_SORTS = {
    "number": Sort.NUMBER,
    "escaped": Sort.STRING,
    "string": Sort.STRING,
    "variable": Sort.VARIABLE,
    "raw": Sort.RAW,
    "quoted": Sort.QUOTED,
    "word": Sort.WORD,
    "backslash": Sort.BACKSLASH,
    "cast": Sort.SIGN,
    "operator": Sort.SIGN,
    "sign": Sort.SIGN,
}


def tokens_of(text: str, dialect: Dialect = Dialect.POSTGRESQL) -> list[Token]:
    """The tokens, without blanks and comments.

    Raises:
        Unjudged: a quote or a comment that does not end, or a character that has no place outside quotes.
    """
    if len(text) > LONGEST:
        raise Unjudged("the statement is too long to be judged")
    if "\0" in text:
        raise Unjudged("the statement holds a NUL")
    pattern = _POSTGRESQL if dialect is Dialect.POSTGRESQL else _MYSQL
    found: list[Token] = []
    place, line = 0, 1
    while place < len(text):
        met = pattern.match(text, place)
        if not met:
            raise Unjudged(f"line {line}: {text[place : place + 20]!r} is not judged, or a quote does not end")
        end = met.end()
        kind = met.lastgroup if met.lastgroup != "tag" else "dollar"
        if kind == "block":
            end = _block_end(text, place, dialect)
        elif kind == "dollar":
            end = _dollar_end(text, met[0], end)
            found.append(Token(Sort.STRING, text[place:end], line))
        elif kind in _SORTS:
            found.append(Token(_SORTS[kind], met[0], line))
        line += text.count("\n", place, end)
        place = end
    return found


def _block_end(text: str, start: int, dialect: Dialect) -> int:
    """Behind a block comment; those of PostgreSQL hold others."""
    depth = 0
    for met in re.compile(r"/\*|\*/").finditer(text, start):
        opens = met[0] == "/*"
        depth += 1 if opens and (depth == 0 or dialect is Dialect.POSTGRESQL) else -1 if not opens else 0
        if depth == 0:
            return met.end()
    raise Unjudged("a comment that does not end")


def _dollar_end(text: str, tag: str, start: int) -> int:
    end = text.find(tag, start)
    if end < 0:
        raise Unjudged(f"a quote {tag[:20]} that does not end")
    return end + len(tag)
