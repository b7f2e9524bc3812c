"""The user's own themes: a folder of files that may change at any time. Reading them is for a thread."""

import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from textual.theme import Theme

from oncall_tui.domain.text import clean_line
from oncall_tui.ui.theming import ThemeLoading, load_themes

Stamp = tuple[int, int, int]
"""Time of change, size and inode: what differs once a file was written or replaced."""


@dataclass(frozen=True, slots=True)
class ThemeFolder:
    """What is known of the folder at one moment. A look at it later is another value; nothing here changes."""

    path: Path
    seen: Mapping[Path, Stamp] = field(default_factory=dict)
    """Every file as the last look found it."""
    read: Mapping[Path, Stamp] = field(default_factory=dict)
    """Every file as it was when it was read."""
    good: Mapping[Path, Theme] = field(default_factory=dict)
    """The last good theme of every file: a broken edit leaves it as it was."""
    broken: Mapping[Path, str] = field(default_factory=dict)
    """What is wrong with the files that are not themes now."""

    @property
    def themes(self) -> dict[str, Theme]:
        """The themes by name; of two of one name that of the file which comes first in the alphabet."""
        return {self.good[path].name: self.good[path] for path in sorted(self.good, reverse=True)}

    @property
    def problems(self) -> dict[Path, str]:
        """What is wrong with every file that is of no use, a name that is taken included."""
        return _taken_names(self.good) | dict(self.broken)

    def look(self, *, at_once: bool = False) -> "ThemeFolder":
        """The folder now. A file is read once it stands still for two looks: an editor may be writing it.

        For the same reason a file that is missing is gone only at the second look. ``at_once`` waits for nothing.
        """
        before = {} if at_once else self.seen
        try:
            seen = _stamps(self.path)
        except OSError:  # A network file system that is away for a moment takes no theme from the screen.
            return self
        kept = {path for path in {*self.good, *self.broken} if path in seen or (not at_once and path in before)}
        good = {path: theme for path, theme in self.good.items() if path in kept}
        broken = {path: text for path, text in self.broken.items() if path in kept}
        read = {path: stamp for path, stamp in self.read.items() if path in kept}
        for path, stamp in seen.items():
            if stamp != self.read.get(path) and (at_once or before.get(path) == stamp):
                read[path] = stamp
                loading = load_themes([path])
                broken.pop(path, None)
                for theme in loading.themes:
                    good[path] = theme
                for problem in loading.problems:
                    broken[path] = problem
        return ThemeFolder(self.path, seen, read, good, broken)


def every_theme(shipped: Path, own: Path) -> ThemeLoading:
    """Every theme that may be chosen, and what is wrong with files: what is asked without a screen."""
    loading, mine = load_themes(shipped.glob("*.toml")), ThemeFolder(own).look(at_once=True)
    return ThemeLoading((*loading.themes, *mine.themes.values()), (*loading.problems, *mine.problems.values()))


def _stamps(folder: Path) -> dict[Path, Stamp]:
    """The theme files of ``folder``; none where there is no such folder or it cannot be read."""
    stamps: dict[Path, Stamp] = {}
    for path in sorted(folder.glob("*.toml")) if folder.is_dir() else ():
        try:
            status = path.stat()
        except OSError:  # It was removed meanwhile, or points to nothing.
            continue
        if not stat.S_ISREG(status.st_mode):
            continue  # Reading a pipe would wait for whoever writes into it.
        stamps[path] = (status.st_mtime_ns, status.st_size, status.st_ino)
    return stamps


def _taken_names(good: Mapping[Path, Theme]) -> dict[Path, str]:
    """A problem for every file whose name of a theme an earlier file has already."""
    taken: dict[Path, str] = {}
    first: dict[str, Path] = {}
    for path in sorted(good):
        name = good[path].name
        other = first.setdefault(name, path)
        if other != path:
            words = f'{path.name}: name: "{name}" is the name of the theme in {other.name} already'
            taken[path] = clean_line(words)
    return taken
