"""A pasted block cut into the commands that are started one after the other."""

from typing import TYPE_CHECKING

from oncall_tui.runbook.shell.syntax import Script, nodes_of

if TYPE_CHECKING:
    from tree_sitter import Node

_HELD_TOGETHER = frozenset({"function_definition", "&"})
_STATE = frozenset({"set", "shopt", "alias", "trap", "exec", "wait", "jobs", "fg", "bg", "disown", "pushd", "popd"})
"""Commands whose effect does not outlive the shell that runs them: what follows needs the same shell."""
_NO_COMMAND = frozenset({"comment", "\n", ";"})


def cut(script: Script) -> list[tuple[int, int]]:
    """The first and last lines (from 0) of each command of a script; comments between them belong to none.

    A script that does not parse, or whose commands need one shell, stays one.
    """
    if not script.is_whole or _is_held_together(script):
        return [(0, script.data.count(b"\n"))]
    return _groups(script.root)


def _groups(root: "Node") -> list[tuple[int, int]]:
    """The first and last lines of the commands; those that share a line are one."""
    groups: list[tuple[int, int]] = []
    for one in root.children:
        if one.type in _NO_COMMAND:
            continue
        first, last = one.start_point[0], one.end_point[0] - (one.end_point[1] == 0)
        if groups and first <= groups[-1][1]:
            groups[-1] = (groups[-1][0], max(last, groups[-1][1]))
        else:
            groups.append((first, last))
    return groups


def _is_held_together(script: Script) -> bool:
    for node in nodes_of(script.root):
        if node.type in _HELD_TOGETHER:
            return True
        if node.type == "command_name" and script.text(node) in _STATE:
            return True
    return False
