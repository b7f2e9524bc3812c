"""The rows that a step left to pick from."""

from typing import NamedTuple

from oncall_tui.runbook.run.captured import Table
from oncall_tui.runbook.run.known import Known, last_unit


class Rows(NamedTuple):
    """What can be picked from."""

    table: Table | None
    """None where the step was not run yet, failed, or left no table."""
    is_fresh: bool
    """Whether it is no older than the step allows: what is older is run again before somebody picks."""


def rows_left(known: Known, step_id: str) -> Rows:
    """The rows that a step left."""
    step = known.runbook.step(step_id)
    if step is None:
        return Rows(None, False)
    unit = known.record.unit(last_unit(step))
    tables = [one for one in known.captures(step, unit).values() if isinstance(one, Table)]
    return Rows(tables[0] if tables else None, bool(tables) and known.is_fresh(step, unit))


def is_picked_from(known: Known, step_id: str) -> bool:
    """Whether a parameter takes its value from a row of this step."""
    return any(one.pick is not None and one.pick.step == step_id for one in known.runbook.params.values())
