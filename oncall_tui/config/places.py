"""On which line of a TOML text each key stands: ``tomllib`` reads values but forgets where they were."""

import re
import tomllib
from bisect import bisect_right

from oncall_tui.config.keys import Key

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_STRING = re.compile(
    r'"""(?:\\.|[^\\])*?"""(?:"{0,2})' r"|'''.*?'''(?:'{0,2})" r'|"(?:\\.|[^"\\])*"' r"|'[^']*'",
    re.DOTALL,
)
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_SCALAR = re.compile(r"[^,\]}\n#]*")


def places_of(text: str) -> dict[Key, int]:
    """The line, from 1, of every table, key and list entry of ``text``, which must be valid TOML.

    A table that is written in several places has the line of the first.
    """
    return _Scanner(text).scan()


def line_of(places: dict[Key, int], key: Key) -> int | None:
    """The line of ``key``; of the nearest table around it when the key itself is not in the file."""
    return next((places[key[:size]] for size in range(len(key), 0, -1) if key[:size] in places), None)


class _Scanner:
    """Walks a text that ``tomllib`` has accepted, so that it need not know what is wrong TOML."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._line_ends = [match.start() for match in re.finditer("\n", text)]
        self._lists: dict[Key, int] = {}
        self._places: dict[Key, int] = {}

    def scan(self) -> dict[Key, int]:
        table: Key = ()
        self._skip(_BLANK)
        while self._at < len(self._text):
            if self._text.startswith("[", self._at):
                table = self._header()
            else:
                self._pair(table)
            self._skip(_BLANK)
        return self._places

    def _header(self) -> Key:
        """``[a.b]`` or ``[[a.b]]``; the entry of a list of tables gets its number."""
        is_list = self._text.startswith("[[", self._at)
        self._at += 2 if is_list else 1
        line = self._line()
        parts = self._dotted()
        self._at += 2 if is_list else 1
        table: Key = ()
        for position, part in enumerate(parts):
            table = (*table, part)
            self._places.setdefault(table, line)
            if is_list and position == len(parts) - 1:
                self._lists[table] = self._lists.get(table, -1) + 1
            if table in self._lists:
                table = (*table, self._lists[table])
                self._places.setdefault(table, line)
        return table

    def _pair(self, table: Key) -> None:
        """``a.b = value``."""
        line = self._line()
        key = table
        for part in self._dotted():
            key = (*key, part)
            self._places.setdefault(key, line)
        self._skip(_BLANK)
        self._at += 1
        self._value(key)

    def _value(self, key: Key) -> None:
        self._skip(_BLANK)
        opening = self._text[self._at : self._at + 1]
        if opening == "[":
            self._list(key)
        elif opening == "{":
            self._inline_table(key)
        elif opening in ('"', "'"):
            self._skip(_STRING)
        else:
            self._skip(_SCALAR)

    def _list(self, key: Key) -> None:
        number = 0
        while not self._closes("]"):
            self._places.setdefault((*key, number), self._line())
            self._value((*key, number))
            number += 1

    def _inline_table(self, key: Key) -> None:
        while not self._closes("}"):
            self._pair(key)

    def _closes(self, bracket: str) -> bool:
        """Step over an opening bracket or a comma; whether the closing bracket follows, which is stepped over too."""
        if self._text[self._at : self._at + 1] in ("[", "{"):
            self._at += 1
        self._skip(_BLANK)
        if self._text.startswith(",", self._at):
            self._at += 1
            self._skip(_BLANK)
        if self._at < len(self._text) and not self._text.startswith(bracket, self._at):
            return False
        self._at += 1
        return True

    def _dotted(self) -> tuple[str, ...]:
        parts = [self._name()]
        while self._text.startswith(".", self._at):
            self._at += 1
            parts.append(self._name())
        return tuple(parts)

    def _name(self) -> str:
        self._skip(_BLANK)
        start = self._at
        is_quoted = self._text[start : start + 1] in ('"', "'")
        self._skip(_STRING if is_quoted else _BARE_KEY)
        name = self._text[start : self._at]
        self._skip(_BLANK)
        return str(tomllib.loads(f"name = {name}")["name"]) if is_quoted else name

    def _skip(self, pattern: re.Pattern[str]) -> None:
        if match := pattern.match(self._text, self._at):
            self._at = match.end()

    def _line(self) -> int:
        return bisect_right(self._line_ends, self._at - 1) + 1
