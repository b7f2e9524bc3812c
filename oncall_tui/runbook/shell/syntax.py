"""bash as a syntax tree (tree-sitter-bash), loaded when the first script is read."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

LONGEST = 16_000
"""Bytes of a script that are looked at; what is longer counts as one that does not parse.

Some shapes that are no script take the parser the square of their length: this many take it less than a second.
"""


_ASTRAL = re.compile(rb"[\xf0-\xf7][\x80-\xbf]{3}")
_LETTERS = "éé".encode()


@dataclass(frozen=True, slots=True)
class Script:
    """A script and its tree."""

    data: bytes
    root: "Node"

    @property
    def is_whole(self) -> bool:
        """Whether it parses, without a thing missing at its end."""
        return not self.root.has_error and len(self.data) <= LONGEST

    def text(self, node: "Node") -> str:
        """What a node covers."""
        return self.data[node.start_byte : node.end_byte].decode("utf-8", "surrogateescape")


@lru_cache(maxsize=128)
def script_of(text: str) -> Script:
    """Parse a script. Never fails: ``is_whole`` tells whether it is one. The last ones are remembered."""
    data = text.encode("utf-8", "surrogateescape")
    # A line without its end keeps a here-document from ending.
    return Script(data, _parser().parse(parsable(data[:LONGEST]) + b"\n").root_node)


def parsable(data: bytes) -> bytes:
    """What the parser is given for a script: as many bytes, each of them where it was.

    Characters beyond the Basic Multilingual Plane end the process within tree-sitter-bash 0.25 (a few hundred random
    ones are enough). They are letters of words to bash, so that two letters of two bytes each stand for one of them.
    """
    return _ASTRAL.sub(_LETTERS, data)


def nodes_of(root: "Node") -> Iterator["Node"]:
    """The node and everything under it, in the order of the text."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(node.children))


def holders_of(node: "Node") -> Iterator["Node"]:
    """What holds the node, the innermost first."""
    holder = node.parent
    while holder is not None:
        yield holder
        holder = holder.parent


@cache
def _parser() -> "Parser":
    import tree_sitter_bash
    from tree_sitter import Language, Parser

    return Parser(Language(tree_sitter_bash.language()))
