"""``<!-- oncall … -->``: keys for the section under whose heading it stands, or for the next fence."""

import re
from dataclasses import dataclass

from oncall_tui.runbook.reading.blocks import Comment
from oncall_tui.runbook.reading.keys import Notes, Told, told_of
from oncall_tui.runbook.reading.nodes import BrokenYaml, Place, Table, node_of

_OPENING = re.compile(r"<!--[ \t]*oncall(?=[ \t\n]|-->)")
_CLOSING = "-->"


@dataclass(frozen=True, slots=True)
class Directive:
    """The keys of a directive with their places."""

    line: int
    told: dict[str, Told]


def is_directive(text: str) -> bool:
    """Whether a comment speaks to this tool."""
    return bool(_OPENING.match(text.lstrip()))


def hides_directive(text: str) -> bool:
    """Whether running text or HTML holds a directive, where it says nothing."""
    return bool(_OPENING.search(text))


def directive_of(comment: Comment, notes: Notes) -> Directive:
    """Read a directive; what is wrong with it is told."""
    indented = len(comment.text) - len(comment.text.lstrip())
    text = comment.text[indented:]
    opening = _OPENING.match(text)
    assert opening is not None
    inside, closing, behind = text[opening.end() :].partition(_CLOSING)
    here = Place(comment.line, indented + 1)
    if not closing:
        notes.error("F1", here, "the directive is not closed by -->")
    elif hides_directive(behind):
        notes.error("F3", here, "a second directive stands behind the first on one line", "give it a line of its own")
    try:
        node = node_of(inside, Place(comment.line, here.column + opening.end()))
    except BrokenYaml as error:
        notes.error("F1", error.place, f"the directive is no YAML: {error.problem}")
        return Directive(comment.line, {})
    if not isinstance(node, Table):
        notes.error("F1", here, "the directive holds no keys", "for example `needs: [step]`")
        return Directive(comment.line, {})
    return Directive(comment.line, told_of(node, notes))
