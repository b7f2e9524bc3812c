"""Reads the options of a command by what its manual lists: an option that is not listed here is not vouched for."""

import re
from dataclasses import dataclass, field

from oncall_tui.runbook.classify.call import Call
from oncall_tui.runbook.classify.verdict import Unjudged, shown
from oncall_tui.runbook.classify.words import HOLE, Sure, Word

_OPTION = re.compile(r"-(?!\d)(?s:.+)")
"""Not a number, and not ``-`` alone, which stands for the output."""


@dataclass(frozen=True, slots=True)
class Grammar:
    """The options of a command that change nothing."""

    flags: frozenset[str] = frozenset()
    valued: frozenset[str] = frozenset()
    """They take the next word, or what follows them in the same one."""
    joined: frozenset[str] = frozenset()
    """They may have a value, in the same word only: ``--color=auto``, ``-I{}``."""
    is_long_with_one_dash: bool = False
    """``-json`` is one option: terraform, find, openssl."""
    stops: bool = False
    """Options end at the first operand: ``sudo``, ``env``, and tools with verbs."""
    is_lenient: bool = False
    """No option of the tool makes a reading verb write: values that might split do no harm."""


def grammar(flags: str = "", valued: str = "", joined: str = "", **kind: bool) -> Grammar:
    """A ``Grammar`` from words with blanks between them."""
    return Grammar(frozenset(flags.split()), frozenset(valued.split()), frozenset(joined.split()), **kind)


@dataclass(slots=True)
class Scanned:
    """What was found."""

    options: list[tuple[str, Word | None]] = field(default_factory=list)
    operands: list[Word] = field(default_factory=list)
    """With ``stops``: the first one and all that follows."""

    def has(self, *names: str) -> bool:
        """Whether one of these options is there."""
        return any(name in names for name, _ in self.options)

    def values(self, *names: str) -> list[Word]:
        """The values of these options, in order."""
        return [value for name, value in self.options if name in names and value is not None]

    def literal_values(self, *names: str) -> list[str]:
        """The values of these options.

        Raises:
            Unjudged: one is only known when it runs.
        """
        found = self.values(*names)
        if not all(value.is_literal for value in found):
            raise Unjudged(f"{names[0]}: its value is only known when it runs")
        return [value.text for value in found]


def scan(call: Call, known: Grammar) -> Scanned:
    """The options and operands of a call.

    Raises:
        Unjudged: an option is not listed, lacks its value, or a word may turn into options.
    """
    found = Scanned()
    words = list(call.words)
    while words:
        word = words.pop(0)
        if not known.is_lenient and _may_become_options(word):
            raise Unjudged(f"{call.name}: {shown(word.text)} may become options when it runs")
        if word.is_literal and word.text == "--":
            found.operands += _operands(call, words, known)
            break
        if not word.text.startswith("-") or word.text == "-":
            if known.stops:
                found.operands += [word, *words]
                break
            found.operands.append(word)
        else:
            _option(call, word, words, known, found)
    return found


def _operands(call: Call, words: list[Word], known: Grammar) -> list[Word]:
    """What follows ``--``: no options any more, and each of them still one word."""
    if not known.is_lenient and not known.stops and any(word.sure >= Sure.SPLIT for word in words):
        raise Unjudged(f"{call.name}: values without quotes may become several words")
    return words


def _option(call: Call, word: Word, words: list[Word], known: Grammar, found: Scanned) -> None:
    name, has_value, value = word.text.partition("=")
    if HOLE in name:
        raise Unjudged(f"{call.name}: {shown(word.text)} is an option that is only known when it runs")
    is_long = name.startswith("--") or known.is_long_with_one_dash
    if not is_long and word.text not in known.flags | known.valued:
        _cluster(call, word, words, known, found)
    elif has_value and name in known.valued | known.joined:
        found.options.append((name, Word(value, word.sure)))
    elif not has_value and name in known.flags | known.joined:
        found.options.append((name, None))
    elif not has_value and name in known.valued:
        found.options.append((name, _next(call, name, words)))
    else:
        raise Unjudged(f"{call.name} {shown(name)} is not on the list of reading options")


def _cluster(call: Call, word: Word, words: list[Word], known: Grammar, found: Scanned) -> None:
    """``-xzf file``: letters that are flags, the last one may have a value."""
    for place, letter in enumerate(word.text[1:], start=2):
        name, rest = f"-{letter}", word.text[place:]
        if name in known.flags:
            found.options.append((name, None))
        elif name in known.joined:
            found.options.append((name, Word(rest, word.sure) if rest else None))
            return
        elif name in known.valued:
            found.options.append((name, Word(rest, word.sure) if rest else _next(call, name, words)))
            return
        else:
            raise Unjudged(f"{call.name} {shown(word.text)}: {shown(name)} is not on the list of reading options")


def _next(call: Call, name: str, words: list[Word]) -> Word:
    if not words:
        raise Unjudged(f"{call.name} {name} lacks its value")
    value = words.pop(0)
    if value.sure is Sure.LOOSE and _splits(value):
        raise Unjudged(f"{call.name} {name}: its value may become several words when it runs")
    if _OPTION.fullmatch(value.text):
        # Some releases of a tool take a value there, and others go on to the next option.
        raise Unjudged(f"{call.name} {name}: its value looks like an option")
    return value


def _may_become_options(word: Word) -> bool:
    """Whether the word is not known to be one word that is no option.

    A parameter without quotes is one word as long as its pattern allows no blank, which rule S4 warns of; standing
    alone it is not taken for an operand all the same.
    """
    return word.sure is Sure.LOOSE or (word.sure is Sure.SPLIT and word.text.startswith(HOLE))


def _splits(value: Word) -> bool:
    """Whether unknown text may be no word, or several: not in quotes, where it is marked twice."""
    return HOLE * 2 not in value.text
