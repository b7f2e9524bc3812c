"""What an operator decides about a run besides starting: values, ticks, skips, reasons, who drives, when it is over."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from oncall_tui.domain.text import clean, clean_line
from oncall_tui.journal.event import Json
from oncall_tui.runbook.danger import Danger
from oncall_tui.runbook.model import Command, Runbook, Step
from oncall_tui.runbook.options import OnFail
from oncall_tui.runbook.run import payloads, words
from oncall_tui.runbook.run.approving import Agreed, Lacking, agreement
from oncall_tui.runbook.run.bound import bound
from oncall_tui.runbook.run.captured import Captured, CaptureError, Table, from_pasted
from oncall_tui.runbook.run.known import Known, Live, units_of
from oncall_tui.runbook.run.pages import Pages
from oncall_tui.runbook.run.picking import rows_left
from oncall_tui.runbook.run.plan import Confirmation, Floor, Plan, plan_of
from oncall_tui.runbook.run.ports import Desk
from oncall_tui.runbook.run.record import Record
from oncall_tui.runbook.run.states import State
from oncall_tui.runbook.run.terminal import terminal_objection
from oncall_tui.runbook.values.check import objection


class Refused(Exception):
    """That cannot be decided so: why, in words. Nothing was written."""


class Deciding:
    """The part of a run that starts nothing."""

    def __init__(self, runbook: Runbook, desk: Desk, pages: Pages) -> None:
        self.runbook = runbook
        self.desk = desk
        self.pages = pages
        self._starting: dict[str, Danger] = {}
        self._hidden = Live({}, {}, {})

    @property
    def record(self) -> Record:
        """What the journal says of this run."""
        return self.pages.record

    def known(self) -> Known:
        """What can be told now."""
        return Known(self.runbook, self.record, self.desk.clock(), self._hidden)

    async def give(self, name: str, value: str, origin: str, row: Mapping[str, str] | None = None) -> None:
        """Give a parameter its value.

        Raises:
            Refused: there is no such parameter, or the value is not taken.
            NotDriving, JournalError: as in ``pages``.
        """
        parameter = self.runbook.params.get(name)
        if parameter is None:
            raise Refused(f"the runbook has no parameter {clean_line(name)}")
        if problem := objection(parameter, value):
            raise Refused(f"the value of {name} {problem}")
        payload = payloads.param(name, value, origin, parameter.is_secret, row or {})
        self._hidden = replace(self._hidden, params={**self._hidden.params, name: value})
        await self.pages.decide(words.PARAM, payload)

    def recall(self, name: str, secret: str) -> None:
        """A secret that the run was given is known again. Nothing is written.

        Raises:
            Refused: there is no such secret, or it is not taken.
        """
        parameter = self.runbook.params.get(name)
        if parameter is None or not parameter.is_secret:
            raise Refused(f"the runbook has no secret {clean_line(name)}")
        if problem := objection(parameter, secret):
            raise Refused(f"the value of {name} {problem}")
        self._hidden = replace(self._hidden, params={**self._hidden.params, name: secret})

    def lacks(self, name: str, why: str) -> None:
        """A secret cannot be had: its steps say why."""
        self._hidden = replace(self._hidden, lacking={**self._hidden.lacking, name: clean_line(why)})

    async def pick(self, step_id: str, row: int, seen: Table | None = None) -> None:
        """Choose a row of the table that a step captured: every parameter that is picked from it gets its cell.

        Args:
            seen: the rows that it was chosen from; where the step has left others since, none is taken.

        Raises:
            Refused: there is no such row, it is too old, or a cell is no value.
            NotDriving, JournalError: as in ``pages``.
        """
        step = self.runbook.step(step_id)
        if step is None:
            raise Refused(f"the runbook has no step {clean_line(step_id)}")
        table, is_fresh = rows_left(self.known(), step_id)
        if table is None or not is_fresh:
            raise Refused(f"run {step_id} first, or again: its rows are not there, or too old")
        if seen is not None and seen != table:
            raise Refused(f"{step_id} has left other rows since these were shown: choose from them")
        if table.is_truncated or not 0 <= row < len(table.rows):
            raise Refused("the table is cut, so that nothing can be picked from it, or has no such row")
        cells = dict(zip(table.columns, table.rows[row], strict=True))
        wanted = {
            name: one.pick.column for name, one in self.runbook.params.items() if one.pick and one.pick.step == step_id
        }
        for name, column in wanted.items():
            if column not in cells:
                raise Refused(f"{step_id} has no column {column}")
            if problem := objection(self.runbook.params[name], cells[column]):
                raise Refused(f"{column} of this row {problem}")
        for name, column in wanted.items():
            await self.give(name, cells[column], f"picked from {step_id}", cells)

    async def tick(self, unit_id: str, note: str = "", done: bool = True) -> None:
        """Tick a manual step, or take the tick away."""
        await self.pages.decide(words.MANUAL, {"unit": unit_id, "done": done, "note": clean(note)})

    async def by_hand(self, unit_id: str, note: str = "", pasted: str | None = None) -> None:
        """A step was done somewhere else: ticked, with what it printed where the step captures something.

        Raises:
            Refused: what was pasted does not convert.
            NotDriving, JournalError: as in ``pages``.
        """
        step, _ = self._command(unit_id)
        values: dict[str, Captured] = {}
        if step.options.capture is not None and pasted is not None:
            try:
                values[step.options.capture.name] = from_pasted(step.options.capture, pasted)
            except CaptureError as error:
                raise Refused(f"{step.options.capture.name} cannot be taken from that: {error}") from None
        payload: dict[str, Json] = {"unit": unit_id, "done": True, "note": clean(note), "by_hand": True}
        self._keep({f"{step.id}.{name}": value for name, value in values.items()}, {})
        await self.pages.decide(words.MANUAL, {**payload, "captures": payloads.kept(values), "state": "done"})

    async def skip(self, unit_id: str, reason: str) -> None:
        """Leave a step out."""
        await self.pages.decide(words.SKIPPED, {"unit": unit_id, "reason": _reason(reason)})

    async def override(self, what: str, reason: str) -> None:
        """Go on against the runbook: ``when:<section or unit>``, ``needs:<unit>``."""
        await self.pages.decide(words.OVERRIDDEN, {"what": what, "reason": _reason(reason)})

    async def settle(self, unit_id: str, state: State, reason: str) -> None:
        """Say how something ended that nobody saw end, after looking.

        Raises:
            Refused: that is no end, or it is known how it ended.
            NotDriving, JournalError: as in ``pages``.
        """
        if state not in (State.DONE, State.FAILED):
            raise Refused("it can be marked done or failed, or be run again")
        if not self.record.unit(unit_id).state.is_trouble:
            raise Refused("nothing about it is unknown")
        payload = {"unit": unit_id, "state": state.value, "reason": _reason(reason), "what": f"state:{unit_id}"}
        await self.pages.decide(words.OVERRIDDEN, payload)

    async def approve(self, plan: Plan) -> None:
        """Agree to what another operator is about to start. Written by whoever agrees, driving or not.

        Raises:
            Refused: nobody has to agree, the operator here may not, or it is not known yet what would run.
            JournalError: as in ``pages``.
        """
        who = self.desk.operator.actor
        if not plan.role:
            raise Refused("nobody has to agree to it")
        if not self.desk.approvals.has(who, plan.role):
            holders = self.desk.approvals.holders(plan.role)
            raise Refused(f"{who} is not {plan.role}, so that it would not count ({holders}): nothing was written")
        if not plan.digest:
            raise Refused("a value is missing, so that nobody can tell what would run")
        await self.pages.reload()
        await self.pages.tell(words.APPROVED, {"unit": plan.unit, "role": plan.role, "digest": plan.digest})

    async def undone(self, unit_id: str, how: str) -> None:
        """A change was taken back by hand."""
        await self.pages.decide(words.UNDONE, {"unit": unit_id, "by": clean_line(how) or "by hand"})

    async def note(self, text: str) -> None:
        """Write something down."""
        await self.pages.tell(words.NOTE, {"text": clean(text, 4_000)})

    async def claim(self) -> None:
        """Drive from here on."""
        await self.pages.claim()

    async def close(self, outcome: str) -> None:
        """The run is over."""
        await self.pages.decide(words.CLOSED, {"outcome": clean_line(outcome) or "closed"})

    def _objection(self, plan: Plan, confirmation: Confirmation) -> str:
        """Why what was confirmed is not started."""
        if plan.blocked:
            return "; ".join(plan.blocked)
        if plan.unit in self._starting or self.record.closed:
            return "it is being started already" if plan.unit in self._starting else "the run is closed"
        if plan.digest != confirmation.digest:
            return "a value or the text has changed since it was shown: look at it again"
        if confirmation.mode < plan.floor:
            return "it was not confirmed as it has to be"
        if plan.floor is Floor.PHRASE and confirmation.typed != plan.phrase:
            return f"what was typed is not {plan.phrase!r}"
        agreed = self.agreed(plan, confirmation.approval)
        return agreed.reason if isinstance(agreed, Lacking) else ""

    def agreed(self, plan: Plan, stated: str = "") -> Agreed | Lacking | None:
        """Who agreed to a plan, or why that does not count; None where nobody has to.

        Args:
            stated: who agreed, as the operator states it.
        """
        if not plan.role:
            return None
        operator = self.desk.operator.actor
        return agreement(self.desk.approvals, self.record, plan.digest, plan.role, operator, stated)

    def _plan_in(self, known: Known, step: Step, command: Command, again: bool) -> Plan:
        plan = plan_of(known, step, command, bound(known, step, command, self.desk.config), again)
        problem = terminal_objection(plan.prepared, self.desk.in_terminal)
        return replace(plan, blocked=(*plan.blocked, problem)) if problem else plan

    def _command(self, unit_id: str) -> tuple[Step, Command]:
        for step in self.runbook.steps:
            for command in step.commands:
                if command.id == unit_id:
                    return step, command
        raise KeyError(unit_id)

    def _keep(self, captures: Mapping[str, Captured], left: Mapping[str, str]) -> None:
        hidden = self._hidden
        self._hidden = replace(hidden, captures={**hidden.captures, **captures}, carried={**hidden.carried, **left})


def next_of(runbook: Runbook, record: Record, is_passed: Callable[[Step], bool] = lambda _: False) -> str | None:
    """The unit that comes next in the order of the file; none while there is trouble that stops, or at the end.

    What runs comes first; where all of that is settled, what is still to be ticked.

    Args:
        is_passed: whether the branch of a step is not indicated, and passed over.
    """
    steps = [step for step in runbook.steps if step.commands]
    for step in steps:
        if step.options.on_fail is OnFail.STOP and any(record.unit(one).state.is_trouble for one in units_of(step)):
            return None
    to_tick = [step for step in runbook.steps if not step.commands]
    for step in [*steps, *to_tick]:
        if step.is_inline or step.options.is_undo_only or is_passed(step):
            continue
        for unit in units_of(step):
            state = record.unit(unit).state
            if not state.is_settled and not state.is_trouble:
                return unit
    return None


def _reason(text: str) -> str:
    reason = clean_line(text)
    if not reason:
        raise Refused("a reason has to be given: it stands in the record")
    return reason
