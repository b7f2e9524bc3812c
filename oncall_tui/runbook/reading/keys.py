"""The keys of one table, each asked for by name and type: what is wrong becomes a finding, what is left is unknown."""

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from enum import StrEnum
from typing import TypeVar

from oncall_tui.domain.durations import DurationError, parse_duration
from oncall_tui.runbook.finding import Finding, Level
from oncall_tui.runbook.reading.nodes import Listing, Node, Place, Scalar, Table

ID = re.compile(r"[a-z][a-z0-9_]{0,39}")
"""Ids and keys. No hyphen: ``a-b`` would read as minus."""
_WHOLE = re.compile(r"[-+]?[0-9]{1,15}")
_NUMBER = re.compile(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?")

Value = TypeVar("Value")
Word = TypeVar("Word", bound=StrEnum)
Told = tuple[Node, Place]
"""A value, and the place of its key."""


class Notes:
    """What was found while a file was read."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []

    def error(self, rule: str, place: Place, problem: str, advice: str = "", step: str = "") -> None:
        """Add an error."""
        self.findings.append(Finding(rule, Level.ERROR, place.line, problem, advice, place.column, step))

    def warn(self, rule: str, place: Place, problem: str, advice: str = "", step: str = "") -> None:
        """Add a warning."""
        self.findings.append(Finding(rule, Level.WARNING, place.line, problem, advice, place.column, step))


def told_of(table: Table, notes: Notes) -> dict[str, Told]:
    """The entries of a table; keys that are given twice are told."""
    for key, place in table.doubled:
        notes.error("F3", place, f"`{key}` is given twice", "keep one of them")
    return {key: (value, table.keys[key]) for key, value in table.values.items()}


class Keys:
    """One table that is being read."""

    def __init__(self, told: Mapping[str, Told], notes: Notes, where: str) -> None:
        self._told = told
        self._notes = notes
        self._where = where
        self._known: list[str] = []

    def __contains__(self, key: str) -> bool:
        return key in self._told

    def place(self, key: str) -> Place:
        """Where a key that is given stands."""
        return self._told[key][1]

    def node(self, key: str) -> Node | None:
        """The value of a key as it is."""
        self._known.append(key)
        told = self._told.get(key)
        return None if told is None else told[0]

    def wrong(self, key: str, problem: str, advice: str = "") -> None:
        """Tell that a value is wrong."""
        self._notes.error("F1", self._told[key][0].place, f"`{key}`{self._where}: {problem}", advice)

    def text(self, key: str) -> str:
        """A text; empty when it is not given."""
        node = self.node(key)
        if node is None:
            return ""
        if not isinstance(node, Scalar):
            self.wrong(key, "has to be a text")
        elif not node.value.strip():
            self.wrong(key, "is empty", "leave the key out or give it a value")
        else:
            return node.value
        return ""

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, also written with commas inside one text."""
        node = self.node(key)
        if node is None:
            return ()
        if isinstance(node, Scalar):
            found = tuple(part.strip() for part in node.value.split(","))
        else:
            values = node.values if isinstance(node, Listing) else ()
            found = tuple(one.value for one in values if isinstance(one, Scalar))
            if not isinstance(node, Listing) or len(found) != len(values):
                self.wrong(key, "has to be a list of texts", f"for example `{key}: [one, two]`")
                return ()
        if not found or not all(found):
            self.wrong(key, "has an empty entry")
        return tuple(one for one in found if one)

    def flag(self, key: str) -> bool:
        """``true`` or ``false``; false when it is not given."""
        return bool(self._converted(key, {"true": True, "false": False}.get, "has to be true or false"))

    def whole(self, key: str) -> int | None:
        """A whole number."""
        return self._converted(key, _whole, "has to be a whole number")

    def number(self, key: str) -> float | None:
        """A number."""
        return self._converted(key, _number, "has to be a number")

    def span(self, key: str) -> timedelta | None:
        """A span of time of at least a second."""
        return self._converted(key, _span, "has to be a span of time", "for example 30s, 10m or 1h30m")

    def word(self, key: str, words: type[Word]) -> Word | None:
        """One word of a set."""
        return self.choice(key, {one.value: one for one in words})

    def choice(self, key: str, known: Mapping[str, Value]) -> Value | None:
        """What one of the known words stands for."""
        return self._converted(key, known.get, "has to be one of " + ", ".join(known))

    def id(self, key: str) -> str:
        """The id of a step or a name."""
        problem = "has to be a name: lower case letters, digits and _, a letter first, at most 40"
        return self._converted(key, lambda word: word if ID.fullmatch(word) else None, problem) or ""

    def table(self, key: str) -> "Keys | None":
        """A table below this one."""
        node = self.node(key)
        if node is None:
            return None
        if not isinstance(node, Table):
            self.wrong(key, "has to be a table of keys and values")
            return None
        return Keys(told_of(node, self._notes), self._notes, f" of `{key}`{self._where}")

    def finish(self) -> None:
        """Tell every key that nobody asked for."""
        for key in self._told:
            if key not in self._known:
                from oncall_tui.config.expected import nearest

                advice = nearest(key, self._known)
                self._notes.error("F2", self._told[key][1], f"unknown key `{key}`{self._where}", advice)

    def _converted(
        self, key: str, convert: Callable[[str], Value | None], problem: str, advice: str = ""
    ) -> Value | None:
        node = self.node(key)
        if node is None:
            return None
        value = convert(node.value.strip()) if isinstance(node, Scalar) else None
        if value is None:
            self.wrong(key, problem, advice)
        return value


def _whole(text: str) -> int | None:
    return int(text) if _WHOLE.fullmatch(text) else None


def _number(text: str) -> float | None:
    return float(text) if _NUMBER.fullmatch(text) else None


def _span(text: str) -> timedelta | None:
    try:
        span = parse_duration(text)
    except DurationError:
        return None
    return span if span >= timedelta(seconds=1) else None
