"""What the steps of runbooks need of this machine and of the configuration: programs, scripts, databases, values."""

import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from oncall_tui.domain.text import clean_line
from oncall_tui.runbook.model import Runbook, Step, StepKind
from oncall_tui.runbook.shell.syntax import Script, nodes_of, script_of
from oncall_tui.sources.base import CheckState, Finding, Topic

if TYPE_CHECKING:
    from tree_sitter import Node

_PROGRAM = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.+-]*")
_BUILTINS = """
    . : [ alias bg bind break builtin caller cd command compgen complete compopt continue declare dirs disown echo
    enable eval exec exit export false fc fg getopts hash help history jobs kill let local logout mapfile popd printf
    pushd pwd read readarray readonly return set shift shopt source suspend test times trap true type typeset ulimit
    umask unalias unset wait
"""
_OF_BASH = frozenset(_BUILTINS.split())
_STARTERS = frozenset(
    {"bash", "sh", "zsh", "sudo", "env", "timeout", "nohup", "nice", "xargs", "command", "exec", "source", "."}
)
"""Commands whose arguments may be a script."""
_CONFIG = "config."
_NAMED = 12


class Need(StrEnum):
    """What may be missing."""

    PROGRAM = "program"
    SCRIPT = "script"
    DATABASE = "database"
    VALUE = "value"


Needs = frozenset[tuple[Need, str]]


@dataclass(frozen=True, slots=True)
class Site:
    """What there is."""

    directory: Path | None
    """Where steps run; the folder of the file without it."""
    program: Callable[[str], str | None]
    """The path of a program on the ``PATH`` of steps."""
    databases: frozenset[str]
    values: frozenset[str]
    """Dotted names below ``[runbooks.values]``."""


def needs_of(book: Runbook, site: Site) -> Needs:
    """What a runbook names and the site lacks."""
    found = set(_values(book, site))
    for guard in book.guards:
        found |= {(Need.PROGRAM, one) for one in guard.require}
        found |= set(_of_script(guard.check, _root(book, site)))
    for step in book.steps:
        found |= set(_of_step(book, step, site))
    missing_programs = {one for kind, one in found if kind is Need.PROGRAM and site.program(one) is None}
    return frozenset(one for one in found if one[0] is not Need.PROGRAM or one[1] in missing_programs)


def with_what_is_missing(needs: Sequence[tuple[Runbook, Needs]], site: Site) -> list[Finding]:
    """One warning for each kind, with the names and the runbooks that need them."""
    where = str(site.directory) if site.directory is not None else "the folder of the runbook"
    words: Mapping[Need, tuple[str, str]] = {
        Need.PROGRAM: (
            "Programs that steps call and that are not on their PATH",
            "Install them, or set PATH under `[runbooks.environment]`: the steps fail without.",
        ),
        Need.SCRIPT: (
            f"Scripts that steps call and that cannot be run below {where}",
            "Set `[runbooks] directory` to the checkout that has them, make them executable, or name others.",
        ),
        Need.DATABASE: (
            "Databases that steps name and the configuration lacks",
            "Add `[runbooks.databases.NAME]` for each: the steps do not start without.",
        ),
        Need.VALUE: (
            "Values that runbooks name and the configuration lacks",
            "Write them below `[runbooks.values]`; until then they are asked for, and a guard that compares one blocks "
            "every step that changes something.",
        ),
    }
    found = []
    for kind, (what, advice) in words.items():
        missing: dict[str, list[str]] = {}
        for book, one in needs:
            for name in sorted(name for need, name in one if need is kind):
                missing.setdefault(name, []).append(book.id)
        if missing:
            told = [f"{name} ({_books(books)})" for name, books in sorted(missing.items())]
            more = f" and {len(told) - _NAMED} more" if len(told) > _NAMED else ""
            said = clean_line(f"{what}: {', '.join(told[:_NAMED])}{more}.", 1_000)
            found.append(Finding(CheckState.WARNING, said, advice, Topic.RUNBOOKS))
    return found


def _books(ids: Sequence[str]) -> str:
    return ids[0] if len(ids) == 1 else f"{len(ids)} runbooks"


def _values(book: Runbook, site: Site) -> Iterator[tuple[Need, str]]:
    named = [
        origin
        for parameter in book.params.values()
        if parameter.default is None and parameter.is_required
        for origin in parameter.origins
    ]
    for name in (*named, *(guard.equals for guard in book.guards)):
        if name.startswith(_CONFIG) and name.removeprefix(_CONFIG) not in site.values:
            yield Need.VALUE, name


def _of_step(book: Runbook, step: Step, site: Site) -> Iterator[tuple[Need, str]]:
    if step.kind is StepKind.SQL and step.commands:
        yield Need.PROGRAM, "psql"
        if step.options.db and step.options.db not in site.databases:
            yield Need.DATABASE, step.options.db
    if step.kind is not StepKind.SHELL:
        return
    root = _root(book, site) / step.options.cwd
    for command in step.commands:
        yield from _of_script(command.text, root)
    yield from _of_script(step.options.dry_run, root)


def _root(book: Runbook, site: Site) -> Path:
    return site.directory or book.path.absolute().parent


def _of_script(text: str, root: Path) -> Iterator[tuple[Need, str]]:
    """Of every simple command, also in pipelines and substitutions; nothing of a text that does not parse."""
    script = script_of(text)
    if not script.is_whole:
        return
    own = {_word(script, node) for node in nodes_of(script.root) if node.type == "function_definition"}
    for node in nodes_of(script.root):
        if node.type != "command":
            continue
        name = _word(script, node)
        if name.startswith("./"):
            yield from _script(name, root)
        elif _PROGRAM.fullmatch(name) and name not in _OF_BASH and name not in own:
            yield Need.PROGRAM, name
        if name in _STARTERS:
            for word in (script.text(one) for one in node.named_children):
                if word.startswith("./"):
                    yield from _script(word, root)


def _word(script: Script, node: "Node") -> str:
    """The name of a command or of a function."""
    name = node.child_by_field_name("name")
    return script.text(name) if name is not None else ""


def _script(name: str, root: Path) -> Iterator[tuple[Need, str]]:
    path = root / name
    if not path.is_file():
        yield Need.SCRIPT, name
    elif not os.access(path, os.X_OK):
        yield Need.SCRIPT, f"{name}, which is not executable"
