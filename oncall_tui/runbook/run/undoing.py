"""What a run changed, the newest first, with the way to take each back."""

from dataclasses import dataclass
from datetime import datetime

from oncall_tui.runbook.model import Mode, Runbook, Step
from oncall_tui.runbook.options import Undo
from oncall_tui.runbook.run.known import units_of
from oncall_tui.runbook.run.record import Attempt, Record
from oncall_tui.runbook.run.states import State


@dataclass(frozen=True, slots=True)
class Change:
    """Something that was changed, or may have been."""

    unit: str
    attempt: Attempt
    state: State
    step: str = ""
    """The step that takes it back."""
    manual: str = ""
    """How a person takes it back."""
    none: str = ""
    """Why it cannot be taken back."""
    undone_by: str = ""

    @property
    def at(self) -> datetime:
        """When it was begun."""
        return self.attempt.at


def changes_of(runbook: Runbook, record: Record) -> tuple[Change, ...]:
    """Everything that changed something, the newest first; what undoes another is not among them."""
    counted: dict[str, int] = {}
    found = []
    for unit_id in record.changes:
        unit = record.unit(unit_id)
        real = [one for one in unit.attempts if not one.is_dry]
        counted[unit_id] = counted.get(unit_id, 0) + 1
        if counted[unit_id] > len(real):
            continue
        attempt = real[-counted[unit_id]]
        if attempt.undoes:
            continue
        is_newest = counted[unit_id] == 1
        undo = _undo_of(runbook, unit_id)
        found.append(
            Change(
                unit_id,
                attempt,
                unit.state if is_newest else State.DONE,
                undo.step if undo else "",
                undo.manual if undo else "" if runbook.mode is Mode.NATIVE else "nobody says how: think before",
                undo.none if undo else "",
                unit.undone_by if is_newest else "",
            )
        )
    return tuple(found)


def step_of(runbook: Runbook, unit_id: str) -> Step | None:
    """The step that a unit belongs to."""
    return next((step for step in runbook.steps if unit_id in units_of(step)), None)


def _undo_of(runbook: Runbook, unit_id: str) -> Undo | None:
    step = step_of(runbook, unit_id)
    return step.options.undo if step is not None else None
