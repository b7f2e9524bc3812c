"""What a key on a step comes to: whatever is missing is asked for, then it is confirmed as its danger demands, then
started. Nothing here decides by itself: what stands against a step is said, with the key that helps."""

from typing import TYPE_CHECKING

from textual.content import Content

from oncall_tui.domain.text import clean_line
from oncall_tui.runbook.danger import Danger
from oncall_tui.runbook.model import Step, StepKind
from oncall_tui.runbook.run.escalating import proposals
from oncall_tui.runbook.run.known import last_unit
from oncall_tui.runbook.run.picking import is_picked_from, rows_left
from oncall_tui.runbook.run.plan import Plan
from oncall_tui.runbook.run.states import State
from oncall_tui.ui.lending import objection as not_lent
from oncall_tui.ui.present.runbook import question
from oncall_tui.ui.present.runbook.lists import row_choices
from oncall_tui.ui.present.runbook.page import who
from oncall_tui.ui.running.decisions import READ_ONLY
from oncall_tui.ui.running.taking_back import TakingBack
from oncall_tui.ui.running.values import ask_value, missing_of
from oncall_tui.ui.screens.asking import Ask, Choose

if TYPE_CHECKING:
    pass


class Flows(TakingBack):
    """The verbs of one run."""

    # Starting

    async def activate(self, unit_id: str) -> None:
        """``enter``: run it, tick it, or say how it ended."""
        found = self.unit(unit_id)
        run = self._drive.run
        if found is None:
            return
        step, command = found
        if command is None:
            if self._may_decide() and step.kind is StepKind.MANUAL:
                done = run.record.unit(step.id).state is State.DONE
                await self._decide(run.tick(step.id, done=not done))
        elif step.kind is StepKind.PROMQL:
            await self._ask_check(step, unit_id)
        elif run.state_of(unit_id) is State.RUNNING and not run.pages.is_read_only:
            self._app.say("It runs already; ctrl+c cancels it.")
        elif self._may_decide():
            again = False
            if run.state_of(unit_id) is State.UNKNOWN:
                again = await self._settle(unit_id)
                if not again:
                    return
            await self._start(unit_id, again)

    async def _ask_check(self, step: Step, unit_id: str) -> None:
        if self._drive.run.pages.is_read_only:
            self._app.say("Somebody else drives this run: w takes it over.")
            return
        if await self._fill(unit_id) is not None:
            await self._drive.ask(step)

    async def _start(self, unit_id: str, again: bool) -> None:
        plan = await self._fill(unit_id, again)
        if plan is None:
            return
        if plan.danger > Danger.READ and self._app.config.is_read_only:
            self._app.say(READ_ONLY)
            return
        if plan.needs_terminal and (why := not_lent(self._app)):
            from oncall_tui.ui.running.by_hand import do_it_myself

            self._app.say(f"It needs a terminal of its own, and {why}: do it yourself, and say what came of it.")
            await do_it_myself(self._app, self._drive, unit_id)
            return
        await self._confirmed(plan, lambda: self._drive.run.plan(unit_id, again))

    async def _fill(self, unit_id: str, again: bool = False) -> Plan | None:
        """The plan, once everything that can be asked for was; None when something still stands against it."""
        run = self._drive.run
        plan = await self._guarded(lambda: run.plan(unit_id, again))
        if plan is None:
            return None
        for name in missing_of(run, plan):
            if not await self._ask_for(name):
                return None
        plan = run.plan(unit_id, again)
        if plan.advice.startswith("not indicated") and plan.blocked and plan.blocked[-1].startswith(plan.advice):
            if not await self.override(unit_id):
                return None
            plan = run.plan(unit_id, again)
        if plan.blocked:
            self._app.say(f"Not started: {clean_line('; '.join(plan.blocked), 500)}.")
            return None
        return plan

    async def _ask_for(self, name: str) -> bool:
        parameter = self._drive.run.runbook.params[name]
        if parameter.pick is not None:
            return await self.pick(parameter.pick.step)
        return await ask_value(self._app, self._drive, name)

    # Deciding

    async def _settle(self, unit_id: str) -> bool:
        """What became of something whose end nobody recorded; whether it is to be run again."""
        told = Content("Nobody recorded how it ended. Check where it acted, then say what you found:")
        choices = [Content("it was done"), Content("it failed"), Content("run it again")]
        chosen = await self._app.push_screen_wait(Choose(f"{unit_id}: how did it end?", told, "take", choices))
        if chosen is None or chosen == 2:
            return chosen == 2
        reason = await self._reason("What shows it?", "what you looked at, and what it said")
        if reason is not None:
            state = State.DONE if chosen == 0 else State.FAILED
            await self._decide(self._drive.run.settle(unit_id, state, reason))
        return False

    async def skip(self, unit_id: str) -> None:
        """Leave a step out, with a reason."""
        if self._may_decide() and (reason := await self._reason("Skip this step?", "why it is not needed")) is not None:
            await self._decide(self._drive.run.skip(unit_id, reason))

    async def override(self, unit_id: str) -> bool:
        """Go on against the runbook, with a reason; whether that was decided."""
        found, run = self.unit(unit_id), self._drive.run
        if found is None or not self._may_decide():
            return False
        step, command = found
        plan = run.plan(unit_id) if command is not None else None
        needs = [
            one for one in step.options.needs if any(text.startswith(one) for text in (plan.blocked if plan else ()))
        ]
        if plan is not None and plan.advice.startswith("not indicated"):
            what, told = f"when:{run.runbook.section_of(step).slug or unit_id}", plan.advice
            what = f"when:{unit_id}" if step.options.when else what
        elif needs:
            what, told = f"needs:{unit_id}", f"needs {', '.join(needs)}"
        else:
            self._app.say("Nothing stands against this step that could be overridden.")
            return False
        reason = await self._reason("Go there all the same?", "the reason, for the record", told)
        return reason is not None and await self._decide(run.override(what, reason))

    async def pick(self, step_id: str) -> bool:
        """Choose a row of what a step printed, which is run again where that is too old; whether one was taken."""
        run = self._drive.run
        table, is_fresh = rows_left(run.known(), step_id)
        if table is not None and not is_fresh:
            if not self._may_decide():
                return False
            self._app.say(f"The rows of {step_id} are too old: it is run again first.")
            await self._start(last_unit(self._step(step_id)), False)
            table, is_fresh = rows_left(run.known(), step_id)
        if table is None or not is_fresh:
            self._app.say(f"Run {step_id} first, or again: its rows are not there, or too old.")
            return False
        told, choices = row_choices(table, self._app.size.width)
        chosen = await self._app.push_screen_wait(
            Choose(f"Pick a row of {step_id}", told, "take it", choices, is_table=True)
        )
        if chosen is None:
            return False
        if not rows_left(run.known(), step_id).is_fresh:
            return await self.pick(step_id)
        return await self._decide(run.pick(step_id, chosen, table))

    def _step(self, step_id: str) -> Step:
        step = self._drive.run.runbook.step(step_id)
        assert step is not None
        return step

    def can_pick(self, unit_id: str) -> bool:
        """Whether parameters are picked from what this step prints."""
        found = self.unit(unit_id)
        return found is not None and is_picked_from(self._drive.run.known(), found[0].id)

    async def by_hand(self, unit_id: str) -> None:
        """Hand its command over, and take what came of it."""
        from oncall_tui.ui.running.by_hand import do_it_myself

        if self._may_decide():
            await do_it_myself(self._app, self._drive, unit_id)

    async def dry_run(self, unit_id: str) -> None:
        """Rehearse it, or show what it would run."""
        found = self.unit(unit_id)
        if found is None or found[1] is None or not self._may_decide():
            return
        plan: Plan | None = self._drive.run.plan_dry(unit_id)
        if not self._app.config.is_read_only:
            plan = await self._guarded(lambda: self._drive.run.plan_dry(unit_id))
        if plan is None:
            return
        if plan.can_start and not self._app.config.is_read_only:
            await self._confirmed(plan, lambda: self._drive.run.plan_dry(unit_id))
        else:
            from oncall_tui.ui.screens.dialogs import Notice

            why = plan.blocked if found[0].rehearsal is not None else ()
            told = question.dry(self._drive.run.runbook, self._drive.run.plan(unit_id), found[1], why)
            await self._app.push_screen_wait(Notice("What it would run", told, opened_by=""))

    async def escalate(self) -> None:
        """Escalate the alert of the run, in the form of the verb: a runbook proposes, and somebody confirms."""
        from oncall_tui.ui.commands.paging import EscalateAlert

        run, verb = self._drive.run, EscalateAlert()
        found = [clean_line(str(one), 240) for one in proposals(run.known())]
        alert = self._app.situation.alert(run.record.alert) if run.record.alert else None
        if not found:
            self._app.say("The runbook proposes no escalation now.")
        elif not self._may_decide():
            return
        elif self._app.config.is_read_only:
            self._app.say(READ_ONLY)
        elif alert is None:
            self._app.say(f"{found[0]}, but the alert of this run is not known now: nobody can be paged for it here.")
        elif not verb.takes(alert):
            self._app.say(f"{found[0]}, but PagerDuty does not hold this alert: tell those who have to know yourself.")
        else:
            await verb.about(self._app, [alert], why=f"{run.runbook.title}: {'; '.join(found)}")

    async def claim(self) -> None:
        """Drive from here on, once it was asked."""
        from oncall_tui.ui.screens.dialogs import Question

        run = self._drive.run
        if not run.pages.is_read_only:
            self._app.say("You drive this run.")
            return
        name, gone = who(run.record.driven_by), run.presence.gone
        there = f"{name} {gone}." if gone else f"{name} drives it now and will only look on. What runs there goes on."
        told = Content(there)
        if await self._app.push_screen_wait(Question("Take this run over?", told, "take it over")):
            await self._decide(run.claim())
            asking = self._drive.look()
            self._app.run_worker(
                asking, group="runbook", exit_on_error=False, description="ask the checks of a runbook"
            )

    async def close(self) -> None:
        """The run is over, once nothing of it goes on."""
        if self._drive.is_busy:
            names = ", ".join(self._drive.running_names)
            self._app.say(f"{names} goes on still: wait for its end, or cancel it with ctrl+c, then end the run.")
        elif self._may_decide():
            told = Content("Nothing more is started in it. The journal keeps it.")
            ask = Ask("End this run?", told, "end it", placeholder="how it ended: resolved, handed over, …")
            outcome = await self._app.push_screen_wait(ask)
            if outcome is not None:
                await self._decide(self._drive.run.close(outcome))
