"""The part of Sentry's issue search that monitoring needs.

Source: "Issue Properties" and "Search" in Sentry's documentation. Terms are and-ed. Every key but `is` takes a list,
`level:[error, "fatal"]`, that means any of its values; what holds blanks stands in double quotes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from ..catalogue import ENVIRONMENT
from .model import Issue

_QUOTED = r'"(?:[^"\\]|\\.)*"'
_ITEM = rf'\s*(?:{_QUOTED}|[^\s",\[\]][^",\[\]]*)\s*'
_LIST = rf"\[{_ITEM}(?:,{_ITEM})*\]"
_TERM = re.compile(
    rf'(?P<no>!?)(?:(?P<key>[^\s:"!]+):(?P<value>{_LIST}|{_QUOTED}|[^\s"\[][^\s"]*)|(?P<text>{_QUOTED}|[^\s:"!]+))(?!\S)'
)
_STATUS_WORDS = {
    "unresolved": ("unresolved",),
    "resolved": ("resolved",),
    "ignored": ("ignored",),
    "archived": ("ignored",),
}
_SUBSTATUS_WORDS = ("new", "ongoing", "regressed", "escalating")


@dataclass(frozen=True, slots=True)
class _Term:
    """One condition: a key with the values that fulfil it, or, without a key, a text to be found."""

    key: str
    values: tuple[str, ...]
    is_negated: bool = False
    is_list: bool = False


def matches(issue: Issue, query: str) -> bool:
    """Whether an issue fulfils a search.

    Raises:
        ValueError: with Sentry's kind of message, for a term it does not know.
    """
    return all(_holds(issue, term) is not term.is_negated for term in _terms(query))


@lru_cache(maxsize=32)
def _terms(query: str) -> tuple[_Term, ...]:
    """The terms, read once for all issues."""
    return tuple(_read_terms(query))


def _read_terms(query: str) -> Iterator[_Term]:
    place = 0
    while rest := query[place:].lstrip():
        place = len(query) - len(rest)
        found = _TERM.match(query, place)
        if found is None:
            raise ValueError(f"Error parsing search query: not a term at column {place + 1}: {rest[:40]}")
        yield _term(found)
        place = found.end()


def _term(found: re.Match[str]) -> _Term:
    is_negated, key, value = found["no"] == "!", found["key"], found["value"]
    if key is None:
        return _Term("", (_plain(found["text"]),), is_negated)
    if value.startswith("["):
        items = tuple(_plain(one.strip()) for one in re.findall(_ITEM, value[1:-1]))
        return _Term(key, items, is_negated, is_list=True)
    return _Term(key, (_plain(value),), is_negated)


def _plain(value: str) -> str:
    """A value without its quotes."""
    return re.sub(r"\\(.)", r"\1", value[1:-1]) if value.startswith('"') else value


def _holds(issue: Issue, term: _Term) -> bool:
    if not term.key:
        return term.values[0].lower() in f"{issue.title} {issue.culprit}".lower()
    if term.key == "is":
        return _is(issue, term)
    if term.key == "timesSeen":
        return any(_is_counted(int(issue.count), value) for value in term.values)
    actual = {
        "level": issue.level,
        "project": issue.project.name,
        "project.name": issue.project.name,
        "environment": ENVIRONMENT,
        "firstRelease": issue.first_release,
        "first-release": issue.first_release,
        "release": issue.first_release,
        "issue.priority": issue.priority,
        "error.type": issue.kind,
        "issue": issue.short_id,
    }
    if term.key not in actual:
        raise ValueError(f"Invalid key for this search: {term.key}")
    return actual[term.key] in term.values


def _is_counted(count: int, value: str) -> bool:
    """Whether a number is as a value such as `<10`, `>=5` or `7` says."""
    found = re.fullmatch(r"([<>]?)(=?)(\d+)", value)
    if found is None:
        raise ValueError(f"Error parsing search query: invalid number: {value}")
    bound = int(found[3])
    return {"<": count < bound, ">": count > bound, "": count == bound}[found[1]] or (found[2] != "" and count == bound)


def _is(issue: Issue, term: _Term) -> bool:
    value = term.values[0]
    if term.is_list:
        raise ValueError('Error parsing search query: "is" takes no list')
    if value in _STATUS_WORDS:
        return issue.status in _STATUS_WORDS[value]
    if value in _SUBSTATUS_WORDS:
        return issue.substatus == value
    if value in ("assigned", "unassigned"):
        return (issue.assigned_to is not None) is (value == "assigned")
    raise ValueError(f"Error parsing search query: invalid value for is: {value}")
