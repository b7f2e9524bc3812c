"""What runs, how it is told, how it ended: the contract between those who prepare a step and those who run it."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Protocol


class Kind(StrEnum):
    """What can be executed."""

    SHELL = "shell"
    SQL = "sql"
    PROMQL = "promql"
    HTTP = "http"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A step with its values, as it was shown and confirmed: byte for byte what runs.

    A value never becomes part of the text of a shell script or of a SQL statement: those get them as ``values``. In
    PromQL and HTTP they stand in ``body`` already, each encoded for its place.
    """

    kind: Kind
    body: str
    values: Mapping[str, str] = field(default_factory=dict)
    """What the step names: environment variables for the shell, variables of psql for SQL."""
    carried: Mapping[str, str] = field(default_factory=dict)
    """The environment that earlier steps of the run left behind."""
    secrets: frozenset[str] = frozenset()
    """Which of ``values`` are secret: never shown, never written."""
    cwd: Path = Path()
    target: str = ""
    """A database of the configuration, an ssh destination; empty for here."""
    timeout: timedelta = timedelta(seconds=60)
    is_strict: bool = True
    """``set -euo pipefail``, of native files; imported ones run with ``set -u; set -a``."""
    needs_terminal: bool = False
    is_reading: bool = False
    """Judged as one that changes nothing: what executors can hold it to, they do."""
    keeps_output: bool = True
    reduce: str = ""
    """How PromQL with several series becomes one value: ``max``, ``min``, ``sum``, ``avg``; empty for not at all."""

    @property
    def digest(self) -> str:
        """SHA-256 over everything that decides what happens: compared between the dialog and the start."""
        said = {
            "kind": self.kind,
            "body": self.body,
            "values": dict(sorted(self.values.items())),
            "carried": dict(sorted(self.carried.items())),
            "secrets": sorted(self.secrets),
            "cwd": str(self.cwd),
            "target": self.target,
            "timeout": self.timeout.total_seconds(),
            "is_strict": self.is_strict,
            "needs_terminal": self.needs_terminal,
            "is_reading": self.is_reading,
            "keeps_output": self.keeps_output,
            "reduce": self.reduce,
        }
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode("utf-8", "surrogatepass")).hexdigest()


class Stream(StrEnum):
    """Where output came from."""

    OUT = "stdout"
    ERR = "stderr"


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of output, cleaned for the screen."""

    stream: Stream
    text: str


class Ending(StrEnum):
    """How an execution ended; whether that is success is for ``expect`` to say."""

    EXITED = "exited"
    FAILED_TO_START = "failed to start"
    CANCELLED = "cancelled"
    """By whoever looks on: its effects are unknown."""
    TIMED_OUT = "timed out"
    FAULT = "fault"
    """Of this program: what became of it is not known."""


@dataclass(frozen=True, slots=True)
class Executed:
    """What is left when it is over."""

    ending: Ending
    reason: str = ""
    """Why it did not start, or what ended it, in words."""
    exit: int | None = None
    """The exit code; for HTTP ``None``, and its status in ``status``."""
    signal: int | None = None
    stdout: str = ""
    """Cleaned, redacted, its head and tail when it was long (``is_truncated``)."""
    stderr: str = ""
    plain: str | None = field(default=None, repr=False)
    """Stdout as it was printed, neither cleaned nor redacted, for captures and ``expect``: never shown, never written.
    None when it is longer than can be captured, or no text."""
    is_truncated: bool = False
    output_bytes: int = 0
    output_sha256: str = ""
    output_file: Path | None = None
    """The whole output up to the limit, mode 0600; none when it is not kept."""
    status: int | None = None
    value: float | None = None
    """Of PromQL; none for no data, which is not zero."""
    count: int | None = None
    """The series of PromQL, the rows of SQL."""
    took_s: float = 0.0
    pid: int | None = None
    left_behind: Mapping[str, str] = field(default_factory=dict)
    """The environment that a shell step leaves to the next ones."""
    left_cwd: Path | None = None
    """The folder that it ended in, where that is another than it began in."""
    still_running: tuple[str, ...] = ()
    """Processes that it left in the background, as ``pid:name``. Only after it ended by itself."""
    values: tuple[float, ...] = ()
    """Of PromQL: the value of every series, NaN included."""
    columns: tuple[str, ...] = ()
    """Of SQL, where one table was printed."""
    rows: tuple[tuple[str, ...], ...] = field(default=(), repr=False)
    """Of SQL: the cells as they were printed, neither cleaned nor redacted: whoever draws or writes them does both."""


class Running(Protocol):
    """An execution that goes on."""

    async def ended(self) -> Executed:
        """Wait for its end; never raises for what the command does."""
        ...

    def cancel(self) -> None:
        """End it, and everything that it started, for good: returns at once, ``ended`` tells the rest."""
        ...


class Executor(Protocol):
    """Starts what was prepared: one for each ``Kind`` or place, all held to one suite of contract tests."""

    async def start(self, prepared: Prepared, digest: str, hear: Callable[[Chunk], None]) -> Running:
        """Start it, telling its output to ``hear`` as it comes, on the event loop.

        Args:
            digest: of what was confirmed; when it is not that of ``prepared`` nothing starts.

        Raises:
            Altered: what would run is not what was confirmed.
        """
        ...


class Altered(Exception):
    """What would run is not what was shown and confirmed. Nothing ran."""
