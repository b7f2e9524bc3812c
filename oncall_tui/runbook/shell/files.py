"""Which files a script would run that lie below the folder it runs in: ``./rollback.sh``, ``bash scripts/x.sh``."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from oncall_tui.runbook.shell.syntax import Script, nodes_of, script_of

if TYPE_CHECKING:
    from tree_sitter import Node

_READERS = frozenset(
    ["bash", "sh", "dash", "zsh", "ksh", "source", ".", "python", "python3", "perl", "ruby", "node", "php"]
)
"""They run the file that they are given, whatever it is called."""
_SUFFIX = re.compile(r".+\.(?:sh|bash|zsh|ksh|py|pl|rb|js|mjs|php|awk|sed|sql|psql)")
_PLAIN = re.compile(r"[\w.,:+@%=/-]+")
_MOST = 32


class Named(NamedTuple):
    """A path of a script, relative to its folder."""

    path: str
    is_run: bool
    """Certainly; else it is an argument that may be a file to run or one to work on."""


def files_in(text: str) -> tuple[Named, ...]:
    """The relative paths that stand in the commands of a script as they are; those that it puts together are not known.
    Wrappers (``sudo ./x.sh``) need no table: an argument counts like a name."""
    script = script_of(text)
    found: dict[str, bool] = {}
    for node in nodes_of(script.root):
        if node.type == "command" and len(found) < _MOST:
            words = [one for one in node.named_children if one.type != "variable_assignment"]
            for one in _of_command([_literal(script, word) for word in words]):
                found[one.path] = found.get(one.path, False) or one.is_run
    return tuple(Named(path, is_run) for path, is_run in found.items())


def _of_command(words: list[str]) -> Iterator[Named]:
    for at, word in enumerate(words):
        if not word or word.startswith(("/", "-")):
            continue
        is_read = any(one in _READERS for one in words[:at])
        if _SUFFIX.fullmatch(word) or (is_read and at > 0) or (at == 0 and "/" in word):
            yield Named(word, True)
        elif "/" in word:
            yield Named(word, False)


def _literal(script: Script, node: "Node") -> str:
    """A word as it is written; empty where bash makes another one of it."""
    text = script.text(node)
    if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"":
        text = text[1:-1]
    return text if _PLAIN.fullmatch(text) else ""
