"""The names of keys: as people write them (``/``, ``ctrl+p``, ``F5``, ``esc``), as Textual calls them, and back.

Textual takes any word for a key and binds it to nothing when no terminal ever sends it, so a name is checked here.
"""

import re
import unicodedata

_ASCII = [chr(code) for code in range(33, 127)]
_RENAMED = {
    "solidus": "slash",
    "reverse_solidus": "backslash",
    "commercial_at": "at",
    "hyphen_minus": "minus",
    "plus_sign": "plus",
    "low_line": "underscore",
}
"""What Textual calls otherwise than Unicode does (``textual.keys.KEY_NAME_REPLACEMENTS``)."""

_ALIASES = {
    "esc": "escape",
    "return": "enter",
    "del": "delete",
    "ins": "insert",
    "pgup": "pageup",
    "pgdn": "pagedown",
    "pgdown": "pagedown",
    "spacebar": "space",
    "dot": "full_stop",
    "period": "full_stop",
    "hyphen": "minus",
    "↑": "up",
    "↓": "down",
    "←": "left",
    "→": "right",
}
_MODIFIERS = {"control": "ctrl", "ctrl": "ctrl", "alt": "alt", "option": "alt", "shift": "shift", "super": "super"}
_WITH_MODIFIERS = re.compile(rf"((?:(?:{'|'.join(_MODIFIERS)})[+-])+)(.+)", re.IGNORECASE)
_SHOWN = {"escape": "esc", "pageup": "pgup", "pagedown": "pgdn", "delete": "del", "insert": "ins"}


def _of_character(character: str) -> str:
    """The name of the key that types ``character``."""
    if character.isalnum():
        return character
    name = unicodedata.name(character, character).lower().replace("-", "_").replace(" ", "_")
    return _RENAMED.get(name, name)


_SIGNS = {_of_character(sign): sign for sign in _ASCII if not sign.isalnum()}
_MOVING = ("up", "down", "left", "right", "home", "end", "pageup", "pagedown")
_NAMED = {
    "escape",
    "enter",
    "tab",
    "space",
    "backspace",
    "delete",
    "insert",
    *_MOVING,
    *(f"f{i}" for i in range(1, 25)),
}

KEY_WORDS: tuple[str, ...] = tuple(sorted({*_NAMED, *_SIGNS, *(one for one in _ALIASES if one.isalpha())}))
"""Every word that is a key, to find the one that was meant."""


def key_name(written: str) -> str | None:
    """The name by which Textual knows the key that is ``written``; None when no terminal sends such a key."""
    text = written.strip()
    if re.fullmatch(r"\^[A-Za-z]", text):
        text = f"ctrl+{text[1]}"
    found = _WITH_MODIFIERS.fullmatch(text)
    if found is None:
        return _plain(text)
    modifiers = {_MODIFIERS[one] for one in re.split(r"[+-]", found[1].lower()) if one}
    return _modified(modifiers, found[2])


def _plain(text: str) -> str | None:
    if len(text) == 1 and text not in _ALIASES:
        name = _of_character(text)
        is_known = text.isalnum() or (_sign(name) == text and name not in _ALIASES)
        return name if text.isprintable() and is_known else None
    word = text.lower().replace(" ", "_")
    word = _ALIASES.get(word, word)
    if word in _NAMED:
        return word
    sign = _sign(word) if len(word) > 1 else None
    return _plain(sign) if sign is not None else None  # By the one name that Textual has for it.


def _sign(name: str) -> str | None:
    """The sign that a key of this name types; None when it types none."""
    if name in _SIGNS:
        return _SIGNS[name]
    try:
        sign = unicodedata.lookup(name.replace("_", " "))
    except (KeyError, UnicodeError):
        return None
    return sign if len(sign) == 1 and sign.isprintable() and not sign.isspace() and not sign.isalnum() else None


def _modified(modifiers: set[str], base: str) -> str | None:
    """A key with modifiers, in the order of Textual; a capital letter is what shift and a letter send.

    With ctrl it is no other key than the small letter, whatever people write.
    """
    name = _plain(base)
    if name is None:
        return None
    if len(name) == 1 and name.isalpha():
        if modifiers == {"shift"}:
            return name.upper()
        if name.isupper() and "ctrl" not in modifiers:
            modifiers = modifiers | {"shift"}
        name = name.lower()
    elif name not in _NAMED and "shift" in modifiers:
        return None  # Shift with a sign sends another sign, which one depends on the keyboard: that one is to be named.
    return "+".join([*sorted(modifiers), name])


def is_typed(key: str) -> bool:
    """Whether the key types something into a field."""
    return len(key) == 1 or key == "space" or _sign(key) is not None


def shown(key: str) -> str:
    """A Textual key name as people write it, as short as possible: ``slash`` is ``/``, ``ctrl+p`` is ``^p``."""
    modifiers, plus, base = key.rpartition("+")
    return f"{modifiers}{plus}".replace("ctrl+", "^") + (_SHOWN.get(base) or _sign(base) or base)
