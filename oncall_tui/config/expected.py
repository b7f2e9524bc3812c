"""What belongs at a key, in words with an example, and the nearest word to one that is not known."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

import msgspec

from oncall_tui.config.keys import Key
from oncall_tui.config.model import Struct

_EXAMPLES: dict[Any, str] = {
    str: 'a text in quotes, e.g. "..."',
    bool: "true or false",
    int: "a whole number, e.g. 240",
    float: "a number, e.g. 0.5",
    Path: 'a path in quotes, e.g. "~/ca.pem"',
}

MOVED: Mapping[Key, str] = {
    ("display", "bell"): 'write [notify] with bell = "P2", the least severity that rings, or bell = "off"',
}
"""Keys of earlier versions, and what to write now."""


def expected_value(annotation: Any, default: object = None) -> str:
    """A value of this type in words, with the default or another example."""
    origin = get_origin(annotation)
    if origin is Literal:
        return "one of " + ", ".join(f'"{word}"' for word in get_args(annotation))
    if isinstance(default, bool):
        return _EXAMPLES[bool]
    if isinstance(default, str) and default:
        return f'a text in quotes, e.g. "{default}"'
    if isinstance(default, int):
        return f"a whole number, e.g. {default}"
    if origin in (Union, UnionType):
        return " or ".join(expected_value(one) for one in get_args(annotation) if one is not NoneType)
    if origin is tuple:
        return _expected_list(get_args(annotation)[0])
    return _EXAMPLES.get(annotation, "a table of keys and values")


def _expected_list(kind: Any) -> str:
    if get_origin(kind) is Literal:
        return "a list of " + ", ".join(f'"{word}"' for word in get_args(kind))
    if kind is Path:
        return 'a list of paths, e.g. ["~/runbooks"]'
    return 'a list of texts, e.g. ["one", "two"]' if kind is str else "a list of tables, each under [[ ]]"


def known_keys(kind: type[Struct]) -> tuple[str, ...]:
    """The keys a table of this kind may have."""
    tag = kind.__struct_config__.tag_field
    names = tuple(field.encode_name for field in msgspec.structs.fields(kind))
    return (*names, tag) if tag else names


def near(word: str, known: Sequence[str]) -> str | None:
    """The known word that was probably meant; None when none is near."""
    from difflib import get_close_matches

    found = get_close_matches(word.lower().replace("-", "_"), known, n=1, cutoff=0.6)
    return found[0] if found else None


def nearest(word: str, known: Sequence[str]) -> str:
    """The known word that was probably meant, as a question; all of them when none is near."""
    meant = near(word, known)
    if meant is not None:
        return f'did you mean "{meant}"?'
    return "known here: " + ", ".join(known) if known else ""
