"""Rules for ``[[actions]]``. Keys are checked with the key map, values with the runbook room, which know the rest."""

import re
from collections.abc import Iterator

from oncall_tui.config.keys import Finding, Key
from oncall_tui.config.model import ActionSettings, InputSettings
from oncall_tui.config.rules.draft import Draft
from oncall_tui.domain.filtering import read_filter
from oncall_tui.domain.text import clean_line

_INPUT = re.compile(r"[a-z][a-z0-9_]{0,39}")
_BRACES = re.compile(r"\{([^{}]*)\}")


def action_findings(draft: Draft) -> Iterator[Finding]:
    """Names that are blank or taken, nothing to run or two things, filters, inputs and phrases that make no sense."""
    seen: set[str] = set()
    for number, one in enumerate(draft.config.actions):
        key: Key = ("actions", number)
        if one.name.strip() and one.id == "action.":
            yield Finding((*key, "name"), "has neither letters nor digits", "name the action")
        elif one.id in seen:
            yield Finding((*key, "name"), f'"{clean_line(one.name, 40)}" names another action too', "rename one")
        seen.add(one.id)
        yield from _body(one, key)
        if problems := read_filter(one.on).problems:
            told = "; ".join(clean_line(str(problem), 120) for problem in problems)
            yield Finding((*key, "on"), told, "docs/filters.md has the language")
        yield from _inputs(one, key)
        yield from _phrase(one, key)


def _body(one: ActionSettings, key: Key) -> Iterator[Finding]:
    if one.run and one.script:
        yield Finding((*key, "script"), "stands beside run", "write one of the two")
    elif not one.run and not one.script.strip():
        yield Finding((*key, "run"), "missing: nothing would be done", 'write run = ["program", "argument"], or script')
    elif one.run and not one.run[0].strip():
        yield Finding((*key, "run", 0), "is empty", "name the program")


def _inputs(one: ActionSettings, key: Key) -> Iterator[Finding]:
    seen: set[str] = set()
    for number, wanted in enumerate(one.inputs):
        place: Key = (*key, "inputs", number)
        if wanted.name.strip() and _INPUT.fullmatch(wanted.name) is None:
            yield Finding((*place, "name"), "cannot be the name of an input", "write one like replicas or new_size")
        elif wanted.name in seen:
            yield Finding((*place, "name"), f'"{wanted.name}" names another input too', "rename one")
        seen.add(wanted.name)
        yield from _limits(wanted, place)


def _limits(wanted: InputSettings, place: Key) -> Iterator[Finding]:
    if wanted.pattern is not None:
        try:
            re.compile(wanted.pattern)
        except (re.error, RecursionError, OverflowError) as error:
            what = f"is no regular expression: {clean_line(str(error), 80)}"
            yield Finding((*place, "pattern"), what, 'write one for the whole value, e.g. "[a-z]+"')
    if wanted.min is not None and wanted.max is not None and wanted.min > wanted.max:
        yield Finding((*place, "max"), f"{wanted.max:g} is less than min {wanted.min:g}", "exchange them")
    if wanted.type == "secret" and wanted.default is not None:
        yield Finding((*place, "default"), "would be a secret in this file", "leave it out: it is asked for")


def _phrase(one: ActionSettings, key: Key) -> Iterator[Finding]:
    names = {wanted.name for wanted in one.inputs if wanted.type != "secret"}
    unknown = [name for name in _BRACES.findall(one.confirm) if name not in names]
    if unknown:
        known = ", ".join(sorted(names)) or "none"
        what = f'"{{{clean_line(unknown[0], 40)}}}" is no input that can be shown'
        yield Finding((*key, "confirm"), what, f"there is: {known}")
