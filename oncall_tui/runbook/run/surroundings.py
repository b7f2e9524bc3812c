"""What a step finds around it besides its values: what earlier steps left, its own constants, its folder."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from oncall_tui.runbook.execution import Kind
from oncall_tui.runbook.model import Step
from oncall_tui.runbook.run.known import Known


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where the guards of a step are asked: an account or a context may hang on a variable or on a folder."""

    environment: Mapping[str, str]
    """Over that of the operator."""
    cwd: Path

    @property
    def digest(self) -> str:
        """SHA-256 of all of it. An answer that was given somewhere else says nothing about here."""
        said = {"environment": dict(sorted(self.environment.items())), "cwd": str(self.cwd)}
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode("utf-8", "surrogatepass")).hexdigest()


def surroundings_of(known: Known, step: Step | None = None) -> Surroundings:
    """What is around a step; without one, around the next step that says nothing of its own.

    SQL and HTTP steps get no environment from earlier steps, and one over ssh runs in a folder over there: their guards
    are asked on this machine, in what this run has become.
    """
    constants = step.options.env if step is not None and step.kind.executable is Kind.SHELL else {}
    is_here = step is not None and not step.options.ssh
    return Surroundings(
        {**carried_to(known, step), **constants}, folder_of(known, step) if is_here else folder_of(known)
    )


def carried_to(known: Known, step: Step | None) -> dict[str, str]:
    """What earlier steps left; never under the name of a parameter or of a capture."""
    bound_names = {*known.runbook.params, *known.runbook.lets}
    if step is not None:
        bound_names |= {*step.uses, *step.options.env}
    carried = {**known.live.carried, **known.record.carried}
    return {name: value for name, value in carried.items() if name not in bound_names}


def folder_of(known: Known, step: Step | None = None) -> Path:
    """The folder that a step runs in, where it runs on this machine."""
    root = directory_of(known)
    if step is not None and step.options.cwd:
        return root / step.options.cwd
    return Path(known.record.cwd) if known.record.cwd else root


def directory_of(known: Known) -> Path:
    """Where the steps of a run begin."""
    return Path(known.record.directory) if known.record.directory else known.runbook.path.absolute().parent
