"""The folders that runbooks are looked for in, and what addresses of runbooks mean there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from oncall_tui.config.model import Config
from oncall_tui.config.paths import config_dir, shipped

FOLDER = "runbooks"


@dataclass(frozen=True, slots=True)
class Root:
    """One folder."""

    name: str
    """As it is told: ``shipped``, ``yours``, or the path as it is configured."""
    folder: Path
    """Resolved: nothing that leaves it is read."""


@dataclass(frozen=True, slots=True)
class Places:
    """All folders, the first one first where two have a file of one name."""

    roots: tuple[Root, ...]
    url_prefixes: Mapping[str, Path] = field(default_factory=lambda: MappingProxyType({}))
    """Beginnings of addresses, each with the folder (one of the roots) that holds what they lead to."""
    missing: tuple[str, ...] = ()
    """Configured folders that are not there."""


def places_of(config: Config, environ: Mapping[str, str]) -> Places:
    """The team's folders in the order of the configuration, then the user's own, then the shipped ones."""
    settings = config.runbooks
    wanted = [(str(path), path) for path in (*settings.paths, *settings.url_prefixes.values())]
    wanted.append(("yours", config_dir(environ) / FOLDER))
    if settings.shipped:
        wanted.append(("shipped", shipped(FOLDER)))
    roots: dict[Path, Root] = {}
    missing = []
    for name, path in wanted:
        folder = path.resolve()
        if folder.is_dir():
            roots.setdefault(folder, Root(name, folder))
        elif name != "yours" and name not in missing:
            missing.append(name)
    prefixes = {prefix: path.resolve() for prefix, path in settings.url_prefixes.items()}
    return Places(tuple(roots.values()), MappingProxyType(prefixes), tuple(missing))
