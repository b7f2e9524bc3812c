"""tree-sitter with the grammar of bash, loaded with the first body that is judged, and what of it is understood."""

import re
from functools import cache
from typing import TYPE_CHECKING

from oncall_tui.runbook.classify.names import names
from oncall_tui.runbook.classify.verdict import Unjudged
from oncall_tui.runbook.shell.syntax import parsable

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

LONGEST = 32_768
"""Bytes of a body that is judged; a longer one is no step that somebody reads before confirming it."""
DEEPEST = 60
"""Levels of the tree: nobody writes deeper by hand."""
MOST_NODES = 60_000

KNOWN = names(
    """
    program comment command command_name word number string string_content raw_string ansi_c_string
    concatenation simple_expansion expansion variable_name special_variable_name command_substitution
    process_substitution arithmetic_expansion brace_expression array subscript variable_assignment
    variable_assignments declaration_command unset_command redirected_statement file_redirect file_descriptor
    heredoc_redirect heredoc_start heredoc_body heredoc_content heredoc_end herestring_redirect pipeline list
    negated_command subshell compound_statement do_group for_statement while_statement if_statement elif_clause
    else_clause case_statement case_item extglob_pattern regex test_command test_operator unary_expression
    binary_expression parenthesized_expression function_definition
    """
)
"""The kinds of node that the walk knows what to do with; any other one is not understood."""
SIGNS = names(
    """
    ; ;; ;& ;;& && || | |& ! ( ) { } [ ] [[ ]] $ ` $( ) <( >( " ' ${ # ## % %% / // /# /% : :- - + :+ ? :? , ^
    ^^ ,, = += == != =~ < > >> << <<- <<< <& >& &> &>> >| & $(( )) (( * ** ~ .. % for in do done while until if
    then elif else fi case esac select function export declare typeset local readonly unset unsetenv -a -o @ !
    """
) | {"\n"}
"""The tokens between nodes; those that matter (``&``, ``((``, ``function``) are judged where they stand."""


@cache
def _parser() -> "Parser":
    import tree_sitter_bash
    from tree_sitter import Language, Parser

    return Parser(Language(tree_sitter_bash.language()))


def parsed(body: str) -> "Node":
    """The tree of a body.

    Raises:
        Unjudged: it is too long, deep or large, or holds what the grammar does not understand.
    """
    raw = body.encode("utf-8", "surrogatepass")
    if len(raw) > LONGEST:
        raise Unjudged(f"longer than {LONGEST} bytes: too long to be judged")
    # A line without its end keeps a here-document from ending.
    root = _parser().parse(parsable(raw) + b"\n").root_node
    if raw[: root.start_byte].strip(_BLANKS) or raw[root.end_byte :].strip(_BLANKS):
        raise Unjudged("text that the parser passes over")
    _check(root)
    return root


def text_of(node: "Node") -> str:
    """The source of a node."""
    return (node.text or b"").decode("utf-8", "replace")


def _check(root: "Node") -> None:
    """Every node is of a known kind, nothing is missing, and between nodes there is nothing but blanks."""
    waiting = [(root, 0)]
    met = 0
    while waiting:
        node, depth = waiting.pop()
        met += 1
        if met > MOST_NODES or depth > DEEPEST:
            raise Unjudged("nested too deeply, or too large, to be judged")
        kind, children = node.type, node.children  # Each look at a node costs a call into the parser.
        if kind == "ERROR" or node.is_missing:
            raise Unjudged(f"does not parse near line {node.start_point[0] + 1}")
        if kind not in (KNOWN if node.is_named else SIGNS):
            raise Unjudged(f"line {node.start_point[0] + 1}: a construct that is not judged ({kind.strip()!r})")
        if kind in _PATTERNS and _EXPANDS.search(text_of(node)):
            raise Unjudged(f"line {node.start_point[0] + 1}: a pattern that expands something")
        if kind == "command_substitution" and _SLASHED.match(text_of(node)):
            # Bash takes one layer of backslashes off before it reads what stands between: \` begins another command.
            raise Unjudged(f"line {node.start_point[0] + 1}: a backslash between backquotes")
        if children and kind not in _TEXTS:
            _check_gaps(node)
        waiting += ((child, depth + 1) for child in children)


_BLANKS = b" \t\n"
_LINES = names(
    """
    command redirected_statement declaration_command unset_command file_redirect herestring_redirect variable_assignment
    variable_assignments concatenation command_name
    """
)
"""What ends with its line; a new line inside is the beginning of another command."""
_SLASHED = re.compile(r"`[^\\]*\\")
_PATTERNS = frozenset({"extglob_pattern", "regex"})
_EXPANDS = re.compile(r"[`$\\]|[<>]\(")
_TEXTS = frozenset({"string", "heredoc_body", "heredoc_redirect", "regex", "expansion", "comment"})
"""What holds text of its own between its nodes; the walk looks into each of them."""
_WORDS = names(
    """
    word number string raw_string ansi_c_string concatenation simple_expansion expansion command_substitution
    process_substitution arithmetic_expansion brace_expression command_name variable_assignment
    """
)


_BEFORE_COMMENT = frozenset({";", "&", "|", "&&", "||", "(", ")", "\n", ";;", "$(", "`"})


def _check_gaps(node: "Node") -> None:
    """Text that no node holds was not understood; words without a blank between them are one word to bash."""
    source, start = node.text or b"", node.start_byte
    before, end = None, node.start_byte
    for child in node.children:
        gap = source[end - start : child.start_byte - start]
        between = gap.replace(b"\\\n", b"")
        if between.strip(_BLANKS) or (b"\n" in between and node.type in _LINES):
            raise Unjudged(f"line {child.start_point[0] + 1}: text that the parser passes over")
        is_joined = not gap and before is not None and before.type in _WORDS and child.type in _WORDS
        if is_joined and node.type not in ("concatenation", "simple_expansion"):
            raise Unjudged(f"line {child.start_point[0] + 1}: words without a blank between them")
        is_start = (
            before is None or gap.strip(b"\\") or before.type in _BEFORE_COMMENT or before.type.startswith("heredoc")
        )
        if child.type == "comment" and not is_start:
            raise Unjudged(f"line {child.start_point[0] + 1}: a # inside a word")
        if not gap and before is not None and child.type == "file_redirect" and child.children[0].is_named:
            raise Unjudged(f"line {child.start_point[0] + 1}: a number that belongs to the word before")
        before, end = child, child.end_byte
    if source[end - start :].replace(b"\\\n", b"").strip(_BLANKS):
        raise Unjudged(f"line {node.end_point[0] + 1}: text that the parser passes over")


_OF_BASH = names(
    """
    herestring_redirect process_substitution ansi_c_string brace_expression array subscript extglob_pattern [[ (( |& &>
    &>> >& <<< function select ;& ;;&
    """
)


def check_portable(root: "Node") -> None:
    """Refuse what only bash reads so: for ``sh`` and the shells of other machines ``[[ a > b ]]`` writes ``b``.

    Raises:
        Unjudged: there is some of it, but for ``2>&1``.
    """
    waiting = [root]
    while waiting:
        node = waiting.pop()
        is_number = node.type == ">&" and node.next_sibling is not None and text_of(node.next_sibling).isdigit()
        if node.type in _OF_BASH and not is_number:
            raise Unjudged(f"{node.type} means something else in other shells than bash")
        waiting += node.children
