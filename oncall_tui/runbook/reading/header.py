"""The front matter of a native file."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from oncall_tui.domain.severity import Severity
from oncall_tui.domain.text import clean_line
from oncall_tui.runbook.options import Escalation, Guard, Match, Parameter
from oncall_tui.runbook.reading.keys import ID, Keys, Notes, Told, told_of
from oncall_tui.runbook.reading.nodes import Listing, Place, Scalar, Table
from oncall_tui.runbook.reading.parameters import parameters_of
from oncall_tui.runbook.values.check import pattern_of
from oncall_tui.runbook.values.names import refusal

VERSION = "1"
"""The version of the format that is read."""
_SEVERITIES = {one.name: one.name for one in Severity}
_FILE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


@dataclass(frozen=True, slots=True)
class Header:
    """What a native file says of itself."""

    id: str
    title: str
    owner: str
    severity: str
    escalate: tuple[Escalation, ...]
    match: tuple[Match, ...]
    params: Mapping[str, Parameter]
    lets: Mapping[str, str]
    let_places: Mapping[str, Place]
    guards: tuple[Guard, ...]


def header_of(table: Table, notes: Notes) -> Header:
    """Read every key; what is wrong with them is told."""
    keys = Keys(told_of(table, notes), notes, "")
    if keys.text("oncall") != VERSION and "oncall" in keys:
        keys.wrong("oncall", f"only version {VERSION} of the format is known", "update oncall-tui")
    file_id = keys.text("id")
    if file_id and not _FILE_ID.fullmatch(file_id):
        keys.wrong("id", "letters, digits and . _ - only, at most 100")
    params = keys.node("params")
    lets, places = _lets(keys, notes)
    header = Header(
        id=clean_line(file_id),
        title=clean_line(keys.text("title")),
        owner=clean_line(keys.text("owner")),
        severity=keys.choice("severity", _SEVERITIES) or "",
        escalate=_escalations(keys, notes),
        match=_matches(keys, notes),
        params=parameters_of(params, notes) if isinstance(params, Table) else {},
        lets=lets,
        let_places=places,
        guards=_guards(keys, notes),
    )
    if params is not None and not isinstance(params, Table):
        keys.wrong("params", "has to be a table of parameters")
    for name in header.lets:
        if name in header.params:
            notes.error("N3", places[name], f"`{name}` is a parameter and a `let`", "rename one of them")
    keys.finish()
    return header


def _escalations(keys: Keys, notes: Notes) -> tuple[Escalation, ...]:
    found = []
    for table in _tables(keys, "escalate"):
        one = Keys(told_of(table, notes), notes, " of `escalate`")
        to, when = one.choice("to", _SEVERITIES), one.text("when")
        one.finish()
        if to is None or not when:
            notes.error("F1", table.place, "an entry of `escalate` needs `to` and `when`")
        else:
            found.append(Escalation(to, when, table.place.line))
    return tuple(found)


def _matches(keys: Keys, notes: Notes) -> tuple[Match, ...]:
    return tuple(
        Match(dict(_labels(told_of(table, notes), notes)), table.place.line) for table in _tables(keys, "match")
    )


def _labels(told: Mapping[str, Told], notes: Notes) -> Iterator[tuple[str, str]]:
    for label, (node, place) in told.items():
        if not isinstance(node, Scalar) or not node.value:
            notes.error("F1", place, f"label `{label}` of `match` needs one text")
        elif node.value.startswith("~") and pattern_of(node.value[1:]) is None:
            notes.error("F1", node.place, f"`{node.value[1:]}` is no regular expression")
        else:
            yield label, node.value


def _lets(keys: Keys, notes: Notes) -> tuple[Mapping[str, str], Mapping[str, Place]]:
    node = keys.node("let")
    if node is None:
        return {}, {}
    if not isinstance(node, Table):
        keys.wrong("let", "has to be a table of names and expressions")
        return {}, {}
    found, places = {}, {}
    for name, (value, place) in told_of(node, notes).items():
        reason = refusal(name)
        if not ID.fullmatch(name) or not isinstance(value, Scalar) or not value.value:
            notes.error("F1", place, f"`{name}` of `let` has to be a name with an expression")
        elif reason:
            notes.error("N3", place, f"a `let` cannot be called `{name}`: {reason}", "choose another name")
        else:
            found[name], places[name] = value.value, value.place
    return found, places


def _guards(keys: Keys, notes: Notes) -> tuple[Guard, ...]:
    found = []
    for table in _tables(keys, "guards"):
        one = Keys(told_of(table, notes), notes, " of `guards`")
        guard = Guard(one.texts("require"), one.text("check"), one.text("equals"), table.place.line, one.flag("here"))
        one.finish()
        if bool(guard.require) == bool(guard.check) or bool(guard.check) != bool(guard.equals):
            notes.error("F1", table.place, "an entry of `guards` is `require`, or `check` with `equals`")
        elif guard.is_here and guard.require:
            notes.error("F1", table.place, "`here` is for a `check`: programs are always looked for on this machine")
        else:
            found.append(guard)
    return tuple(found)


def _tables(keys: Keys, key: str) -> tuple[Table, ...]:
    """The tables of a list; one table alone counts as a list of one."""
    node = keys.node(key)
    values = (node,) if isinstance(node, Table) else node.values if isinstance(node, Listing) else ()
    tables = tuple(one for one in values if isinstance(one, Table))
    if node is not None and (not tables or len(tables) != len(values)):
        keys.wrong(key, "has to be a list of tables")
    return tables
