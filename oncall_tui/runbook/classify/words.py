"""Words of a command as bash makes them: quotes and backslashes taken away, and what is not known marked as such."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

from oncall_tui.runbook.classify.grammar import text_of
from oncall_tui.runbook.classify.verdict import Unjudged

if TYPE_CHECKING:
    from tree_sitter import Node

HOLE = "\0"
"""Stands in ``Word.text`` for what is only known when it runs; a body that holds the character itself is not judged."""


class Sure(IntEnum):
    """How much is known of a word."""

    LITERAL = 0
    """Every character."""
    VALUE = 1
    """It is one word, and no option: a quoted parameter, or unknown text behind a known beginning."""
    SPLIT = 2
    """A parameter without quotes: one word as long as its pattern allows no blank."""
    LOOSE = 3
    """Anything: no word, several, options among them."""


@dataclass(frozen=True, slots=True)
class Word:
    """One argument."""

    text: str
    """As the program gets it, ``HOLE`` where it is not known."""
    sure: Sure = Sure.LITERAL
    is_plain: bool = False
    """Written without quotes, backslashes and expansions."""

    @property
    def is_literal(self) -> bool:
        """Whether every character is known."""
        return self.sure is Sure.LITERAL


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a word."""

    text: str
    sure: Sure = Sure.LITERAL


class Origin(IntEnum):
    """What a variable holds, as far as the body tells."""

    PARAMETER = 0
    """Not assigned here: it comes from the runbook, held to its pattern."""
    CLEAN = 1
    """Assigned here, to words without blanks that do not begin with a dash."""
    DIRTY = 2
    """Assigned here, or by an earlier step, to whatever."""
    NUMBER = 3
    """Assigned here, to whole numbers."""
    RESOURCE = 4
    """Assigned here, to what ``kubectl get … -o name`` prints: ``pod/name``, any number of them."""


Origins = Mapping[str, Origin]

_SIMPLE = re.compile(r"\$\{(#?)([A-Za-z_][A-Za-z0-9_]*)\}")
_TRIMMED = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)(?:%%?|:?-)([A-Za-z0-9_./:*?@,]*)\}")
_CUT = re.compile(r"\$\{[A-Za-z_][A-Za-z0-9_]*(?:##?[A-Za-z0-9_./:*?@,=-]*|:[0-9]+(?::[0-9]+)?)\}")
_COUNTED = {"$?", "$#", "$$", "$!"}
_ESCAPES = {"\\t": "\t", "\\n": "\n", "\\\\": "\\", "\\'": "'"}
_ORDINARY = re.compile(r"[A-Za-z0-9_./:=@%+,-]+")
_SPECIAL_LEFT = re.compile(r"(?<!\\)(?:\\\\)*[\"'`$]")


def word_of(node: "Node", origins: Origins) -> Word:
    """The word that a node makes.

    Raises:
        Unjudged: it holds an expansion that runs or assigns something, or one that is not understood.
    """
    parts = _parts(node, origins, is_quoted=False)
    text = "".join(part.text for part in parts)
    sure = max((part.sure for part in parts), default=Sure.LITERAL)
    if sure is Sure.VALUE and text.startswith("-") and text.startswith(("-" + HOLE, "--" + HOLE)):
        sure = Sure.LOOSE
    is_plain = node.type in ("word", "number") and sure is Sure.LITERAL and text == text_of(node)
    return Word(text, sure, is_plain)


def _parts(node: "Node", origins: Origins, is_quoted: bool) -> list[Part]:
    source = text_of(node)
    match node.type:
        case "word" | "number" | "extglob_pattern" | "regex" | "special_variable_name" | "variable_name":
            return [_bare(source)]
        case "raw_string":
            return [Part(source[1:-1])]
        case "ansi_c_string":
            return [_ansi(source[2:-1])]
        case "string":
            return _string(node, origins)
        case "concatenation":
            if _has_braces(node):
                raise Unjudged("braces that make several words of one")
            parts = [part for child in node.children for part in _parts(child, origins, is_quoted=False)]
            return _behind_a_beginning(parts)
        case "simple_expansion" | "expansion":
            return [_expansion(node, origins, is_quoted)]
        case "process_substitution":
            return [Part("/dev/fd/" + HOLE, Sure.VALUE)]
        case "arithmetic_expansion":
            return [Part(HOLE, Sure.VALUE)]
        case "command_substitution":
            beginning = RESOURCE if prints_resources(node) else ""
            return [Part(beginning + (_ONE if is_quoted else HOLE), Sure.LOOSE)]
        case "brace_expression":
            return [Part(HOLE, Sure.LOOSE)]
        case "$" if is_quoted:
            return [Part("$")]
    raise Unjudged(f"line {node.start_point[0] + 1}: a word that is not understood")


