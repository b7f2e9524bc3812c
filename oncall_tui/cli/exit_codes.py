"""What the process says when it ends, in one place, so that scripts can rely on it."""

from enum import IntEnum


class ExitCode(IntEnum):
    """Every exit code.

    ``status`` answers in the codes that monitoring plugins use (0 OK, 1 warning, 2 critical, 3 unknown). There 1 and
    2 say how the services are, so whatever keeps it from an answer (bad usage, a bad configuration, a fault) is 3
    UNKNOWN and never taken for DOWN.
    """

    FINE = 0
    """Done. For ``status``: UP."""
    FAILED = 1
    """This machine failed: the journal, a file, or a fault of the program."""
    USAGE = 2
    """Bad usage, no configuration or a bad one."""
    NEEDS_TERMINAL = 3
    """``runbook run``: a step does more than read, and nobody sits at a terminal to confirm it."""
    SOURCE_FAILED = 4
    """A source did not answer, or its secret cannot be had; what the others said is printed."""
    NOT_DONE = 5
    """A verb was not done to at least one alert."""
    UNFIT = 6
    """``doctor`` found something that keeps the screen from working."""
    WAITS = 7
    """A verb waits in the journal for at least one alert, because its source is out of reach; nothing else failed."""
    LINT_FINDINGS = 1
    """``runbook lint`` found something."""
    INTERRUPTED = 130
    """Ctrl+C."""
    BROKEN_PIPE = 141
    """Who read the output stopped reading, as with ``| head``."""

    STATUS_UP = 0
    STATUS_DEGRADED = 1
    STATUS_DOWN = 2
    STATUS_UNKNOWN = 3
