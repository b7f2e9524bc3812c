"""What a run is handed in: the journal, executors, configuration, time."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

from oncall_tui.journal.event import Event, NewEvent
from oncall_tui.runbook.execution import Executed, Executor, Kind, Prepared
from oncall_tui.runbook.run.approving import Approvals


class RunJournal(Protocol):
    """The journal as a run needs it; ``JournalKeeper`` is one."""

    async def append(self, stream: str, events: Sequence[NewEvent], after: int | None = None) -> tuple[Event, ...]:
        """Write to the end of a stream; when it returns, the events are on the disk."""
        ...

    async def read(self, stream: str) -> tuple[Event, ...]:
        """The events of a stream."""
        ...

    async def head(self, stream: str) -> int:
        """The number of the newest event of a stream; 0 when it has none."""
        ...


class InTerminal(Protocol):
    """Runs a step on the user's own terminal; ``executors.terminal.run_in_terminal`` is one."""

    async def __call__(
        self, prepared: Prepared, digest: str, typing: int, drawing: int, is_cancelled: Callable[[], bool], /
    ) -> Executed:
        """To its end.

        Args:
            typing: the descriptor of the terminal that is read.
            drawing: the one that is written.
            is_cancelled: asked again and again; once it is true the step is ended.

        Raises:
            Altered: what would run is not what was confirmed.
        """
        ...


@dataclass(frozen=True, slots=True)
class Operator:
    """Who runs, and from which process."""

    actor: str
    """``user:<id>``."""
    host: str
    pid: int
    session: str
    """ULID of this run of the program."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything that runs share."""

    journal: RunJournal
    executors: Mapping[Kind, Executor]
    clock: Callable[[], datetime]
    wait: Callable[[float], Awaitable[None]]
    """Waits some seconds: ``asyncio.sleep``."""
    operator: Operator
    find_program: Callable[[str], str | None]
    """The path of a program on the ``PATH`` of steps."""
    config: Callable[[str], str | None] = lambda name: None
    """A value of the configuration, by its dotted name."""
    directory: Path | None = None
    """Where the steps of new runs begin; the folder of their file without it."""
    texts: Path | None = None
    """The private folder where the text of a file that is run is kept, named by its hash."""
    approvals: Approvals = field(default_factory=Approvals)
    """Who may agree to what."""
    in_terminal: InTerminal | None = None
    """Runs steps that need a terminal; none where there is no terminal, as in a browser or a pipe."""
