"""The runbook files below a root. Nothing outside of the root is ever looked at, whatever links say."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from oncall_tui.runbook.catalogue.places import Root

ENDINGS = (".md", ".markdown")
_NO_RUNBOOKS = frozenset({"readme", "_index", "contributing", "changelog", "license", "code_of_conduct", "security"})
"""Files that every repository has."""
_NO_FOLDERS = frozenset({"node_modules", "vendor", "__pycache__"})
MOST = 20_000
"""Files of one root; a folder with more is no collection of runbooks."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A file and what tells whether it has changed."""

    path: Path
    relative: str
    stamp: tuple[int, int, int]
    """Time of its content, time of its inode, size."""


def files_below(root: Root) -> Iterator[Seen]:
    """The files of a root in the order of their paths; links that leave it are passed over."""
    count = 0
    for folder, folders, names in os.walk(root.folder):
        folders[:] = sorted(one for one in folders if not one.startswith(".") and one not in _NO_FOLDERS)
        for name in sorted(names):
            if not _is_runbook(name):
                continue
            seen = _seen(Path(folder) / name, root)
            if seen is not None:
                yield seen
            count += 1
            if count >= MOST:
                return


def _is_runbook(name: str) -> bool:
    stem, ending = os.path.splitext(name)
    return ending.lower() in ENDINGS and not name.startswith(".") and stem.lower() not in _NO_RUNBOOKS


def _seen(path: Path, root: Root) -> Seen | None:
    try:
        if path.is_symlink():
            path = path.resolve(strict=True)
        if not path.is_relative_to(root.folder) or not path.is_file():
            return None
        found = path.stat()
    except (OSError, RuntimeError):
        # It went away, or its links run in a circle: there is nothing to read.
        return None
    relative = path.relative_to(root.folder).as_posix()
    return Seen(path, relative, (found.st_mtime_ns, found.st_ctime_ns, found.st_size))
