"""Whether a command gets an input that says something: ``openssl s_client`` sends what it reads to the server."""

import re
from typing import TYPE_CHECKING

from oncall_tui.runbook.classify.grammar import text_of

if TYPE_CHECKING:
    from tree_sitter import Node

_SENDING = re.compile(r"\bs_client\b")
_SILENT = re.compile(r"(?:echo(?: -n| Q| QUIT| \"Q\"| 'Q'| \"QUIT\"| \"\"| '')?|true|:|printf '')")
"""What says nothing, or good-bye."""


def sends_input(node: "Node") -> bool:
    """Whether a command would send what another command or a file holds."""
    if not _SENDING.search(text_of(node)):
        return False
    inner, holder = node, node.parent
    while holder is not None:
        if holder.type == "pipeline":
            before = [child for child in holder.children if child.is_named and child.end_byte <= inner.start_byte]
            if any(not _SILENT.fullmatch(text_of(child).strip()) for child in before):
                return True
        if any(_is_input(child) for child in holder.children):
            return True
        inner, holder = holder, holder.parent
    return any(_is_input(child) for child in node.children)


def _is_input(node: "Node") -> bool:
    is_file = node.type == "file_redirect" and any(child.type.startswith("<") for child in node.children)
    is_silent = text_of(node).replace(" ", "") in ("</dev/null", "<&-")
    return (is_file and not is_silent) or node.type in ("herestring_redirect", "heredoc_redirect")
