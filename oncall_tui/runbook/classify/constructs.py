"""What bash itself does beside starting commands: redirections, assignments, conditions, arithmetic, here-documents."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from oncall_tui.runbook.classify.arithmetic import check_arithmetic, check_condition
from oncall_tui.runbook.classify.grammar import text_of
from oncall_tui.runbook.classify.names import names
from oncall_tui.runbook.classify.secret_files import holds_credentials
from oncall_tui.runbook.classify.variables import check_name
from oncall_tui.runbook.classify.verdict import READ, Unjudged, change, interactive, reveals, shown, worst
from oncall_tui.runbook.classify.words import Origins, word_of
from oncall_tui.runbook.danger import Judgement

if TYPE_CHECKING:
    from tree_sitter import Node

_SINKS = frozenset({"/dev/null", "/dev/stdout", "/dev/stderr"})
_WRITES = frozenset({">", ">>", "&>", "&>>", ">|"})
_DELIMITER = re.compile(r"'[A-Za-z_][A-Za-z0-9_]*'|\"[A-Za-z_][A-Za-z0-9_]*\"|[A-Za-z_][A-Za-z0-9_]*")
_EXPANDING = re.compile(r"`|\$(?![A-Za-z_]\w*|\{[A-Za-z_]\w*\})|\\\n")
_BESIDE_HEREDOC = names(
    """
    << <<- heredoc_start heredoc_body heredoc_end pipeline list command file_redirect redirected_statement
    compound_statement while_statement subshell | |& && ||
    """
) | {"\n"}
_DECLARED = frozenset({"-x", "-r", "-g", "-a", "-A"})


def _redirect(node: "Node", origins: Origins) -> Judgement:
    """Reading from a file is reading; writing to one is not, but for what throws it away or is the output already."""
    signs = [child.type for child in node.children if not child.is_named]
    places = [child for child in node.children if child.is_named and child.type != "file_descriptor"]
    first = node.children[0]
    is_numbered = first.type != "file_descriptor" or text_of(first).isdigit()  # The grammar takes -w2 for a number too.
    if first.type == "variable_name" or not is_numbered or len(signs) != 1:
        raise Unjudged("a redirection that is not judged")
    if not places and signs[0] in (">&-", "<&-"):
        return READ
    if len(places) != 1:
        raise Unjudged(f"words behind the redirection {shown(text_of(node))}")
    place = word_of(places[0], origins)
    if signs[0] in (">&", "<&") and place.is_literal and re.fullmatch(r"[0-9]|-", place.text):
        return READ
    if signs[0] == "<" and not place.text.startswith(("/dev/tcp", "/dev/udp", "\0")):
        is_secret = holds_credentials(place.text)
        return reveals(f"reads {shown(place.text)}, which holds credentials") if is_secret else READ
    if signs[0] in _WRITES and place.is_literal and place.text in _SINKS:
        return READ
    return change(f"redirects: {shown(text_of(node))}")


def _heredoc(node: "Node", origins: Origins) -> Judgement:
    """Its end must be where bash finds it, and what it expands must be what the tree shows."""
    starts = [child for child in node.children if child.type == "heredoc_start"]
    bodies = [child for child in node.children if child.type == "heredoc_body"]
    ends = [child for child in node.children if child.type == "heredoc_end"]
    if len(starts) != 1 or len(bodies) != 1 or len(ends) != 1:
        raise Unjudged("a here-document that is not judged")
    written = text_of(starts[0])
    if not _DELIMITER.fullmatch(written):
        raise Unjudged("a here-document with an end that is not judged")
    if any(child.type not in _BESIDE_HEREDOC for child in node.children):
        # `x=1 <<E rm y`: for the grammar these words belong to the here-document, and for bash to the command.
        raise Unjudged("words behind the beginning of a here-document")
    between = (node.text or b"")[starts[0].end_byte - node.start_byte : bodies[0].start_byte - node.start_byte]
    if b"\n" in between.removesuffix(b"\n"):
        # Behind an empty line that goes on, the grammar looks for words where the text has begun already.
        raise Unjudged("a here-document that begins elsewhere than it looks")
    delimiter, body = written.strip("'\""), text_of(bodies[0])
    if delimiter != text_of(ends[0]).strip() or any(line.lstrip("\t") == delimiter for line in body.split("\n")):
        raise Unjudged("a here-document that ends elsewhere than it looks")
    if written == delimiter and _EXPANDING.search(re.sub(r"\\[\\$`]", "", body)):
        raise Unjudged("a here-document that expands something")
    return READ


def _assignment(node: "Node", origins: Origins) -> Judgement:
    name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
    if name is None:
        raise Unjudged("an assignment that is not judged")
    if value is not None and value.type == "array":
        if any(text_of(child).startswith("[") for child in value.children):
            raise Unjudged("an array with computed subscripts")
        value = None
    word = word_of(value, origins) if value is not None else None
    parent = node.parent
    is_prefix = parent is not None and parent.type == "command"
    if is_prefix and text_of(name) == "IFS" and _starts_read(parent) and (word is None or word.is_literal):
        return READ  # Where ``read`` parts a line, and nothing else.
    check_name(text_of(name), word, is_prefix=is_prefix)
    return READ


def _starts_read(command: "Node | None") -> bool:
    return command is not None and any(
        child.type == "command_name" and text_of(child) == "read" for child in command.children
    )


def _declaration(node: "Node", origins: Origins) -> Judgement:
    """``export A=1``: the assignments in it are judged by themselves."""
    rest = node.children[1:]
    if not [child for child in rest if child.type in ("variable_name", "variable_assignment")]:
        return reveals(f"{text_of(node.children[0])} prints variables")
    for child in rest:
        is_option = child.type == "word" and text_of(child) in _DECLARED
        if child.type == "variable_name":
            check_name(text_of(child), None, is_prefix=False)
        elif child.type != "variable_assignment" and not is_option:
            return worst([change(f"{shown(text_of(node))}: not judged"), _listed(text_of(child))])
    return READ


def _listed(option: str) -> Judgement:
    """``-p``: prints what variables hold."""
    return reveals("prints variables") if re.fullmatch(r"-\w*p\w*", option) else READ


def _unset(node: "Node", origins: Origins) -> Judgement:
    for child in node.children[1:]:
        if child.type != "variable_name":
            raise Unjudged(f"{shown(text_of(node))}: not judged")
        check_name(text_of(child), None, is_prefix=False)
    return READ


def _loop(node: "Node", origins: Origins) -> Judgement:
    if node.children[0].type == "select":
        return interactive("select asks on the terminal")
    name = node.child_by_field_name("variable")
    if name is None:
        raise Unjudged("a loop that is not judged")
    check_name(text_of(name), None, is_prefix=False)
    for value in node.children_by_field_name("value"):
        word_of(value, origins)
    return READ


def _group(node: "Node", origins: Origins) -> Judgement:
    if node.children[0].type == "((":
        check_arithmetic(node.children[1:-1], origins)
    return READ


def _subshell(node: "Node", origins: Origins) -> Judgement:
    """Bash takes two parentheses in a row for arithmetic, the grammar at times for a shell within a shell."""
    return change("parentheses that may compute") if text_of(node).startswith("((") else READ


def _arithmetic(node: "Node", origins: Origins) -> Judgement:
    check_arithmetic(node.children[1:-1], origins)
    return READ


def _word(node: "Node", origins: Origins) -> Judgement:
    """Whether it is an expansion that only looks at a variable."""
    word_of(node, origins)
    return READ


def _function(node: "Node", origins: Origins) -> Judgement:
    return change("defines a function, which may stand for any command")


def _subscript(node: "Node", origins: Origins) -> Judgement:
    if not re.fullmatch(r"[A-Za-z_]\w*\[[0-9@*]+\]", text_of(node)):
        raise Unjudged("a subscript is computed, and may run a command")
    return READ


CHECKS: dict[str, Callable[["Node", Origins], Judgement]] = {
    "file_redirect": _redirect,
    "heredoc_redirect": _heredoc,
    "variable_assignment": _assignment,
    "declaration_command": _declaration,
    "unset_command": _unset,
    "for_statement": _loop,
    "compound_statement": _group,
    "arithmetic_expansion": _arithmetic,
    "subshell": _subshell,
    "expansion": _word,
    "string": _word,
    "concatenation": _word,
    "function_definition": _function,
    "subscript": _subscript,
    "test_command": check_condition,
}
"""By kind of node; commands are judged by the walk."""
