"""Tools with verbs (``kubectl get``, ``systemctl status``): a table of what reads and destroys; the rest changes."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from oncall_tui.runbook.classify.call import Call
from oncall_tui.runbook.classify.names import names
from oncall_tui.runbook.classify.options import Grammar, grammar, scan
from oncall_tui.runbook.classify.verdict import (
    READ,
    Unjudged,
    change,
    destroy,
    follows,
    interactive,
    reveals,
    shown,
    worst,
)
from oncall_tui.runbook.classify.words import HOLE, Sure, Word
from oncall_tui.runbook.danger import Judgement

Special = Callable[[Call, tuple[Word, ...]], Judgement]
"""A rule of one verb: the call, and the words behind the verb."""


def _paths(text: str) -> frozenset[tuple[str, ...]]:
    """``get, config view`` as paths of words."""
    return frozenset(tuple(path.split()) for path in text.split(",") if path.strip())


@dataclass(frozen=True, slots=True)
class Verbs:
    """What is known of the verbs of a tool. A verb has up to three words; the longest known one counts."""

    name: str
    reading: frozenset[tuple[str, ...]]
    destroying: frozenset[tuple[str, ...]] = frozenset()
    revealing: frozenset[tuple[str, ...]] = frozenset()
    typing: frozenset[tuple[str, ...]] = frozenset()
    """They open an editor or a shell."""
    following: frozenset[tuple[str, ...]] = frozenset()
    """They read until they are stopped."""
    special: dict[tuple[str, ...], Special] = field(default_factory=dict)
    before: Grammar = field(default_factory=Grammar)
    """Options before the verb."""
    refused: frozenset[str] = frozenset()
    """Options behind a reading verb that write, or start something."""
    follow: frozenset[str] = frozenset({"-f", "--follow"})
    bare: Judgement | None = None
    """Without a verb."""
    is_wary: bool = False
    """Whether a value that may become one of ``refused`` is taken for it."""
    closed: frozenset[tuple[str, ...]] = frozenset()
    """Reading verbs that change something as soon as they have an operand: ``git branch name``."""

    def __call__(self, call: Call) -> Judgement:
        """Judge a call of the tool."""
        operands = scan(call, self.before).operands
        if not operands:
            return self.bare if self.bare is not None else self._versions(call)
        path = self._path(operands)
        if not path:
            return self._unknown(operands)
        rest = tuple(operands[len(path) :])
        if path not in self.special:
            return worst([self._plain(path, rest), self._forced(path, rest)])
        judged = self.special[path](call, rest)
        before_command = rest[: next((at for at, word in enumerate(rest) if word.text == "--"), len(rest))]
        return worst([judged, self._refused(path, before_command), self._forced(path, rest)])

    def _versions(self, call: Call) -> Judgement:
        if any(word.text in ("--version", "--help", "-h") for word in call.words):
            return READ
        raise Unjudged(f"{self.name} without a verb")

    def _path(self, operands: list[Word]) -> tuple[str, ...]:
        """The verb, which must be known before it runs."""
        known = self.reading | self.destroying | self.revealing | self.typing | self.following | self.special.keys()
        for length in (4, 3, 2, 1):
            path = tuple(word.text for word in operands[:length])
            if path in known and all(word.is_literal for word in operands[:length]):
                return path
        if not operands[0].is_literal:
            raise Unjudged(f"{self.name}: what it does is only known when it runs")
        return ()

    def _unknown(self, operands: list[Word]) -> Judgement:
        said = " ".join([self.name, *(shown(word.text) for word in operands[:2] if not word.text.startswith("-"))])
        if any(word.text.split("-")[0] in LOSSES for word in operands[:4]):
            return destroy(f"{said} destroys")
        return worst([change(f"{said} is not on the list of what reads"), self._forced((), tuple(operands))])

    def _plain(self, path: tuple[str, ...], rest: tuple[Word, ...]) -> Judgement:
        said = f"{self.name} {' '.join(path)}"
        if path in self.destroying:
            return destroy(f"{said} destroys")
        if path in self.typing:
            return interactive(f"{said} opens an editor or a shell")
        if path in self.revealing:
            return reveals(f"{said} prints credentials")
        if path in self.closed and any(not word.text.startswith("-") for word in rest):
            return change(f"{said} with a name changes something")
        if (judged := self._refused(path, rest)) is not READ:
            return judged
        is_following = path in self.following or any(is_following_option(word, self.follow) for word in rest)
        return follows() if is_following else READ

    def _refused(self, path: tuple[str, ...], rest: Iterable[Word]) -> Judgement:
        for word in rest:
            if self.is_wary and word.sure is Sure.LOOSE and word.text.startswith(HOLE):
                return change(f"{self.name} {' '.join(path)}: {shown(word.text)} may become an option when it runs")
            name = word.text.partition("=")[0].replace("_", "-")  # kubectl takes both.
            if self.before.is_long_with_one_dash:
                name = "-" + name.lstrip("-")
            if any(name == option or _is_short(name, option) or _is_cut(name, option) for option in self.refused):
                return change(f"{self.name} {' '.join(path)} {shown(name)} writes, or starts something")
        return READ

    def _forced(self, path: tuple[str, ...], rest: tuple[Word, ...]) -> Judgement:
        if path not in self.reading and any(word.text in ("--force", "--grace-period=0") for word in rest):
            return destroy(f"{self.name} {' '.join(path)} --force")
        return READ


def is_following_option(word: Word, follow: Iterable[str]) -> bool:
    """Whether a word asks to follow: ``-f``, ``--follow``, ``-tf``; ``--follow=false`` does not."""
    name, _, value = word.text.partition("=")
    if name in follow:
        return value.lower() != "false"
    return any(_is_short(name, option) for option in follow)


def _is_short(name: str, option: str) -> bool:
    """Whether a cluster of letters holds an option of one letter, before one that takes the rest for its value."""
    if len(option) != 2 or option[0] != "-" or len(name) < 3 or name[0] != "-" or name[1] == "-":
        return False
    letters = re.split(r"[^A-Za-z]", name[1:], maxsplit=1)[0]
    reached = re.match(r"[^nlocL]*[nlocL]?", letters)
    return reached is not None and option[1] in reached[0]


def _is_cut(name: str, option: str) -> bool:
    """Whether a long option may be another one cut short, as many tools allow."""
    return len(name) > 4 and name.startswith("--") and option.startswith(name)


LOSSES = names(
    """
    delete destroy drop purge remove rm terminate uninstall prune wipe truncate flush kill
    """
)
"""Verbs of loss, whatever the tool is."""


def verbs(
    name: str,
    reading: str,
    destroying: str = "",
    *,
    revealing: str = "",
    typing: str = "",
    following: str = "",
    closed: str = "",
    special: Mapping[str, Special] | None = None,
    before: Grammar | None = None,
    refused: str = "",
    follow: str = "-f --follow",
    bare: Judgement | None = None,
    is_wary: bool | None = None,
) -> Verbs:
    """A table written as text: verbs with commas between them."""
    return Verbs(
        name,
        _paths(reading) | _paths(closed),
        _paths(destroying),
        _paths(revealing),
        _paths(typing),
        _paths(following),
        {tuple(path.split()): rule for path, rule in (special or {}).items()},
        before or grammar(stops=True),
        frozenset(refused.split()),
        frozenset(follow.split()),
        bare,
        bool(refused) if is_wary is None else is_wary,
        _paths(closed),
    )
