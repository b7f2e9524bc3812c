"""What is to be started, and how it is ended."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds that an order to end is given before the next, harder one."""

    interrupt: float = 3.0
    """From SIGINT to SIGTERM."""
    terminate: float = 5.0
    """From SIGTERM to SIGKILL."""
    drain: float = 1.0
    """For what stands in the pipes after the end: a process in the background may hold them open for hours."""

    @property
    def whole(self) -> float:
        """How long the minder may take from the order to the end, give or take what a busy machine adds."""
        return self.interrupt + self.terminate + 10.0


def _is_writable(text: str) -> bool:
    try:
        os.fsencode(text)
    except UnicodeEncodeError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Job:
    """A program with everything that it gets."""

    argv: Sequence[str]
    """The first is the path of the program, absolute."""
    env: Mapping[str, str]
    """Its whole environment."""
    cwd: str
    feed: bytes | None = None
    """Its standard input; ``/dev/null`` without one."""
    holds_input: bool = False
    """Leave the standard input open after ``feed``, so that its end tells the other side of ours."""
    timeout: float = 60.0
    """Seconds; 0 for none, where a person sits before it."""
    patience: Patience = field(default_factory=Patience)

    @property
    def problem(self) -> str:
        """Why no process can be given this: empty when it can. A byte 0 ends a text for the kernel."""
        for name, value in self.env.items():
            if "\0" in name or "=" in name or not name:
                return f"the name {name!r} cannot stand in an environment"
            if "\0" in value:
                return f"the value of {name} holds a byte 0, which no environment can"
            if not _is_writable(name) or not _is_writable(value):
                return f"the value of {name} is no valid Unicode text, which no process can be given as it is"
        if not all(map(_is_writable, (*self.argv, self.cwd))):
            return "an argument is no valid Unicode text, which no process can be given as it is"
        if any("\0" in one for one in self.argv) or "\0" in self.cwd:
            return "an argument holds a byte 0, which no command line can"
        return ""
