"""What would happen if something were started now: a step, its rehearsal, or what takes a change back."""

from dataclasses import replace

from oncall_tui.runbook.danger import Danger
from oncall_tui.runbook.run.carrying import carried_then, with_now
from oncall_tui.runbook.run.deciding import Deciding
from oncall_tui.runbook.run.known import Known
from oncall_tui.runbook.run.plan import Plan
from oncall_tui.runbook.run.scripts import hashes_of
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
        """How a change would be taken back, with the values that held before it and the environment that it ran with.

        Raises:
            KeyError: no step takes it back.
        """
        step = self.runbook.step(change.step)
        if step is None or not step.commands:
            raise KeyError(change.step)
        plan = self._plan_in(self._before(change), step, step.commands[0], again=True)
        now = self._plan_in(self.known(), step, step.commands[0], again=True)
        carried = (*now.values, *now.beside)
        values, beside = with_now(plan.values, carried), with_now(plan.beside, carried)
        return replace(plan, values=values, beside=beside, undoes=change.unit)

    async def sealed(self, plan: Plan) -> Plan:
        """The plan with what the scripts that it names hold now: to be taken when it is shown, and held to at the
        start."""
        return replace(plan, scripts=await hashes_of(plan.prepared))

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
            change = self._taken_back(plan)
            if change is None:
                raise NotStarted("what it would take back is not among the changes of this run")
            return self.plan_undo(change)
        return self.plan_dry(plan.unit) if plan.is_dry else self.plan(plan.unit, plan.is_again)

    def _known_to(self, plan: Plan | None) -> Known:
        """What a plan is made of: for an undo, what was known before its change."""
        change = self._taken_back(plan) if plan is not None and plan.undoes else None
        return self._before(change) if change is not None else self.known()

    def _taken_back(self, plan: Plan) -> Change | None:
        """The change that a plan takes back: of several runs of one step that whose values it has, else the newest."""
        found = [one for one in self.changes() if one.unit == plan.undoes and one.step]
        same = (one for one in found if self.plan_undo(one).digest == plan.digest)
        return next(same, found[0] if found else None)

    def _before(self, change: Change) -> Known:
        attempt, known = change.attempt, self.known()
        record = replace(
            self.record,
            units=attempt.before,
            params=attempt.given,
            carried=attempt.carried,
            carried_from=attempt.carried_from,
            carried_at=attempt.carried_at,
            cwd=attempt.cwd,
        )
        live = replace(known.live, carried=carried_then(known.live.carried, attempt, self.record))
        return replace(known, record=record, live=live, is_before=True)
