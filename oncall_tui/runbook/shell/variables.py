"""Which variables a script names, how, and which it sets."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from oncall_tui.runbook.shell.nested import becomes_code
from oncall_tui.runbook.shell.syntax import Script, holders_of, nodes_of, script_of

if TYPE_CHECKING:
    from tree_sitter import Node

_DEFAULTED = re.compile(r"\$\{[!#]?\w+(?:\[[^]]*\])?:?[-=+]")
_NAME = re.compile(r"[A-Za-z_]\w*")
_READERS = ("read", "mapfile", "readarray", "getopts")
_NO_SPLITTING = frozenset(
    {
        "string",
        "translated_string",
        "heredoc_body",
        "herestring_redirect",
        "test_command",
        "arithmetic_expansion",
        "case_statement",
    }
)
"""Holders in which the shell does not split a value into words."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A variable that is named."""

    name: str
    line: int
    """Of the script, counted from 1."""
    is_quoted: bool
    """The shell keeps it one word."""
    has_default: bool
    """It may be unset: ``${x:-y}``."""
    read_by: str
    """The program that would take the value as code; empty when none does."""


@dataclass(frozen=True, slots=True)
class Variables:
    """What a script names and sets."""

    free: tuple[Reference, ...]
    """Named before the script itself has set them."""
    all: tuple[Reference, ...]
    set: frozenset[str]


@lru_cache(maxsize=512)
def variables_in(text: str) -> Variables:
    """Every variable of a script that is given as text; the last few hundred are remembered."""
    return variables_of(script_of(text))


def variables_of(script: Script) -> Variables:
    """Every variable of a script."""
    settings: dict[str, int] = {}
    found: list[tuple[Reference, int]] = []
    for node in nodes_of(script.root):
        for name in _set_by(script, node):
            settings.setdefault(name, node.start_byte if node.type == "for_statement" else node.end_byte)
        if (
            node.type == "variable_name"
            and _NAME.fullmatch(script.text(node))
            and (reference := _reference(script, node))
        ):
            found.append((reference, node.start_byte))
    free = tuple(one for one, at in found if at < settings.get(one.name, at + 1))
    return Variables(free, tuple(one for one, _ in found), frozenset(settings))


def _set_by(script: Script, node: "Node") -> Iterator[str]:
    if node.type == "variable_assignment":
        named = node.child_by_field_name("name")
        is_for_one_command = node.parent is not None and node.parent.type == "command"
        if named is not None and not is_for_one_command:
            yield script.text(named).partition("[")[0]
    elif node.type == "for_statement":
        named = node.child_by_field_name("variable")
        if named is not None:
            yield script.text(named)
    elif node.type == "command":
        words = [script.text(one) for one in node.children]
        if words[0] in _READERS or words[:2] == ["printf", "-v"]:
            yield from (word for word in words[1:] if _NAME.fullmatch(word))


def _reference(script: Script, node: "Node") -> Reference | None:
    holder = node.parent
    if holder is None or holder.type in ("declaration_command", "unset_command", "for_statement"):
        return None
    if holder.type in ("variable_assignment", "subscript") and node.id == _name_of(holder):
        if holder.type == "variable_assignment" or _is_assigned(holder):
            return None
        holder = holder.parent or holder
    expression = script.text(holder)
    return Reference(
        script.text(node),
        node.start_point[0] + 1,
        _is_one_word(holder),
        bool(_DEFAULTED.match(expression)),
        becomes_code(script, holder),
    )


def _name_of(holder: "Node") -> int | None:
    named = holder.child_by_field_name("name")
    return None if named is None else named.id


def _is_assigned(subscript: "Node") -> bool:
    holder = subscript.parent
    return holder is not None and holder.type == "variable_assignment" and _name_of(holder) == subscript.id


def _is_one_word(expansion: "Node") -> bool:
    inner = expansion
    if expansion.type not in ("simple_expansion", "expansion"):
        return True
    for holder in holders_of(expansion):
        if holder.type in _NO_SPLITTING:
            return holder.type != "test_command" or holder.children[0].type == "[["
        if holder.type == "variable_assignment":
            return inner.type != "array"
        if holder.type not in ("concatenation", "expansion", "binary_expression", "unary_expression"):
            return False
        inner = holder
    return False
