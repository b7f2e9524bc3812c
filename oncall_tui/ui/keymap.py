"""Which key runs which command: the defaults of the registry, and the user's ``[keys]``, checked before they hold.

Nothing here knows Textual, so that ``config check`` can read a key map without a screen. Textual itself checks nothing:
an unknown key silently unbinds a command, and a key that two commands have silently belongs to one of them.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from oncall_tui.config.expected import near
from oncall_tui.config.keys import Finding, Key, dotted
from oncall_tui.domain.text import clean_line
from oncall_tui.ui.commands import REGISTRY, Command
from oncall_tui.ui.commands.custom import custom_actions
from oncall_tui.ui.commands.saved import saved_filters
from oncall_tui.ui.keynames import KEY_WORDS, key_name, shown

if TYPE_CHECKING:
    from oncall_tui.config.model import ActionSettings, FilterSettings

TABLE = "keys"
"""The table of ``oncall.toml`` that holds the key map."""

NO_KEYMAP = "[keys] is not used: the default keys hold, and saved filters and actions have none"
"""What a screen says above the problems of a key map."""

BACK = "view.back"
"""The command that always has the escape key as well: there is no other way out of the filter."""

_KEPT = {"screen.quit": "the screen must be left by a key", "screen.help": "it is where the keys are told"}
"""Commands that cannot go without a key."""

_UNBOUND = ("", "none", "off", "false")

_FIXED = {
    "escape": "always goes back",
    "tab": "goes from list to list",
    "shift+tab": "goes from list to list",
    "ctrl+q": "always quits",
    "ctrl+c": "copies a selection",
    "ctrl+z": "belongs to the shell",
    "ctrl+l": "draws the screen anew",
    "ctrl+i": "is sent by terminals as tab",
    "ctrl+m": "is sent by terminals as enter",
    "ctrl+j": "is sent by terminals as enter",
    "ctrl+h": "is sent by terminals as backspace",
    "ctrl+left_square_bracket": "is sent by terminals as escape",
    **dict.fromkeys(
        ("up", "down", "left", "right", "home", "end", "pageup", "pagedown", "ctrl+pageup", "ctrl+pagedown"),
        "moves in lists and texts",
    ),
}
"""Keys that are never a command's: lists, dialogs, fields or terminals have them first, and it would be a dead key."""

_HASTY = ("enter", "space", "y", "n", "q")
"""Keys that answer questions and are pressed by habit: pressed twice by chance they must not change anything."""

_IS_HASTY = "is pressed by habit and answers questions, and this command changes something outside"


_HASTILY = dict.fromkeys(_HASTY, _IS_HASTY)
"""Of what may change something outside: which key may not begin it, and why."""


@dataclass(frozen=True)
class Keymap:
    """Keys by command. With any problem in ``problems`` the default keys hold, all of them."""

    bindings: Mapping[str, tuple[str, ...]]
    """For every command id its keys by Textual's names, the one that is shown first; none when it is unbound."""
    problems: tuple[Finding, ...] = ()
    """What is wrong with the user's key map, each at its key of the configuration."""
    registry: Mapping[str, Command] = field(default_factory=lambda: REGISTRY)
    """The commands that are offered, by id."""

    @cached_property
    def commands(self) -> dict[str, str]:
        """The command id of every bound key."""
        return {key: command_id for command_id, keys in self.bindings.items() for key in keys}

    @property
    def complaint(self) -> str:
        """Every problem, one on a line."""
        return "\n".join(map(in_words, self.problems))

    def shown(self, command_id: str) -> str:
        """The first key of a command as people write it; empty when it has none."""
        return next((shown(key) for key in self.keys_of(command_id)), "")

    def keys_of(self, command_id: str) -> tuple[str, ...]:
        """The keys of a command by Textual's names; none for one that is not offered."""
        return self.bindings.get(command_id, ())

    def every_shown(self, *command_ids: str) -> str:
        """All keys of some commands as people write them: ``: ^p``."""
        return " ".join(shown(key) for one in command_ids for key in self.keys_of(one))

    def fill(self, text: str) -> str:
        """``text`` with the key in the place of every ``{command.id}``; where it has none, its name in the palette."""
        return re.sub(r"\{([a-z_]+\.[a-z_]+)\}", lambda found: self.shown(found[1]) or self._name(found[1]), text)

    def _name(self, command_id: str) -> str:
        is_offered = command_id in self.registry
        return f"“{REGISTRY[command_id].palette}”" if is_offered else f"“{REGISTRY[command_id].palette}” (read-only)"


