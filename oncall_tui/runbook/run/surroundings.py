"""What a step finds around it besides its values: what earlier steps left, its own constants, its folder."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from oncall_tui.runbook.execution import Kind, Prepared
from oncall_tui.runbook.model import Step
from oncall_tui.runbook.options import Guard
from oncall_tui.runbook.run.known import Known
from oncall_tui.runbook.shell.variables import variables_in


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where the guards of a step are asked: an account or a context may hang on a variable or on a folder."""

    environment: Mapping[str, str]
    """Over that of the operator."""
    cwd: Path
    target: str = ""
    """``ssh:host``; empty for this machine."""

    @property
    def digest(self) -> str:
        """SHA-256 of all of it. An answer that was given somewhere else says nothing about here."""
        said = {"environment": dict(sorted(self.environment.items())), "cwd": str(self.cwd), "target": self.target}
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode("utf-8", "surrogatepass")).hexdigest()


def surroundings_of(known: Known, step: Step | None = None) -> Surroundings:
    """What is around a step on this machine; without one, around the next step that says nothing of its own.

    SQL and HTTP steps get no environment from earlier steps: their guards are asked in what this run has become.
    """
    constants = step.options.env if step is not None and step.kind.executable is Kind.SHELL else {}
    return Surroundings({**carried_to(known, step), **constants}, folder_of(known, step))


def around_guard(known: Known, guard: Guard, step: Step | None, prepared: Prepared | None) -> Surroundings | None:
    """Where a guard is asked: where its step runs, unless it is one for this machine. Programs that a runbook requires
    are looked for here: its other steps want them.

    Args:
        prepared: what the step would run.

    Returns:
        None while it is not known on which host the step runs.
    """
    if step is None or not step.options.ssh:
        return surroundings_of(known, step)
    if guard.is_here or guard.require:
        return surroundings_of(known)
    if prepared is None:
        return None
    # What goes there with the step, and what else the guard itself names.
    named = {one.name for one in variables_in(guard.check).all}
    asked_with = {name: value for name, value in carried_to(known, step).items() if name in named}
    return Surroundings({**asked_with, **prepared.carried, **step.options.env}, prepared.cwd, prepared.target)


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
