"""The index of all roots: read once, kept on disk, and only what has changed is read again."""

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from oncall_tui.config.paths import private_directory
from oncall_tui.runbook.catalogue.entry import Entry, entry_of
from oncall_tui.runbook.catalogue.places import Places, Root
from oncall_tui.runbook.catalogue.walk import Seen, files_below
from oncall_tui.runbook.reading.read import LARGEST

VERSION = 1
"""Of what is kept: another one is read anew."""


class Kept(msgspec.Struct, frozen=True, array_like=True):
    """A file as it was when it was read."""

    stamp: tuple[int, int, int]
    entry: Entry


class Cache(msgspec.Struct, frozen=True):
    """What is on disk."""

    version: int
    files: dict[str, Kept]


@dataclass(frozen=True, slots=True)
class Index:
    """Every runbook, and how it was come by."""

    entries: tuple[Entry, ...]
    read: int
    """Files that were read, the others were known."""
    troubles: tuple[str, ...] = ()
    """What could not be read or kept, in words."""


class Remembered:
    """The index of some places from call to call. What is on the disk is looked at with each call, so that it is never
    behind a checkout; what has not changed is not read again, nor is the file that it is kept in."""

    def __init__(self, places: Places, cache_file: Path | None) -> None:
        self._places = places
        self._cache_file = cache_file
        self._known: Mapping[str, Kept] | None = None
        self._entries: tuple[Entry, ...] = ()

    def index(self) -> Index:
        """All runbooks of all roots. Blocks; one call at a time."""
        known = _load(self._cache_file) if self._known is None else self._known
        troubles = [f"the runbook folder {one} is not there" for one in self._places.missing]
        kept: dict[str, Kept] = {}
        read = 0
        for root in self._places.roots:
            for seen in files_below(root):
                if seen.path in kept:
                    continue
                old = known.get(seen.path)
                if old is not None and old.stamp == seen.stamp and old.entry.root == root.name:
                    kept[seen.path] = old
                    continue
                try:
                    kept[seen.path] = _read(seen, root)
                except OSError as error:
                    troubles.append(f"{seen.path}: {error.strerror or error}")
                read += 1
        is_other = bool(read) or kept.keys() != known.keys()
        if is_other and self._cache_file is not None:
            troubles += _save(self._cache_file, kept)
        if is_other or self._known is None:
            self._entries = tuple(one.entry for one in kept.values())
            self._known = kept
        return Index(self._entries, read, tuple(troubles))


def index_of(places: Places, cache_file: Path | None) -> Index:
    """All runbooks of all roots, once; blocks while it reads.

    Args:
        cache_file: where the index is kept; none is kept without it.
    """
    return Remembered(places, cache_file).index()


def _read(seen: Seen, root: Root) -> Kept:
    path = Path(seen.path)
    with path.open("rb") as stream:
        data = stream.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise OSError(27, f"larger than {LARGEST:,} bytes: this is no runbook", seen.path)
    return Kept(seen.stamp, entry_of(data, path, root.name, seen.relative))


def _load(cache_file: Path | None) -> Mapping[str, Kept]:
    if cache_file is None:
        return {}
    try:
        found = msgspec.json.decode(cache_file.read_bytes(), type=Cache)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        # There is none yet, or it is of no use: everything is read.
        return {}
    return found.files if found.version == VERSION else {}


def _save(cache_file: Path, kept: dict[str, Kept]) -> list[str]:
    """Replace the file as a whole; what hinders that only costs time."""
    try:
        data = msgspec.json.encode(Cache(VERSION, kept))
        private_directory(cache_file.parent)
        handle, temporary = tempfile.mkstemp(dir=cache_file.parent, prefix=cache_file.name)
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        os.replace(temporary, cache_file)
    except (OSError, UnicodeEncodeError) as error:
        return [f"the index of runbooks cannot be kept in {cache_file}: {error}"]
    return []
