"""A run as the object that ends its JSON."""

from oncall_tui.cli.shapes_run import RunbookRunAnswer, RunbookUnitObject
from oncall_tui.runbook.model import Step
from oncall_tui.runbook.run.bound import danger_of
from oncall_tui.runbook.run.run import Run


def summary(run: Run, stopped: str) -> RunbookRunAnswer:
    """Everything that a program may want to know of it."""
    record = run.record
    secret = {name for name, one in run.runbook.params.items() if one.is_secret}
    return {
        "event": "summary",
        "run": record.run_id,
        "file": record.path,
        "title": record.title,
        "alert": record.alert or None,
        "open": not record.closed,
        "outcome": record.closed or None,
        "stopped": stopped or None,
        "parameters": [
            {"name": name, "value": f"‹secret:{name}›" if name in secret else one.value, "origin": one.origin}
            for name, one in record.params.items()
        ],
        "steps": [unit for step in run.runbook.steps for unit in _units(run, step)],
        "changes": [one.unit for one in run.changes()],
    }


def _units(run: Run, step: Step) -> list[RunbookUnitObject]:
    dangers = {one.id: danger_of(step, one).word for one in step.commands} or {step.id: step.danger.word}
    found: list[RunbookUnitObject] = []
    for unit_id, danger in dangers.items():
        unit = run.record.unit(unit_id)
        result = unit.result
        found.append(
            {
                "id": unit_id,
                "kind": step.kind.value,
                "danger": danger,
                "state": run.state_of(unit_id).value,
                "reason": unit.note or (result.reason if result is not None else ""),
                "exit": result.exit if result is not None else None,
                "value": result.value if result is not None else None,
            }
        )
    return found
