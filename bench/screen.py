"""The least of a terminal emulator: what is on the screen after the bytes that a program wrote.

It knows what Textual writes: absolute moves of the cursor, styles, text and line ends. Everything else is skipped.
"""

import re
from codecs import getincrementaldecoder

_SEQUENCE = re.compile(r"\x1b(?:\[([0-?]*)[ -/]*([@-~])|[\]P^_X].*?(?:\x07|\x1b\\)|[ -/]*[0-OQ-WYZ`-~])", re.DOTALL)
_LONGEST = 4_096
"""Characters after which a sequence without an end is taken for text."""


class Screen:
    """The characters of a screen and the style that each was written in."""

    def __init__(self, columns: int, lines: int) -> None:
        self._columns = columns
        self._text = [[" "] * columns for _ in range(lines)]
        self._styles = [[""] * columns for _ in range(lines)]
        self._line = self._column = 0
        self._style = ""
        self._rest = ""
        self._decoder = getincrementaldecoder("utf-8")("ignore")

    def feed(self, said: bytes) -> None:
        """Take what the program wrote; a sequence may be cut anywhere."""
        text = self._rest + self._decoder.decode(said)
        self._rest = ""
        place = 0
        while place < len(text):
            escape = text.find("\x1b", place)
            if escape != place:
                end = len(text) if escape < 0 else escape
                self._write(text[place:end])
                place = end
                continue
            found = _SEQUENCE.match(text, place)
            if found is None:
                if len(text) - place < _LONGEST:
                    self._rest = text[place:]
                    return
                place += 1
                continue
            self._obey(found[1], found[2])
            place = found.end()

    @property
    def lines(self) -> list[str]:
        """The screen as text."""
        return ["".join(one) for one in self._text]

    def style(self, line: int, column: int) -> str:
        """The parameters of the style of one character."""
        return self._styles[line][column]

    def shows(self, text: str) -> bool:
        """Whether ``text`` stands on a line."""
        return any(text in line for line in self.lines)

    def _obey(self, parameters: str | None, final: str | None) -> None:
        if final == "m":
            self._style = parameters or ""
        elif final == "H":
            line, _, column = (parameters or "").partition(";")
            self._line, self._column = int(line or 1) - 1, int(column or 1) - 1

    def _write(self, text: str) -> None:
        for char in text:
            if char == "\n":
                self._line, self._column = self._line + 1, 0
            elif char == "\r":
                self._column = 0
            elif char.isprintable() and self._line < len(self._text) and self._column < self._columns:
                self._text[self._line][self._column] = char
                self._styles[self._line][self._column] = self._style
                self._column += 1