def read_keymap(
    keys: Mapping[str, str], filters: Sequence["FilterSettings"] = (), actions: Sequence["ActionSettings"] = ()
) -> Keymap:
    """The key map of ``keys``: command ids with their keys, separated by commas. Never raises; all or nothing.

    Every one of the saved ``filters`` and of the ``actions`` is a command with the key that stands beside it; with any
    problem none has one. For an action ``keys`` has the last word.
    """
    custom = custom_actions(actions)
    registry = {**REGISTRY, **custom}
    reading = _Reading(registry)
    chosen = {name: reading.keys(name, written) for name, written in keys.items()}
    bindings = {one.id: _default(one.id) for one in REGISTRY.values()}
    # An entry that cannot be used keeps no key in the way of another: what it will be is not known yet.
    bindings |= {name: found or () for name, found in chosen.items() if name in registry}
    reading.look_for_clashes(bindings, tuple(chosen))
    saved = saved_filters(filters)
    beside = [
        *(_Beside(one, ("filters", number, "key"), settings.key, f'the filter "{clean_line(settings.name, 40)}"')
          for number, (one, settings) in enumerate(zip(saved, filters, strict=True))),
        *(_Beside(one.id, ("actions", number, "key"), one.key, f'the action "{clean_line(one.name, 40)}"', _HASTILY)
          for number, one in enumerate(actions) if one.id not in keys),
    ]  # fmt: skip
    bindings |= reading.keys_beside(beside, bindings)
    problems = tuple(reading.problems)
    usual = {one.id: _default(one.id) for one in REGISTRY.values()} | dict.fromkeys([*saved, *custom], ())
    offered = {**registry, **saved} if saved or custom else REGISTRY
    return Keymap(usual if problems else bindings, problems, offered)


def without_changes(keymap: Keymap) -> Keymap:
    """The key map of a screen that is read-only: what changes anything outside is not offered at all."""
    registry = {name: command for name, command in keymap.registry.items() if not command.mutates}
    bindings = {name: keys for name, keys in keymap.bindings.items() if name in registry}
    return Keymap(bindings, keymap.problems, registry)


def in_words(problem: Finding) -> str:
    """A problem on one line: where, what, and what to write instead."""
    return f"{dotted(problem.key)}: {problem.problem}" + (f"; {problem.expected}" if problem.expected else "")


def _default(command_id: str) -> tuple[str, ...]:
    return tuple(key.strip() for key in REGISTRY[command_id].key.split(",") if key.strip())


@dataclass(frozen=True, slots=True)
class _Beside:
    """A command of the configuration, with the key that stands beside it."""

    command_id: str
    place: Key
    written: str
    owner: str
    refused: Mapping[str, str] = field(default_factory=dict)


