"""Lint of files: what reading finds, and what only shows beside other files (X1, X2)."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import unquote

from oncall_tui.domain.text import clean_line
from oncall_tui.runbook.catalogue.places import Root
from oncall_tui.runbook.catalogue.walk import files_below
from oncall_tui.runbook.finding import Finding, Level, in_order
from oncall_tui.runbook.model import Mode, Runbook, StepKind
from oncall_tui.runbook.reading.read import read_file
from oncall_tui.runbook.reading.text import no_text

_SCRIPT = re.compile(r"(?<![\w/.-])(\./[\w./-]+)")
_LINK = re.compile(r"\]\(([^)\s#]+)(?:#[^)\s]*)?\)")
Told = tuple[Path, Finding]


def files_under(paths: Sequence[Path]) -> list[Path]:
    """The files that are meant: each path, and every runbook below those that are folders; each once."""
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            root = Root("", path.resolve())
            found.update((path / one.relative, None) for one in files_below(root))
        else:
            found[path] = None
    return list(found)


def lint_files(files: Sequence[Path], directory: Path | None = None) -> list[Told]:
    """Everything that is found in some files, in the order of files and lines.

    Args:
        directory: where steps run, and their scripts are, by the configuration.
    """
    told: dict[Path, list[Finding]] = {path: [] for path in files}
    books: list[tuple[Path, Runbook]] = []
    for path in files:
        try:
            books.append((path, read_file(path)))
        except OSError as error:
            what = f"it cannot be read: {clean_line(error.strerror or str(error))}"
            told[path].append(Finding("F1", Level.ERROR, 1, what, "mend that, or take it out of this folder"))
    for path, book in books:
        told[path] += [*book.findings, *_of_text(book), *_beside(path, book, directory), *_twice(book, books)]
    return [(path, one) for path, found in told.items() for one in in_order(found)]


def _of_text(book: Runbook) -> Iterator[Finding]:
    if why := no_text(book.source):
        yield Finding("F1", Level.WARNING, 1, why, "what is no runbook belongs into another folder")


def _beside(path: Path, book: Runbook, directory: Path | None) -> Iterator[Finding]:
    """What a native file lacks, and what it names that is not there."""
    if book.mode is not Mode.NATIVE:
        return
    if not book.match:
        yield Finding("X1", Level.WARNING, 1, "no `match`: only its name finds it", "add `match: [{alertname: …}]`")
    if not book.owner:
        yield Finding("X1", Level.WARNING, 1, "no `owner`: nobody is asked when it is wrong", "add `owner: …`")
    if not path.with_name(f"{path.stem}_test.yml").is_file():
        yield Finding("X2", Level.WARNING, 1, f"no {path.stem}_test.yml beside it", "write one: it runs in CI")
    yield from _dead_scripts(path, book, directory)
    yield from _dead_links(path, book)


def _dead_scripts(path: Path, book: Runbook, directory: Path | None) -> Iterator[Finding]:
    """Scripts that are missing where scripts are.

    Where no folder of that name is and the configuration names none, they are on another machine, the one of who
    runs it: there ``doctor`` looks for them.
    """
    folders = [path.parent, path.parent.parent, Path(), *([directory] if directory is not None else [])]
    for step in book.steps:
        for number, line in enumerate(step.body.split("\n"), start=step.line + 1):
            for name in _SCRIPT.findall(line) if step.kind is StepKind.SHELL else ():
                is_known = directory is not None or any((folder / name).parent.is_dir() for folder in folders)
                if is_known and not any((folder / name).exists() for folder in folders):
                    what = f"the script {name} is not in any of the folders that scripts are looked for in"
                    advice = "name one that is there, or set `directory` under [runbooks] to where it is"
                    yield Finding("X2", Level.WARNING, number, what, advice, step=step.id)


def _dead_links(path: Path, book: Runbook) -> Iterator[Finding]:
    fenced = {line for one in book.steps for line in range(one.lines.first, one.lines.last + 1) if one.commands}
    for number, line in enumerate(book.source.splitlines(), start=1):
        for target in _LINK.findall(line) if number not in fenced else ():
            if ":" not in target and not (path.parent / unquote(target)).exists():
                yield Finding("X2", Level.WARNING, number, f"the link leads to {target}, which is not there")


def _twice(book: Runbook, books: Sequence[tuple[Path, Runbook]]) -> Iterator[Finding]:
    """Two files with one entry of ``match``: whoever is paged has to choose."""
    for entry in book.match:
        others = [path for path, one in books if one is not book and any(e.labels == entry.labels for e in one.match)]
        if others:
            what = f"{others[0]} matches the same alert"
            yield Finding("X1", Level.WARNING, entry.line, what, "make one of them more exact")
