"""The part of Sentry's issue search that monitoring needs.

Source: "Issue Properties" and "Search" in Sentry's documentation. Terms are and-ed; `is` takes no bracket lists.
"""

from __future__ import annotations

import shlex

from ..catalogue import ENVIRONMENT
from .model import Issue

_STATUS_WORDS = {
    "unresolved": ("unresolved",),
    "resolved": ("resolved",),
    "ignored": ("ignored",),
    "archived": ("ignored",),
}
_SUBSTATUS_WORDS = ("new", "ongoing", "regressed", "escalating")


def matches(issue: Issue, query: str) -> bool:
    """Whether an issue fulfils a search.

    Raises:
        ValueError: with Sentry's kind of message, for a term it does not know.
    """
    return all(_term(issue, term) for term in _terms(query))


def _terms(query: str) -> list[str]:
    try:
        return shlex.split(query)
    except ValueError:
        raise ValueError("Error parsing search query: unbalanced quotes") from None


def _term(issue: Issue, term: str) -> bool:
    is_negated = term.startswith("!")
    key, separator, value = term.removeprefix("!").partition(":")
    if not separator:
        return (term.lower() in f"{issue.title} {issue.culprit}".lower()) is not is_negated
    return _keyed(issue, key, value) is not is_negated


def _keyed(issue: Issue, key: str, value: str) -> bool:
    if key == "is":
        return _is(issue, value)
    values = _alternatives(value)
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
    if key not in actual:
        raise ValueError(f"Invalid key for this search: {key}")
    return actual[key] in values


def _is(issue: Issue, value: str) -> bool:
    if value in _STATUS_WORDS:
        return issue.status in _STATUS_WORDS[value]
    if value in _SUBSTATUS_WORDS:
        return issue.substatus == value
    if value in ("assigned", "unassigned"):
        return (issue.assigned_to is not None) is (value == "assigned")
    raise ValueError(f"Error parsing search query: invalid value for is: {value}")


def _alternatives(value: str) -> list[str]:
    if value.startswith("[") and value.endswith("]"):
        return [one.strip() for one in value[1:-1].split(",")]
    return [value]
