"""Whether a value at some place of a script becomes program text: of another shell, an interpreter, a query."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from oncall_tui.runbook.shell.syntax import Script, holders_of, nodes_of

if TYPE_CHECKING:
    from tree_sitter import Node

_SHELLS = frozenset({"sh", "bash", "zsh", "dash", "ksh", "ash", "fish", "su"})
_INTERPRETERS = frozenset({"python", "python2", "python3", "perl", "ruby", "node", "php", "lua", "pwsh"})
_CLIENTS = frozenset({"psql", "mysql", "mariadb", "sqlite3", "mongo", "mongosh", "cqlsh", "clickhouse-client"})
_EVALUATE = frozenset({"eval", "trap", "alias", "source", "watch", "parallel"})
_PROGRAMS = frozenset({"awk", "gawk", "mawk", "sed"})
_WITH_ARGUMENT = frozenset({"-v", "-F", "-f", "-e", "--assign", "--field-separator", "--file", "--expression"})
_PRINT = frozenset({"echo", "printf", "cat", "tee", "envsubst"})
_READ_STDIN = _SHELLS | _INTERPRETERS | _CLIENTS | {"ssh", "redis-cli", "at", "batch", "crontab"}
_WITH_COMMAND = {
    **dict.fromkeys(("runuser", "script", "flock"), ("-c", "--command")),
    "env": ("-S", "--split-string"),
    "clickhouse-client": ("-q", "--query"),
    "tar": ("--to-command", "--checkpoint-action"),
    "redis-cli": ("EVAL", "eval"),
}
"""Words behind which a program is given."""
_SCRIPT_OPTION = re.compile(r"-[a-zA-Z]*[ceEr]|--(?:command|execute|eval)(?:=.*)?", re.DOTALL)


def becomes_code(script: Script, node: "Node") -> str:
    """The program that would read the value as code; empty when none does."""
    inner = node
    for holder in holders_of(node):
        found = ""
        if holder.type == "command":
            words = _words(script, holder)
            is_input = inner.type.startswith("herestring")
            found = _first_reader(words) if is_input else _of_command(words, _place(holder, inner))
        elif holder.type == "redirected_statement" and inner.type.startswith(("heredoc", "herestring")):
            found = _of_stdin(script, holder) or _of_piped(script, inner)
        elif holder.type == "pipeline":
            found = _of_pipeline(script, holder, inner)
        if found:
            return found
        inner = holder
    return ""


def _words(script: Script, command: "Node") -> list[str]:
    return [script.text(one) for one in command.children if one.type != "variable_assignment"]


def _place(command: "Node", inner: "Node") -> int:
    children = [one for one in command.children if one.type != "variable_assignment"]
    return next((place for place, one in enumerate(children) if one.id == inner.id), -1)


def _of_command(words: Sequence[str], place: int) -> str:
    """Whether the word at ``place`` is read as code; every word may be a program, as wrappers have theirs inside."""
    for at, word in enumerate(words):
        if at >= place:
            break
        name = program_name(word)
        if name in _EVALUATE or (name in _PROGRAMS and _is_first_operand(words, at, place)):
            return name
        if name == "ssh" and any(not one.startswith("-") for one in words[at + 1 : place]):
            return name
        marks = _WITH_COMMAND.get(name, ())
        if words[place - 1] in marks or words[place].split("=")[0] in marks:
            return name
        if name in ("source", ".") or (name == "sqlite3" and not words[place - 1].startswith("-") and place > at + 1):
            return name
        if name in _SHELLS | _INTERPRETERS | _CLIENTS:
            option = next(
                (spot for spot in range(at + 1, place + 1) if _SCRIPT_OPTION.fullmatch(words[spot])),
                None,
            )
            if option is not None and place in (option, option + 1):
                return name
    return ""


def _is_first_operand(words: Sequence[str], at: int, place: int) -> bool:
    """Whether it is the program text of awk or sed, and neither an option's argument nor a file."""
    if words[place - 1] in _WITH_ARGUMENT:
        return words[place - 1] == "-e"
    before = [one for spot, one in enumerate(words[at + 1 : place], at + 1) if words[spot - 1] not in _WITH_ARGUMENT]
    return all(one.startswith("-") for one in before)


def _first_reader(words: Sequence[str]) -> str:
    return next((name for name in map(program_name, words) if name in _READ_STDIN), "")


def _of_stdin(script: Script, statement: "Node") -> str:
    words = [word for one in statement.children if one.type == "command" for word in _words(script, one)]
    return _first_reader(words)


def _of_piped(script: Script, heredoc: "Node") -> str:
    """``cat <<E | bash``: for the grammar the pipe behind the mark belongs to the here-document."""
    bodies = [one for one in heredoc.children if one.type == "heredoc_body"]
    for one in nodes_of(heredoc):
        is_inside = any(body.start_byte <= one.start_byte < body.end_byte for body in bodies)
        if one.type == "command" and not is_inside and (reader := _first_reader(_words(script, one))):
            return reader
    return ""


def _of_pipeline(script: Script, pipeline: "Node", inner: "Node") -> str:
    """What is printed into a program that takes its program from standard input. What others print is no value."""
    printed = [script.text(one) for one in nodes_of(inner) if one.type == "command_name"]
    if not printed or program_name(printed[0]) not in _PRINT:
        return ""
    for one in pipeline.children:
        if one.start_byte >= inner.end_byte:
            command = one.child(0) if one.type == "redirected_statement" else one
            words = _words(script, command) if command is not None else []
            if words and program_name(words[0]) == "xargs":
                words = [word for word in words if program_name(word) in _SHELLS]
            if reader := _first_reader(words):
                return reader
    return ""


def program_name(word: str) -> str:
    """The name of a program without its path and quotes."""
    return word.strip("\"'").rsplit("/", 1)[-1]
