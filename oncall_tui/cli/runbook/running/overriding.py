"""What of a runbook's own word stands against a step and can be gone against with a reason."""

from oncall_tui.runbook.run.run import Run


def overridable(run: Run, unit: str) -> str:
    """What ``Run.override`` takes for a unit: its condition first, then the steps that it needs; empty for nothing."""
    plan = run.plan(unit)
    if plan.advice.startswith("not indicated") and any(one.startswith(plan.advice) for one in plan.blocked):
        return f"when:{unit}"
    needs = [f"{one} has to be done first" for one in plan.step.options.needs]
    needs += [f"the result of {one} is too old" for one in plan.step.options.needs]
    return f"needs:{unit}" if any(one.startswith(tuple(needs)) for one in plan.blocked if needs) else ""
