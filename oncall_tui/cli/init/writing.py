"""The file on the disk: what is there already, a backup of it, and the new one, whole or not at all."""

import contextlib
import os
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from oncall_tui.config.errors import ConfigError
from oncall_tui.config.load import load
from oncall_tui.config.model import Config
from oncall_tui.config.paths import private_directory
from oncall_tui.domain.counts import counted

PRIVATE = 0o600


def what_is_there(path: Path) -> str:
    """The configuration that stands at ``path``, in a line: its sources, or that it does not load. Empty for none."""
    if not path.exists():
        return ""
    try:
        config = load(path)
    except ConfigError as error:
        return f"a configuration with {len(error.problems)} problem{'s' if len(error.problems) > 1 else ''}"
    sources = ", ".join(config.sources)
    services = f" and {counted(len(config.services), 'service')}" if config.services else ""
    return f"a configuration with the sources {sources}{services}"


def cannot_write(path: Path) -> str:
    """Why nothing can be written at ``path``, in words; empty when it can. Asked before the questions are."""
    if path.is_dir():
        return f"{path} is a folder."
    folder = next(one for one in path.parents if one.exists())
    if not folder.is_dir():
        return f"{folder} is not a folder."
    if not os.access(folder, os.W_OK | os.X_OK):
        return f"Nothing can be written in {folder}."
    return ""


def write_config(path: Path, text: str, now: datetime) -> tuple[Config, Path | None]:
    """Write and load it again: a text with problems never takes the place of anything.

    Returns:
        The configuration as it was loaded, and the backup of what stood there.

    Raises:
        ConfigError: the text is not a good configuration; nothing was changed.
        OSError: it cannot be written.
    """
    target = Path(os.path.realpath(path))
    private_directory(target.parent)
    with _beside(target, text.encode()) as new:
        try:
            config = load(new)
        except ConfigError as error:
            raise ConfigError(replace(one, file=str(path)) for one in error.problems) from None
        backup = _backed_up(target, now)
        os.replace(new, target)
    return config, backup


def write_private(path: Path, content: bytes) -> None:
    """A file of mode 0600 from its first byte on, whole or not at all."""
    with _beside(path, content) as new:
        os.replace(new, path)


@contextlib.contextmanager
def _beside(path: Path, content: bytes) -> Iterator[Path]:
    """A new private file in the same folder with the content safely on the disk; gone when it was not moved away."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    new = Path(name)
    try:
        with open(handle, "wb") as file:
            os.fchmod(file.fileno(), PRIVATE)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        yield new
    finally:
        new.unlink(missing_ok=True)


def _backed_up(path: Path, now: datetime) -> Path | None:
    """A private copy of what stands at ``path``, under a name that says when it was replaced."""
    if not path.exists():
        return None
    backup = path.with_name(f"{path.name}.{now:%Y%m%d-%H%M%S}.bak")
    write_private(backup, path.read_bytes())
    return backup
