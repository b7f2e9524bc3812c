"""YAML nodes taken apart, with everything that is wrong written down by line and key."""

from collections.abc import Collection, Mapping
from pathlib import Path

from oncall_tui.domain.text import clean_line
from oncall_tui.runbook.reading.nodes import Listing, Node, Place, Scalar, Table
from oncall_tui.runbook.trying.cases import Trouble

_NOTHING = ("", "~", "null")


class Taker:
    """Takes values out of nodes; what is wrong goes to ``troubles``, and an empty value is given."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.troubles: list[Trouble] = []

    def wrong(self, place: Place, key: str, problem: str) -> None:
        """Write down what is wrong."""
        self.troubles.append(Trouble(self.file, place.line, clean_line(key, 200), clean_line(problem, 400)))

    def table(self, node: Node | None, key: str, known: Collection[str] = ()) -> Mapping[str, Node]:
        """Keys and values; ``known`` are all that there may be, any without it."""
        if node is None or is_nothing(node):
            return {}
        if not isinstance(node, Table):
            self.wrong(node.place, key, "has to be a table of keys and values")
            return {}
        for name, place in node.doubled:
            self.wrong(place, f"{key}.{name}", "is given twice")
        for name, place in node.keys.items():
            if known and name not in known:
                self.wrong(place, f"{key}.{name}" if key else name, f"is no key; there are {', '.join(known)}")
        return node.values

    def listing(self, node: Node | None, key: str) -> tuple[Node, ...]:
        """The values of a list."""
        if node is None or is_nothing(node):
            return ()
        if not isinstance(node, Listing):
            self.wrong(node.place, key, "has to be a list")
            return ()
        return node.values

    def text(self, node: Node, key: str) -> str:
        """A text as it is written."""
        if isinstance(node, Scalar):
            return node.value
        self.wrong(node.place, key, "has to be a text")
        return ""

    def texts(self, node: Node | None, key: str) -> Mapping[str, str]:
        """A table of texts; tables in it by dotted key."""
        found: dict[str, str] = {}
        for name, value in self.table(node, key).items():
            if isinstance(value, Table):
                found |= {f"{name}.{inner}": text for inner, text in self.texts(value, f"{key}.{name}").items()}
            else:
                found[name] = self.text(value, f"{key}.{name}")
        return found

    def whole(self, node: Node, key: str) -> int:
        """A whole number."""
        text = self.text(node, key)
        try:
            return int(text)
        except ValueError:
            self.wrong(node.place, key, f"{text!r} is no whole number")
            return 0

    def number(self, node: Node, key: str) -> float:
        """A number; ``.nan`` is one."""
        text = self.text(node, key)
        try:
            return float(text.removeprefix(".") if text.casefold() == ".nan" else text)
        except ValueError:
            self.wrong(node.place, key, f"{text!r} is no number")
            return 0.0


def is_nothing(node: Node) -> bool:
    """Whether it is empty or ``null``."""
    return isinstance(node, Scalar) and node.is_plain and node.value in _NOTHING
