"""What executors share: where steps run, and the refusal of what was altered or cannot start."""

import os
import shutil
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from oncall_tui.runbook.execution import Altered, Ending, Executed, Prepared
from oncall_tui.runbook.process.job import Patience
from oncall_tui.runbook.process.keeping import FILE_LIMIT


@dataclass(frozen=True, slots=True)
class Place:
    """Where steps run and where their output goes."""

    environ: Mapping[str, str]
    """The operator's environment; in the demo one of its own."""
    withheld: Collection[str] = ()
    """Names of the variables that hold this tool's tokens."""
    outputs: Path | None = None
    """The private folder of output files; none are written without one."""
    scratch: Path | None = None
    """Where private folders of scripts are made; the system's folder for temporary files without one."""
    patience: Patience = field(default_factory=Patience)
    output_limit: int = FILE_LIMIT
    program_path: str | None = None
    """Where bash, psql and ssh are looked for, as ``PATH`` is written; the operator's ``PATH`` without it. The demo's
    steps have a ``PATH`` that holds no shell."""

    def program(self, name: str) -> str | None:
        """The path of a program, absolute."""
        path = self.program_path if self.program_path is not None else self.environ.get("PATH", os.defpath)
        found = shutil.which(name, path=path)
        return os.path.abspath(found) if found else None

    def scratch_folder(self) -> Path | None:
        """``scratch``, made when it is absent."""
        if self.scratch is not None:
            self.scratch.mkdir(mode=0o700, parents=True, exist_ok=True)
        return self.scratch


def refuse_altered(prepared: Prepared, digest: str) -> None:
    """Compare what would run with what was confirmed.

    Raises:
        Altered: they differ.
    """
    if prepared.digest != digest:
        raise Altered("What would run is not what was confirmed: nothing ran. Look at the step again and confirm it.")


def secrets_of(prepared: Prepared) -> list[str]:
    """The secret values of a step."""
    return [prepared.values[name] for name in sorted(prepared.secrets) if prepared.values.get(name)]


class Refused:
    """``Running`` of what did not start."""

    def __init__(self, reason: str) -> None:
        self._reason = reason

    async def ended(self) -> Executed:
        """At once."""
        return Executed(Ending.FAILED_TO_START, self._reason)

    def cancel(self) -> None:
        """There is nothing to end."""
