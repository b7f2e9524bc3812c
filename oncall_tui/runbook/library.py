"""All runbooks that there are: found for an alert, searched, and read with what the site forbids."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from oncall_tui.runbook.catalogue.entry import Entry
from oncall_tui.runbook.catalogue.find import Finding, Subject, find, search
from oncall_tui.runbook.catalogue.index import Index, index_of
from oncall_tui.runbook.catalogue.places import Places
from oncall_tui.runbook.classify import judge
from oncall_tui.runbook.forbidding import without_forbidden
from oncall_tui.runbook.model import Runbook
from oncall_tui.runbook.reading.read import read, read_file


@dataclass(frozen=True, slots=True)
class Library:
    """Reads from the disk with every call, so that it is never behind a checkout. Blocks: call it in a thread."""

    places: Places
    cache_file: Path | None = None
    forbidden: tuple[str, ...] = ()

    def index(self) -> Index:
        """Every runbook. What has not changed since the last call is not read again."""
        return index_of(self.places, self.cache_file)

    def fitting(self, subject: Subject) -> Finding:
        """The runbooks that fit an alert, by the first rule that knows any."""
        return find(subject, self.index().entries, self.places)

    def search(self, words: str) -> Sequence[Entry]:
        """The runbooks that hold every word."""
        return search(words, self.index().entries)

    def read(self, path: Path) -> Runbook:
        """A runbook. Raises ``OSError`` when its file cannot be read."""
        return without_forbidden(read_file(path, judge), self.forbidden)

    def read_kept(self, data: bytes, path: Path) -> Runbook:
        """The text that a run was begun with."""
        return without_forbidden(read(data, path, judge), self.forbidden)
