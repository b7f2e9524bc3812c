"""What the help says: the place with the focus, the keys that work there, the signs seen there, then the rest."""

import re
import textwrap
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from textual.content import Content

from oncall_tui.ui.commands import Command
from oncall_tui.ui.commands.custom import PREFIX as ACTIONS
from oncall_tui.ui.commands.saved import PREFIX
from oncall_tui.ui.keymap import Keymap
from oncall_tui.ui.present import legend
from oncall_tui.ui.present.topics import Topic

Available = Callable[[Command], bool]
"""Whether a command can be used now."""

_KEY_WIDTH = 9
_GAP = 2
_BRIGHT = "\x00"
"""Stands before and after a word that is drawn bright."""
_SENTENCE = re.compile(r"(?<=\.) ")
_NAMED = re.compile(r"\{([a-z_]+\.[a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class Row:
    """A key or a sign, and beside it what it does or means. Without a key it is a heading or a paragraph."""

    key: Content
    text: str
    style: str = "$foreground"


Rows = tuple[Row, ...]

_FIXED = (("ctrl+l", "Draw the whole screen anew."),)
"""Keys that are no command's and work everywhere."""


def about(topic: Topic, keymap: Keymap) -> Rows:
    """What the place is, the keys in it bright. A sentence on a command that this screen does not have is left out."""

    def key(found: re.Match[str]) -> str:
        return f"{_BRIGHT}{keymap.shown(found[1])}{_BRIGHT}" if keymap.shown(found[1]) else keymap.fill(found[0])

    sentences = [
        one for one in _SENTENCE.split(topic.text) if all(name in keymap.registry for name in _NAMED.findall(one))
    ]
    return (Row(Content(), _NAMED.sub(key, " ".join(sentences))),)


def keys_here(topic: Topic, available: Available, keymap: Keymap) -> Rows:
    """The keys for this place that work now, then those that it has itself."""
    offered = [keymap.registry[one] for one in topic.commands if one in keymap.registry]
    rows = [_row(one, keymap) for one in offered if available(one)]
    rows += [Row(Content.styled(_keys(key, keymap), "bold $bright"), keymap.fill(text)) for key, text in topic.fixed]
    return _section("keys here", rows)


def other_keys(topic: Topic, available: Available, keymap: Keymap) -> Rows:
    """The keys that work everywhere, or at least here and now."""
    told = {*topic.commands, *(name for key, _ in topic.fixed for name in _NAMED.findall(key))}
    rows = [
        _row(one, keymap)
        for one in keymap.registry.values()
        if one.id not in told and one.is_in_help and available(one)
    ]
    return _section("other keys", [*rows, *(Row(Content(key), text) for key, text in _FIXED)])


def your_filters(keymap: Keymap) -> Rows:
    """The filters of the configuration, with and without keys."""
    saved = [one for one in keymap.registry.values() if one.id.startswith(PREFIX)]
    return _section("your filters", [_row(one, keymap) for one in saved])


def your_actions(available: Available, keymap: Keymap) -> Rows:
    """The actions of the configuration that can be run on what is under the cursor."""
    custom = [one for one in keymap.registry.values() if one.id.startswith(ACTIONS) and available(one)]
    return _section("your actions", [_row(one, keymap) for one in custom])


def keys_without_use(topic: Topic, available: Available, keymap: Keymap) -> Rows:
    """The keys that do nothing now, dim, with the reason."""
    told = {name for key, _ in topic.fixed for name in _NAMED.findall(key)}
    useless = [one for one in keymap.registry.values() if one.is_in_help and not available(one) and one.id not in told]
    return _section("no use now", [_useless(one, keymap) for one in useless])


def signs(groups: Iterable[str]) -> Rows:
    """Groups of signs with their meanings."""
    return tuple(
        row for name in groups for row in _section(name, [Row(sign, text) for sign, text in legend.GROUPS[name]()])
    )


def other_groups(topic: Topic) -> tuple[str, ...]:
    """The groups of signs that are not seen at this place, the top line first: it is seen everywhere."""
    rest = [name for name in legend.GROUPS if name not in topic.signs]
    return tuple(sorted(rest, key=lambda name: name != "The top line"))


def drawn(rows: Rows, width: int) -> Content:
    """Rows on ``width`` cells: keys in a column of their own, texts wrapped beside it."""
    return Content("\n").join([line for row in rows for line in _lines(row, width)])


def _lines(row: Row, width: int) -> list[Content]:
    indent = max(_KEY_WIDTH, row.key.cell_length) + _GAP if row.key else 0
    texts = textwrap.wrap(row.text, max(width - indent, 10)) or [""]
    first = row.key.pad_left(max(_KEY_WIDTH - row.key.cell_length, 0)).pad_right(_GAP) if row.key else Content()
    heads = [first] + [Content(" " * (_KEY_WIDTH + _GAP if row.key else 0))] * (len(texts) - 1)
    return [head + _styled(text, row.style) for head, text in zip(heads, texts, strict=True)]


def _styled(text: str, style: str) -> Content:
    parts = enumerate(text.split(_BRIGHT))
    return Content.assemble(*((part, "bold $bright" if number % 2 else style) for number, part in parts))


def _section(title: str, rows: list[Row]) -> Rows:
    return (Row(Content(), ""), Row(Content(), title.upper(), "bold $dim"), *rows) if rows else ()


def _keys(template: str, keymap: Keymap) -> str:
    """Keys of commands and fixed ones side by side; a command without a key leaves nothing."""
    return " ".join(_NAMED.sub(lambda found: keymap.shown(found[1]), template).split())


TYPED: Rows = _section("no use now", [Row(Content.styled("letters", "$dim"), "They are typed into the field.", "$dim")])
"""In place of the keys without use while a field has the focus."""


def _row(command: Command, keymap: Keymap) -> Row:
    return Row(Content.styled(keymap.every_shown(command.id) or "–", "bold $bright"), command.summary())


def _useless(command: Command, keymap: Keymap) -> Row:
    key = Content.styled(keymap.every_shown(command.id) or "–", "$dim")
    return Row(key, f"{command.label}: {keymap.fill(command.missing)}", "$dim")
