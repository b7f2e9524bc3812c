"""Arithmetic and conditions. Bash computes what a variable holds: with ``a[$(rm x)]`` in it, that runs the command."""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from oncall_tui.runbook.classify.grammar import text_of
from oncall_tui.runbook.classify.names import names
from oncall_tui.runbook.classify.verdict import READ, Unjudged, shown
from oncall_tui.runbook.classify.words import HOLE, Origin, Origins, Sure, word_of
from oncall_tui.runbook.danger import Judgement

if TYPE_CHECKING:
    from tree_sitter import Node

_SIGNS = names(
    """
    + - * / % < > == != && || ( ) $
    """
)
_NUMBER = re.compile(r"[0-9]+")
_COMPUTING = frozenset({"-eq", "-ne", "-lt", "-le", "-gt", "-ge"})
_COMPUTED_NAMES = frozenset({"-v", "-R"})
_OPERANDS = names(
    """
    word number string raw_string concatenation simple_expansion expansion command_substitution regex
    """
)
_COMPOSED = frozenset({"binary_expression", "unary_expression", "parenthesized_expression"})


def check_arithmetic(nodes: Iterable["Node"], origins: Origins) -> None:
    """Numbers, and variables that the body itself sets to numbers; nothing is assigned.

    Raises:
        Unjudged: anything else.
    """
    waiting = list(nodes)
    while waiting:
        node = waiting.pop()
        source = text_of(node)
        if node.type in ("binary_expression", "parenthesized_expression"):
            waiting += node.children
        elif not _is_number(node, origins) and (node.is_named or node.type not in _SIGNS):
            raise Unjudged(f"computes with {shown(source)}: a value may hold a command")


def _is_number(node: "Node", origins: Origins) -> bool:
    source = text_of(node)
    if node.type in ("word", "variable_name", "simple_expansion"):
        return source in ("$?", "$#") or origins.get(source.removeprefix("$")) is Origin.NUMBER
    is_length = node.type == "expansion" and re.fullmatch(r"\$\{#\w+\}", source)
    return bool(is_length or (node.type == "number" and _NUMBER.fullmatch(source)))


def check_condition(node: "Node", origins: Origins) -> Judgement:
    """``[ ]`` and ``[[ ]]``: what they compute are numbers, and what they compare are single words.

    Raises:
        Unjudged: a value may be computed, or become several words.
    """
    is_single = node.children[0].type == "["
    if is_single and "\n" in text_of(node):
        raise Unjudged("a condition between [ and ] over several lines")
    if node.children[0].type not in ("[", "[["):
        check_arithmetic(node.children[1:-1], origins)
        return READ
    waiting = list(node.children[1:-1])
    while waiting:
        child = waiting.pop()
        source = text_of(child)
        if child.type in _COMPOSED:
            _check_computed(child, origins, is_single)
            waiting += child.children
        elif source in _COMPUTED_NAMES:
            raise Unjudged(f"the condition {source} computes subscripts")
        elif is_single and child.type in ("<", ">", "<=", ">=", "&&", "||", "(", ")", "=~"):
            raise Unjudged(f"{shown(source)} between [ and ] is no comparison")
        elif child.type in _OPERANDS:
            word = word_of(child, origins)
            if is_single and (word.sure is Sure.SPLIT or (word.sure is Sure.LOOSE and HOLE * 2 not in word.text)):
                raise Unjudged(f"{shown(source)} between [ and ] may become several words")
    return READ


def _check_computed(node: "Node", origins: Origins, is_single: bool) -> None:
    """``[[ $x -eq 1 ]]`` computes ``x``; ``[`` only reads a number."""
    if is_single or not any(text_of(child) in _COMPUTING for child in node.children):
        return
    for child in node.children:
        if child.type != "test_operator" and not _is_number(child, origins):
            raise Unjudged(f"[[ {shown(text_of(node))} ]] computes a value, which may hold a command")
