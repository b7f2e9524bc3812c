"""What stands behind the opening mark of a fence: its language and its attributes.

The grammar (``info`` and ``attrs``) is the one of docs/runbooks.md: ``bash {#id danger=read timeout=20s}``, or one JSON
object as runme writes it.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from oncall_tui.runbook.reading.nodes import Place, Scalar

_COMMON = re.compile(r"([A-Za-z][\w.-]*)=([^\s\"'{}]+)(?=\s|$)")
"""``key=word``: nearly every attribute."""
_BARE = re.compile(r"[^\s\"'{}]+")
_KEY = re.compile(r"[A-Za-z][\w.-]*")
_LANGUAGE = re.compile(r"[^\s{]*")


@dataclass(frozen=True, slots=True)
class Attribute:
    """``key=value``, or a key alone, which says ``true``."""

    key: str
    value: Scalar
    place: Place


@dataclass(frozen=True, slots=True)
class Info:
    """A line behind an opening mark, read."""

    lang: str
    """As written."""
    attributes: tuple[Attribute, ...] = ()
    broken: tuple[tuple[str, Place], ...] = ()
    """What is not grammar, with its place."""
    is_plain: bool = True
    """It has no braces: not a word about attributes."""


def info_of(info: str, start: Place) -> Info:
    """Read the line; what cannot be read is told in ``broken`` and the rest is kept."""
    language = _LANGUAGE.match(info)
    lang = language[0] if language else ""
    rest = info[len(lang) :]
    blank = len(rest) - len(rest.lstrip())
    inside = rest.strip()
    place = Place(start.line, start.column + len(lang) + blank)
    if not inside:
        return Info(lang)
    if not inside.startswith("{"):
        return Info(lang, broken=((f"`{inside}` behind the language is no attribute list", place),))
    if not inside.endswith("}"):
        return Info(
            lang, broken=(("the attributes are not closed by } at the end of the line", place),), is_plain=False
        )
    if _is_json(inside):
        return _from_json(lang, inside, place)
    attributes, broken = _scan(inside[1:-1], Place(place.line, place.column + 1))
    return Info(lang, tuple(attributes), tuple(broken), is_plain=False)


def _is_json(inside: str) -> bool:
    return inside[1:].lstrip().startswith('"')


def _from_json(lang: str, inside: str, place: Place) -> Info:
    try:
        pairs = json.loads(inside, object_pairs_hook=list)
    except (ValueError, RecursionError) as error:
        problem = getattr(error, "msg", "nested too deep")
        return Info(lang, broken=((f"the attributes are no JSON object: {problem}", place),), is_plain=False)
    attributes = []
    for key, value in pairs:
        word = value if isinstance(value, str) else json.dumps(value)
        attributes.append(Attribute("id" if key == "name" else key, Scalar(word, place), place))
    return Info(lang, tuple(attributes), is_plain=False)


def _scan(text: str, start: Place) -> tuple[list[Attribute], list[tuple[str, Place]]]:
    attributes: list[Attribute] = []
    position = len(text) - len(text.lstrip())
    while position < len(text):
        place = Place(start.line, start.column + position)
        attribute, position, problem = _one(text, position, place)
        if problem:
            return attributes, [(problem, place)]
        attributes.append(attribute)
        end = len(text) - len(text[position:].lstrip())
        if end == position and position < len(text):
            missing = Place(start.line, start.column + position)
            return attributes, [(f"a blank is missing before `{text[position : position + 10]}`", missing)]
        position = end
    return attributes, []


def _one(text: str, position: int, place: Place) -> tuple[Attribute, int, str]:
    """One attribute, where it ends, and what is wrong with it."""
    common = _COMMON.match(text, position)
    if common is not None:
        at = Place(place.line, place.column + common.start(2) - position)
        return Attribute(common[1], Scalar(common[2], at), place), common.end(), ""
    nothing = Attribute("", Scalar("", place), place)
    if text[position] in "#.":
        word = _BARE.match(text, position + 1)
        if word is None:
            return nothing, position, f"a name is missing behind {text[position]}"
        key = "id" if text[position] == "#" else "class"
        return Attribute(key, Scalar(word[0], place), place), word.end(), ""
    key_found = _KEY.match(text, position)
    if key_found is None:
        return nothing, position, f"`{text[position : position + 10]}` begins no key"
    end = key_found.end()
    if text[end : end + 1] != "=":
        return Attribute(key_found[0], Scalar("true", place), place), end, ""
    value, end, problem = _value(text, end + 1)
    at = Place(place.line, place.column + key_found.end() + 1 - position)
    is_plain = not text[key_found.end() + 1 :].startswith('"')
    return Attribute(key_found[0], Scalar(value, at, is_plain), place), end, problem


def _value(text: str, position: int) -> tuple[str, int, str]:
    if text[position : position + 1] == '"':
        return _quoted(text, position + 1)
    word = _BARE.match(text, position)
    if word is None:
        return "", position, "a value is missing behind ="
    return word[0], word.end(), ""


def _quoted(text: str, position: int) -> tuple[str, int, str]:
    value = ""
    while position < len(text):
        char = text[position]
        if char == '"':
            return value, position + 1, ""
        if char == "\\":
            following = text[position + 1 : position + 2]
            if following not in ('"', "\\"):
                return value, position, 'inside quotes only \\" and \\\\ may follow a backslash'
            char, position = following, position + 1
        value += char
        position += 1
    return value, position, "a quote is not closed"


def value_of(attributes: Sequence[Attribute], key: str) -> str | None:
    """The value of a key; ``None`` when it is not given."""
    return next((one.value.value for one in attributes if one.key == key), None)