class _Reading:
    """One reading of a key map, with what is wrong in it."""

    def __init__(self, registry: Mapping[str, Command]) -> None:
        self.problems: list[Finding] = []
        self._registry = registry

    def keys(self, command_id: str, written: str) -> tuple[str, ...] | None:
        """The keys of one entry; None when it cannot be used, which then is among the problems."""
        before = len(self.problems)
        if command_id not in self._registry:
            self._unknown_command(command_id)
        elif written.strip().lower() in _UNBOUND:
            return self._unbound(command_id)
        command = self._registry.get(command_id)
        is_own = command is not None and command_id not in REGISTRY
        is_hasty = is_own or (command is not None and command.mutates and not command.asks_first)
        refused = _HASTILY if is_hasty else {}
        place = (TABLE, command_id)
        names = [self._key(place, part, refused) for part in _parts(written)] if command is not None else []
        if len(self.problems) > before:
            return None
        found = dict.fromkeys([*(one for one in names if one), *(["escape"] if command_id == BACK else [])])
        return tuple(found)

    def keys_beside(
        self, commands: Sequence[_Beside], bindings: Mapping[str, tuple[str, ...]]
    ) -> dict[str, tuple[str, ...]]:
        """The keys of filters and actions by their command ids; a key that anything else has is a problem of theirs."""
        owners = {key: f'"{one}"' for one, keys in bindings.items() for key in keys}
        found: dict[str, tuple[str, ...]] = {}
        for one in commands:
            before, parts = len(self.problems), _parts(one.written) if one.written.strip() else []
            names = [key for part in parts if (key := self._key(one.place, part, one.refused)) is not None]
            for key in names if len(self.problems) == before else ():
                if key in owners:
                    what = f'"{shown(key)}" is a key that {owners[key]} has'
                    self._report(one.place, what, f"write another key, or change the other one ([{TABLE}])")
                owners[key] = one.owner
            found[one.command_id] = tuple(dict.fromkeys(names))
        return found

    def look_for_clashes(self, bindings: Mapping[str, tuple[str, ...]], chosen: tuple[str, ...]) -> None:
        """Report every key that two commands have, at the one that the user has written."""
        owners: dict[str, str] = {}
        for command_id in [
            *(one for one in bindings if one not in chosen),
            *(one for one in chosen if one in bindings),
        ]:
            for key in bindings[command_id]:
                other = owners.setdefault(key, command_id)
                if other != command_id:
                    kind = "also given to" if other in chosen else "also the default key of"
                    remedy = f'give one of the two another key, or write "{other}" = "" to leave it without'
                    self._report((TABLE, command_id), f'"{shown(key)}" is {kind} "{other}"', remedy)

    def _unknown_command(self, command_id: str) -> None:
        meant = near(command_id, tuple(self._registry))
        expected = f'did you mean "{meant}"?' if meant else "docs/keys.md lists every command"
        self._report((TABLE, command_id), "unknown command", expected)

    def _unbound(self, command_id: str) -> tuple[str, ...] | None:
        if command_id == BACK:
            return ("escape",)
        if command_id in _KEPT:
            self._report((TABLE, command_id), f"cannot go without a key: {_KEPT[command_id]}", "write a key")
            return None
        return ()

    def _key(self, place: Key, written: str, refused: Mapping[str, str]) -> str | None:
        """The key that is written at ``place``; ``refused`` are those that may not stand there, and why."""
        key = key_name(written)
        if key is None:
            self._unknown_key(place, clean_line(written.strip(), 30))
        elif key in _FIXED and not (key == "escape" and place == (TABLE, BACK)):
            self._report(place, f'"{shown(key)}" {_FIXED[key]}', "write another key")
        elif key in refused:
            self._report(place, f'"{shown(key)}" {refused[key]}', "write another key")
        return key

    def _unknown_key(self, place: Key, word: str) -> None:
        meant = near(word.rpartition("+")[2], KEY_WORDS) if len(word) > 1 else None
        expected = f'did you mean "{meant}"?' if meant else 'write a key such as "A", "/", "ctrl+o", "f5" or "space"'
        problem = f'"{word}" is no key' if word else 'a key is missing beside a comma; the key itself is "comma"'
        self._report(place, problem, expected if word else "")

    def _report(self, place: Key, problem: str, expected: str) -> None:
        self.problems.append(Finding(place, problem, expected))


def _parts(written: str) -> list[str]:
    """The keys of a list that is separated by commas; the comma alone is a key."""
    return [written] if written.strip() == "," else written.split(",")