def _bare(source: str) -> Part:
    """A word without quotes: a backslash takes the meaning from the character behind it."""
    if _ORDINARY.fullmatch(source):
        return Part(source)
    if _SPECIAL_LEFT.search(source):
        return Part(HOLE, Sure.LOOSE)
    text = re.sub(r"\\(.)", r"\1", source.replace("\\\n", ""), flags=re.DOTALL)
    if re.search(r"\{.*(?:,|\.\.)", source, re.DOTALL):
        raise Unjudged("braces that make several words of one")
    unescaped = re.sub(r"\\.", "", source)
    if unescaped[:1] in ("*", "?", "[") and unescaped not in ("[", "?"):
        return Part(text, Sure.LOOSE)  # Files may be called -delete.
    return Part(text)


def _ansi(inner: str) -> Part:
    pieces = re.findall(r"\\.|[^\\]+", inner, re.DOTALL)
    if any(piece.startswith("\\") and piece not in _ESCAPES for piece in pieces):
        return Part(HOLE, Sure.LOOSE)
    return Part("".join(_ESCAPES.get(piece, piece) for piece in pieces))


def _string(node: "Node", origins: Origins) -> list[Part]:
    """What stands between double quotes: the text between the expansions is not always held by nodes of its own."""
    source, start = node.text or b"", node.start_byte
    parts: list[Part] = []
    end = start + 1
    for child in node.children[1:-1]:
        if child.type in ("string_content", "$"):
            continue
        parts += [_quoted(source[end - start : child.start_byte - start]), *_parts(child, origins, is_quoted=True)]
        end = child.end_byte
    parts.append(_quoted(source[end - start : -1]))
    return _behind_a_beginning(parts)


def _quoted(raw: bytes) -> Part:
    text = raw.decode("utf-8", "replace")
    if re.search(r"(?<!\\)(?:\\\\)*(?:`|\$[A-Za-z0-9_({@*#?$!-])", text):
        raise Unjudged("an expansion that the parser passes over")
    return Part(re.sub(r"\\([$`\"\\\n])", lambda found: "" if found[1] == "\n" else found[1], text))


def _behind_a_beginning(parts: list[Part]) -> list[Part]:
    """Unknown text in quotes behind a known beginning can be no option; a blank word is no word."""
    kept = [part for part in parts if part.text]
    if kept and kept[0].sure is Sure.LITERAL and not kept[0].text.startswith("-"):
        return [Part(part.text, Sure.VALUE) if part.text == _ONE else part for part in kept]
    return kept or parts


RESOURCE = "resource/"
"""How what ``kubectl get … -o name`` prints begins: it is no option, whatever it is."""
_FREE = r"[\w\s.,/=:\"'${}-]"
_RESOURCES = re.compile(
    rf"(?:\$\(|`)\s*(?:kubectl|oc)\s+get\s{_FREE}*?\s(?:-o\s*=?|--output[= ])name(?:\s{_FREE}*)?(?:\)|`)"
)


def prints_resources(node: "Node") -> bool:
    """Whether a substitution holds nothing but a ``kubectl get`` that prints ``kind/name``."""
    return _RESOURCES.fullmatch(text_of(node)) is not None


_ONE = HOLE + HOLE
"""How unknown text in quotes is told from the same without them: it stays one word."""


def _expansion(node: "Node", origins: Origins, is_quoted: bool) -> Part:
    source = text_of(node)
    if source in _COUNTED:
        return Part(HOLE, Sure.VALUE)
    simple = _SIMPLE.fullmatch(source)
    if simple and simple[1]:
        return Part(HOLE, Sure.VALUE)
    trimmed = _TRIMMED.fullmatch(source)
    name = simple[2] if simple else trimmed[1] if trimmed else source[1:]
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name):
        if re.fullmatch(r"\$[0-9@*_-]|\$\{[0-9@*]\}", source):
            return Part(_ONE if is_quoted and "@" not in source else HOLE, Sure.LOOSE)
        if _CUT.fullmatch(source):
            return Part(_ONE if is_quoted else HOLE, Sure.LOOSE)
        if re.fullmatch(r"\$\{#?[A-Za-z_][A-Za-z0-9_]*\[[@*0-9]+\]\}", source):
            return Part(HOLE, Sure.LOOSE)
        raise Unjudged(f"the expansion {source[:40]} is not judged")
    origin = origins.get(name, Origin.PARAMETER)
    if origin in (Origin.CLEAN, Origin.NUMBER):
        return Part(HOLE, Sure.VALUE)
    if origin is Origin.RESOURCE:
        return Part(RESOURCE + (_ONE if is_quoted else HOLE), Sure.LOOSE)
    if origin is Origin.DIRTY or (trimmed and not is_quoted):
        return Part(_ONE if is_quoted else HOLE, Sure.LOOSE)
    return Part(HOLE, Sure.VALUE if is_quoted else Sure.SPLIT)


def _has_braces(node: "Node") -> bool:
    """Whether the unquoted pieces hold ``{a,b}``: bash makes several words of it."""
    bare = "".join(text_of(child) if child.type in ("word", "brace_expression") else "x" for child in node.children)
    return bool(re.search(r"\{.*(?:,|\.\.)", bare, re.DOTALL))
