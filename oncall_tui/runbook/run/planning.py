"""What would happen if something were started now: a step, its rehearsal, or what takes a change back."""

from dataclasses import replace

from oncall_tui.runbook.danger import Danger
from oncall_tui.runbook.run.deciding import Deciding
from oncall_tui.runbook.run.plan import Plan
from oncall_tui.runbook.run.undoing import Change, changes_of


class NotStarted(Exception):
    """Nothing was started: why, in words."""


class Planning(Deciding):
    """The part of a run that says what would be started."""

    def changes(self) -> tuple[Change, ...]:
        """What was changed, the newest first, each with its undo."""
        return changes_of(self.runbook, self.record)

    def plan(self, unit_id: str, again: bool = False) -> Plan:
        """What would happen if this were started now.

        Args:
            again: run again what is unknown.

        Raises:
            KeyError: there is no such command.
        """
        step, command = self._command(unit_id)
        return self._plan_in(self.known(), step, command, again)

    def plan_undo(self, change: Change) -> Plan:
        """How a change would be taken back, with the values that held before it.

        Raises:
            KeyError: no step takes it back.
        """
        step = self.runbook.step(change.step)
        if step is None or not step.commands:
            raise KeyError(change.step)
        before = replace(self.record, units=change.attempt.before, params=change.attempt.given)
        known = replace(self.known(), record=before, counts_age=False)
        plan = self._plan_in(known, step, step.commands[0], again=True)
        guards = self._plan_in(self.known(), step, step.commands[0], again=True).of_guards
        return replace(plan, blocked=tuple(dict.fromkeys((*plan.blocked, *guards))), undoes=change.unit)

    def plan_dry(self, unit_id: str) -> Plan:
        """A rehearsal: the step's own ``dry_run``, or the step itself where it only reads; blocked where neither is."""
        step, command = self._command(unit_id)
        if step.rehearsal is not None:
            # Judged by itself: what says that it only shows may do more.
            plan = self._plan_in(self.known(), step.rehearsal, step.rehearsal.commands[0], again=True)
            return replace(plan, blocked=tuple(dict.fromkeys((*step.blocked, *plan.blocked))), is_dry=True)
        plan = self._plan_in(self.known(), step, command, again=True)
        if plan.danger > Danger.READ:
            return replace(plan, prepared=None, blocked=("a dry run starts nothing that is not read",), is_dry=True)
        return replace(plan, is_dry=True)

    def _anew(self, plan: Plan) -> Plan:
        """The plan as it is now: what has changed since it was shown must be seen."""
        if plan.undoes:
            change = next((one for one in self.changes() if one.unit == plan.undoes), None)
            if change is None:
                raise NotStarted("what it would take back is not among the changes of this run")
            return self.plan_undo(change)
        return self.plan_dry(plan.unit) if plan.is_dry else self.plan(plan.unit, plan.is_again)
