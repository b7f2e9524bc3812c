"""The runbook files below a root. Nothing outside of the root is ever looked at, whatever links say."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from oncall_tui.runbook.catalogue.places import Root

ENDINGS = (".md", ".markdown")
_NO_RUNBOOKS = frozenset({"readme", "_index", "contributing", "changelog", "license", "code_of_conduct", "security"})
"""Files that every repository has."""
_NO_FOLDERS = frozenset({"node_modules", "vendor", "__pycache__"})
MOST = 20_000
"""Files of one root; a folder with more is no collection of runbooks."""


class Seen(NamedTuple):
    """A file and what tells whether it has changed."""

    path: str
    relative: str
    """Below its root, with ``/``."""
    stamp: tuple[int, int, int]
    """Time of its content, time of its inode, size."""


def files_below(root: Root) -> Iterator[Seen]:
    """The files of a root, those of a folder before those of its folders; links that leave the root are passed over.

    One look at the disk for each file and no ``Path``: it is walked whenever somebody asks for a runbook.
    """
    count = 0
    waiting = [str(root.folder)]
    while waiting:
        files, folders = _in_folder(waiting.pop())
        waiting += reversed(folders)
        for entry in files:
            seen = _seen(entry, root)
            if seen is not None:
                yield seen
            count += 1
            if count >= MOST:
                return


def _in_folder(folder: str) -> tuple[list[os.DirEntry[str]], list[str]]:
    """What may be runbooks, and the folders to look into, both by name; nothing of a folder that cannot be read."""
    files: list[os.DirEntry[str]] = []
    folders: list[str] = []
    try:
        with os.scandir(folder) as found:
            for entry in found:
                if entry.is_dir(follow_symlinks=False):
                    if not entry.name.startswith(".") and entry.name not in _NO_FOLDERS:
                        folders.append(entry.path)
                elif _is_runbook(entry.name):
                    files.append(entry)
    except OSError:
        # It went away or is closed to us: there is nothing to read.
        return [], []
    return sorted(files, key=lambda one: one.name), sorted(folders)


def _is_runbook(name: str) -> bool:
    stem, ending = os.path.splitext(name)
    return ending.lower() in ENDINGS and not name.startswith(".") and stem.lower() not in _NO_RUNBOOKS


def _seen(entry: os.DirEntry[str], root: Root) -> Seen | None:
    path, top = entry.path, str(root.folder)
    try:
        if entry.is_symlink():
            path = str(Path(path).resolve(strict=True))
            if not Path(path).is_relative_to(root.folder) or not Path(path).is_file():
                return None
            found = os.stat(path)
        elif not entry.is_file(follow_symlinks=False):
            return None
        else:
            found = entry.stat(follow_symlinks=False)
    except (OSError, RuntimeError):
        # It went away, or its links run in a circle: there is nothing to read.
        return None
    relative = os.path.relpath(path, top) if top == os.sep else path[len(top) + 1 :]
    return Seen(path, relative, (found.st_mtime_ns, found.st_ctime_ns, found.st_size))
