"""What was measured on, and how busy it was."""

import os
import platform
from importlib.metadata import version
from pathlib import Path


def machine() -> str:
    """Processor, cores, memory, kernel, Python and Textual."""
    total = _first(Path("/proc/meminfo"), "MemTotal").split()[0]
    return (
        f"{_first(Path('/proc/cpuinfo'), 'model name')}, {os.cpu_count()} cores, {int(total) / 1_048_576:.0f} GiB of "
        f"memory, {platform.system()} {platform.release()} {platform.machine()}, Python {platform.python_version()}, "
        f"Textual {version('textual')}"
    )


def load() -> str:
    """How many processes wanted a core, over the last minute."""
    return f"{os.getloadavg()[0]:.1f}"


def _first(file: Path, name: str) -> str:
    """The value of the first line that begins with ``name``."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(name)), "unknown")
