"""Shell and SQL get values from outside their text: what their bodies may not do with them, and which they read."""

import re

from oncall_tui.runbook.binding.templates import TEMPLATE, error
from oncall_tui.runbook.classify.sql.tokens import Sort, tokens_of
from oncall_tui.runbook.classify.verdict import Unjudged
from oncall_tui.runbook.finding import Finding, Level
from oncall_tui.runbook.shell.syntax import script_of
from oncall_tui.runbook.shell.variables import variables_of

_GO_WORDS = frozenset({"end", "else", "break", "continue"})
"""``{{end}}`` is a Go template, which kubectl and docker take; no name of ours is meant."""


def check_shell(body: str) -> tuple[Finding, ...]:
    """Rules S1 (``{{name}}``), S2 (a value that another program reads as code) and S4 (a value without quotes)."""
    found = [
        error(
            "S1",
            body,
            met.start(),
            f"{{{{{met[1]}}}}} in a shell fence",
            f'write "${met[1]}": values come as environment',
        )
        for met in TEMPLATE.finditer(body)
        if met[1] not in _GO_WORDS
    ]
    for one in variables_of(script_of(body)).all:
        if one.read_by:
            problem = f"${one.name} would be read as program text by {one.read_by}"
            found.append(Finding("S2", Level.ERROR, one.line, problem, "hand it over as an argument"))
        elif not one.is_quoted:
            problem = f"${one.name} without quotes becomes several words where its value has blanks"
            found.append(Finding("S4", Level.WARNING, one.line, problem, f'write "${one.name}"'))
    return tuple(dict.fromkeys(found))


def names_in_shell(body: str) -> frozenset[str]:
    """The variables that a shell body reads before it has set them itself."""
    return frozenset(one.name for one in variables_of(script_of(body)).free)


def check_sql(body: str) -> tuple[Finding, ...]:
    """Rules Q1 (raw ``:name``, which becomes text of the statement) and Q2 (a backslash outside quotes)."""
    try:
        tokens = tokens_of(body)
    except Unjudged as unread:
        return (error("Q2", body, 0, str(unread), "end every quote and comment"),)
    found = []
    for token in tokens:
        if token.sort is Sort.RAW:
            name = re.sub(r"\W", "", token.text) or "name"
            advice = f"write :'{name}' for a value, :\"{name}\" for a name of a table"
            found.append(Finding("Q1", Level.ERROR, token.line, f"{token.text} becomes text of the statement", advice))
        elif token.sort is Sort.BACKSLASH:
            problem = "a backslash outside quotes is a command of psql, which can start programs"
            found.append(Finding("Q2", Level.ERROR, token.line, problem, "leave it out"))
    return tuple(found)


def names_in_sql(body: str) -> frozenset[str]:
    """The variables of psql that a statement names: ``:'name'`` and ``:"name"``."""
    try:
        tokens = tokens_of(body)
    except Unjudged:
        return frozenset()
    return frozenset(token.text[2:-1] for token in tokens if token.sort is Sort.VARIABLE)
