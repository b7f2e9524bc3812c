"""``<namespace>`` and its kin: where they are, which parameter they mean, and how a reference takes their place.

A value never stands in the text of a script: ``<x>`` becomes ``"${oc_x}"`` in the quotes that it stands in, and where
that cannot be done safely the command is not run.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from oncall_tui.runbook.options import Parameter
from oncall_tui.runbook.shell.nested import becomes_code
from oncall_tui.runbook.shell.syntax import Script, script_of

if TYPE_CHECKING:
    from tree_sitter import Node

PREFIX = "oc_"
"""Of the variables that stand for placeholders: no program looks at them."""
_PLACEHOLDER = re.compile(r"(?<!<)<([A-Za-z](?:[^<>\n$`|;&\"]{0,78}[^<>\s$`|;&\"])?)>")
_LABEL = re.compile(r"\b([A-Za-z_][\w-]*)[\"'`]? label\b", re.IGNORECASE)
_FILLERS = re.compile(
    r"^(?:(?:my|your|the|a|an|some|insert|enter|value of)[\s_-]+)+|\s+(?:from|in|of) (?:the )?alert\b.*"
)
_NAME_BEHIND = re.compile(r"_names?$")
_NO_WORD = re.compile(r"[^a-z0-9]+")
_KNOWN_AS = {
    "ns": "namespace",
    "pvc": "persistentvolumeclaim",
    "pv": "persistentvolume",
    "svc": "service",
    "deploy": "deployment",
    "sts": "statefulset",
    "ds": "daemonset",
    "host": "instance",
    "hostname": "instance",
}
"""Short words, and the label that the usual rules give."""
_PLAIN = frozenset({"word", "number", "extglob_pattern", "concatenation"})
_LONGEST = 40


@dataclass(frozen=True, slots=True)
class Placeholder:
    """One ``<x>`` of a text."""

    start: int
    end: int
    inside: str
    name: str
    """Of the parameter that it means."""


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A command in which references stand for placeholders."""

    text: str
    used: tuple[Placeholder, ...] = ()
    """Those that are no comment."""
    refused: str = ""
    """Why it cannot be run with a value in that place; then ``text`` is as it was."""


def placeholders_of(text: str) -> Iterator[Placeholder]:
    """Every placeholder of a text. ``[x]`` and ``{{x}}`` are none: prose and Go templates."""
    for found in _PLACEHOLDER.finditer(text):
        yield Placeholder(found.start(), found.end(), found[1], parameter_name(found[1]))


def neutral(text: str) -> str:
    """The text with a word in the place of each placeholder, so that it parses; every position stays."""
    return _PLACEHOLDER.sub(lambda found: "z" * len(found[0].encode("utf-8", "surrogateescape")), text)


def parameter_name(written: str) -> str:
    """The parameter that ``<written>`` or ``$WRITTEN`` means: ``your-pod-name`` is ``pod``."""
    label = _LABEL.search(written)
    words = label[1] if label else _FILLERS.sub("", written.strip().lower())
    name = _NO_WORD.sub("_", words.lower()).strip("_")
    name = _NAME_BEHIND.sub("", name) or name
    name = name[:_LONGEST].strip("_")
    return name if name[:1].isalpha() else f"x_{name}".rstrip("_")


def parameter_of(written: str, line: int, *, variable: str = "") -> Parameter:
    """The parameter of a placeholder: looked for in the labels of the alert under every name it may have there."""
    inside = variable or written.strip("<>")
    name = parameter_name(inside)
    labels = dict.fromkeys((name, _KNOWN_AS.get(name, name)))
    origins = [f"labels.{label}" for label in labels]
    if variable:
        origins.append(f"env.{variable}")
    return Parameter(name, origins=tuple(origins), line=line, written=written)


def rewritten(text: str) -> Rewritten:
    """The command with references for its placeholders, or why that cannot be."""
    found = list(placeholders_of(text))
    if not found:
        return Rewritten(text)
    script = script_of(neutral(text))
    if not script.is_whole:
        return Rewritten(text, tuple(found), "it does not parse as a shell command")
    result, position, used = "", 0, []
    for one in found:
        start = len(neutral(text[: one.start]).encode("utf-8", "surrogateescape"))
        node = _leaf_at(script, start)
        if node.type == "comment":
            continue
        reference, refused = _reference(script, node, one)
        if refused:
            return Rewritten(text, tuple(found), f"<{one.inside}> {refused}")
        result += text[position : one.start] + reference
        position = one.end
        used.append(one)
    result += text[position:]
    if used and not script_of(result).is_whole:
        return Rewritten(text, tuple(used), "with a value it does not parse as a shell command")
    return Rewritten(result, tuple(used))


def _leaf_at(script: Script, start: int) -> "Node":
    node = script.root
    while True:
        inner = next((one for one in node.children if one.start_byte <= start < one.end_byte), None)
        if inner is None:
            return node
        node = inner


def _reference(script: Script, node: "Node", one: Placeholder) -> tuple[str, str]:
    """What takes the place of a placeholder, or why nothing can."""
    variable = f"${{{PREFIX}{one.name}}}"
    if reader := becomes_code(script, node):
        return "", f"would be read as program text by {reader}"
    kind = node.type
    holder = node.parent
    if kind == "raw_string":
        return f"'\"{variable}\"'", ""
    if kind in ("string_content", "string"):
        return variable, ""
    if kind in ("heredoc_body", "heredoc_content"):
        return "", "stands in a here-document"
    if holder is not None and holder.type == "command_name":
        return "", "stands where the name of the program stands"
    if kind in _PLAIN:
        return f'"{variable}"', ""
    return "", "stands where no value can"
