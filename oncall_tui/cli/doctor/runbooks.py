"""The runbooks of a configuration: folders that are missing, files that are refused, and what steps lack here."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from oncall_tui.assembly.runbooks import place_of
from oncall_tui.cli.doctor.coverage import Coverage
from oncall_tui.cli.doctor.runbook_needs import Site, needs_of, with_what_is_missing
from oncall_tui.config.model import Config, RunbooksSettings
from oncall_tui.domain.counts import counted
from oncall_tui.domain.text import clean_line
from oncall_tui.runbook.catalogue.entry import Entry
from oncall_tui.runbook.catalogue.places import places_of
from oncall_tui.runbook.library import Library
from oncall_tui.runbook.model import Mode, Runbook
from oncall_tui.runbook.values.known import flat
from oncall_tui.sources.base import CheckState, Finding, Topic

SHIPPED = "shipped"
"""The root of the runbooks that come along (``places_of``)."""
MOST = 300
"""Files that are opened: one takes some milliseconds, and a public collection has a thousand."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """What there is, and what is to be said about it."""

    coverage: Coverage
    findings: tuple[Finding, ...]


def shelf_of(config: Config, environ: Mapping[str, str]) -> Shelf:
    """Look at all runbooks. Blocks. Nothing is run and nothing is written, not even the index of runbooks."""
    try:
        places = places_of(config, environ)
    except FileNotFoundError as error:
        return Shelf(Coverage(), (_finding(CheckState.FAILED, f"{error}.", "Install oncall-tui again."),))
    settings = config.runbooks
    library = Library(places, forbidden=tuple(settings.forbid))
    index = library.index()
    found = [_trouble(one) for one in index.troubles]
    chosen, aside = _examined(index.entries, settings)
    books = list(_read(library, chosen))
    found += _refused(books)
    place = place_of(config, environ)
    site = Site(settings.directory, place.program, frozenset(settings.databases), frozenset(flat(settings.values)))
    found += with_what_is_missing([(book, needs_of(book, site)) for book in books], site)
    what = f"{counted(len(index.entries), 'runbook')} in {counted(len(places.roots), 'folder')}."
    found.append(_finding(CheckState.OK, f"{what}{aside}"))
    return Shelf(Coverage(index.entries, places), tuple(found))


def _examined(entries: Sequence[Entry], settings: RunbooksSettings) -> tuple[list[Entry], str]:
    """Which files are opened, and words for those that are not.

    What the shipped ones need is of interest to who has begun to set it up; to all others it would be noise.
    """
    is_set_up = bool(settings.values or settings.databases or settings.directory)
    wanted = [one for one in entries if is_set_up or one.root != SHIPPED]
    wanted.sort(key=lambda one: one.mode is not Mode.NATIVE)
    aside = ""
    if len(wanted) < len(entries):
        shipped = counted(len(entries) - len(wanted), "shipped one")
        aside += f" What {shipped} need is looked at once `[runbooks]` has values, databases or a directory."
    if len(wanted) > MOST:
        aside += f" {len(wanted) - MOST:,} of them were not opened, for time."
    return wanted[:MOST], aside


def _read(library: Library, entries: Sequence[Entry]) -> Iterator[Runbook]:
    for one in entries:
        try:
            yield library.read(Path(one.path))
        except OSError:
            # It went away since the index was made.
            continue


def _trouble(words: str) -> Finding:
    advice = "Make or check out the folder, correct `[runbooks]` in the configuration, or mend the file."
    return _finding(CheckState.WARNING, f"{words[:1].upper()}{words[1:]}.", advice)


def _refused(books: Sequence[Runbook]) -> list[Finding]:
    """Native files with an error: they can be read and not run."""
    found = []
    for book in books:
        if book.is_refused:
            first, more = book.errors[0], len(book.errors) - 1
            rest = f" and {counted(more, 'more error')}" if more else ""
            what = f"{book.path.name} cannot be run: line {first.line}: {first.problem} ({first.rule}){rest}."
            found.append(_finding(CheckState.WARNING, what, f"`oncall-tui runbook lint {book.path}` tells all."))
    return found


def _finding(state: CheckState, what: str, advice: str = "") -> Finding:
    return Finding(state, clean_line(what, 1_000), clean_line(advice, 1_000), Topic.RUNBOOKS)
