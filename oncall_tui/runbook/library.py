"""All runbooks that there are: found for an alert, searched, and read with what the site forbids."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from oncall_tui.runbook.catalogue.entry import Entry
from oncall_tui.runbook.catalogue.find import Finding, Subject, find, search
from oncall_tui.runbook.catalogue.index import Index, Remembered
from oncall_tui.runbook.catalogue.places import Places
from oncall_tui.runbook.classify import judge
from oncall_tui.runbook.forbidding import without_forbidden
from oncall_tui.runbook.model import Runbook
from oncall_tui.runbook.reading.read import bytes_of, read
from oncall_tui.runbook.run.differing import Difference, difference

BOOKS_KEPT = 32
"""Runbooks that are remembered as they were read."""


@dataclass(frozen=True, slots=True)
class _Compared:
    """What a file said when it was looked at."""

    stamp: tuple[int, int, int] | None
    difference: Difference | None
    is_settled: bool
    """Whether it stood there with this stamp at the look before, too."""


class Library:
    """Looks at the disk with every call, so that it is never behind a checkout: 5 ms for 1,000 files that are known.
    Blocks: call it in a thread, one call at a time.

    Args:
        cache_file: where the index is kept from one start to the next; none is kept without it.
        forbidden: what the site forbids to run (``[runbooks] forbid``).
    """

    def __init__(self, places: Places, cache_file: Path | None = None, forbidden: tuple[str, ...] = ()) -> None:
        self.places = places
        self.forbidden = forbidden
        self._remembered = Remembered(places, cache_file)
        self._books: dict[tuple[Path, str], Runbook] = {}
        """By path and SHA-256, the one that was asked for last at the end."""
        self._compared: dict[tuple[Path, str], _Compared] = {}
        """By path, and the SHA-256 of the text that the file was compared with."""

    def index(self) -> Index:
        """Every runbook. What has not changed since the last call is not read again."""
        return self._remembered.index()

    def fitting(self, subject: Subject) -> Finding:
        """The runbooks that fit an alert, by the first rule that knows any."""
        return find(subject, self.index().entries, self.places)

    def search(self, words: str) -> Sequence[Entry]:
        """The runbooks that hold every word."""
        return search(words, self.index().entries)

    def read(self, path: Path) -> Runbook:
        """A runbook. Raises ``OSError`` when its file cannot be read."""
        return self.read_kept(bytes_of(path), path)

    def difference(self, runbook: Runbook) -> Difference | None:
        """How the file of a runbook differs from what was read of it; None when it does not. A file that stands as it
        stood at the two looks before is not read again."""
        key, stamp = (runbook.path, runbook.sha256), _stamp_of(runbook.path)
        known = self._compared.get(key)
        is_same = known is not None and known.stamp == stamp
        if known is None or not is_same or not known.is_settled:
            # Twice: what is written twice within one tick of the file system's clock has the same stamp both times.
            known = self._compared[key] = _Compared(stamp, self._compared_with(runbook), is_settled=is_same)
        return known.difference

    def _compared_with(self, runbook: Runbook) -> Difference | None:
        try:
            now = self.read(runbook.path)
        except FileNotFoundError:
            return Difference(problem="the file is gone")
        except OSError as error:
            return Difference(problem=f"the file cannot be read: {error.strerror or error}")
        return None if now.sha256 == runbook.sha256 else difference(runbook, now)

    def read_kept(self, data: bytes, path: Path) -> Runbook:
        """The text that a run was begun with. The last ones are remembered by what they hold: long ones take 80 ms."""
        key = (path, hashlib.sha256(data).hexdigest())
        book = self._books.pop(key, None) or without_forbidden(read(data, path, judge), self.forbidden)
        self._books[key] = book
        if len(self._books) > BOOKS_KEPT:
            del self._books[next(iter(self._books))]
        return book


def _stamp_of(path: Path) -> tuple[int, int, int] | None:
    """What changes whenever a file is written or replaced; None when it is not there."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
